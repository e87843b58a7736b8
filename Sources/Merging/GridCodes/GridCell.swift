// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import SimpleFeatures

/// A cell of a management grid as it is numbered.
struct GridCell {
    /// Where a cell lies.
    enum Place: Hashable {
        /// In one area; its code.
        case area(String)
        /// In one area that has no code of the right length; what it has.
        case areaWithoutCode(String)
        case nowhere
        /// Nobody has delivered areas.
        case unknown
        /// In or across several; their codes.
        case several([String])
    }

    /// The feature's id.
    var id: Int64
    var holder: CodeHolder
    /// What it was known by before, by reviewed matches, the latest first.
    var formerHolders: [CodeHolder] = []
    /// By which cells of one holder are told apart.
    var content: Int64
    var row: Int64
    /// In metres on the grid.
    var envelope: Envelope
    var place: Place
    /// The code that the town has given; nil when it has given none.
    var delivered: String?
    /// The code that the district has given in an earlier merge and that stands.
    var assigned: String?
    /// Whether a person has said that doubtful codes of its source are meant so.
    var isAccepted = false

    var code: String? { delivered ?? assigned }

    func has(_ holder: CodeHolder) -> Bool { holder == self.holder || formerHolders.contains(holder) }
}

/// What is wrong with the code of a cell, or with its place.
struct GridCodeFinding: Hashable {
    enum Kind: String, CaseIterable {
        case malformed = "code-malformed"
        case wrongArea = "code-of-another-area"
        case duplicate = "code-duplicate"
        case noArea = "code-no-area"
        case severalAreas = "code-several-areas"
        case areaWithoutCode = "code-area-without-code"
        case missing = "code-missing"
        case usedUp = "code-numbers-used-up"
        case givenBefore = "code-given-before"
        case changed = "code-changed"
        case gap = "code-gap"

        /// Whether the town that delivered the cell can correct it.
        var isForTown: Bool { self != .areaWithoutCode && self != .usedUp && self != .gap }
    }

    var kind: Kind
    var cell: Int64
    /// Other cells that it is about.
    var others: [Int64] = []
    var sentence: String
}

extension GridCodeRule {
    var digits: Int { parentDigits + serialDigits }
    /// The highest serial number.
    var highest: Int { (0..<serialDigits).reduce(1) { power, _ in power * 10 } - 1 }

    func area(of code: String) -> String { String(code.prefix(parentDigits)) }

    /// The serial number of a code without fault.
    func serial(of code: String) -> Int { Int(code.dropFirst(parentDigits)) ?? 0 }

    func code(_ area: String, _ serial: Int) -> String {
        let text = String(serial)
        return area + String(repeating: "0", count: max(0, serialDigits - text.count)) + text
    }

    /// What is wrong with the form of a code; nil when nothing is.
    func fault(of code: String) -> String? {
        if let stranger = code.first(where: { !Self.isDigit($0) }) {
            return "“\(Self.shown(code))” holds “\(stranger)”; \(digits) digits are asked for"
        }
        if code.count != digits {
            return "“\(Self.shown(code))” has \(code.count) digits; \(digits) are asked for"
        }
        return serial(of: code) == 0 ? "“\(code)” has the serial number 0, and they begin with 1" : nil
    }

    func isAreaCode(_ code: String) -> Bool { code.count == parentDigits && code.allSatisfy(Self.isDigit) }

    private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

    /// Towns write anything into a field.
    static func shown(_ text: String) -> String { text.count <= 40 ? text : "\(text.prefix(40))…" }
}
