// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// The built `miaopu` on a terminal, where somebody types.
enum Terminal {
    struct Result: Decodable {
        /// The exit code; 128 and the signal's number when one ended it.
        var status: Int32
        /// All that the terminal showed, what was typed with it.
        var text: String
    }

    /// Runs to the end. Types each answer when the text before it has appeared.
    static func run(_ arguments: [String], answers: [(after: String, typed: String)]) throws -> Result {
        let script = """
            import json, os, pty, select, sys
            answers, command = json.loads(sys.argv[1]), sys.argv[2:]
            process, terminal = pty.fork()
            if process == 0:
                os.execv(command[0], command)
            text, seen = b"", 0
            while True:
                if answers and answers[0][0].encode() in text[seen:]:
                    seen = len(text)
                    os.write(terminal, answers.pop(0)[1].encode())
                if not select.select([terminal], [], [], 120)[0]:
                    os.kill(process, 9)
                try:
                    part = os.read(terminal, 4096)
                except OSError:
                    break
                if not part:
                    break
                text += part
            status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
            print(json.dumps({"status": status if status >= 0 else 128 - status, "text": text.decode(errors="replace")}))
            """
        let steps = String(decoding: try JSONEncoder().encode(answers.map { [$0.after, $0.typed] }), as: UTF8.self)
        let result = try #require(
            try Program.tool("python3", ["-c", script, steps, Program.executable.path] + arguments))
        try #require(result.status == 0, "\(result.errors)")
        return try JSONDecoder().decode(Result.self, from: Data(result.output.utf8))
    }
}
