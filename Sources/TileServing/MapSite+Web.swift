// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import HTTPTypes
import NIOCore
import PluginHosting

extension MapSite {
    /// The viewer's page.
    func viewer(_ inquiry: Inquiry) throws(TileServingError) -> Answer {
        var answer = try file(WebFiles.page, inquiry)
        // Nothing from elsewhere: no script, style, picture, frame or request.
        // MapLibre starts its workers from a blob.
        answer.headers[.contentSecurityPolicy] =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
            + "connect-src 'self'; worker-src blob:; child-src blob:; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'self'"
        answer.headers[.referrerPolicy] = "no-referrer"
        return answer
    }

    /// One of the viewer's files.
    func file(_ name: String, _ inquiry: Inquiry) throws(TileServingError) -> Answer {
        guard let file = web[name] else {
            let isLibrary = name.hasPrefix("maplibre-gl.")
            throw TileServingError(
                .notFound,
                isLibrary
                    ? "MapLibre GL JS is not installed; tools/setup fetches it."
                    : "The viewer has no file of that name.")
        }
        let sendsCompressed = inquiry.acceptsGzip
        let tag = sendsCompressed ? file.entityTag + "-g" : file.entityTag
        var answer = Answer(mediaType: file.mediaType, body: sendsCompressed ? file.compressed : file.plain)
        if sendsCompressed { answer.headers[.contentEncoding] = "gzip" }
        answer.headers[.vary] = "Accept-Encoding"
        answer.headers[.eTag] = "\"\(tag)\""
        answer.headers[.cacheControl] = "no-cache"
        return inquiry.holds(entityTag: tag) ? answer.notModified() : answer
    }

    /// A plugin's own page or API.
    func plugin(_ id: String, _ path: String, _ inquiry: Inquiry) async throws -> Answer {
        // What is hidden is as if it were not there, up to the same sentence.
        let isHidden = shelf.catalogue?.access.hidesPlugin(id) ?? false
        let running = isHidden ? nil : plugins.plugins().first { $0.id == id }
        if let assets = running.flatMap(PluginAssets.init), let name = PluginAssets.name(in: path) {
            return try await asset(name, of: assets, inquiry)
        }
        let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete]
        guard methods.contains(inquiry.method) else {
            throw TileServingError(
                .methodNotAllowed(allowed: methods.map(\.rawValue).joined(separator: ", ")),
                "A plugin does not answer to this method.")
        }
        if let declared = inquiry.headers[.contentLength].flatMap({ Int($0) }), declared > options.bodyCeiling {
            throw TileServingError(.contentTooLarge, "The body is larger than \(options.bodyCeiling) bytes.")
        }
        let body = try await inquiry.body(options.bodyCeiling)
        guard let running else { throw TileServingError(.notFound, "There is no plugin of that name.") }
        let call = PluginGateway.Call(
            plugin: id, method: inquiry.method == .head ? "GET" : inquiry.method.rawValue, path: path,
            query: QueryString.pairs(inquiry.query ?? ""),
            headers: inquiry.headers.compactMap { field in
                MapSite.headersForPlugins.contains(field.name) ? (field.name.canonicalName, field.value) : nil
            },
            body: [UInt8](body.readableBytesView), language: language(inquiry))
        let reply = try await pluginLanes.run(for: id, unless: { [plugins] in plugins.complaint(id) }) {
            [plugins] in try plugins.handle(call)
        }
        var answer = Answer(
            status: HTTPResponse.Status(code: (200...599).contains(reply.status) ? reply.status : 500),
            mediaType: reply.mediaType, body: ByteBuffer(bytes: reply.body))
        if let problem = Problem.completed(reply, instance: inquiry.requestID) {
            answer.body = ByteBuffer(bytes: problem)
        }
        for (name, value) in reply.headers {
            guard let name = HTTPField.Name(name), MapSite.headersOfPlugins.contains(name) else { continue }
            answer.headers[name] = value
        }
        if answer.headers[.cacheControl] == nil { answer.headers[.cacheControl] = "no-store" }
        if answer.status == .ok, let export = running.exports.first(where: { $0.path == path }) {
            answer.headers[.contentDisposition] = "attachment; filename=\"\(export.fileName)\""
        }
        answer.headers[.contentSecurityPolicy] = MapSite.pluginPolicy
        return answer
    }

    /// What a plugin's pages and files may do in a browser.
    static let pluginPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"

    /// What plugins get to see of a request's headers, and may set in an answer.
    private static let headersForPlugins: Set<HTTPField.Name> = [.accept, .acceptLanguage, .contentType, .ifNoneMatch]
    private static let headersOfPlugins: Set<HTTPField.Name> = [
        .cacheControl, .contentDisposition, .contentLanguage, .eTag, .lastModified, .retryAfter,
    ]

    /// `zh` or `en`: the one that the client's `Accept-Language` names first.
    private func language(_ inquiry: Inquiry) -> String {
        for item in (inquiry.headers[.acceptLanguage] ?? "").lowercased().split(separator: ",") {
            let tag = item.drop { $0 == " " }
            if tag.hasPrefix("zh") { return "zh" }
            if tag.hasPrefix("en") { return "en" }
        }
        return "zh"
    }
}

/// The part of a target after `?`, taken apart.
enum QueryString {
    /// Pairs in their order, percent-decoded; a broken escape stays as it is.
    static func pairs(_ text: Substring) -> [(name: String, value: String)] {
        text.split(separator: "&").prefix(256).map { pair in
            let equals = pair.firstIndex(of: "=") ?? pair.endIndex
            return (decoded(pair[..<equals]), decoded(pair[equals...].dropFirst()))
        }
    }

    private static func decoded(_ text: Substring) -> String {
        let spaced = text.replacing("+", with: " ")
        return spaced.removingPercentEncoding ?? String(spaced)
    }
}
