// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Glibc
import NIOCore
import NIOHTTPTypes

/// Ends connections whose clients keep them without need: those that drip a
/// request, that do not read their answers, or that have nothing to say.
///
/// Clocks on whole answers would cut off honest clients on slow lines, so an
/// answer may take any time as long as some of it is taken now and then. A
/// body may take any time that its bytes so far account for.
final class ClientPaceHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    struct Limits {
        /// For the first head of a connection, and for a body beyond what its
        /// rate allows.
        var request: TimeAmount
        /// For telling a client that its body was too slow.
        var refusal: TimeAmount
        /// The slowest body, in bytes a second.
        var bodyRate: Int
        /// Without a byte of an answer being taken.
        var write: TimeAmount
        /// Between an answer and the next request.
        var idle: TimeAmount
        /// For everything, once the server is stopping.
        var shutdown: TimeAmount
    }

    /// What the site's reading of a body ends with.
    struct RequestTooSlow: Error {}

    /// Bodies are handed on in pieces of so many bytes, so that it is seen that
    /// a client takes them.
    private static let pieceBytes = 64 << 10

    private let limits: Limits
    private let traffic: Traffic
    private var timer: (due: NIODeadline, task: Scheduled<Void>)?

    // The request being read.
    private var requestStart: NIODeadline
    private var receivedBytes = 0
    private var isReading = true
    private var hasGivenUpReading = false
    // Answers not finished yet, and pieces of them not taken by the socket yet.
    private var unansweredRequests = 0
    private var untakenPieces = 0
    private var lastProgress: NIODeadline
    private var closing: (isWanted: Bool, promise: EventLoopPromise<Void>?) = (false, nil)
    private var end: NIODeadline?
    private var isBusy = false {
        didSet { if isBusy != oldValue { traffic.note(isBusy: isBusy) } }
    }

    init(limits: Limits, traffic: Traffic) {
        self.limits = limits
        self.traffic = traffic
        requestStart = .now()
        lastProgress = requestStart
    }

    func handlerAdded(context: ChannelHandlerContext) {
        RequestHeadHandler.install(in: context.pipeline)
        // Who connects is about to ask.
        isBusy = true
        watch(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        isBusy = false
        timer?.task.cancel()
        timer = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        handlerRemoved(context: context)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            requestStart = .now()
            receivedBytes = 0
            isReading = true
            unansweredRequests += 1
            isBusy = true
        case .body(let bytes): receivedBytes += bytes.readableBytes
        case .end: isReading = false
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        watch(context)
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            end = .now() + limits.shutdown
            watch(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head: context.write(data, promise: promise)
        case .body(var bytes):
            while bytes.readableBytes > Self.pieceBytes, let piece = bytes.readSlice(length: Self.pieceBytes) {
                send(.body(piece), nil, context)
            }
            send(.body(bytes), promise, context)
        case .end(let trailers):
            unansweredRequests -= 1
            send(.end(trailers), promise, context)
        }
    }

    /// A connection that is to be closed is closed when what was written is
    /// taken, or when that takes too long.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .all, !mayClose else { return context.close(mode: mode, promise: promise) }
        if let earlier = closing.promise {
            earlier.futureResult.cascade(to: promise)
        } else {
            closing.promise = promise
        }
        closing.isWanted = true
    }

    /// Whether nobody waits for anything: neither for an answer to be taken nor
    /// for the last words on a request that was too slow.
    private var mayClose: Bool {
        untakenPieces == 0 && (unansweredRequests == 0 || !hasGivenUpReading)
    }

    private func send(_ part: HTTPResponsePart, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        untakenPieces += 1
        if untakenPieces == 1 {
            lastProgress = .now()
            watch(context)
        }
        let taken = promise ?? context.eventLoop.makePromise()
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        taken.futureResult.whenComplete { _ in
            let (handler, context) = loopBound.value
            handler.pieceWasTaken(context)
        }
        context.write(wrapOutboundOut(part), promise: taken)
    }

    private func pieceWasTaken(_ context: ChannelHandlerContext) {
        untakenPieces -= 1
        lastProgress = .now()
        if untakenPieces == 0, unansweredRequests == 0 { isBusy = false }
        guard mayClose else { return }
        if closing.isWanted {
            closeNow(context)
        } else if context.channel.isActive {
            watch(context)
        }
    }

    /// When the connection has to be looked at next; nil while it waits for the
    /// server.
    private var due: NIODeadline? {
        let own: NIODeadline? =
            if untakenPieces > 0 {
                lastProgress + limits.write
            } else if hasGivenUpReading {
                // Past its deadline already: only the end counts.
                nil
            } else if isReading {
                requestStart + limits.request + (unansweredRequests > 0 ? earnedByBody : .zero)
            } else if unansweredRequests > 0 {
                nil
            } else {
                lastProgress + limits.idle
            }
        guard let end else { return own }
        return min(own ?? end, end)
    }

    private var earnedByBody: TimeAmount {
        .milliseconds(Int64(receivedBytes) * 1000 / Int64(max(1, limits.bodyRate)))
    }

    /// Sets the timer unless it rings soon enough anyway.
    private func watch(_ context: ChannelHandlerContext) {
        guard let due else { return }
        if let timer, timer.due <= due { return }
        timer?.task.cancel()
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: due) { self.look(context) }
        timer = (due, task)
    }

    private func look(_ context: ChannelHandlerContext) {
        timer = nil
        guard let due, due <= .now() else { return watch(context) }
        if isReading, unansweredRequests > 0, untakenPieces == 0, end == nil, !hasGivenUpReading {
            // The site may still say why; the connection ends soon after.
            hasGivenUpReading = true
            end = .now() + limits.refusal
            context.fireErrorCaught(RequestTooSlow())
            return watch(context)
        }
        if untakenPieces > 0 {
            // What the system holds for a client that does not read is dropped,
            // too.
            (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                .assumeIsolated().whenComplete { _ in self.closeNow(context) }
        } else {
            closeNow(context)
        }
    }

    private func closeNow(_ context: ChannelHandlerContext) {
        let promise = closing.promise
        closing = (false, nil)
        context.close(mode: .all, promise: promise)
    }
}
