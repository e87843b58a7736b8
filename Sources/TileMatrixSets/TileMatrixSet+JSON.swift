// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

extension TileMatrixSet: Codable {
    /// Reads a set in the JSON encoding of the OGC standard, version 2.0.
    ///
    /// - Throws: `TileMatrixSetsError`: `malformed` for what is no such document,
    ///   `unsupported` for variable matrix widths, `outOfRange` as
    ///   `init(validating:)`.
    public init(json: Data) throws(TileMatrixSetsError) {
        let set: TileMatrixSet
        do {
            set = try JSONDecoder().decode(TileMatrixSet.self, from: json)
        } catch let error as TileMatrixSetsError {
            throw error
        } catch let error as DecodingError {
            throw TileMatrixSetsError(.malformed, "tile matrix set", Self.clause(for: error))
        } catch {
            throw TileMatrixSetsError(.malformed, "tile matrix set", "the text is no JSON")
        }
        self = try TileMatrixSet(validating: set)
    }

    /// The set in the JSON encoding of the OGC standard, version 2.0: sorted
    /// members, the same bytes for the same set.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    public init(from decoder: any Decoder) throws {
        let document = try Document(from: decoder)
        let id = document.id ?? "unnamed"
        let crs = document.crs.name
        let axes = document.orderedAxes ?? (Self.isNorthFirst(crs: crs) ? ["Lat", "Lon"] : ["X", "Y"])
        let swaps = Self.isNorthFirst(axes: axes)
        self.init(
            unchecked: id, title: document.title, uri: document.uri, crs: crs, orderedAxes: axes,
            tileMatrices: try document.tileMatrices.map { matrix in
                guard matrix.variableMatrixWidths?.isEmpty ?? true else {
                    throw TileMatrixSetsError(
                        .unsupported, "\(id), matrix \(matrix.id)",
                        "variableMatrixWidths is not drawn; a matrix must have the same width in every row")
                }
                guard matrix.pointOfOrigin.count == 2 else {
                    throw TileMatrixSetsError(
                        .malformed, "\(id), matrix \(matrix.id)", "pointOfOrigin must be two numbers")
                }
                return TileMatrix(
                    id: matrix.id, scaleDenominator: matrix.scaleDenominator, cellSize: matrix.cellSize,
                    cornerOfOrigin: matrix.cornerOfOrigin ?? .topLeft,
                    originX: matrix.pointOfOrigin[swaps ? 1 : 0], originY: matrix.pointOfOrigin[swaps ? 0 : 1],
                    tileWidth: matrix.tileWidth, tileHeight: matrix.tileHeight,
                    matrixWidth: matrix.matrixWidth, matrixHeight: matrix.matrixHeight)
            })
    }

    public func encode(to encoder: any Encoder) throws {
        let swaps = Self.isNorthFirst(axes: orderedAxes)
        try Document(
            id: id, title: title, uri: uri, crs: Document.Reference(name: crs), orderedAxes: orderedAxes,
            tileMatrices: tileMatrices.map { matrix in
                Document.Matrix(
                    id: matrix.id, scaleDenominator: matrix.scaleDenominator, cellSize: matrix.cellSize,
                    cornerOfOrigin: matrix.cornerOfOrigin,
                    pointOfOrigin: swaps ? [matrix.originY, matrix.originX] : [matrix.originX, matrix.originY],
                    tileWidth: matrix.tileWidth, tileHeight: matrix.tileHeight,
                    matrixWidth: matrix.matrixWidth, matrixHeight: matrix.matrixHeight)
            }
        ).encode(to: encoder)
    }

    /// Whether the first of two axes points north.
    private static func isNorthFirst(axes: [String]) -> Bool {
        guard let first = axes.first?.lowercased() else { return false }
        return first.hasPrefix("lat") || first.hasPrefix("n") || first == "y"
    }

    /// The geographic systems that documents without `orderedAxes` use.
    private static func isNorthFirst(crs: String) -> Bool {
        ["EPSG:4326", "EPSG:4490", "EPSG:4258", "EPSG:4214", "EPSG:4610", "EPSG:4555"].contains(crs)
    }

    private static func clause(for error: DecodingError) -> String {
        func path(_ context: DecodingError.Context) -> String {
            context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        }
        return switch error {
        case .keyNotFound(let key, let context): "“\(key.stringValue)” is missing in “\(path(context))”"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "“\(path(context))” is not of the type that the standard gives it"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty ? "the text is no JSON" : "“\(path(context))” has a value that is not known"
        @unknown default: "the document cannot be read"
        }
    }
}

/// The members of the JSON encoding.
private struct Document: Codable {
    struct Matrix: Codable {
        var id: String
        var scaleDenominator: Double
        var cellSize: Double
        var cornerOfOrigin: TileMatrix.Corner?
        var pointOfOrigin: [Double]
        var tileWidth: Int
        var tileHeight: Int
        var matrixWidth: Int
        var matrixHeight: Int
        var variableMatrixWidths: [VariableWidth]?
    }

    struct VariableWidth: Codable {
        var coalesce: Int
        var minTileRow: Int
        var maxTileRow: Int
    }

    /// A reference system: a URI, or an object with one.
    struct Reference: Codable {
        var name: String

        init(name: String) {
            self.name = name
        }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                name = Self.short(text)
            } else {
                let members = try decoder.singleValueContainer().decode([String: String].self)
                guard let text = members["uri"] ?? members["wkt"] else {
                    throw DecodingError.dataCorrupted(
                        .init(codingPath: decoder.codingPath, debugDescription: "no uri and no wkt"))
                }
                name = Self.short(text)
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            let parts = name.split(separator: ":", omittingEmptySubsequences: false)
            if parts.count == 2, parts[0] == "EPSG" {
                try container.encode("http://www.opengis.net/def/crs/EPSG/0/\(parts[1])")
            } else if name == "OGC:CRS84" {
                try container.encode("http://www.opengis.net/def/crs/OGC/1.3/CRS84")
            } else {
                try container.encode(name)
            }
        }

        /// `EPSG:3857` for any of the spellings of a registered system.
        private static func short(_ text: String) -> String {
            let separator: Character = text.hasPrefix("urn:") ? ":" : "/"
            guard text.contains("def") && text.contains("crs") else { return text }
            let parts = text.split(separator: separator)
            guard let code = parts.last else { return text }
            if parts.contains("EPSG") { return "EPSG:\(code)" }
            if code == "CRS84" { return "OGC:CRS84" }
            return text
        }
    }

    var id: String?
    var title: String?
    var uri: String?
    var crs: Reference
    var orderedAxes: [String]?
    var tileMatrices: [Matrix]
}
