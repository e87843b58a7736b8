// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts

/// Looks at the codes of all cells of a layer and numbers those that have none.
///
/// The result depends on the cells and on what the register holds, and on no
/// order of either.
struct GridNumbering {
    private let rule: GridCodeRule
    private let cells: [GridCell]
    private var holders: [String: [RegisteredCode]] = [:]
    /// Codes that the district gave to a holder, in the order in which it did.
    private var given: [CodeHolder: [String]] = [:]
    private var duplicates: Set<String> = []
    /// What towns gave and nothing speaks against.
    private var settled: Set<String> = []

    /// The code of each cell that the town gave none, by feature.
    private(set) var assigned: [Int64: String] = [:]
    /// What the register is to hold besides, or otherwise.
    private(set) var registrations: [RegisteredCode] = []
    private(set) var findings: [GridCodeFinding] = []

    /// - Parameter register: in the order in which codes were given.
    /// - Complexity: O(*n* log *n*) in cells and codes.
    init(_ cells: [GridCell], _ register: [RegisteredCode], _ rule: GridCodeRule) {
        self.rule = rule
        self.cells = cells.sorted { $0.precedes($1) }
        for entry in register { note(entry) }
        lookAtPlaces()
        lookAtDelivered()
        keepAssigned()
        assignNew()
        lookForGaps()
    }

    private mutating func note(_ entry: RegisteredCode) {
        holders[entry.code, default: []].append(entry)
        if entry.isAssigned { given[entry.holder, default: []].append(entry.code) }
    }

    private mutating func register(_ entry: RegisteredCode) {
        registrations.append(entry)
        note(entry)
    }

    private mutating func find(
        _ kind: GridCodeFinding.Kind, _ cell: GridCell, _ sentence: String, _ others: [Int64] = []
    ) {
        findings.append(.init(kind: kind, cell: cell.id, others: others, sentence: sentence))
    }

    private mutating func lookAtPlaces() {
        for cell in cells {
            switch cell.place {
            case .area, .unknown: break
            case .areaWithoutCode(let code):
                let what = code.isEmpty ? "no code" : "the code “\(GridCodeRule.shown(code))”"
                find(.areaWithoutCode, cell, "the area that it lies in has \(what); \(rule.parentDigits) digits are asked for")
            case .nowhere:
                find(.noArea, cell, "no area of “\(rule.parent)” holds \(Int((rule.share * 100).rounded())) % of it")
            case .several(let codes):
                let names = codes.map { $0.isEmpty ? "one without a code" : GridCodeRule.shown($0) }
                find(.severalAreas, cell, "it lies in several areas of “\(rule.parent)”: \(MergeReport.list(names))")
            }
        }
    }

    // MARK: What towns gave

    private mutating func lookAtDelivered() {
        var carriers: [String: [GridCell]] = [:]
        for cell in cells {
            guard let code = cell.delivered else { continue }
            if let fault = rule.fault(of: code) {
                find(.malformed, cell, fault)
                continue
            }
            if case .area(let area) = cell.place, rule.area(of: code) != area {
                find(.wrongArea, cell, "“\(code)” does not begin with \(area), the code of the area that it lies in")
            }
            carriers[code, default: []].append(cell)
        }
        for (code, cells) in carriers.sorted(by: { $0.key < $1.key }) {
            if cells.count > 1 {
                duplicates.insert(code)
                for cell in cells {
                    let others = cells.map(\.id).filter { $0 != cell.id }
                    let which = others.count == 1 ? "another cell" : "\(others.count) other cells"
                    find(.duplicate, cell, "“\(code)” is the code of \(which), too", others)
                }
            }
            let before = holders[code] ?? []
            for cell in cells { lookAtPast(of: cell, code, before) }
        }
    }

    /// - Parameter before: who had the code before this merge.
    private mutating func lookAtPast(of cell: GridCell, _ code: String, _ before: [RegisteredCode]) {
        let own = before.first { $0.holder == cell.holder }
        let hadOthers = before.contains { !cell.has($0.holder) }
        let earlier = codesGiven(to: cell).last
        var entry = own ?? RegisteredCode(code: code, holder: cell.holder, isAssigned: false, isSettled: true)
        if own == nil { entry.isSettled = !hadOthers && (earlier == nil || earlier == code) }
        if cell.isAccepted { entry.isSettled = true }
        if entry != own, !registrations.contains(entry) { register(entry) }
        guard !entry.isSettled else {
            settled.insert(code)
            return
        }
        if hadOthers {
            guard !duplicates.contains(code) else { return }
            find(.givenBefore, cell, "“\(code)” was given to another cell before, and no code is given twice")
        } else if let earlier {
            find(.changed, cell, "“\(code)” is another code than \(earlier), which the district has given it")
        }
    }

