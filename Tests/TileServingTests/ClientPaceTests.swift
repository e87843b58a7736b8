// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

@testable import TileServing

/// Clients that are slow on purpose and clients that are slow honestly, on real
/// sockets.
@Suite(.timeLimit(.minutes(2))) struct ClientPaceTests {
    private func expectService(_ port: Int) throws {
        let other = try RawConnection(port: port)
        try other.send("GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        try RunningServer.check(other.readToEnd().hasPrefix("HTTP/1.1 200"))
    }

    @Test func `A client that never reads its answer is let go, and others are served meanwhile`() async throws {
        try await RunningServer.serve {
            $0.writeTimeout = .seconds(1)
        } _: { port in
            let stuck = try RawConnection(port: port, receiveBuffer: 4096)
            try stuck.send("GET /web/maplibre-gl.js HTTP/1.1\r\nHost: a\r\n\r\n")
            try expectService(port)
            stuck.waitForReset()
            try RunningServer.check(stuck.readToEnd().utf8.count < RunningServer.largeBytes)
            try expectService(port)
        }
    }

    @Test func `A client that reads slowly gets the whole of it, however long that takes`() async throws {
        try await RunningServer.serve {
            $0.writeTimeout = .seconds(2)
            $0.idleTimeout = .milliseconds(300)
            $0.requestDeadline = .milliseconds(300)
        } _: { port in
            let slow = try RawConnection(port: port, receiveBuffer: 64 << 10)
            try slow.send("GET /web/maplibre-gl.js HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            var bytes = 0
            while let piece = slow.read(2 << 20) {
                bytes += piece.count
                // Longer in all than any of the limits.
                Thread.sleep(forTimeInterval: 0.02)
            }
            try RunningServer.check(bytes > RunningServer.largeBytes)
        }
    }

    @Test func `A body that drips is answered with 408 and the connection ends`() async throws {
        try await RunningServer.serve {
            $0.requestDeadline = .seconds(3)
            // Other tests of this process may keep all threads that answer.
            $0.refusalDeadline = .seconds(90)
        } _: { port in
            let dripping = try RawConnection(port: port)
            try dripping.send("POST /plugins/flood/readings HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
            let answer = dripping.readToEnd { try? dripping.send("x") }
            try RunningServer.check(answer.hasPrefix("HTTP/1.1 408"), "\(answer)")
            try RunningServer.check(answer.contains(#""code":"request-timeout""#))
            try expectService(port)
        }
    }

    @Test func `A body that comes at its rate is read, though it takes longer than a head may`() async throws {
        try await RunningServer.serve {
            $0.requestDeadline = .seconds(2)
            $0.slowestBody = 1024
        } _: { port in
            let steady = try RawConnection(port: port)
            try steady.send(
                "POST /plugins/flood/readings HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 16384\r\n\r\n"
            )
            for _ in 0..<16 {
                try steady.send(String(repeating: "x", count: 1024))
                Thread.sleep(forTimeInterval: 0.2)
            }
            try RunningServer.check(steady.readToEnd().hasPrefix("HTTP/1.1 404"))
        }
    }

    @Test func `Heads that drip, connections that say nothing and idle ones end`() async throws {
        try await RunningServer.serve {
            $0.requestDeadline = .milliseconds(500)
            $0.idleTimeout = .milliseconds(500)
        } _: { port in
            let silent = try RawConnection(port: port)
            let dripping = try RawConnection(port: port)
            try dripping.send("GET / HTTP/1.1\r\n")
            try RunningServer.check(dripping.readToEnd { try? dripping.send("X-A: b\r\n") } == "")
            try RunningServer.check(silent.readToEnd() == "")
            let idle = try RawConnection(port: port)
            try idle.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
            try RunningServer.check(idle.readToEnd().hasPrefix("HTTP/1.1 200"))
        }
    }
}
