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
        let application = Application(
            responder: SiteResponder(site: site),
            // Hummingbird's own idle timeout would begin when an answer is handed
            // over, not when it is taken, and cut slow clients off.
            server: .http1(configuration: .init(additionalChannelHandlers: [ClientPaceHandler(limits: limits)])),
            configuration: ApplicationConfiguration(
                address: .hostname(options.host, port: options.port), serverName: "Miaopu",
                availableConnectionsDelegate: MaximumAvailableConnections(options.connectionCeiling)),
            services: services,
            onServerRunning: { channel in
                onReady(TileServer.url(host: options.host, port: channel.localAddress?.port ?? options.port))
            },
            logger: logger)
        var configuration = ServiceGroupConfiguration(
            services: [application], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = options.shutdownDeadline
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch let error as IOError {
            throw TileServingError(
                .addressUnavailable,
                "Cannot listen on \(options.host):\(options.port): \(TileServer.reason(error.errnoCode)).")
        } catch let error where error is SocketAddressError || error is SocketAddressError.UnknownHost {
            throw TileServingError(
                .addressUnavailable, "Cannot listen on \(options.host): it is no address of this machine.")
        }
    }

    private static func reason(_ code: CInt) -> String {
        switch code {
        case EADDRINUSE: "the port is taken by another program"
        case EACCES: "ports below 1024 need more rights"
        case EADDRNOTAVAIL: "it is no address of this machine"
        default: String(cString: strerror(code))
        }
    }

    /// The address to open in a browser.
    static func url(host: String, port: Int) -> String {
        let reachable = host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "::1" : host
        return "http://\(reachable.contains(":") ? "[\(reachable)]" : reachable):\(port)/"
    }
}
