// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Testing

@testable import Merging

@Suite struct SentenceGroupTests {
    @Test func `What several sources share is said once, and before what each has for itself`() {
        let groups = SentenceGroup.groups(of: [
            ("a", ["Own of a.", "Shared.", "Also shared."]), ("b", []), ("c", ["Shared.", "Also shared.", "Of c and d."]),
            ("d", ["Of c and d.", "Of c and d."]),
        ])
        #expect(
            groups == [
                SentenceGroup(sources: ["a", "c"], sentences: ["Shared.", "Also shared."]),
                SentenceGroup(sources: ["c", "d"], sentences: ["Of c and d."]),
                SentenceGroup(sources: ["a"], sentences: ["Own of a."]),
            ])
    }

    @Test func `Nothing to say makes no group`() {
        #expect(SentenceGroup.groups(of: [("a", []), ("b", [])]).isEmpty)
    }

    @Test func `A heading names every source, on lines that fit a page`() {
        let names = (1...40).map { "town-\($0)-buildings" }
        let heading = SentenceGroup(sources: names, sentences: ["S."]).heading(sources: 41)
        #expect(heading.first?.hasPrefix("40 sources: town-1-buildings, town-2-buildings,") == true)
        #expect(heading.allSatisfy { $0.count < 100 })
        let words = heading.joined(separator: " ").dropFirst("40 sources: ".count).split(separator: " ")
        #expect(words.map { $0.filter { $0 != "," } } == names)
        #expect(SentenceGroup(sources: names, sentences: ["S."]).heading(sources: 40) == ["all 40 sources"])
        #expect(SentenceGroup(sources: ["a"], sentences: ["S."]).heading(sources: 1) == ["a"])
        #expect(SentenceGroup(sources: ["a", "b"], sentences: ["S."]).heading(sources: 3) == ["a, b"])
    }
}
