// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MapStyles
import Pixmaps

/// The images that a style names: one PNG with all of them, and a JSON index.
public struct Sprite: Sendable {
    public private(set) var images: [String: SpriteImage] = [:]

    /// More images, deeper indices and larger pictures are refused.
    private static let largestCount = 20_000
    private static let limits = StyleLimits(maxBytes: 8 << 20, maxDepth: 8, maxLayers: 0)
    private static let pixelCeiling = 4096 * 4096

    public init(images: [String: SpriteImage] = [:]) {
        self.images = images
    }

    /// Reads a sprite as the MapLibre style specification describes it.
    ///
    /// - Throws: `badSprite` with one sentence: which image, what is wrong.
    public init(index: [UInt8], png: [UInt8]) throws(RenderingError) {
        let json: JSONValue
        let sheet: Pixmap
        do {
            json = try JSONValue(parsing: index, of: "sprite's index", limits: Self.limits)
            sheet = try Pixmap(png: png, pixelCeiling: Self.pixelCeiling)
        } catch let error as PixmapsError {
            throw RenderingError(.badSprite, "The sprite has no picture: \(error)")
        } catch {
            throw RenderingError(.badSprite, "The sprite has no index: \(error)")
        }
        guard let members = json.object else {
            throw RenderingError(.badSprite, "The sprite's index is no object; one member for each image is accepted.")
        }
        guard members.count <= Self.largestCount else {
            throw RenderingError(
                .badSprite, "The sprite has \(members.count) images; at most \(Self.largestCount) are accepted.")
        }
        for member in members { images[member.key] = try Self.image(member, sheet) }
    }

    private static func image(_ member: JSONMember, _ sheet: Pixmap) throws(RenderingError) -> SpriteImage {
        func refuse(_ complaint: String) -> RenderingError {
            RenderingError(
                .badSprite, "The sprite's image “\(member.key)”, line \(member.value.line) of the index, \(complaint).")
        }
        let sides = ["x", "y", "width", "height"].compactMap { whole(member.value[$0]) }
        guard sides.count == 4 else {
            throw refuse("has no x, y, width and height; whole numbers of pixels are accepted")
        }
        let (x, y, width, height) = (sides[0], sides[1], sides[2], sides[3])
        guard width > 0, height > 0, x <= sheet.width - width, y <= sheet.height - height else {
            throw refuse("does not lie within the picture of \(sheet.width) × \(sheet.height) pixels")
        }
        let ratio = member.value["pixelRatio"]?.number ?? 1
        guard ratio > 0, ratio <= 16 else { throw refuse("has a pixelRatio of \(ratio); up to 16 is accepted") }
        var image = SpriteImage(sheet.cropped(x: x, y: y, width: width, height: height), pixelRatio: ratio)
        image.isSDF = member.value["sdf"]?.boolean ?? false
        image.stretchX = ranges(member.value["stretchX"], limit: width)
        image.stretchY = ranges(member.value["stretchY"], limit: height)
        let content = member.value["content"]?.array?.compactMap(\.number) ?? []
        image.content = content.count == 4 ? content : nil
        image.textFitWidth = member.value["textFitWidth"]?.string.flatMap(SpriteImage.TextFit.init)
        image.textFitHeight = member.value["textFitHeight"]?.string.flatMap(SpriteImage.TextFit.init)
        return image
    }

    private static func whole(_ json: JSONValue?) -> Int? {
        guard let number = json?.number, number >= 0, number <= 65_536 else { return nil }
        return Int(exactly: number)
    }

    private static func ranges(_ json: JSONValue?, limit: Int) -> [Range<Double>] {
        (json?.array ?? []).compactMap { pair in
            guard let low = pair.array?.first?.number, let high = pair.array?.last?.number, low >= 0, low < high,
                high <= Double(limit)
            else { return nil }
            return low..<high
        }
    }
}
