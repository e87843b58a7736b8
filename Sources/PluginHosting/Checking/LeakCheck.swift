// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages
import SimpleFeatures
import SwiftProtobuf

/// Looks with valgrind for memory that a plugin loses with every call.
///
/// Valgrind runs `miaopu-exercise`, a small program in C beside `miaopu`, since
/// it cannot read the debug information of a Swift program. It cannot be
/// confined as other children are, so a host never does this by itself: an
/// author does.
struct LeakCheck {
    let library: String
    let stamp: PluginStamp
    let executable: String?

    /// Rounds of calls in the two runs that are compared.
    private static let rounds = (few: 10, many: 110)
    private static let seconds = 120.0

    func run(_ report: inout PluginCheckReport) {
        guard stamp.language != .swift else {
            return report.note("leaks", "Not looked for: the Swift run time is not for valgrind.")
        }
        guard let valgrind = Self.program("valgrind") else {
            return report.note("leaks", "Not looked for: valgrind is not installed.")
        }
        guard let exercise else {
            return report.note("leaks", "Not looked for: miaopu-exercise is not beside miaopu.")
        }
        do {
            let few = try losses(rounds: Self.rounds.few, valgrind: valgrind, exercise: exercise)
            let many = try losses(rounds: Self.rounds.many, valgrind: valgrind, exercise: exercise)
            if let fault = many.faults.first {
                report.fail(
                    "memory faults", "Valgrind found \(fault).", cure: "Run the plugin's own tests under valgrind.")
            }
            let (bytes, blocks) = (many.bytes - few.bytes, many.blocks - few.blocks)
            let between = Self.rounds.many - Self.rounds.few
            if blocks >= Self.rounds.few, bytes > 0 {
                report.fail(
                    "leaks",
                    "In \(between) rounds of calls it lost \(bytes) bytes in \(blocks) blocks, \(many.place).",
                    cure: "Release what a call allocates: `release` of the answer is called once the host has read it.")
            } else if many.bytes > 0 {
                report.note("leaks", "It loses \(many.bytes) bytes once, and nothing more with further calls.")
            } else {
                report.ok("leaks", "In \(Self.rounds.many) rounds of calls it lost nothing.")
            }
        } catch {
            report.fail(
                "leaks", "Under valgrind it failed: \(error)",
                cure: "Try `valgrind miaopu-exercise \(library)`; a call may take \(Int(Self.seconds)) s there.")
        }
    }

    /// `miaopu-exercise` beside the program whose children try plugins.
    private var exercise: String? {
        let program = executable ?? (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        guard let program else { return nil }
        let path = URL(fileURLWithPath: program).deletingLastPathComponent()
            .appendingPathComponent("miaopu-exercise").path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }

    private static func program(_ name: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return path.split(separator: ":").map { "\($0)/\(name)" }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }

    private func losses(rounds: Int, valgrind: String, exercise: String) throws -> Losses {
        let folder = try TemporaryFolder("miaopu-leaks")
        let log = "\(folder.path)/valgrind.xml"
        let run = try ExerciseRun(
            program: valgrind,
            arguments: [
                "--leak-check=full", "--show-leak-kinds=definite", "--num-callers=30", "--vgdb=no", "--xml=yes",
                "--xml-file=\(log)", exercise, library,
            ], state: folder.path, seconds: Self.seconds)
        defer { run.end() }
        try run.exercise(rounds: rounds)
        try run.finish()
        return Losses(try String(contentsOfFile: log, encoding: .utf8), library: library)
    }

    /// What valgrind says of one library.
    struct Losses {
        var bytes = 0
        var blocks = 0
        /// Where most was lost.
        var place = "nowhere"
        /// Reads and writes that were none.
        var faults: [String] = []

        /// Reads valgrind's XML, as far as errors have the library on their stack.
        init(_ text: String, library: String) {
            var largest = 0
            let name = URL(fileURLWithPath: library).lastPathComponent
            for error in text.components(separatedBy: "<error>").dropFirst() {
                let frames = error.components(separatedBy: "<frame>").dropFirst()
                // The outermost frames may be of a library with the same name elsewhere.
                guard let own = frames.first(where: { Self.value("obj", $0)?.hasSuffix("/\(name)") == true }) else {
                    continue
                }
                let place = "in \(Self.value("fn", own) ?? "a function without name")"
                let kind = Self.value("kind", error) ?? ""
                if kind == "Leak_DefinitelyLost" {
                    let lost = Self.value("leakedbytes", error).flatMap { Int($0) } ?? 0
                    bytes += lost
                    blocks += Self.value("leakedblocks", error).flatMap { Int($0) } ?? 0
                    if lost > largest { (largest, self.place) = (lost, place) }
                } else if kind.hasPrefix("Invalid") || kind == "MismatchedFree" {
                    faults.append("\(Self.value("what", error) ?? kind) \(place)")
                }
            }
        }

        private static func value(_ tag: String, _ text: String) -> String? {
            guard let start = text.range(of: "<\(tag)>"),
                let end = text.range(of: "</\(tag)>", range: start.upperBound..<text.endIndex)
            else { return nil }
            return String(text[start.upperBound..<end.lowerBound])
        }
    }
}
