// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// How a server answers: where it listens and what it may take of the machine.
public struct ServingOptions: Sendable {
    /// A name or an address of this machine.
    public var host: String
    /// 0 takes any free port.
    public var port: Int
    /// A descriptor of a socket that is bound to them already, and that is closed
    /// when the server ends; `nil`: one is bound.
    public var socket: Int32?
    /// What documents call this server, `https://maps.example.org`, when a
    /// proxy stands before it; `nil` takes it from each request's `Host`.
    public var publicURL: String?
    /// The folder with MapLibre GL JS; `nil` when it is not installed.
    public var web: URL?
    /// Threads that draw.
    public var drawingThreads: Int
    /// Tiles that may wait for a thread; further requests are answered with 503.
    public var drawingQueueBound: Int
    /// How long a request waits for its tile.
    public var tilePatience: Duration
    /// How long a tile waits for one plugin's features.
    public var pluginPatience: Duration
    /// How long a tile with live data is used before it is drawn anew.
    public var liveLifetime: Duration
    /// Memory for finished tiles, in bytes.
    public var cacheBytes: Int
    public var connectionCeiling: Int
    /// The largest request body, in bytes; only plugins take bodies.
    public var bodyCeiling: Int
    /// How long a client may take to send a request, besides the time that its
    /// body takes at the slowest rate.
    public var requestDeadline: Duration
    /// How long a client that was too slow may wait to be told so.
    public var refusalDeadline: Duration
    /// The slowest body, in bytes a second.
    public var slowestBody: Int
    /// How long a client may go without taking a byte of its answer.
    public var writeTimeout: Duration
    /// How long a connection is kept between an answer and the next request.
    public var idleTimeout: Duration
    /// How long answers in progress may take when the server stops.
    public var shutdownDeadline: Duration

    public init(host: String = "127.0.0.1", port: Int = 8080) {
        self.host = host
        self.port = port
        drawingThreads = max(1, ProcessInfo.processInfo.activeProcessorCount)
        drawingQueueBound = 512
        tilePatience = .seconds(20)
        pluginPatience = .seconds(3)
        liveLifetime = .seconds(10)
        cacheBytes = 256 << 20
        connectionCeiling = 4096
        bodyCeiling = 2 << 20
        requestDeadline = .seconds(30)
        refusalDeadline = .seconds(20)
        slowestBody = 16 << 10
        writeTimeout = .seconds(60)
        idleTimeout = .seconds(60)
        shutdownDeadline = .seconds(10)
    }
}
