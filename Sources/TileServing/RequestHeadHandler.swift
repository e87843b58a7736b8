// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// Rewrites what the rest of the server would misread in a request's head: a
/// connection that is to end after the answer is said to in one way only.
final class RequestHeadHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    /// Puts one where heads still have their version.
    static func install(in pipeline: ChannelPipeline) {
        let operations = pipeline.syncOperations
        guard let codec = try? operations.handler(type: HTTP1ToHTTPServerCodec.self) else { return }
        try? operations.addHandler(RequestHeadHandler(), position: .before(codec))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        // Clients of HTTP/1.0 take the end of the connection for the end of the
        // answer.
        if !head.isKeepAlive || head.version == .http1_0 {
            head.headers.replaceOrAdd(name: "connection", value: "close")
        }
        let hosts = head.headers["host"]
        if hosts.count > 1 { head.headers.replaceOrAdd(name: "host", value: hosts.joined(separator: ", ")) }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }
}
