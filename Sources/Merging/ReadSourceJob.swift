// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import ChildProcesses
import Formats
import Foundation
import Projections
import SimpleFeatures

/// Reads one source and brings it onto the grid, in a child: GDAL and GEOS meet
/// a town's bytes here and nowhere else.
public struct ReadSourceJob: ChildJob {
    public static let name = "read-source"

    public static func run(request: [UInt8], channel: ChildChannel) throws {
        try telling(channel) {
            let job = try JSONDecoder().decode(SourceJob.self, from: Data(request))
            let reading = try SourceReading(job) {
                try channel.send(kind: SourceFrame.finding, payload: json($0))
            }
            try channel.send(kind: SourceFrame.opening, payload: json(reading.opening))
            let summary = try reading.run { try channel.send(kind: SourceFrame.records, payload: $0) }
            try channel.send(kind: SourceFrame.summary, payload: json(summary))
        }
    }

    /// Reads a source, and tells the parent when it is refused.
    static func telling(_ channel: ChildChannel, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as MergingError where error.kind == .sourceRefused {
            try refuse(error.description, channel)
        } catch let error as FormatsError {
            let kind = error.kind == .system ? SourceFrame.breakdown : SourceFrame.refusal
            try channel.send(kind: kind, payload: Array(error.description.utf8))
        } catch let error as ProjectionsError {
            try refuse(error.description, channel)
        }
    }

    private static func refuse(_ sentence: String, _ channel: ChildChannel) throws {
        try channel.send(kind: SourceFrame.refusal, payload: Array(sentence.utf8))
    }

    private static func json(_ value: some Encodable) throws -> [UInt8] {
        Array(try JSONEncoder().encode(value))
    }
}