    // MARK: What the district gives

    /// Gives cells back what the district had given them.
    private mutating func keepAssigned() {
        var taken = settled
        let open = cells.filter { $0.delivered == nil }
        for cell in open {
            guard let code = cell.assigned, isRight(code, for: cell), taken.insert(code).inserted else { continue }
            assigned[cell.id] = code
        }
        for cell in open where assigned[cell.id] == nil {
            let own = codesGiven(to: cell).last { isRight($0, for: cell) && !taken.contains($0) }
            guard let own else { continue }
            taken.insert(own)
            assigned[cell.id] = own
            // It is known by something else now, and has it by that from here on.
            if holders[own]?.contains(where: { $0.holder == cell.holder }) != true {
                register(RegisteredCode(code: own, holder: cell.holder, isAssigned: true, isSettled: true))
            }
        }
    }

    /// What the district has given to a cell, the one that counts last: what it had
    /// before a reviewed match goes before what it got until that was accepted.
    private func codesGiven(to cell: GridCell) -> [String] {
        (given[cell.holder] ?? []) + cell.formerHolders.reversed().flatMap { given[$0] ?? [] }
    }

    /// A code stays as long as nothing is known against it.
    private func isRight(_ code: String, for cell: GridCell) -> Bool {
        guard rule.fault(of: code) == nil else { return false }
        if case .area(let area) = cell.place { return rule.area(of: code) == area }
        return true
    }

    /// The numbers that were ever given in each area.
    private var givenSerials: [String: Set<Int>] {
        var serials: [String: Set<Int>] = [:]
        for code in holders.keys where rule.fault(of: code) == nil {
            serials[rule.area(of: code), default: []].insert(rule.serial(of: code))
        }
        return serials
    }

    private mutating func assignNew() {
        var open: [String: [GridCell]] = [:]
        for cell in cells where cell.delivered == nil && assigned[cell.id] == nil {
            guard case .area(let area) = cell.place else { continue }
            if rule.assigns {
                open[area, default: []].append(cell)
            } else {
                find(.missing, cell, "it has no code")
            }
        }
        guard !open.isEmpty else { return }
        let serials = givenSerials
        for (area, cells) in open.sorted(by: { $0.key < $1.key }) {
            var free = FreeNumbers(after: serials[area] ?? [], highest: rule.highest)
            for cell in GridOrder.sorted(cells, rule.order) {
                guard let serial = free.next() else {
                    find(.usedUp, cell, "all numbers from 1 to \(rule.highest) of \(area) were given, so it has no code")
                    continue
                }
                let code = rule.code(area, serial)
                assigned[cell.id] = code
                register(RegisteredCode(code: code, holder: cell.holder, isAssigned: true, isSettled: true))
            }
        }
    }

    // MARK: Gaps

    /// Numbers below the highest one that nobody ever had, as far as is known.
    private mutating func lookForGaps() {
        let serials = givenSerials
        var last: [String: (code: String, cell: GridCell)] = [:]
        for cell in cells {
            guard let code = cell.delivered ?? assigned[cell.id], rule.fault(of: code) == nil else { continue }
            let area = rule.area(of: code)
            if code > last[area]?.code ?? "" { last[area] = (code, cell) }
        }
        for (area, found) in last.sorted(by: { $0.key < $1.key }) {
            let ranges = NumberRanges(missingIn: serials[area] ?? [])
            guard !ranges.isEmpty else { continue }
            find(.gap, found.cell, "of \(area) the serial numbers \(ranges.text) were never given, as far as is known here")
        }
    }
}

/// The numbers that a new cell may get: those after the highest that was ever
/// given and, when these are used up, those below it that nobody ever had.
struct FreeNumbers {
    private let given: Set<Int>
    private let highest: Int
    private var following: Int
    private var below = 1

    init(after given: Set<Int>, highest: Int) {
        self.given = given
        self.highest = highest
        following = (given.max() ?? 0) + 1
    }

    mutating func next() -> Int? {
        if following <= highest {
            defer { following += 1 }
            return following
        }
        // What was given from `following` on lies above all of these.
        let top = given.max() ?? 0
        while below < top {
            defer { below += 1 }
            if !given.contains(below) { return below }
        }
        return nil
    }
}

/// The numbers from 1 to the highest of a set that the set does not have.
struct NumberRanges {
    private var ranges: [ClosedRange<Int>] = []

    init(missingIn numbers: Set<Int>) {
        var next = 1
        for number in numbers.sorted() {
            if number > next { ranges.append(next...(number - 1)) }
            next = max(next, number + 1)
        }
    }

    var isEmpty: Bool { ranges.isEmpty }

    var text: String {
        MergeReport.list(ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" })
    }
}
