// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import ChildProcesses
import Formats
import Foundation
import SimpleFeatures

/// Reads one source again, in a child, and hands over the records that go onto a
/// slip: as the file has them, with the reasons.
///
/// It is the reading of a merge, to the end of the same checks, so a slip has
/// exactly the records that the merge rejected or changed.
public struct ReadSlipJob: ChildJob {
    public static let name = "read-slip"

    struct Request: Codable, Sendable {
        var job: SourceJob
        /// Records whose border a merge moved, and how far, in words.
        var moved: [Int64: String]
    }

    /// What is known of the file before its records come.
    struct Opening: Codable, Sendable {
        var layer: LayerDescription
        var format: FileFormat
    }

    public static func run(request: [UInt8], channel: ChildChannel) throws {
        try ReadSourceJob.telling(channel) {
            let request = try JSONDecoder().decode(Request.self, from: Data(request))
            let reading = try SourceReading(request.job)
            try channel.send(kind: SourceFrame.opening, payload: Array(JSONEncoder().encode(reading.slipOpening)))
            var frame = RecordFrameWriter()
            func flush() throws {
                guard frame.count > 0 else { return }
                try channel.send(kind: SourceFrame.records, payload: frame.bytes)
                frame.removeAll()
            }
            let summary = try reading.run(slipping: request.moved) { raw, reasons in
                guard let row = UInt32(exactly: raw.row) else { return }
                var wkb: [UInt8] = []
                raw.geometry?.appendWKB(to: &wkb)
                // A fault may hide the values; the record keeps its mark.
                let missing = max(0, reading.slipOpening.layer.schema.fields.count - raw.values.count)
                frame.append(
                    row: row, geometry: wkb, envelope: .empty, repair: reasons.joined(separator: " "),
                    values: raw.values + Array(repeating: .null, count: missing))
                if frame.bytes.count >= 256 << 10 { try flush() }
            }
            try flush()
            try channel.send(kind: SourceFrame.summary, payload: Array(JSONEncoder().encode(summary)))
        }
    }
}
