// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension ControlPoint {
    /// Reads a CSV text with the columns `id,src_e,src_n,dst_e,dst_n,role`, in
    /// any order, separated by comma, semicolon or tab. An empty or missing
    /// `role` means `control`. Optional are `src_h` and `dst_h` (ellipsoidal
    /// heights in metres), `surveyed` (2021, 2021-06 or 2021-06-30) and `order`
    /// or `grade`. Further columns and lines that start with `#` are passed over.
    ///
    /// - Parameter file: the name for error sentences.
    /// - Throws: `.controlPoints` with every mistake, each with its line.
    public static func read(csv text: String, file: String) throws(ProjectionsError) -> [ControlPoint] {
        var table = ControlPointTable(file: file)
        for (offset, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            try table.take(String(line).trimmed, number: offset + 1)
        }
        return try table.finished()
    }
}

/// A table of control points on its way from text to values.
private struct ControlPointTable {
    private static let columns = ["id", "src_e", "src_n", "dst_e", "dst_n", "role"]
    private static let mostMistakes = 10

    let file: String
    private var points: [ControlPoint] = []
    private var mistakes: [String] = []
    private var places: [String: Int] = [:]
    private var lineOfID: [String: Int] = [:]
    private var separator: Character = ","

    init(file: String) {
        self.file = file
    }

    mutating func take(_ line: String, number: Int) throws(ProjectionsError) {
        if line.isEmpty || line.hasPrefix("#") { return }
        if places.isEmpty {
            try takeHeader(line, number: number)
            return
        }
        let fields = line.fields(separator)
        let field = { [places] (name: String) -> String in
            places[name].flatMap { $0 < fields.count ? fields[$0] : nil } ?? ""
        }
        let mistakesBefore = mistakes.count
        let ordinates = ["src_e", "src_n", "dst_e", "dst_n"].map { self.number($0, field($0), line: number) ?? .nan }
        let heights = ["src_h", "dst_h"].map { field($0).isEmpty ? nil : self.number($0, field($0), line: number) }
        let role = field("role").isEmpty ? .control : ControlPoint.Role(rawValue: field("role").lowercased())
        if role == nil {
            mistakes.append("\(file):\(number): role “\(field("role"))” is neither control nor check")
        }
        let surveyed = field("surveyed")
        if !surveyed.isEmpty, !surveyed.isPartOfCalendar {
            mistakes.append("\(file):\(number): surveyed “\(surveyed)” is no date as 2021-06-30, 2021-06 or 2021")
        }
        let grade = field("order").isEmpty ? field("grade") : field("order")
        let id = field("id").isEmpty ? "\(number)" : field("id")
        if let first = lineOfID.updateValue(number, forKey: id) {
            mistakes.append("\(file):\(number): id “\(id)” was used in line \(first) already")
        }
        guard let role, mistakes.count == mistakesBefore else { return }
        points.append(
            ControlPoint(
                id: id, source: Coordinate(x: ordinates[0], y: ordinates[1]),
                target: Coordinate(x: ordinates[2], y: ordinates[3]), role: role, sourceHeight: heights[0],
                targetHeight: heights[1], surveyed: surveyed.isEmpty ? nil : surveyed,
                grade: grade.isEmpty ? nil : grade))
    }

    private mutating func takeHeader(_ line: String, number: Int) throws(ProjectionsError) {
        separator = [",", ";", "\t"].max { line.count(of: $0) < line.count(of: $1) } ?? ","
        for (column, name) in line.fields(separator).enumerated() { places[name.lowercased()] = column }
        let missing = Self.columns.dropLast().filter { places[$0] == nil }
        guard missing.isEmpty else {
            throw ProjectionsError(
                .controlPoints, subject: file,
                "\(file):\(number): the header lacks \(missing.joined(separator: ", ")); the columns are "
                    + "\(Self.columns.joined(separator: ",")).")
        }
    }

    private mutating func number(_ column: String, _ text: String, line: Int) -> Double? {
        if let value = Double(text), value.isFinite { return value }
        mistakes.append("\(file):\(line): \(column) “\(text)” is not a number")
        return nil
    }

    func finished() throws(ProjectionsError) -> [ControlPoint] {
        guard !places.isEmpty else {
            throw ProjectionsError(
                .controlPoints, subject: file,
                "\(file) is empty; it needs a header \(Self.columns.joined(separator: ",")) and two points or more.")
        }
        guard mistakes.isEmpty else {
            let shown = mistakes.prefix(Self.mostMistakes).joined(separator: "; ")
            let more = mistakes.count > Self.mostMistakes ? "; and \(mistakes.count - Self.mostMistakes) more" : ""
            throw ProjectionsError(.controlPoints, subject: file, "\(shown)\(more).")
        }
        return points
    }
}

extension String {
    fileprivate func count(of character: Character) -> Int { count { $0 == character } }

    /// The fields of a line, without the white space and quotes around them.
    fileprivate func fields(_ separator: Character) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map { field in
            var text = String(field).trimmed
            if text.count >= 2, text.first == "\"", text.last == "\"" { text = String(text.dropFirst().dropLast()) }
            return text.trimmed
        }
    }

    /// Whether this is a year, a month or a day: such texts sort by time.
    fileprivate var isPartOfCalendar: Bool {
        let parts = split(separator: "-", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count), parts[0].count == 4, parts.dropFirst().allSatisfy({ $0.count == 2 }),
            parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } })
        else { return false }
        let month = parts.count > 1 ? Int(parts[1]) ?? 0 : 1
        let day = parts.count > 2 ? Int(parts[2]) ?? 0 : 1
        return (1...12).contains(month) && (1...31).contains(day)
    }
}
