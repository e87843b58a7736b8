// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A picture in memory: `width * height` pixels, row-major from the top left,
/// premultiplied RGBA of eight bits a channel.
///
/// A pixel is one `UInt32` as `PremultipliedColor.packed` describes it, which on
/// little-endian machines lies in memory as the bytes red, green, blue, alpha.
public struct Pixmap: Hashable, Sendable {
    public let width: Int
    public let height: Int
    @usableFromInline var pixels: [UInt32]

    /// A picture in which every pixel has one colour.
    ///
    /// Negative sizes count as 0. A picture of no pixels is allowed, and cannot
    /// be written as PNG.
    public init(width: Int, height: Int, color: PremultipliedColor = .transparent) {
        self.width = max(0, width)
        self.height = max(0, height)
        pixels = [UInt32](repeating: color.packed, count: self.width * self.height)
    }

    /// A picture whose pixels are written by `initializer` in one go. It is
    /// given uninitialised memory for all of them and must fill all of it.
    init(
        width: Int, height: Int,
        filling initializer: (UnsafeMutableBufferPointer<UInt32>) throws -> Void
    ) rethrows {
        self.width = max(0, width)
        self.height = max(0, height)
        let count = self.width * self.height
        pixels = try [UInt32](unsafeUninitializedCapacity: count) { buffer, initialized in
            try initializer(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
            initialized = count
        }
    }

    /// One pixel. `x` counts from the left, `y` from the top; both must lie
    /// inside the picture.
    public subscript(x: Int, y: Int) -> PremultipliedColor {
        get {
            precondition(x >= 0 && x < width && y >= 0 && y < height, "pixel outside the picture")
            return PremultipliedColor(packed: pixels[y * width + x])
        }
        set {
            precondition(x >= 0 && x < width && y >= 0 && y < height, "pixel outside the picture")
            pixels[y * width + x] = newValue.packed
        }
    }

    /// Gives every pixel one colour, whatever was there.
    public mutating func fill(_ color: PremultipliedColor) {
        pixels.withUnsafeMutableBufferPointer { $0.update(repeating: color.packed) }
    }

    /// Reads all pixels at once.
    @inlinable
    public func withUnsafePixels<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt32>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try pixels.withUnsafeBufferPointer(body)
    }

    /// Changes pixels in place. The pointer is good inside `body` only.
    @inlinable
    public mutating func withUnsafeMutablePixels<Result>(
        _ body: (UnsafeMutableBufferPointer<UInt32>) throws -> Result
    ) rethrows -> Result {
        try pixels.withUnsafeMutableBufferPointer { try body($0) }
    }

    /// The part of the picture that starts at a pixel, with everything outside
    /// the picture transparent.
    public func cropped(x: Int, y: Int, width: Int, height: Int) -> Pixmap {
        var result = Pixmap(width: width, height: height)
        for row in 0..<result.height where y + row >= 0 && y + row < self.height {
            let first = max(0, -x)
            let last = min(result.width, self.width - x)
            guard first < last else { continue }
            let source = (y + row) * self.width + x
            let target = row * result.width
            for column in first..<last { result.pixels[target + column] = pixels[source + column] }
        }
        return result
    }

    /// The one colour that every pixel has, or nil when there are several.
    ///
    /// - Complexity: O(1) for most pictures that have several colours, O(*n*) in
    ///   pixels for one of a single colour.
    public var solidColor: PremultipliedColor? {
        pixels.withUnsafeBufferPointer { Self.solidColor(of: $0) }
    }

    static func solidColor(of pixels: UnsafeBufferPointer<UInt32>) -> PremultipliedColor? {
        guard let first = pixels.first else { return nil }
        // Runs without a branch inside, which the compiler turns into vectors.
        let runLength = 256
        var start = 0
        while start < pixels.count {
            var difference: UInt32 = 0
            for position in start..<min(start + runLength, pixels.count) { difference |= pixels[position] ^ first }
            if difference != 0 { return nil }
            start += runLength
        }
        return PremultipliedColor(packed: first)
    }
}
