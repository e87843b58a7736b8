// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGDAL
import Foundation
import SimpleFeatures

/// Reads the entities of a drawing through GDAL, with what programs have attached
/// to them and with arcs in steps of a stated size.
final class DrawingLayerReader: LayerReader {
    private let reader: GDALLayerReader
    private let arcStep: Double
    private let raw: Int?
    private let limit: Int
    private var tooLong = 0

    /// GDAL's name for group codes that it makes nothing of.
    private static let rawField = "RawCodeValues"

    var description: LayerDescription {
        get {
            var description = reader.description
            if let raw { description.schema.fields[raw] = Field(DrawingOptions.extendedDataField, .text) }
            return description
        }
        set { reader.description = newValue }
    }
    var member: String { reader.member }
    var closingNotes: [String] {
        tooLong == 0
            ? reader.closingNotes
            : reader.closingNotes + ["XDATA of \(tooLong) entities is longer than \(limit) bytes and was left out."]
    }

    /// - Parameter arcStep: in degrees.
    init(_ reader: GDALLayerReader, arcStep: Double, limits: DatasetLimits) {
        self.reader = reader
        self.arcStep = arcStep
        limit = limits.textBytes
        raw = reader.description.schema.fields.firstIndex { $0.name == Self.rawField }
    }

    /// Runs `body` with GDAL set to read drawings so.
    ///
    /// - Parameter arcStep: in degrees.
    static func with<Result>(
        arcStep: Double, insertsArePoints: Bool, _ body: () throws -> Result
    ) rethrows -> Result {
        let settings = [
            "OGR_ARC_STEPSIZE": "\(arcStep)", "DXF_INCLUDE_RAW_CODE_VALUES": "TRUE",
            "DXF_INLINE_BLOCKS": insertsArePoints ? "FALSE" : "TRUE",
        ]
        for (name, value) in settings { CPLSetThreadLocalConfigOption(name, value) }
        defer { for name in settings.keys { CPLSetThreadLocalConfigOption(name, nil) } }
        return try body()
    }

    func forEachFeature(_ body: (ReadRecord) throws -> Void) throws {
        tooLong = 0
        // How blocks are read was decided when the file was opened.
        try Self.with(arcStep: arcStep, insertsArePoints: false) {
            try reader.forEachFeature { record in
                guard case .feature(var feature) = record, let raw, raw < feature.values.count else {
                    return try body(record)
                }
                feature.values[raw] = extendedData(feature.values[raw])
                try body(.feature(feature))
            }
        }
    }

    /// `["1001 SOUTH","1000 141111"]` as `{"SOUTH":[[1000,"141111"]]}`.
    private func extendedData(_ value: AttributeValue) -> AttributeValue {
        guard case .text(let json) = value,
            let lines = try? JSONDecoder().decode([String].self, from: Data(json.utf8))
        else { return .null }
        var applications: [(name: String, pairs: [String])] = []
        for line in lines {
            let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            guard let code = Int(parts[0]), (1000...1071).contains(code) else { continue }
            let text = parts.count > 1 ? String(parts[1]) : ""
            if code == 1001 {
                applications.append((text, []))
            } else if !applications.isEmpty {
                let isNumber = code >= 1010 && Double(text)?.isFinite == true && text.utf8.allSatisfy { $0 < 0x3A }
                applications[applications.count - 1].pairs.append("[\(code),\(isNumber ? Self.number(text) : JSONText.quoted(text))]")
            }
        }
        guard !applications.isEmpty else { return .null }
        let text = "{" + applications.map { "\(JSONText.quoted($0.name)):[\($0.pairs.joined(separator: ","))]" }
            .joined(separator: ",") + "}"
        guard text.utf8.count <= limit else {
            tooLong += 1
            return .null
        }
        return .text(text)
    }

    /// A number in the spelling that JSON asks for.
    private static func number(_ text: String) -> String {
        if let whole = Int64(text) { return String(whole) }
        return Double(text).map { "\($0)" } ?? JSONText.quoted(text)
    }
}
