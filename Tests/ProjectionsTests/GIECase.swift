// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// One position of a gie file of PROJ with its expected image, where its
/// operation is one from one reference system to another.
struct GIECase {
    /// As `EPSG:4230`.
    var source, target: String
    var accepted, expected: Coordinate
    /// In the units of the target, or in metres on the ground for degrees.
    var tolerance: Double

    /// The cases of a file, and how many expectations it has in all. Those of
    /// other operations (pipelines of several steps, round trips, failures) are
    /// counted only.
    static func parse(_ text: String) -> (cases: [GIECase], expectations: Int) {
        var cases: [GIECase] = []
        var expectations = 0
        var systems: (String, String)?
        var isInverse = false
        var tolerance = 0.0005
        var accepted: Coordinate?
        let joined = text.replacing(/\\[ \t]*\n/, with: " ")
        for line in joined.split(separator: "\n") {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
            switch words.first {
            case "operation":
                systems = pair(words.dropFirst().joined(separator: " "))
                isInverse = false
                accepted = nil
                tolerance = 0.0005
            case "direction": isInverse = words.last == "inverse"
            case "tolerance": tolerance = length(words.dropFirst()) ?? tolerance
            case "accept": accepted = position(words.dropFirst())
            case "expect":
                expectations += 1
                guard let systems, let from = accepted, let to = position(words.dropFirst()) else { continue }
                cases.append(
                    GIECase(
                        source: isInverse ? systems.1 : systems.0, target: isInverse ? systems.0 : systems.1,
                        accepted: from, expected: to, tolerance: tolerance))
            case "roundtrip": expectations += 1
            default: continue
            }
        }
        return (cases, expectations)
    }

    /// Of `+proj=pipeline +step +init=epsg:A +inv +step +init=epsg:B`.
    private static func pair(_ operation: String) -> (String, String)? {
        let words = operation.split(separator: " ").filter { $0 != "+proj=pipeline" && $0 != "+step" }
        guard words.count == 3, words[1] == "+inv", words[0].hasPrefix("+init=epsg:"), words[2].hasPrefix("+init=epsg:")
        else { return nil }
        return ("EPSG:\(words[0].dropFirst(11))", "EPSG:\(words[2].dropFirst(11))")
    }

    private static func position(_ words: ArraySlice<String>) -> Coordinate? {
        let numbers = words.prefix(2).compactMap { Double($0.replacing("_", with: "")) }
        return numbers.count == 2 ? Coordinate(x: numbers[0], y: numbers[1]) : nil
    }

    private static func length(_ words: ArraySlice<String>) -> Double? {
        let units = ["m": 1, "cm": 0.01, "mm": 0.001, "um": 1e-6, "nm": 1e-9]
        guard let number = words.first.flatMap(Double.init) else { return nil }
        return number * (words.count > 1 ? units[words[words.startIndex + 1]] ?? .nan : 1)
    }
}
