// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages
import SwiftProtobuf
import Testing

@testable import PluginHosting

/// What `plugin check` finds in plugins that are programs of their own.
@Suite(.enabled(if: executable != nil && FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")))
struct CommandCheckTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func check(_ command: PythonCommand) throws -> PluginCheckReport {
        _ = try command.write(in: folder)
        var check = PluginCheck(executable: executable)
        check.budget.describe = 2
        return try check.run("\(folder.path)/tested")
    }

    @Test func `A sound one in Python passes, and everything was looked at`() throws {
        let report = try check(.sound())
        #expect(report.failures.isEmpty, "\(report.failures)")
        #expect(report.plugin == "tested" && report.version == "0.1.0")
        let looked = [
            "file", "start", "texts", "permissions", "style spots", "layer spots", "route /", "unknown route",
            "unknown layer", "bad bytes", "memory", "stop", "start again",
        ]
        let passed = Set(report.findings.filter { $0.outcome == .ok }.map(\.check))
        #expect(passed.isSuperset(of: looked), "not looked at: \(Set(looked).subtracting(passed))")
        #expect(report.findings.first?.sentence == "It is a command: python3 -B plugin.py.")
    }

    @Test func `What it prints before its frames is nobody's affair`() throws {
        var command = try PythonCommand.sound()
        command.begin = "print('starting', flush=True); print('no such file', file=sys.stderr, flush=True)"
        #expect(try check(command).failures.isEmpty)
    }

    /// What is wrong with it, the check that says so, a part of the sentence, and
    /// whether a person may let it in.
    private struct Fault: CustomTestStringConvertible {
        var check: String
        var part: String
        var canBeWaived = true
        var spoil: @Sendable (inout PythonCommand) -> Void

        var testDescription: String { "\(check): \(part)" }
    }

    private static func file(_ part: String, _ text: String) -> Fault {
        Fault(check: "file", part: part, canBeWaived: false) { $0.description = text }
    }

    private static let faults: [Fault] = [
        Fault(check: "start", part: "it answered 3 bytes that are no message of the plugin contract") {
            $0.describe = "body = b'\\xff\\xff\\xff'"
        },
        Fault(check: "route /", part: "answered 3 bytes that are no message of the plugin contract") {
            $0.handle = "body = b'\\xff\\xff\\xff'"
        },
        Fault(check: "start", part: "answered with damaged data") { $0.begin = "os.write(3, b'Hello, I am a plugin.')" },
        Fault(check: "start", part: "It wrote: there is no licence for this") {
            $0.begin = "sys.exit('there is no licence for this')"
        },
        Fault(check: "start", part: "took longer than 2 s") { $0.begin = "time.sleep(600)" },
        Fault(check: "route /", part: "exit code 1") { $0.handle = "raise ValueError('the gauge is broken')" },
        Fault(check: "start", part: "permission") { $0.manifest.permissions = ["telepathy"] },
        Fault(check: "unknown layer", part: "did not register") { $0.features = "pass" },
        Fault(check: "bad bytes", part: "no message") { $0.other = "pass" },
        file("no JSON object", #"{"contract": 1, "#),
        file("“user” is not known", #"{"contract": 1, "command": ["python3"], "language": "python", "user": "root"}"#),
        file("“language”", #"{"contract": 1, "command": ["python3"]}"#),
        file(
            "no program “no-such-program-here”",
            #"{"contract": 1, "command": ["no-such-program-here"], "language": "python"}"#),
        file(
            "“./plugin.py” is no file in its folder that may be executed",
            #"{"contract": 1, "command": ["./plugin.py"], "language": "python"}"#),
        Fault(check: "stamp", part: "this host speaks version 1", canBeWaived: false) {
            $0.description = #"{"contract": 2, "command": ["python3"], "language": "python"}"#
        },
    ]

    @Test(arguments: faults.indices) func `A fault is found, named, and has a cure`(_ index: Int) throws {
        let fault = Self.faults[index]
        var command = try PythonCommand.sound()
        fault.spoil(&command)
        let report = try check(command)
        let finding = try #require(report.failures.first { $0.check == fault.check }, "\(fault): \(report.failures)")
        #expect(finding.sentence.contains(fault.part), "\(fault): \(finding.sentence)")
        #expect(finding.canBeWaived == fault.canBeWaived, "\(fault)")
        #expect(finding.cure?.isEmpty == false)
        #expect(!finding.sentence.contains("\n"))
    }
}

extension PythonCommand {
    /// A command that passes the check: one layer of points, a page, and refusals
    /// where there have to be any.
    static func sound() throws -> PythonCommand {
        func hex(_ message: some SwiftProtobuf.Message) throws -> String {
            let bytes: [UInt8] = try message.serializedBytes()
            return bytes.map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
        }
        var request = WireHostRequest()
        request.registerLayer = CPlugin.layer()
        var command = PythonCommand()
        command.manifest.title = WireTitle(["zh": "测试", "en": "A test"])
        command.start = """
            layer = bytes.fromhex("\(try hex(request))")
            host.sendall(struct.pack("<IBQ", 8 + len(layer), 3, 1) + layer)
            count, kind = struct.unpack("<IB", exactly(5))
            answer = exactly(count)
            status, = struct.unpack("<i", answer[8:12])
            body = answer[12:] if status else b''
            """
        command.features = """
            body = bytes.fromhex("\(try hex(CPlugin.batch(ids: [1, 2])))")
            if b"\\x0a\\x05spots" not in request:
                status, body = 2, b"There is no such layer."
            """
        command.handle = #"body = page(b"spots") if b"\x12\x01/" in request else b"\x22\x03\x08\x94\x03""#
        command.other = """
            if request[0] >> 3 != 7:
                status, body = 1, b"These bytes are no message."
            """
        return command
    }
}
