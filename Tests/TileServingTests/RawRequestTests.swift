// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

@testable import TileServing

/// What the server does with requests as they come over the wire.
@Suite(.timeLimit(.minutes(2))) struct RawRequestTests {
    /// Sends a text and reads until the server ends the connection.
    private static func answer(_ port: Int, _ request: String) throws -> String {
        let connection = try RawConnection(port: port)
        try connection.send(request)
        return connection.readToEnd()
    }

    private static func close(_ line: String, _ headers: String = "") -> String {
        "\(line)\r\nHost: a\r\n\(headers)Connection: close\r\n\r\n"
    }

    @Test func `The connection ends after the answer when the client's words mean that`() async throws {
        try await RunningServer.serve { port in
            for request in [
                "GET /health HTTP/1.0\r\nHost: a\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nConnection: TE, close\r\n\r\n",
            ] {
                let answer = try Self.answer(port, request)
                try RunningServer.check(answer.hasSuffix(#"{"status":"pass"}"#), "\(request)")
            }
        }
    }

    @Test func `Requests that no server may take are refused and the connection ends`() async throws {
        try await RunningServer.serve { port in
            for request in [
                "GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
                "GET /health HTTP/1.1\r\nConnection: close\r\n\r\n", "GET /health HTTP/3.0\r\nHost: a\r\n\r\n",
                "GET /health\r\n\r\n", "get /health HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                "POST /plugins/a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /plugins/a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
                "GET /health HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "a", count: 100_000) + "\r\n\r\n",
                "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}",
            ] {
                let answer = try Self.answer(port, request)
                try RunningServer.check(answer.hasPrefix("HTTP/1.1 400 "), "\(request.prefix(80))")
            }
            let answer = try Self.answer(port, Self.close("GET /health HTTP/1.1"))
            try RunningServer.check(answer.hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "PROPFIND"])
    func `Other methods are told which ones there are`(method: String) async throws {
        try await RunningServer.serve { port in
            let answer = try Self.answer(port, Self.close("\(method) /tiles/towns/3/1/2.png HTTP/1.1"))
            try RunningServer.check(
                answer.hasPrefix("HTTP/1.1 405 ") && answer.contains("\r\nAllow: GET, HEAD\r\n"), "\(answer)")
        }
    }

    @Test func `A range is answered with the whole, whatever it says`() async throws {
        try await RunningServer.serve { port in
            for range in ["bytes=0-9", "bytes=9-1", "bytes=-5", "bytes=18446744073709551616-", "lines=1", "bytes="] {
                let answer = try Self.answer(port, Self.close("GET /health HTTP/1.1", "Range: \(range)\r\n"))
                try RunningServer.check(
                    answer.hasPrefix("HTTP/1.1 200 ") && answer.hasSuffix(#"{"status":"pass"}"#), "\(answer)")
            }
        }
    }

    @Test func `An answer to HEAD has the length and no body`() async throws {
        try await RunningServer.serve { port in
            let answer = try Self.answer(port, Self.close("HEAD /health HTTP/1.1"))
            try RunningServer.check(
                answer.hasSuffix("\r\n\r\n") && answer.contains("\r\nContent-Length: 17\r\n"), "\(answer)")
        }
    }

    @Test func `A thousand requests sent at once are answered in their order`() async throws {
        try await RunningServer.serve { port in
            let requests = (0..<999).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined()
            let answers = try Self.answer(port, requests + Self.close("GET /health HTTP/1.1"))
            try RunningServer.check(answers.components(separatedBy: "HTTP/1.1 404 ").count == 1000)
            try RunningServer.check(answers.hasSuffix(#"{"status":"pass"}"#))
        }
    }

    @Test func `Connections that are opened and left keep nobody out`() async throws {
        try await RunningServer.serve { port in
            let left = try (0..<500).map { _ in try RawConnection(port: port) }
            let answer = try Self.answer(port, Self.close("GET /health HTTP/1.1"))
            try RunningServer.check(answer.hasPrefix("HTTP/1.1 200 "))
            withExtendedLifetime(left) {}
        }
    }

    @Test func `A body that ends early is a 408, one that is declared too large a 413`() async throws {
        try await RunningServer.serve { port in
            let short = try RawConnection(port: port)
            try short.send("POST /plugins/a/x HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc")
            short.finishSending()
            try RunningServer.check(short.readToEnd().hasPrefix("HTTP/1.1 408 "))
            let large = Self.close("POST /plugins/a/x HTTP/1.1", "Content-Length: 99999999999\r\n")
            let answer = try Self.answer(port, large)
            try RunningServer.check(answer.hasPrefix("HTTP/1.1 413 "))
        }
    }
}
