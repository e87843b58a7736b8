// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Pixmaps
import Rendering

// rendertests SUITE [--table FILE] [--pictures FOLDER] [NAME…]
//
// Draws MapLibre's render tests and says how many pass: strictly, as upstream
// judges, and with one pixel in a hundred. --table writes every test that is not
// passed, with its reason, into the page between its two marks; --pictures writes
// expected, actual and difference of those side by side.

struct Outcome {
    var name: String
    var hasSymbols: Bool
    var share: Double
    var allowed: Double
    var notDrawn: [String]
    var failure: String?

    var isStrict: Bool { share <= allowed }
    var isClose: Bool { share <= 0.01 }
}

func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

func percent(_ share: Double) -> String { String(format: "%.2f %%", share * 100) }

func figures(_ title: String, _ outcomes: [Outcome]) -> String {
    let count = Double(max(1, outcomes.count))
    let strict = outcomes.count(where: \.isStrict)
    let close = outcomes.count(where: \.isClose)
    return """
        | \(title) | \(outcomes.count) | \(strict) (\(String(format: "%.1f", Double(strict) / count * 100)) %) \
        | \(close) (\(String(format: "%.1f", Double(close) / count * 100)) %) |
        """
}

func sideBySide(_ pictures: [Pixmap]) -> Pixmap {
    let width = pictures.map(\.width).reduce(0) { $0 + $1 + 4 }
    var result = Pixmap(width: width, height: pictures.map(\.height).max() ?? 0, color: .white)
    var left = 0
    for picture in pictures {
        for y in 0..<picture.height {
            for x in 0..<picture.width { result[left + x, y] = picture[x, y] }
        }
        left += picture.width + 4
    }
    return result
}

var arguments = Array(CommandLine.arguments.dropFirst())
func option(_ name: String, _ arguments: inout [String]) -> String? {
    guard let index = arguments.firstIndex(of: name), index + 1 < arguments.count else { return nil }
    defer { arguments.removeSubrange(index...(index + 1)) }
    return arguments[index + 1]
}
let table = option("--table", &arguments)
let reasonsFile = option("--reasons", &arguments)
let pictures = option("--pictures", &arguments).map { URL(fileURLWithPath: $0) }
guard let root = arguments.first else {
    say("rendertests SUITE [--table FILE --reasons FILE] [--pictures FOLDER] [NAME…]")
    exit(2)
}
let suite = URL(fileURLWithPath: root)
let wanted = Set(arguments.dropFirst())
let paths = try FileManager.default.subpathsOfDirectory(atPath: suite.appendingPathComponent("tests").path)
let names = paths.filter { $0.hasSuffix("/style.json") }.map { String($0.dropLast("/style.json".count)) }.sorted()

let renderer = TileRenderer()
var outcomes: [Outcome] = []
for name in names where wanted.isEmpty || wanted.contains(name) {
    var outcome = Outcome(name: name, hasSymbols: false, share: 1, allowed: 0, notDrawn: [])
    do {
        let test = try RenderTest(name, suite: suite)
        outcome.hasSymbols = test.hasSymbols
        outcome.allowed = test.allowed
        let (picture, notDrawn) = try test.draw(renderer)
        outcome.notDrawn = notDrawn
        let (share, expected) = try test.score(picture)
        outcome.share = share
        if let pictures, !outcome.isStrict || !wanted.isEmpty {
            try FileManager.default.createDirectory(at: pictures, withIntermediateDirectories: true)
            let difference = expected.differencePicture(from: picture) ?? picture
            let file = pictures.appendingPathComponent(name.replacing("/", with: "_") + ".png")
            try Data(PNGEncoder().encode(sideBySide([expected, difference, picture]))).write(to: file)
        }
    } catch {
        outcome.failure = "\(error)"
    }
    if !outcome.isStrict || !wanted.isEmpty {
        say("\(percent(outcome.share)) \(name) \(outcome.failure ?? outcome.notDrawn.joined(separator: ", "))")
    }
    outcomes.append(outcome)
}

let summary = [
    "| tests | count | strict | ≤ 1 % |", "|---|---|---|---|",
    figures("without symbols", outcomes.filter { !$0.hasSymbols }),
    figures("with symbols", outcomes.filter(\.hasSymbols)), figures("all", outcomes),
]
say(summary.joined(separator: "\n"))
if let table {
    try PageTable(reasonsFile: reasonsFile).write(summary: summary, outcomes: outcomes, to: table)
}
