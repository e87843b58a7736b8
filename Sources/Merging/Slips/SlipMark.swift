// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Formats

/// What stands in a column of every record of a slip, so that the record is
/// known again when the town hands it back: `source/row/delivery/town`.
struct SlipMark: Hashable, Sendable {
    /// The columns that a slip has after those of the town.
    static let reasonColumn = "mp_reason"
    static let column = "mp_slip"

    var source: String
    /// The record's number in the delivered file.
    var row: Int
    /// The first twelve digits of the delivery's SHA-256.
    var delivery: String
    /// Empty for a delivery that covers the whole district.
    var town: String

    init(source: String, row: Int, fileHash: String, town: String?) {
        self.source = source
        self.row = row
        delivery = String(fileHash.prefix(Self.digits))
        self.town = town ?? ""
    }

    /// Nil for a text that is no mark.
    init?(_ text: String) {
        let parts = text.trimmed.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, !parts[0].isEmpty, let row = Int(parts[1]), row >= 0, parts[2].count == Self.digits,
            parts[2].allSatisfy(\.isHexDigit)
        else { return nil }
        source = parts[0]
        self.row = row
        delivery = parts[2]
        town = parts[3]
    }

    var text: String { "\(source)/\(row)/\(delivery)/\(town)" }

    private static let digits = 12

    /// Why a record with this mark is none of a source; nil when it is.
    func refusal(by context: SourceJob.SlipContext, file: String) -> String? {
        if town != context.town ?? "" {
            let owner = context.town.map { "the town \($0)" } ?? "the whole district"
            return "“\(file)” is a slip of \(town.isEmpty ? "the whole district" : "the town \(town)") "
                + "(source \(source)), and “\(context.source)” is of \(owner): list it under that source."
        }
        if source != context.source {
            return "“\(file)” is a slip of the source “\(source)”, and this is “\(context.source)”: list it there."
        }
        if !context.fileHash.hasPrefix(delivery) {
            return "“\(file)” is a slip of another delivery of “\(source)” than the one at its path: "
                + "make a new slip with “miaopu slip \(town)” and let the town correct that one."
        }
        return nil
    }
}

extension SourceJob {
    /// What slips of a source are known by, and those that were handed back.
    struct SlipContext: Codable, Sendable {
        var source: String
        var town: String?
        /// SHA-256 of the delivery without its corrections.
        var fileHash: String
        /// Corrected slips, in the order in which they came back.
        var corrections: [DatasetRequest] = []
    }
}
