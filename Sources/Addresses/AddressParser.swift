// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Takes addresses apart.
///
/// The grammar is that of Shanghai (GB/T 39609 names the levels). What stands
/// within a door, floors and rooms, is left out; what only says that a place is
/// near an address is none.
public struct AddressParser: Sendable {
    private let district: String
    /// Names of towns, the longest first, so that 古美路街道 is not taken for a
    /// road.
    private let towns: [[Character]]

    /// - Parameter towns: as the district calls them.
    public init(district: String, towns: [String]) {
        self.district = district
        self.towns = towns.map(Array.init).sorted { ($0.count, String($0)) > ($1.count, String($1)) }
    }

    private static let roadEnds: [Character] = ["路", "街", "道", "巷", "弄", "号"]
    private static let near = ["对面", "附近", "旁", "交叉", "路口", "交界", "之间", "东侧", "西侧", "南侧", "北侧", "沿线"]
    /// After a number without 号: a distance or a part of a building, not a door.
    private static let measures: Set<Character> = [
        "米", "公", "千", "层", "楼", "期", "区", "村", "站", "线", "年", "月", "日", "路", "街", "-", ".", "M", "K", "F",
    ]

    /// - Throws: what the text lacks.
    public func parse(_ text: String) throws(Address.Fault) -> Address {
        guard text.count <= AddressText.longest else {
            throw Address.Fault(name: "address-unreadable", sentence: "has an address of \(text.count) characters")
        }
        let all = AddressText(text).characters
        var rest = all[...]
        guard !rest.isEmpty else { throw Address.Fault(name: "address-missing", sentence: "has no address") }
        var address = Address(road: "")
        // Areas are named twice, and in any order: 莘庄镇莘庄工业区, 古美路街道闵行区.
        for _ in 0..<4 {
            let before = rest.count
            takeAreas(&rest, &address)
            if rest.count == before { break }
        }
        var first = Self.firstGroup(in: rest, of: all)
        // The group of a village: 曙建村3组莲花路20号.
        if let found = first, found.group.unit == "组" || found.group.unit == "队" {
            address.village = String(rest[..<found.start])
            rest = rest[found.group.end...]
            first = Self.firstGroup(in: rest, of: all)
        }
        let start = first?.start
        var head = rest[..<(start ?? rest.endIndex)]
        rest = rest[(start ?? rest.endIndex)...]
        takeVillage(&head, &address)
        var letter = ""
        if let last = head.last, AddressText.letters.contains(last) {
            letter = String(last)
            head = head.dropLast()
        }
        address.road = String(head).trimmingPunctuation
        // 12号近莲花路 says where the door is, and then what else is there.
        if let remark = rest.indices.first(where: { rest[$0] == "近" && rest[$0 - 1] != "附" }) { rest = rest[..<remark] }
        let said = address.road + String(rest)
        guard !address.road.contains("近"), !Self.near.contains(where: said.contains) else {
            throw Address.Fault(name: "address-vague", sentence: "has an address that only says what it is near to")
        }
        guard address.road.contains(where: \.isLetter), address.road.last?.isASCIIDigit != true else {
            throw Address.Fault(name: "address-unreadable", sentence: "has an address that cannot be taken apart into road and number")
        }
        try takeNumbers(rest, of: all, letter, &address)
        guard !address.lanes.isEmpty || !address.numbers.isEmpty || address.building != nil else {
            throw Address.Fault(
                name: "address-without-number", sentence: "has an address without a number (弄, 号)")
        }
        return address
    }

    // MARK: Areas before the road

