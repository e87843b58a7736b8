// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// A point whose position is known in two systems.
///
/// `source` is x = east, y = north (or longitude, latitude) as the delivery
/// counts; `target` is metres on the district grid, x = east, y = north.
public struct ControlPoint: Hashable, Sendable {
    public enum Role: String, Hashable, Sendable {
        /// Determines the fit.
        case control
        /// Only tests it.
        case check
    }

    public var id: String
    public var source: Coordinate
    public var target: Coordinate
    public var role: Role

    public init(id: String, source: Coordinate, target: Coordinate, role: Role = .control) {
        self.id = id
        self.source = source
        self.target = target
        self.role = role
    }
}

extension ControlPoint {
    private static let columns = ["id", "src_e", "src_n", "dst_e", "dst_n", "role"]
    private static let mostMistakes = 10

    /// Reads a CSV text with the columns `id,src_e,src_n,dst_e,dst_n,role`, in
    /// any order, separated by comma, semicolon or tab. Further columns and
    /// lines that start with `#` are passed over; an empty or missing `role`
    /// means `control`.
    ///
    /// - Parameter file: the name for error sentences.
    /// - Throws: `.controlPoints` with every mistake, each with its line.
    public static func read(csv text: String, file: String) throws(ProjectionsError) -> [ControlPoint] {
        var mistakes: [String] = []
        var points: [ControlPoint] = []
        var places: [String: Int] = [:]
        var lineOfID: [String: Int] = [:]
        var separator: Character = ","
        for (offset, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let number = offset + 1
            let line = String(line).trimmed
            if line.isEmpty || line.hasPrefix("#") { continue }
            if places.isEmpty {
                separator = [",", ";", "\t"].max { line.count(of: $0) < line.count(of: $1) } ?? ","
                for (column, name) in line.fields(separator).enumerated() { places[name.lowercased()] = column }
                let missing = columns.dropLast().filter { places[$0] == nil }
                guard missing.isEmpty else {
                    throw ProjectionsError(
                        .controlPoints, subject: file,
                        "\(file):\(number): the header lacks \(missing.joined(separator: ", ")); the columns are "
                            + "\(columns.joined(separator: ",")).")
                }
                continue
            }
            let fields = line.fields(separator)
            let field = { (name: String) -> String in
                places[name].flatMap { $0 < fields.count ? fields[$0] : nil } ?? ""
            }
            let mistakesBefore = mistakes.count
            let number4 = ["src_e", "src_n", "dst_e", "dst_n"].map { name -> Double in
                guard let value = Double(field(name)), value.isFinite else {
                    mistakes.append("\(file):\(number): \(name) “\(field(name))” is not a number")
                    return .nan
                }
                return value
            }
            let role = field("role").isEmpty ? Role.control : Role(rawValue: field("role").lowercased())
            if role == nil {
                mistakes.append("\(file):\(number): role “\(field("role"))” is neither control nor check")
            }
            let id = field("id").isEmpty ? "\(number)" : field("id")
            if let first = lineOfID.updateValue(number, forKey: id) {
                mistakes.append("\(file):\(number): id “\(id)” was used in line \(first) already")
            }
            guard let role, mistakes.count == mistakesBefore else { continue }
            points.append(
                ControlPoint(
                    id: id, source: Coordinate(x: number4[0], y: number4[1]),
                    target: Coordinate(x: number4[2], y: number4[3]), role: role))
        }
        guard !places.isEmpty else {
            throw ProjectionsError(
                .controlPoints, subject: file,
                "\(file) is empty; it needs a header \(columns.joined(separator: ",")) and two points or more.")
        }
        guard mistakes.isEmpty else {
            let shown = mistakes.prefix(mostMistakes).joined(separator: "; ")
            let more = mistakes.count > mostMistakes ? "; and \(mistakes.count - mostMistakes) more" : ""
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
}
