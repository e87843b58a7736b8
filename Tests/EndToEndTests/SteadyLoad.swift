// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// Clients that ask a server one thing after the other, each time with a connection
/// of its own, until they are told to end.
final class SteadyLoad {
    struct Outcome: Decodable {
        var asked: Int
        /// Connections that were refused.
        var refused: Int
        /// Requests that were taken and not answered, and why.
        var lost: [String]
        /// Answers that were none, each with its status.
        var failed: [String]
    }

    private let process: Process
    private let input = Pipe()
    private let output = Pipe()

    /// Begins, and waits until each of the addresses was answered once.
    init(_ server: RunningServer, _ paths: [String]) throws {
        let script = """
            import http.client, json, os, sys, threading, time
            host, paths, ended = sys.argv[1], sys.argv[2:], threading.Event()
            asked, refused, lost, failed, first = [], [], [], [], threading.Semaphore(0)
            def ask(path):
                isFirst = True
                while not ended.is_set():
                    asked.append(path)
                    connection = http.client.HTTPConnection(host, timeout=120)
                    try:
                        connection.connect()
                        connection.request("GET", path, headers={"Connection": "close"})
                        answer = connection.getresponse()
                        answer.read()
                        if answer.status != 200: failed.append(f"{path}: {answer.status}")
                    except ConnectionRefusedError: refused.append(path)
                    except (OSError, http.client.HTTPException) as error: lost.append(f"{path}: {error!r}")
                    connection.close()
                    if isFirst: first.release()
                    isFirst = False
                    time.sleep(0.01)
            threads = [threading.Thread(target=ask, args=[path]) for path in paths]
            for thread in threads: thread.start()
            for thread in threads: first.acquire()
            os.write(1, b"begun\\n")
            sys.stdin.read()
            ended.set()
            for thread in threads: thread.join()
            print(json.dumps({"asked": len(asked), "refused": len(refused), "lost": lost, "failed": failed}))
            """
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, String(server.address.dropFirst("http://".count))] + paths
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let begun = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        try #require(begun == "begun\n")
    }

    /// Lets the requests in progress be answered, and says how all of them ended.
    func end() throws -> Outcome {
        try input.fileHandleForWriting.close()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return try JSONDecoder().decode(Outcome.self, from: text)
    }
}
