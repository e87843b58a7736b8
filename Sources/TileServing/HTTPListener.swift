// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Glibc
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOExtras
import NIOPosix
import ServiceLifecycle

/// Serves HTTP at a socket that is bound already and that another process may have
/// open, too. Hummingbird's own server binds one itself; everything else is its.
struct HTTPListener: Service {
    /// Bound; closed when the server ends.
    let socket: CInt
    let options: ServingOptions
    let http: HTTP1Channel
    let traffic: Traffic
    /// Called when it listens, with the port.
    let onReady: @Sendable (_ port: Int) -> Void
    let logger: Logger

    /// How many connections may wait to be taken: also for the next process, while
    /// there is none. The system has a bound of its own, usually 4096.
    private static let backlog: CInt = 4096

    /// - Throws: `TileServingError` of kind `addressUnavailable` when another program
    ///   listens there.
    func run() async throws {
        guard listen(socket, Self.backlog) == 0 else {
            throw ServerSocket.refused(options.host, options.port, code: errno)
        }
        let group = MultiThreadedEventLoopGroup.singleton
        let quiescing = ServerQuiescingHelper(group: group)
        let server = try await ServerBootstrap(group: group)
            .serverChannelInitializer { [traffic, options] channel in
                channel.eventLoop.makeCompletedFuture {
                    let operations = channel.pipeline.syncOperations
                    let gate = Traffic.Gate(traffic, ceiling: options.connectionCeiling)
                    try operations.addHandler(AvailableConnectionsChannelHandler(delegate: gate))
                    try operations.addHandler(quiescing.makeServerChannelHandler(channel: channel))
                }
            }
            .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .bind(socket) { [http, logger] channel in http.setup(channel: channel, logger: logger) }
        // SwiftNIO makes the queue of a socket that it is given as short as 128.
        _ = listen(socket, Self.backlog)
        traffic.begin(server.channel)
        await withGracefulShutdownHandler {
            onReady(server.channel.localAddress?.port ?? options.port)
            await withDiscardingTaskGroup { connections in
                do {
                    try await server.executeThenClose { accepted in
                        for try await connection in accepted {
                            connections.addTask { await http.handle(value: connection, logger: logger) }
                        }
                    }
                } catch {
                    logger.error("The server cannot take connections any more: \(error)")
                }
            }
        } onGracefulShutdown: {
            quiescing.initiateShutdown(promise: nil)
        }
        // Who is leaving ends otherwise, and not yet.
        if traffic.isLeaving { try? await gracefulShutdown() }
    }
}
