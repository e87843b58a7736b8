// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import SimpleFeatures
import TestSupport
import Testing

@testable import Merging

@Suite struct `Cells of a grid` {
    private static let area = "310112108001"
    private static let rule = GridCodeRule(field: "code", parent: "areas", parentField: "code")

    private static func cell(
        _ id: Int64, _ x: Double = 0, _ y: Double = 0, width: Double = 100, height: Double = 100,
        place: GridCell.Place = .area(area), delivered: String? = nil, assigned: String? = nil, isAccepted: Bool = false
    ) -> GridCell {
        GridCell(
            id: id, holder: CodeHolder(owner: "1", identity: id), content: id, row: id,
            envelope: Envelope(minX: x, minY: y, maxX: x + width, maxY: y + height), place: place, delivered: delivered,
            assigned: assigned, isAccepted: isAccepted)
    }

    private static func given(_ serial: Int, to identity: Int64, byDistrict: Bool = true) -> RegisteredCode {
        RegisteredCode(
            code: rule.code(area, serial), holder: CodeHolder(owner: "1", identity: identity), isAssigned: byDistrict,
            isSettled: true)
    }

    private func serials(_ numbering: GridNumbering) -> [Int64: Int] {
        numbering.assigned.mapValues { Self.rule.serial(of: $0) }
    }

    @Test(
        arguments: [
            ("310112108001001", nil), ("31011210800101", "has 14 digits; 15 are asked for"),
            ("3101121080010011", "has 16 digits"), ("31011210800100A", "holds “A”"), ("３10112108001001", "holds “３”"),
            ("31011210800100 ", "holds “ ”"), ("310112108001000", "serial number 0"), ("", "has 0 digits"),
        ] as [(String, String?)])
    func `have codes of digits alone, and serial numbers from 1`(code: String, fault: String?) {
        let found = Self.rule.fault(of: code)
        #expect((found == nil) == (fault == nil) && found?.contains(fault ?? "") != false, "\(found ?? "")")
    }

    @Test func `are numbered in rows from the north, in each from the west`() {
        // The lower row is uneven by less than half a cell; the tall one hangs into the row below.
        let cells = [
            Self.cell(1, 200, 0), Self.cell(2, 0, 30), Self.cell(3, 100, -20), Self.cell(4, 100, 110),
            Self.cell(5, 0, 130), Self.cell(6, 200, 60, height: 180),
        ]
        #expect(GridOrder.sorted(cells, .rows).map(\.id) == [5, 4, 6, 2, 3, 1])
        #expect(GridOrder.sorted(cells, .columns).map(\.id) == [5, 2, 4, 3, 6, 1])
        #expect(serials(GridNumbering(cells, [], Self.rule)) == [5: 1, 4: 2, 6: 3, 2: 4, 3: 5, 1: 6])
    }

