// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What a tile was made of: the layers wanted, the data version of each one
/// that was drawn, and those that failed. A tile whose record names a failure
/// is never stored as good.
struct TileRecord: Sendable, Equatable {
    struct Drawn: Sendable, Equatable {
        var layer: String
        var dataVersion: String
    }

    struct Failed: Sendable, Equatable {
        var layer: String
        /// One sentence.
        var reason: String
    }

    /// In paint order.
    var wanted: [String]
    var drawn: [Drawn] = []
    var failed: [Failed] = []
    /// What the style asks for and pictures do not show, as in
    /// `towers: fill-extrusion layer`. It is no failure: drawing again changes nothing.
    var notDrawn: [String] = []

    /// A Structured Field dictionary (RFC 9651):
    /// `wanted=2, drawn=("towns";v="3f2a"), failed=("benches")`, and only where
    /// there is such, `not-drawn=("towns/name: symbol layer")`.
    var header: String {
        let drawn = drawn.map { TileRecord.text($0.layer) + ";v=" + TileRecord.text($0.dataVersion) }
        let failed = failed.map { TileRecord.text($0.layer) }
        let missing = notDrawn.map(TileRecord.text)
        return "wanted=\(wanted.count), drawn=(\(drawn.joined(separator: " "))), "
            + "failed=(\(failed.joined(separator: " ")))"
            + (missing.isEmpty ? "" : ", not-drawn=(\(missing.joined(separator: " ")))")
    }

    var json: String {
        let wanted = wanted.map(JSONText.quoted).joined(separator: ",")
        let drawn = drawn.map {
            #"{"layer":\#(JSONText.quoted($0.layer)),"version":\#(JSONText.quoted($0.dataVersion))}"#
        }.joined(separator: ",")
        let failed = failed.map {
            #"{"layer":\#(JSONText.quoted($0.layer)),"reason":\#(JSONText.quoted($0.reason))}"#
        }.joined(separator: ",")
        let missing = notDrawn.map(JSONText.quoted).joined(separator: ",")
        return #"{"wanted":[\#(wanted)],"drawn":[\#(drawn)],"failed":[\#(failed)],"notDrawn":[\#(missing)]}"#
    }

    /// A Structured Field string; what is not printable ASCII becomes `?`.
    private static func text(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\" + String(scalar)
            case " "..."~": result.unicodeScalars.append(scalar)
            default: result += "?"
            }
        }
        return result + "\""
    }
}
