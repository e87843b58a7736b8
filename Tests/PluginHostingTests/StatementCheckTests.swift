// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Testing

@testable import PluginHosting

@Suite struct StatementCheckTests {
    @Test(arguments: [
        (" \n-- c\n/* d */ select 1", "select"), (";; WITH x AS (", "WITH"), ("/* a **/INSERT", "INSERT"),
        ("/* open", ""), ("/*", ""), ("/*/ SELECT", ""), ("--", ""), ("", ""), ("\u{FEFF}SELECT", ""),
        ("ＳＥＬＥＣＴ", ""),
    ])
    func aStatementIsKnownByItsFirstWord(_ text: String, _ word: String) {
        #expect(StatementCheck.firstWord(of: text) == word)
    }

    /// Each looks like a SELECT to who ends a comment too early.
    @Test(arguments: [
        "--\rSELECT\nATTACH 'x' AS y", "--\u{2028}SELECT\nATTACH 'x' AS y", "--\u{0B}SELECT\nATTACH 'x' AS y",
        "--\u{85}SELECT\nATTACH 'x' AS y", "/*/ SELECT */ATTACH 'x' AS y",
    ])
    func aCommentHidesNoStatement(_ text: String) {
        let error = #expect(throws: PluginHostingError.self) { try StatementCheck.check(text, plugin: "p") }
        #expect(error?.kind == .denied)
        #expect(error?.description.contains("may not run \"ATTACH\"") == true, "\(error?.description ?? "")")
    }
}