    @Test(arguments: UInt64(1)...20) func `are numbered alike in whatever order they come`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var cells: [GridCell] = []
        for id in 1...60 {
            func number(_ range: ClosedRange<Int>) -> Double { Double(Int.random(in: range, using: &random)) }
            let given = Int.random(in: 0..<6, using: &random)
            let area = "31011210800\(Int.random(in: 1...3, using: &random))"
            let places: [GridCell.Place] = [
                .area(area), .area(area), .area(area), .nowhere, .several([area, "x"]), .areaWithoutCode("7"),
            ]
            cells.append(
                Self.cell(
                    Int64(id), number(0...4) * 100, number(0...4) * 100, width: number(20...100),
                    height: number(20...100),
                    place: places.randomElement(using: &random) ?? .nowhere,
                    delivered: given == 0 ? Self.rule.code(area, Int(number(0...9))) : nil))
        }
        let register = (1...9).map { Self.given($0, to: Int64($0 * 5)) }
        let first = GridNumbering(cells, register, Self.rule)
        let second = GridNumbering(cells.shuffled(using: &random), register, Self.rule)
        #expect(first.assigned == second.assigned && first.registrations == second.registrations, "seed \(seed)")
        #expect(Set(first.findings) == Set(second.findings), "seed \(seed)")
        // No code twice, and none that somebody else had before.
        #expect(Set(first.assigned.values).count == first.assigned.count)
        for (cell, code) in first.assigned {
            #expect(register.allSatisfy { $0.code != code || $0.holder.identity == cell }, "seed \(seed)")
        }
        // With what is known now nothing is new.
        let entries = first.registrations.filter { entry in
            !register.contains { $0.code == entry.code && $0.holder == entry.holder }
        }
        let again = GridNumbering(cells, register + entries, Self.rule)
        #expect(again.assigned == first.assigned && again.registrations.isEmpty, "seed \(seed)")
    }

    @Test func `keep their numbers, and new ones follow after all that were ever given`() {
        let register = (1...3).map { Self.given($0, to: Int64($0)) } + [Self.given(7, to: 9, byDistrict: false)]
        // 2 is gone, 1 was delivered anew, 3 stands, 4 is new and lies north of all.
        let cells = [
            Self.cell(1), Self.cell(3, 100, 0, assigned: Self.rule.code(Self.area, 3)), Self.cell(4, 0, 500),
        ]
        let numbering = GridNumbering(cells, register, Self.rule)
        #expect(serials(numbering) == [1: 1, 3: 3, 4: 8])
        #expect(numbering.registrations == [Self.given(8, to: 4)])
        #expect(numbering.findings.map(\.kind) == [.gap])
        #expect(numbering.findings.first?.sentence.contains("numbers 4–6 were never given") == true)
    }

    /// 1 became 11 and then 21, by the word of people; 22 is nobody's past.
    @Test func `keep what they had under what they were known by before`() {
        var cell = Self.cell(21)
        cell.formerHolders = [11, 1].map { CodeHolder(owner: "1", identity: $0) }
        let kept = GridNumbering([cell, Self.cell(22, 100, 0)], [Self.given(1, to: 1), Self.given(2, to: 3)], Self.rule)
        #expect(serials(kept) == [21: 1, 22: 3])
        #expect(kept.registrations == [Self.given(1, to: 21), Self.given(3, to: 22)] && kept.findings.isEmpty)
        // What it got until it was accepted is withdrawn; the latest name counts first.
        let interim = [Self.given(1, to: 1), Self.given(2, to: 11), Self.given(3, to: 21)]
        #expect(serials(GridNumbering([cell], interim, Self.rule)) == [21: 2])
        // From then on it has it by its own name, also when the match is taken out.
        let later = Self.cell(21)
        #expect(serials(GridNumbering([later], interim + [Self.given(2, to: 21)], Self.rule)) == [21: 2])
        // Another cell that has its code and stands keeps it.
        let holder = Self.cell(3, 100, 0, assigned: Self.rule.code(Self.area, 2))
        #expect(serials(GridNumbering([cell, holder], interim, Self.rule)) == [21: 1, 3: 2])
    }

    @Test func `may take the code over that they had under another name`() {
        var cell = Self.cell(21, delivered: Self.rule.code(Self.area, 1))
        #expect(GridNumbering([cell], [Self.given(1, to: 1)], Self.rule).findings.map(\.kind) == [.givenBefore])
        cell.formerHolders = [CodeHolder(owner: "1", identity: 1)]
        #expect(GridNumbering([cell], [Self.given(1, to: 1)], Self.rule).findings.isEmpty)
        cell.delivered = Self.rule.code(Self.area, 2)
        let changed = GridNumbering([cell], [Self.given(1, to: 1)], Self.rule)
        #expect(changed.findings.map(\.kind) == [.changed])
    }

    @Test func `get another number when they come to lie in another area`() {
        let other = "310112108002"
        let moved = Self.cell(1, place: .area(other), assigned: Self.rule.code(Self.area, 1))
        #expect(GridNumbering([moved], [Self.given(1, to: 1)], Self.rule).assigned == [1: other + "001"])
        // What lies in none keeps what it has.
        let lost = Self.cell(1, place: .nowhere, assigned: Self.rule.code(Self.area, 1))
        let numbering = GridNumbering([lost], [Self.given(1, to: 1)], Self.rule)
        #expect(serials(numbering) == [1: 1] && numbering.findings.map(\.kind) == [.noArea])
    }

    @Test func `get what nobody had when the numbers are used up, and then none`() {
        var rule = Self.rule
        rule.serialDigits = 1
        let register = [1, 2, 4, 9].map { serial in
            RegisteredCode(
                code: rule.code(Self.area, serial), holder: CodeHolder(owner: "2", identity: Int64(serial)),
                isAssigned: false, isSettled: true)
        }
        let cells = (1...6).map { Self.cell(Int64($0), Double($0) * 100, 0) }
        let numbering = GridNumbering(cells, register, rule)
        #expect(numbering.assigned.mapValues { rule.serial(of: $0) } == [1: 3, 2: 5, 3: 6, 4: 7, 5: 8])
        #expect(numbering.findings.map(\.kind) == [.usedUp] && numbering.findings.first?.cell == 6)
    }

    @Test(
        arguments: [
            ([cell(1, delivered: "31011210800101")], [.malformed]),
            ([cell(1, delivered: "310112108002001")], [.wrongArea]),
            ([cell(1, delivered: area + "001"), cell(2, delivered: area + "001")], [.duplicate, .duplicate]),
            ([cell(1, place: .nowhere, delivered: area + "001")], [.noArea]),
            ([cell(1, place: .several(["310112108001", ""]))], [.severalAreas]),
            ([cell(1, place: .areaWithoutCode("31"))], [.areaWithoutCode]),
            ([cell(1, delivered: area + "001"), cell(2, delivered: area + "003")], [.gap]),
            ([cell(1, delivered: area + "001"), cell(2), cell(3, delivered: area + "002")], []),
        ] as [([GridCell], [GridCodeFinding.Kind])])
    func `with a code or a place that is wrong are named`(cells: [GridCell], kinds: [GridCodeFinding.Kind]) {
        let numbering = GridNumbering(cells, [], Self.rule)
        #expect(numbering.findings.map(\.kind) == kinds)
        #expect(numbering.assigned.keys.allSatisfy { id in cells.contains { $0.id == id && $0.delivered == nil } })
    }

    @Test func `that take the code of another are named until a person accepts it`() {
        let register = [Self.given(1, to: 1)]
        let taking = Self.cell(2, delivered: Self.rule.code(Self.area, 1))
        let first = GridNumbering([taking, Self.cell(1, 100, 0)], register, Self.rule)
        #expect(first.findings.map(\.kind) == [.givenBefore] && serials(first) == [1: 1])
        let later = GridNumbering([taking, Self.cell(1, 100, 0)], register + first.registrations, Self.rule)
        #expect(later.findings == first.findings)
        var accepted = taking
        accepted.isAccepted = true
        let settled = GridNumbering([accepted, Self.cell(1, 100, 0)], register + first.registrations, Self.rule)
        #expect(settled.findings.isEmpty && serials(settled) == [1: 2])
        #expect(settled.registrations.first?.isSettled == true)
    }

    @Test func `for which the town changes the district's code are named, and those that repeat it are not`() {
        let register = [Self.given(1, to: 1), Self.given(2, to: 2)]
        let cells = [
            Self.cell(1, delivered: Self.rule.code(Self.area, 3)),
            Self.cell(2, delivered: Self.rule.code(Self.area, 2)),
        ]
        let numbering = GridNumbering(cells, register, Self.rule)
        #expect(numbering.findings.map(\.kind) == [.changed] && numbering.findings.first?.cell == 1)
        #expect(numbering.assigned.isEmpty && numbering.registrations.map(\.code) == [Self.rule.code(Self.area, 3)])
    }

    @Test func `are only looked at where the district does not number`() {
        var rule = Self.rule
        rule.assigns = false
        let numbering = GridNumbering([Self.cell(1), Self.cell(2, delivered: Self.area + "001")], [], rule)
        #expect(numbering.assigned.isEmpty && numbering.findings.map(\.kind) == [.missing])
    }
}
