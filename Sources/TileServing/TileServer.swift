// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Glibc
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// The HTTP server around a site.
struct TileServer: Sendable {
    let site: MapSite
    let traffic: Traffic
    let logger: Logger

    /// Serves until the process is asked to end (SIGINT, SIGTERM) or the
    /// calling task is cancelled; answers in progress are finished first, up to
    /// the shutdown deadline.
    ///
    /// - Parameters:
    ///   - services: run for as long as the server does.
    ///   - onReady: called once with the server's address, when it listens.
    /// - Throws: `TileServingError` of kind `addressUnavailable` when the port
    ///   is taken or the host is none of this machine's.
    func run(
        services: [any Service] = [], onReady: @escaping @Sendable (_ url: String) -> Void
    ) async throws {
        let options = site.options
        let limits = ClientPaceHandler.Limits(
            request: TimeAmount(options.requestDeadline), refusal: TimeAmount(options.refusalDeadline),
            bodyRate: options.slowestBody, write: TimeAmount(options.writeTimeout),
            idle: TimeAmount(options.idleTimeout),
            shutdown: TimeAmount(options.shutdownDeadline))
        let responder = SiteResponder(site: site, traffic: traffic)
        let http = HTTP1Channel(
            responder: { request, writer, _ in
                let response = await responder.respond(to: request)
                try await writer.write(response: response.head, body: response.body)
            },
            // Hummingbird's own idle timeout would begin when an answer is handed
            // over, not when it is taken, and cut slow clients off.
            configuration: .init(additionalChannelHandlers: [ClientPaceHandler(limits: limits, traffic: traffic)]))
        let own = try options.socket == nil ? ServerSocket(host: options.host, port: options.port) : nil
        let listener = HTTPListener(
            // SwiftNIO closes what it is given.
            socket: options.socket ?? own.map { dup($0.descriptor) } ?? -1, options: options, http: http,
            traffic: traffic, onReady: { onReady(TileServer.url(host: options.host, port: $0)) }, logger: logger)
        var configuration = ServiceGroupConfiguration(
            services: services + [listener], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = options.shutdownDeadline
        try await ServiceGroup(configuration: configuration).run()
    }

    /// The address to open in a browser.
    static func url(host: String, port: Int) -> String {
        let reachable = host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "::1" : host
        return "http://\(reachable.contains(":") ? "[\(reachable)]" : reachable):\(port)/"
    }
}
