// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import HTTPTypes
import Hummingbird
import NIOCore

/// Stands between Hummingbird and the site.
struct SiteResponder: Sendable {
    let site: MapSite
    let traffic: Traffic
    private let date = HTTPDate()

    init(site: MapSite, traffic: Traffic) {
        self.site = site
        self.traffic = traffic
    }

    func respond(to request: Request) async -> Response {
        let body = request.body
        let inquiry = Inquiry(
            method: request.method, target: request.head.path ?? "", authority: request.head.authority,
            headers: request.headers, requestID: RequestID().description,
            body: { ceiling in
                do {
                    return try await body.collect(upTo: ceiling)
                } catch is NIOTooManyBytesError {
                    throw TileServingError(.contentTooLarge, "The body is larger than \(ceiling) bytes.")
                } catch {
                    // The client went away, or was too slow and was cut off.
                    throw TileServingError(.requestTimeout, "The body ended before all of it was there.")
                }
            })
        let answer = await site.answer(inquiry)
        var headers = answer.headers
        headers[.contentLength] = String(answer.body.readableBytes)
        headers[.date] = date.now
        headers[.server] = "Miaopu"
        // The client comes again with another connection, which the next process takes.
        if traffic.isLeaving { headers[.connection] = "close" }
        let isEmpty = request.method == .head || answer.body.readableBytes == 0
        return Response(
            status: answer.status, headers: headers,
            body: isEmpty ? ResponseBody() : ResponseBody(byteBuffer: answer.body))
    }
}