    private func takeAreas(_ rest: inout ArraySlice<Character>, _ address: inout Address) {
        for name in ["中华人民共和国", "中国", "上海市", "上海"] where rest.starts(with: name) && !isRoad(rest.dropFirst(name.count)) {
            rest = rest.dropFirst(name.count)
        }
        while let mark = rest.first, mark == "," || mark == "-" || mark == "." || mark == ";" { rest = rest.dropFirst() }
        if rest.starts(with: district), !isRoad(rest.dropFirst(district.count)) {
            address.district = district
            rest = rest.dropFirst(district.count)
        } else if let end = Self.end(of: ["区", "县"], in: rest, within: 2...4), !isRoad(rest[end...]),
            !"小社园校厂宅业发景库".contains(rest[end - 2])
        {
            address.district = address.district ?? String(rest[..<end])
            rest = rest[end...]
        }
        if let town = towns.first(where: { rest.starts(with: $0) && !isRoad(rest.dropFirst($0.count)) }) {
            address.town = address.town ?? String(town)
            rest = rest.dropFirst(town.count)
        } else if let end = Self.end(of: ["镇", "乡"], in: rest, within: 3...5) ?? Self.end(ofStreet: rest),
            !isRoad(rest[end...])
        {
            address.town = address.town ?? String(rest[..<end])
            rest = rest[end...]
        }
    }

    /// Whether what follows makes a road of what came before: 镇西路 has no 镇.
    private func isRoad(_ rest: ArraySlice<Character>) -> Bool {
        guard let first = rest.first else { return true }
        if Self.roadEnds.contains(first) || first.isASCIIDigit { return true }
        let second = rest.dropFirst().first
        return "东南西北中".contains(first) && second.map { Self.roadEnds.contains($0) } == true
            || rest.starts(with: "公路") || rest.starts(with: "大道") || rest.starts(with: "支路")
    }

    /// Behind the first of some endings, where nothing before it belongs to a
    /// road or a number.
    private static func end(
        of endings: Set<Character>, in text: ArraySlice<Character>, within range: ClosedRange<Int>
    ) -> Int? {
        for (offset, character) in text.prefix(range.upperBound).enumerated() {
            if endings.contains(character), offset + 1 >= range.lowerBound { return text.startIndex + offset + 1 }
            if roadEnds.contains(character) || character.isASCIIDigit { return nil }
        }
        return nil
    }

    /// Behind 街道, which may stand behind the name of a road.
    private static func end(ofStreet text: ArraySlice<Character>) -> Int? {
        let head = Array(text.prefix(8))
        for index in head.indices.dropFirst(2) where head[index] == "街" && index + 1 < head.count && head[index + 1] == "道" {
            return head[..<index].contains(where: \.isASCIIDigit) ? nil : text.startIndex + index + 2
        }
        return nil
    }

    /// A village before a road: 曙建村莲花路. 田林十二村 alone stands for a road.
    private func takeVillage(_ head: inout ArraySlice<Character>, _ address: inout Address) {
        for ending in ["村民委员会", "居民委员会", "村委会", "居委会", "居委", "社区", "村"] {
            let mark = Array(ending)
            guard head.count > mark.count + 1 else { continue }
            for start in (head.startIndex + 1)...(head.endIndex - mark.count) where head[start...].starts(with: mark) {
                let after = head[(start + mark.count)...]
                guard after.contains(where: { "路街巷道".contains($0) }), !isRoad(after) else { continue }
                address.village = String(head[..<(start + mark.count)])
                head = after
                return
            }
        }
    }

    // MARK: Numbers

    /// A run of numbers with its unit: 12、14号.
    private struct Group {
        var numbers: [DoorNumber]
        var isRange: Bool
        var unit: String
        var end: Int
    }

    private static let unitNames = ["支弄", "弄", "号楼", "号", "幢", "座", "室", "单元", "层", "楼", "组", "队", "宅"]

    /// Where the first number with a unit begins, or a last one without any.
    private static func firstGroup(in text: ArraySlice<Character>, of all: [Character]) -> (start: Int, group: Group)? {
        for index in text.indices where text[index].isASCIIDigit {
            let before = index > 0 ? all[index - 1] : " "
            if before.isASCIIDigit || before == "-" { continue }
            // A number of a door may lack its unit behind the road or the lane.
            let mayBeBare = "路街道巷弄".contains(before) || AddressText.letters.contains(before)
            if let group = group(in: text[index...], mayBeBare: mayBeBare) { return (index, group) }
        }
        return nil
    }

