// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

@testable import TileServing

/// A district's server on a free port, for tests that speak to its socket.
enum RunningServer {
    /// The size of `/web/maplibre-gl.js`: more than the socket buffers of both
    /// sides hold.
    static let largeBytes = 24 << 20

    /// Runs the server for as long as `body` runs, which blocks a thread of its
    /// own.
    static func serve(
        _ change: (inout ServingOptions) -> Void = { _ in }, _ body: @escaping @Sendable (_ port: Int) throws -> Void
    ) async throws {
        try await serve(change, with: { port, _ in try body(port) })
    }

    /// As the other, for a body that has the server do something.
    static func serve(
        _ change: (inout ServingOptions) -> Void = { _ in },
        with body: @escaping @Sendable (_ port: Int, _ server: DistrictServer) throws -> Void
    ) async throws {
        let district = try ServedDistrict()
        try district.merge(trees: 1)
        let web = district.folder.appendingPathComponent("web")
        try FileManager.default.createDirectory(at: web, withIntermediateDirectories: true)
        try Data(count: largeBytes).write(to: web.appendingPathComponent("maplibre-gl.js"))
        var options = ServingOptions.patient
        options.web = web
        change(&options)
        let server = try district.server(options: options)
        let (addresses, found) = AsyncStream<String>.makeStream()
        let running = Task {
            defer { found.finish() }
            try await server.run { found.yield($0) }
        }
        let address = await addresses.first { _ in true }
        let port = try #require(address.flatMap { URL(string: $0)?.port })
        // Sockets block, so they stay off the threads that the server needs.
        let outcome = await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: Result { try body(port, server) }) }
        }
        // Connections that the body left end first: SwiftNIO does not forgive one
        // that is cancelled while it begins.
        try? await Task.sleep(for: .seconds(1))
        running.cancel()
        _ = await running.result
        try outcome.get()
    }

    struct Unexpected: Error {
        let what: String
    }

    /// An expectation inside of `serve`, whose thread Swift Testing does not
    /// know.
    static func check(_ holds: Bool, _ what: String = "", line: Int = #line) throws {
        guard holds else { throw Unexpected(what: "line \(line): \(what)") }
    }
}
