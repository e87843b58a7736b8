// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import Testing

@testable import Formats

@Suite("Texts on a drawing that somebody else made")
struct DXFAnnotationTests {
    /// - Parameters:
    ///   - handle: of the only entity; nil for none.
    ///   - seed: `$HANDSEED`.
    private func drawing(handle: String?, seed: String) -> Data {
        let line = ["0", "LINE"] + (handle.map { ["5", $0] } ?? []) + ["8", "DL", "10", "0.0", "20", "0.0", "11", "9.0", "21", "9.0"]
        let lines =
            ["0", "SECTION", "2", "HEADER", "9", "$ACADVER", "1", "AC1015", "9", "$HANDSEED", "5", seed, "0", "ENDSEC"]
            + ["0", "SECTION", "2", "ENTITIES"] + line + ["0", "ENDSEC", "0", "EOF"]
        return Data((lines.joined(separator: "\n") + "\n").utf8)
    }

    private func annotated(_ drawing: Data) throws -> String {
        let text = DXFAnnotation.Text(at: Coordinate(x: 1, y: 2), text: "太小")
        return String(decoding: try #require(DXFAnnotation.adding([text], mark: "mark", to: drawing)), as: UTF8.self)
    }

    @Test("have handles of their own where the drawing has some")
    func handles() throws {
        let text = try annotated(drawing(handle: "1F", seed: "20"))
        #expect(text.contains("MIAOPU_REASON") && text.contains("LINE\n5\n1F\n"))
        #expect(text.contains("  5\n21\n") && text.contains("  5\n22\n") && text.contains("$HANDSEED\n5\n23\n"))
    }

    @Test("have none where none are left, and the drawing is as it was", arguments: ["FFFFFFFFFFFFFFFF", "FFFFFFFFFFFFFFFE"])
    func none(handle: String) throws {
        let text = try annotated(drawing(handle: handle, seed: "20"))
        #expect(text.contains("MIAOPU_REASON") && text.contains("LINE\n5\n\(handle)\n8\nDL"))
        #expect(text.contains("$HANDSEED\n5\n20\n") && !text.contains("AcDbText"))
    }
}
