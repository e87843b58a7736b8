// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Ceilings for one geometry that comes from outside.
///
/// Readers also compare every count with the bytes that are left before they
/// allocate anything, whatever the ceilings are.
public struct GeometryLimits: Hashable, Sendable {
    /// How deep collections may be nested; a plain geometry has depth 1.
    public var maxDepth: Int
    /// How many positions a geometry may have in all.
    public var maxCoordinates: Int
    /// How many rings a geometry may have in all.
    public var maxRings: Int
    /// How many members a geometry may have in all: points of a multipoint,
    /// lines, polygons, members of collections.
    public var maxParts: Int

    public init(
        maxDepth: Int = 16, maxCoordinates: Int = 1_000_000, maxRings: Int = 10_000, maxParts: Int = 100_000
    ) {
        // Deeper than this the readers' own recursion would be at risk.
        self.maxDepth = min(maxDepth, 64)
        self.maxCoordinates = maxCoordinates
        self.maxRings = maxRings
        self.maxParts = maxParts
    }

    /// For deliveries: a million positions, ten thousand rings.
    public static let `default` = GeometryLimits()

    /// For bytes that we wrote ourselves: nesting is limited, sizes only by the
    /// bytes that are there.
    public static let trusted = GeometryLimits(
        maxDepth: 64, maxCoordinates: .max, maxRings: .max, maxParts: .max)
}

/// Counts towards `GeometryLimits` while one geometry is read. A negative offset
/// stands for an unknown one.
struct GeometryTally {
    let limits: GeometryLimits
    let format: SimpleFeaturesError.Format
    private var coordinates = 0
    private var rings = 0
    private var parts = 0

    init(limits: GeometryLimits, format: SimpleFeaturesError.Format) {
        self.limits = limits
        self.format = format
    }

    @inline(__always)
    mutating func add(coordinates count: Int, offset: Int) throws(SimpleFeaturesError) {
        coordinates += count
        if coordinates > limits.maxCoordinates { throw exceeded("positions", limits.maxCoordinates, offset) }
    }

    @inline(__always)
    mutating func add(rings count: Int, offset: Int) throws(SimpleFeaturesError) {
        rings += count
        if rings > limits.maxRings { throw exceeded("rings", limits.maxRings, offset) }
    }

    @inline(__always)
    mutating func add(parts count: Int, offset: Int) throws(SimpleFeaturesError) {
        parts += count
        if parts > limits.maxParts { throw exceeded("parts", limits.maxParts, offset) }
    }

    @inline(__always)
    func check(depth: Int, offset: Int) throws(SimpleFeaturesError) {
        if depth > limits.maxDepth { throw exceeded("levels of nesting", limits.maxDepth, offset) }
    }

    @inline(never)
    private func exceeded(_ what: String, _ limit: Int, _ offset: Int) -> SimpleFeaturesError {
        SimpleFeaturesError(
            .limitExceeded, format, offset: offset < 0 ? nil : offset,
            "the geometry has more than \(limit) \(what), the most allowed")
    }
}
