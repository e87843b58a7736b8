// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import SimpleFeatures
import Testing

@testable import Merging

@Suite struct `A figure of several sources` {
    private static func say(
        _ source: String, _ value: AttributeValue, file: String = "1", day: String? = nil, authority: Bool = false
    ) -> FigureJudge.Statement {
        .init(
            answer: .init(
                source: source, path: "maps/\(source)", fileHash: file, row: 1, asOf: day, value: value.description,
                hasAuthority: authority), value: value)
    }

    private static let figure = Figure(
        layer: "houses", field: "levels", object: 1, feature: 1, authority: "房管局", state: .single, value: nil, answers: [])

    private static func say(_ a: Int64, _ b: Int64, files: String = "11") -> [FigureJudge.Statement] {
        [
            say("a", .integer(a), file: String(files.prefix(1)), authority: true),
            say("b", .integer(b), file: String(files.suffix(1))),
        ]
    }

    @Test func `goes from one comparison to the next`() {
        // What is said, in which files, and how the figure stands then; nil when nothing is new.
        let steps: [(Int64, Int64, String, Figure.State?, String?)] = [
            (3, 3, "11", .agreesOnce, "3"), (3, 3, "11", nil, nil), (3, 3, "12", .confirmed, "3"), (3, 3, "22", nil, nil),
            (3, 4, "23", .differs, "3"), (3, 4, "33", .differs, "3"),
            (3, 4, "33", nil, nil), (3, 5, "34", .differs, "3"), (5, 5, "45", .settled, "5"),
            (5, 5, "45", nil, nil), (5, 5, "55", .confirmed, "5"), (6, 6, "66", .agreesOnce, "6"),
        ]
        var before: Figure?
        for (number, step) in steps.enumerated() {
            let now = FigureJudge.judge(Self.figure, before: before, Self.say(step.0, step.1, files: step.2))
            #expect(now?.state == step.3 && (now == nil || now?.value == step.4), "step \(number)")
            before = now ?? before
        }
        let gone = FigureJudge.judge(Self.figure, before: before, [Self.say("b", .integer(6))])
        #expect(gone?.state == .single)
        #expect(FigureJudge.judge(Self.figure, before: gone, []) == nil)
        #expect(FigureJudge.judge(Self.figure, before: gone, Self.say(6, 6))?.state == .agreesOnce)
    }

    @Test func `is confirmed by a delivery, and not by one that is withdrawn`() {
        let all = ["a", "b", "c"].map { Self.say($0, .integer(3)) }
        let before = FigureJudge.judge(Self.figure, before: nil, all)
        #expect(before?.state == .agreesOnce)
        #expect(FigureJudge.judge(Self.figure, before: before, Array(all.prefix(2))) == nil)
        // The same file, as of another day.
        let again = [Self.say("a", .integer(3)), Self.say("b", .integer(3), day: "2026-07-31")]
        #expect(FigureJudge.judge(Self.figure, before: before, again)?.state == .confirmed)
    }

    @Test func `of one source is none`() {
        #expect(FigureJudge.judge(Self.figure, before: nil, [Self.say("a", .integer(1)), Self.say("a", .integer(2))]) == nil)
    }

    @Test func `on which authorities differ has no value`() {
        let statements = [
            Self.say("a", .integer(1), authority: true), Self.say("b", .integer(2), authority: true),
            Self.say("c", .integer(1)),
        ]
        let now = FigureJudge.judge(Self.figure, before: nil, statements)
        #expect(now?.state == .differs && now?.value == nil && FigureJudge.authority(among: statements) == nil)
        let others = FigureJudge.judge(Self.figure, before: nil, [Self.say("a", .integer(1)), Self.say("b", .integer(2))])
        #expect(others?.state == .differs && others?.value == nil)
    }

    @Test(
        arguments: [
            (.text("好 茶"), .text("好茶"), true), (.text("ＡＢ"), .text("ab"), true), (.text("甲"), .text("乙"), false),
            (.integer(3), .real(3), true), (.real(0.1 + 0.2), .real(0.3), true), (.real(1), .real(1.001), false),
            (.boolean(true), .boolean(false), false), (.text("3"), .integer(3), false), (.text(" "), .text("  "), false),
        ] as [(AttributeValue, AttributeValue, Bool)])
    func `is the same or not`(one: AttributeValue, two: AttributeValue, isSame: Bool) {
        #expect(FigureJudge.isSame(one, two) == isSame && FigureJudge.isSame(two, one) == isSame)
    }

    private static func member(_ id: Int64, _ source: String, _ identity: Int64, kept: Int64? = nil) -> FigureMember {
        FigureMember(
            id: id, source: source, identity: identity, row: id, isPresent: kept == nil, kept: kept, values: [])
    }

    @Test func `is of what one key or a twin makes one thing`() {
        let towns = ["a": "1", "a2": "1", "b": "2"]
        let keys = ["a": ["name"], "a2": ["name"], "b": ["name"], "office": ["name"], "other": []]
        func groups(_ members: [FigureMember]) -> [[Int64]] {
            FigureGroups(members, towns: towns, keys: keys).groups.map { $0.map(\.id) }
        }
        #expect(groups([Self.member(1, "a", 7), Self.member(2, "a2", 7), Self.member(3, "b", 7)]) == [[1, 2]])
        #expect(groups([Self.member(1, "a", 7), Self.member(2, "office", 7)]) == [[1, 2]])
        // A name in two towns: which one the office means is not known.
        #expect(groups([Self.member(1, "a", 7), Self.member(2, "b", 7), Self.member(3, "office", 7)]) == [])
        #expect(groups([Self.member(1, "a", 7), Self.member(2, "other", 7)]) == [])
        #expect(groups([Self.member(1, "a", 7), Self.member(2, "b", 8, kept: 1), Self.member(3, "a2", 7)]) == [[1, 2, 3]])
        #expect(groups([Self.member(1, "a", 7), Self.member(2, "a", 7)]) == [])
    }
}
