// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

@testable import TileServing

/// A socket that one server leaves and the next one takes over.
@Suite(.timeLimit(.minutes(2))) struct ServerSocketTests {
    private func refusal(_ port: Int) -> Int32? {
        do {
            _ = try RawConnection(port: port)
            return nil
        } catch {
            return (error as? RawConnection.Failure)?.code
        }
    }

    @Test func `It refuses connections until somebody listens, and keeps its port from then on`() throws {
        let socket = try ServerSocket(host: "127.0.0.1", port: 0)
        #expect(socket.port > 0)
        #expect(refusal(socket.port) == ECONNREFUSED)
        #expect(listen(socket.descriptor, 4) == 0)
        #expect(refusal(socket.port) == nil)
        let error = #expect(throws: TileServingError.self) { try ServerSocket(host: "127.0.0.1", port: socket.port) }
        #expect(error?.kind == .addressUnavailable)
        #expect(
            error?.description
                == "Cannot listen on 127.0.0.1:\(socket.port): the port is taken by another program.")
    }

    @Test(arguments: ["nowhere.invalid", "192.0.2.1", ""])
    func `What is no address of this machine is said`(host: String) throws {
        let error = #expect(throws: TileServingError.self) { try ServerSocket(host: host, port: 0) }
        #expect(error?.kind == .addressUnavailable)
        #expect(error?.description.contains("is no address of this machine") == true, "\(String(describing: error))")
    }

    @Test func `Who listens second is refused with the same sentence`() async throws {
        let first = try ServerSocket(host: "127.0.0.1", port: 0)
        // Bound as long as nobody listens at the first.
        let second = try ServerSocket(host: "127.0.0.1", port: first.port)
        #expect(listen(first.descriptor, 4) == 0)
        let district = try ServedDistrict()
        try district.merge(trees: 1)
        var options = ServingOptions(host: "127.0.0.1", port: first.port)
        options.socket = dup(second.descriptor)
        let server = try district.server(options: options)
        let error = await #expect(throws: TileServingError.self) { try await server.run { _ in } }
        #expect(error?.description.contains("the port is taken by another program") == true)
    }

    /// A connection that outlives the server that it came to.
    private final class Late: @unchecked Sendable {
        // Set by the first body and read by the second, which begins after it.
        var connection: RawConnection?
    }

    @Test func `A server that leaves answers what it took, and the next one what came later`() async throws {
        let socket = try ServerSocket(host: "127.0.0.1", port: 0)
        let late = Late()
        try await RunningServer.serve {
            $0.socket = dup(socket.descriptor)
        } with: { port, server in
            try RunningServer.check(port == socket.port)
            let traffic = server.traffic
            let slow = try RawConnection(port: port)
            try slow.send(
                "POST /plugins/flood/readings HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nab")
            let kept = try RawConnection(port: port)
            let health = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
            try kept.send(health)
            let before = String(decoding: kept.read(1 << 16) ?? [], as: UTF8.self)
            try RunningServer.check(before.contains("pass") && !before.lowercased().contains("connection: close"), before)
            try RunningServer.check(!traffic.isLeaving)
            // The system had taken it before the server did.
            while traffic.isIdle { usleep(10_000) }

            traffic.leave()
            try RunningServer.check(traffic.isLeaving)
            // Who is connected is served, and told to come again with another connection.
            try kept.send(health)
            let after = String(decoding: kept.read(1 << 16) ?? [], as: UTF8.self)
            try RunningServer.check(after.contains("pass") && after.lowercased().contains("connection: close"), after)
            // Not before the listening ended: that connection may still be taken.
            Thread.sleep(forTimeInterval: 0.5)
            let connection = try RawConnection(port: port)
            try connection.send("GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            late.connection = connection
            try RunningServer.check(!traffic.isIdle)
            try slow.send("cd")
            let answer = slow.readToEnd()
            try RunningServer.check(answer.hasPrefix("HTTP/1.1 404"), answer)
            // The one that is connected and was answered has nothing to wait for.
            while !traffic.isIdle { usleep(10_000) }
        }
        try await RunningServer.serve {
            $0.socket = dup(socket.descriptor)
        } with: { _, _ in
            try RunningServer.check(late.connection?.readToEnd().hasPrefix("HTTP/1.1 200") == true)
        }
    }

    @Test func `Answers say the time as RFC 9110 writes it`() {
        #expect(HTTPDate.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.text(1_709_164_800) == "Thu, 29 Feb 2024 00:00:00 GMT")
        #expect(HTTPDate().now.hasSuffix(" GMT"))
    }
}
