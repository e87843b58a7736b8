// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages
import Testing

@testable import PluginHosting

private let hasPython = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")

/// Plugins that are programs of their own.
@Suite(.enabled(if: executable != nil && hasPython)) struct CommandPluginTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func host(
        plugins: [String: PluginHostConfiguration.Hosting?]? = nil, budget: CallBudget = CallBudget(),
        budgets: [String: CallBudget] = [:]
    ) -> PluginHost {
        var configuration = PluginHostConfiguration(
            folders: [PluginFolder(path: folder.path, holdsOnlyPlugins: true, hosting: .process)], plugins: plugins,
            stateFolder: folder.url.appendingPathComponent("state").path, probe: .child(executable: executable))
        configuration.budget = budget
        configuration.budgets = budgets
        return PluginHost(configuration)
    }

    private func page(_ host: PluginHost) throws -> String {
        String(decoding: try host.handle(plugin: "tested", PluginRequest(path: "/")).body, as: UTF8.self)
    }

    private func sentence(_ host: PluginHost) -> String {
        guard case .refused(let sentence)? = host.descriptions.first?.state else {
            Issue.record("It is \(String(describing: host.descriptions.first?.state)).")
            return ""
        }
        return sentence
    }

    private func cards() throws -> [CrashCard] {
        let crashes = folder.url.appendingPathComponent("state/crashes")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: crashes.path)) ?? []
        return try names.filter { $0.hasSuffix(".card.json") }.sorted().map {
            try JSONDecoder().decode(CrashCard.self, from: Data(contentsOf: crashes.appendingPathComponent($0)))
        }
    }

    @Test func `it is described, started and asked like a library`() throws {
        let command = PythonCommand(handle: "body = page(b'from Python')")
        try command.write(in: folder)
        let host = host()
        let description = try #require(host.descriptions.first)
        #expect(description.state == .running)
        #expect(description.id == "tested" && description.version == "0.1.0")
        #expect(description.hosting == .process)
        #expect(description.library.hasSuffix("/tested/plugin.json"))
        #expect(try page(host) == "from Python")
    }

    @Test func `it runs in its folder and sees the files there`() throws {
        try PythonCommand(handle: "body = page((os.getcwd() + open('words.txt').read()).encode())").write(in: folder)
        try folder.write(Array(" and words".utf8), "tested/words.txt")
        let root = folder.url.resolvingSymlinksInPath().path
        #expect(try page(host()) == "\(root)/tested and words")
    }

    @Test func `it has nothing open but its streams and its socket`() throws {
        // Listing opens one more for a moment.
        try PythonCommand(handle: "body = page(' '.join(sorted(os.listdir('/proc/self/fd'))).encode())").write(in: folder)
        #expect(try page(host()) == "0 1 2 3 4")
    }

    @Test(arguments: [
        ("socket.socket(socket.AF_INET)", "PermissionError"),
        ("os.kill(os.getppid(), 0)", "PermissionError"),
        ("bytearray(3 << 30)", "MemoryError"),
        ("[open('/dev/null') for _ in range(100)]", "OSError"),
    ])
    func `it is confined as a library is`(_ attempt: String, _ error: String) throws {
        let handle = """
            try:
                \(attempt)
                body = page(b'nothing stops it')
            except (OSError, MemoryError) as error:
                body = page(type(error).__name__.encode())
            """
        try PythonCommand(handle: handle).write(in: folder)
        #expect(try page(host()) == error)
    }

    @Test(arguments: ["os.open('file', os.O_CREAT | os.O_WRONLY)", "os.memfd_create('memory')"])
    func `a file that it writes, also one in memory, has a ceiling`(_ file: String) throws {
        let handle = """
            try:
                file = \(file)
                for _ in range(100):
                    os.write(file, bytes(1 << 20))
                body = page(b'nothing stops it')
            except OSError as error:
                body = page(f'{error.strerror} after {os.fstat(file).st_size} bytes'.encode())
            """
        try PythonCommand(handle: handle).write(in: folder)
        #expect(try page(host()) == "File too large after \(PluginContract.maxReplyBytes) bytes")
    }

    @Test func `what the district says of its memory holds for its first process`() throws {
        let handle = "import resource; body = page(str(resource.getrlimit(resource.RLIMIT_AS)[0] >> 20).encode())"
        try PythonCommand(handle: handle).write(in: folder)
        #expect(try page(host()) == "2048")
        for megabytes in [300, 3000] {
            var budget = CallBudget()
            budget.addressSpaceBytes = megabytes << 20
            let host = host(budgets: ["tested": budget, "other": CallBudget()])
            #expect(host.descriptions.map(\.state) == [.running])
            #expect(try page(host) == "\(megabytes)")
        }
        // What it does not come to its start with keeps it out.
        try PythonCommand(start: "bytearray(400 << 20); body = b''").write(in: folder)
        var budget = CallBudget()
        budget.addressSpaceBytes = 300 << 20
        #expect(sentence(host(budgets: ["tested": budget])).contains("failed to start"))
        #expect(host().descriptions.map(\.state) == [.running])
    }

    @Test func `new rights cannot be had by executing something`() throws {
        let handle = """
            text = open('/proc/self/status').read()
            body = page([line for line in text.splitlines() if line.startswith('NoNewPrivs')][0].encode())
            """
        try PythonCommand(handle: handle).write(in: folder)
        #expect(try page(host()).hasSuffix("1"))
    }

    @Test func `a crash costs one answer and leaves a card with its last words`() throws {
        let handle = """
            if not os.path.exists('crashed'):
                open('crashed', 'w').close()
                raise ValueError('the gauge is broken')
            body = page(b'again')
            """
        try PythonCommand(handle: handle).write(in: folder)
        let host = host()
        let error = #expect(throws: PluginHostingError.self) { try page(host) }
        #expect(error?.kind == .crashed)
        #expect(try page(host) == "again")
        let card = try #require(try cards().first)
        #expect(card.call == "handle GET /")
        #expect(card.output.contains("ValueError: the gauge is broken"))
        #expect(card.cause.contains("exit code 1"))
    }

    @Test func `three crashes put it in quarantine`() throws {
        try PythonCommand(handle: "os.abort()").write(in: folder)
        let first = host()
        let until = Date().addingTimeInterval(300)
        var kind: PluginHostingError.Kind?
        while kind != .quarantined && Date() < until {
            kind = #expect(throws: PluginHostingError.self) { try page(first) }?.kind
            usleep(50_000)
        }
        #expect(kind == .quarantined)
        #expect(sentence(host()).contains("miaopu plugin trust tested"))
    }

    @Test(arguments: [
        // A frame that promises memory, one that is none, one that is too long, words in the place of frames.
        "host.sendall(struct.pack('<IBQi', 12, 226, call, 0)); time.sleep(600)",
        "host.sendall(struct.pack('<IBQi', 12, 77, call, 0)); time.sleep(600)",
        "host.sendall(struct.pack('<IB', 0xffffffff, 2)); time.sleep(600)",
        "os.write(3, b'Hello, I am a plugin.'); time.sleep(600)",
        "frame = 4",
    ])
    func `what is no frame of an answer ends it`(_ handle: String) throws {
        try PythonCommand(handle: handle).write(in: folder)
        let host = host()
        let error = #expect(throws: PluginHostingError.self) { try page(host) }
        #expect(error?.kind == .crashed)
        #expect(error?.description.contains("answered with damaged data") == true, "\(error?.description ?? "")")
    }

    @Test func `one that says nothing when it is asked who it is is refused with its last words`() throws {
        try PythonCommand(begin: "sys.exit('there is no licence for this')").write(in: folder)
        let sentence = sentence(host())
        #expect(sentence.contains("plugin.json is not loaded"), "\(sentence)")
        #expect(sentence.contains("there is no licence for this"), "\(sentence)")
        #expect(host().descriptions.map(\.id) == ["tested"])

        var budget = CallBudget()
        budget.describe = 0.5
        try PythonCommand(begin: "time.sleep(600)").write(in: folder)
        #expect(self.sentence(host(budget: budget)).contains("took longer than 0.5 s"))
    }

    @Test func `in the host's process it is refused`() throws {
        try PythonCommand().write(in: folder)
        #expect(sentence(host(plugins: ["tested": .inProcess])).contains("is a command, which runs in a process of its own"))
        #expect(host(plugins: ["tested": .process]).descriptions.map(\.state) == [.running])
        let asItComes: [String: PluginHostConfiguration.Hosting?] = ["tested": nil]
        #expect(host(plugins: asItComes).descriptions.map(\.state) == [.running])
        #expect(host(plugins: [:]).descriptions.map(\.state) == [.off])
    }

    @Test func `a program of its own is run from its folder`() throws {
        var command = PythonCommand(handle: "body = page(sys.argv[1].encode())")
        command.description = #"{"contract": 1, "command": ["bin/run", "-v"], "language": "shell"}"#
        let file = try command.write(in: folder)
        try folder.write(Array("#!/bin/sh\nexec python3 -B plugin.py \"$1\"\n".utf8), "tested/bin/run")
        let program = folder.url.appendingPathComponent("tested/bin/run").path
        #expect(sentence(host()).contains("no file in its folder that may be executed"))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        #expect(try page(host()) == "-v")
        try folder.write([0, 1, 2, 3], "tested/bin/run")
        #expect(sentence(host()).contains("bin/run” failed: Exec format error"))
        #expect(try PluginCommand(file: file).program.hasSuffix("/tested/bin/run"))
        try FileManager.default.removeItem(atPath: program)
        try FileManager.default.createSymbolicLink(atPath: program, withDestinationPath: "/bin/true")
        #expect(sentence(host()).contains("leads out of the plugin's folder"))
    }

    @Test func `libraries beside a command are its own`() throws {
        try PythonCommand().write(in: folder)
        try folder.write([1, 2, 3], "tested/native.so")
        #expect(host().descriptions.map(\.state) == [.running])
    }

    @Test(arguments: [
        ("", "no JSON object"),
        ("[]", "no JSON object"),
        (#"{"contract": 1, "command": ["python3"]}"#, "“language”"),
        (#"{"contract": 1, "command": ["python3"], "language": "Python 3"}"#, "“language”"),
        (#"{"command": ["python3"], "language": "python"}"#, "“contract”"),
        (#"{"contract": "1", "command": ["python3"], "language": "python"}"#, "“contract”"),
        (#"{"contract": 2, "command": ["python3"], "language": "python"}"#, "version 2 of the plugin contract, and this host speaks version 1; take a newer host"),
        (#"{"contract": 0, "command": ["python3"], "language": "python"}"#, "version 0"),
        (#"{"contract": 1, "language": "python"}"#, "“command”"),
        (#"{"contract": 1, "command": "python3 plugin.py", "language": "python"}"#, "“command”"),
        (#"{"contract": 1, "command": [], "language": "python"}"#, "“command”"),
        (#"{"contract": 1, "command": ["python3", "a\u0000b"], "language": "python"}"#, "“command”"),
        (#"{"contract": 1, "command": ["python3"], "language": "python", "user": "root"}"#, "“user” is not known"),
        (#"{"contract": 1, "command": ["no-such-program-here"], "language": "python"}"#, "no program “no-such-program-here”"),
        (#"{"contract": 1, "command": [""], "language": "python"}"#, "no program"),
        (#"{"contract": 1, "command": ["/bin/true"], "language": "c"}"#, "leads out"),
        (#"{"contract": 1, "command": ["../run"], "language": "c"}"#, "leads out"),
        (#"{"contract": 1, "command": ["python3", "../../x.py"], "language": "python"}"#, "leads out"),
        (#"{"contract": 1, "command": ["bin/none"], "language": "c"}"#, "no file in its folder"),
    ])
    func `a file that says something else is refused with a sentence`(_ text: String, _ part: String) throws {
        var command = PythonCommand()
        command.description = text
        try command.write(in: folder)
        let sentence = sentence(host())
        #expect(sentence.contains("tested/plugin.json is not loaded: "), "\(sentence)")
        #expect(sentence.contains(part), "\(sentence)")
        #expect(!sentence.contains("\n"))
    }

    @Test func `a file that is too large, a link or a folder is refused`() throws {
        var command = PythonCommand()
        command.description += String(repeating: " ", count: PluginCommand.maxFileBytes)
        let file = try command.write(in: folder)
        #expect(sentence(host()).contains("more than 65536 bytes"))
        try FileManager.default.removeItem(atPath: file)
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: "/dev/zero")
        #expect(sentence(host()).contains("no regular file"))
        try FileManager.default.removeItem(atPath: file)
        try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: false)
        #expect(sentence(host()).contains("no regular file"))
    }
}
