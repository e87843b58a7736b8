// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// GeoJSON (RFC 7946): text in, text out.
///
/// Coordinates are longitude and latitude unless the text comes from elsewhere;
/// nothing here transforms them. Text is UTF-8.
public enum GeoJSON {
    /// What was read from a text.
    public struct Document: Hashable, Sendable {
        public var features: [Feature]
        /// The name in the `crs` member that older files have.
        public var crs: String?
        /// Whether any position had a third number; they were dropped.
        public var hadZ: Bool
    }

    // MARK: Writing

    /// Appends a geometry object, or `null`.
    ///
    /// - Parameter decimals: How many digits behind the point at most, 0 to 15;
    ///   nil for as many as it takes.
    public static func append(_ geometry: Geometry?, to text: inout String, decimals: Int? = nil) {
        var writer = GeoJSONWriter(decimals: decimals)
        writer.geometry(geometry)
        text += writer.text
    }

    /// Appends a feature object. Properties are sorted by name; numbers that are
    /// not finite become `null`.
    public static func append(_ feature: Feature, to text: inout String, decimals: Int? = nil) {
        var writer = GeoJSONWriter(decimals: decimals)
        writer.feature(feature)
        text += writer.text
    }

    /// A feature collection, one feature a line.
    public static func text(of features: some Sequence<Feature>, decimals: Int? = nil) -> String {
        var writer = GeoJSONWriter(decimals: decimals)
        writer.text = "{\"type\":\"FeatureCollection\",\"features\":["
        var isFirst = true
        for feature in features {
            writer.text += isFirst ? "\n" : ",\n"
            isFirst = false
            writer.feature(feature)
        }
        writer.text += isFirst ? "]}" : "\n]}"
        return writer.text
    }

    /// A text as JSON writes it, with its quotation marks.
    public static func quoted(_ text: String) -> String {
        var writer = GeoJSONWriter(decimals: nil)
        writer.string(text)
        return writer.text
    }

    // MARK: Reading

    /// Reads a feature collection, a feature or a bare geometry.
    ///
    /// A feature keeps its identifier when that is a whole number from 0 to
    /// 2^53 − 1, or text of one; otherwise it gets its place in the text, from 1
    /// on. Properties that are arrays or objects are kept as JSON text.
    ///
    /// - Parameters:
    ///   - maxBytes: The longest text that is read.
    ///   - maxDepth: How deep it may be nested.
    /// - Throws: `SimpleFeaturesError` for anything that is no GeoJSON, for rings
    ///   that are not closed, and for what passes a limit.
    /// - Complexity: O(*n*) in bytes. The whole document is held in memory,
    ///   some thirty times its size: not for deliveries.
    public static func read(
        _ text: [UInt8], limits: GeometryLimits = .default, maxBytes: Int = 64 << 20, maxDepth: Int = 64
    ) throws(SimpleFeaturesError) -> Document {
        guard text.count <= maxBytes else {
            throw SimpleFeaturesError(
                .limitExceeded, .geoJSON, offset: maxBytes,
                "the text has \(text.count) bytes; \(maxBytes) are the most allowed")
        }
        return try text.withUnsafeBufferPointer { buffer throws(SimpleFeaturesError) in
            var parser = JSONParser(buffer, maxDepth: min(maxDepth, 512))
            var reader = GeoJSONReader(limits: limits)
            return try reader.document(try parser.document())
        }
    }

    /// The same for a string.
    public static func read(
        _ text: String, limits: GeometryLimits = .default, maxBytes: Int = 64 << 20, maxDepth: Int = 64
    ) throws(SimpleFeaturesError) -> Document {
        try read(Array(text.utf8), limits: limits, maxBytes: maxBytes, maxDepth: maxDepth)
    }
}
