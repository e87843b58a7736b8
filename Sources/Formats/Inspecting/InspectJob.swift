// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import ChildProcesses
import Foundation

/// Reads a file and says what is in it, in a child.
public enum InspectJob: ChildJob {
    public static let name = "inspect"

    /// Frames: an `Inspection` as JSON, or why there is none.
    static let answer: UInt8 = 1
    static let refusal: UInt8 = 2

    struct Request: Codable {
        var dataset: DatasetRequest
        var readsRecords: Bool
    }

    private struct Refusal: Codable {
        var kind: FormatsError.Kind
        var sentence: String
    }

    public static func run(request: [UInt8], channel: ChildChannel) throws {
        let request = try JSONDecoder().decode(Request.self, from: Data(request))
        do {
            let inspection = try Inspection(of: request.dataset, readsRecords: request.readsRecords)
            try channel.send(kind: answer, payload: Array(JSONEncoder().encode(inspection)))
        } catch let error as FormatsError {
            let told = Refusal(kind: error.kind, sentence: error.description)
            try channel.send(kind: refusal, payload: Array(JSONEncoder().encode(told)))
        }
    }

    static func decodeRefusal(_ payload: [UInt8]) -> FormatsError? {
        guard let told = try? JSONDecoder().decode(Refusal.self, from: Data(payload)) else { return nil }
        return FormatsError(told.kind, told.sentence)
    }
}