    private static func group(in text: ArraySlice<Character>, mayBeBare: Bool) -> Group? {
        var rest = text
        var numbers: [DoorNumber] = []
        var isRange = false
        while let number = number(&rest) {
            numbers.append(number)
            // What goes on after a range is a list that nobody can take apart.
            guard numbers.count <= 50, !isRange || numbers.count == 2 else { return nil }
            let unit = unitNames.first { rest.starts(with: $0) }
            let afterUnit = unit == "号" ? rest.dropFirst() : rest
            if let mark = afterUnit.first, "、,/及和;".contains(mark), afterUnit.dropFirst().first?.isASCIIDigit == true {
                rest = afterUnit.dropFirst()
                continue
            }
            if numbers.count == 1, afterUnit.first == "-", afterUnit.dropFirst().first?.isASCIIDigit == true {
                rest = afterUnit.dropFirst()
                // 208号-5 is 208-5号.
                var behind = rest
                if unit == "号", number.part == nil, let part = integer(&behind), part < number.number {
                    numbers[0].part = part
                    return Group(numbers: numbers, isRange: false, unit: "号", end: behind.startIndex)
                }
                isRange = true
                continue
            }
            if let unit {
                return Group(numbers: numbers, isRange: isRange, unit: unit, end: rest.startIndex + unit.count)
            }
            // A number at the very end, or before a name, is that of a door.
            let isBare = rest.first.map { $0.isLetter && !$0.isASCII && !measures.contains($0) } ?? true
            guard isBare, mayBeBare else { return nil }
            return Group(numbers: numbers, isRange: isRange, unit: "号", end: rest.startIndex)
        }
        return nil
    }

    /// 12, 12甲, 12A, 12之1, 12-1; a second number that is larger makes a range,
    /// which is the caller's.
    private static func number(_ rest: inout ArraySlice<Character>) -> DoorNumber? {
        guard let value = integer(&rest) else { return nil }
        var number = DoorNumber(value)
        if let letter = rest.first, AddressText.letters.contains(letter) || ("A"..."Z").contains(letter) {
            number.letter = String(letter)
            rest = rest.dropFirst()
        }
        if let mark = rest.first, mark == "-" || mark == "之" {
            var after = rest.dropFirst()
            if let part = integer(&after), mark == "之" || part < value {
                number.part = part
                rest = after
            }
        }
        return number
    }

    private static func integer(_ rest: inout ArraySlice<Character>) -> Int? {
        let digits = rest.prefix { $0.isASCIIDigit }
        guard !digits.isEmpty, digits.count <= 5 else { return nil }
        rest = rest.dropFirst(digits.count)
        return Int(String(digits))
    }

    private func takeNumbers(
        _ text: ArraySlice<Character>, of all: [Character], _ letter: String, _ address: inout Address
    ) throws(Address.Fault) {
        var rest = text
        while let found = Self.firstGroup(in: rest, of: all) {
            var group = found.group
            if !letter.isEmpty, address.lanes.isEmpty, address.numbers.isEmpty { group.numbers[0].letter = letter }
            rest = rest[group.end...]
            // 12号甲 is 12甲号.
            if group.unit == "号", group.numbers.count == 1, let mark = rest.first, AddressText.letters.contains(mark),
                group.numbers[0].letter.isEmpty
            {
                group.numbers[0].letter = String(mark)
                rest = rest.dropFirst()
            }
            switch group.unit {
            case "弄" where address.numbers.isEmpty, "支弄" where address.numbers.isEmpty:
                guard group.numbers.count == 1 else {
                    throw Address.Fault(name: "address-unreadable", sentence: "has an address that names several lanes")
                }
                address.lanes.append(group.numbers[0])
            case "号" where address.numbers.isEmpty:
                address.numbers = group.numbers
                address.isRange = group.isRange
                // What follows lies within the door.
                address.building = nil
                return
            case "号楼", "幢", "座":
                if address.building == nil { address.building = "\(group.numbers[0])幢" }
            default: return
            }
        }
    }
}

extension String {
    fileprivate var trimmingPunctuation: String {
        func isMark(_ character: Character) -> Bool { !character.isLetter && !character.isNumber }
        var slice = self[...]
        while let first = slice.first, isMark(first) { slice = slice.dropFirst() }
        while let last = slice.last, isMark(last) { slice = slice.dropLast() }
        return String(slice)
    }
}
