// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginMessages
import SimpleFeatures
import SwiftProtobuf

/// What a plugin answers to requests, and what it must refuse.
extension SelfTest {
    mutating func checkRoutes(_ manifest: WireManifest, _ host: PluginHost) {
        for page in manifest.pages where !hasCrashed {
            for language in ["zh", "en"] where !hasCrashed {
                checkFile("page \(page.path)", page.path, language, host) { response in
                    response.contentType.hasPrefix("text/html") && !response.body.isEmpty
                        ? nil : "is \(response.body.count) bytes of \(response.contentType), and not HTML"
                }
            }
        }
        for export in manifest.exports where !hasCrashed {
            checkFile("export \(export.name)", export.path, "zh", host) { _ in nil }
        }
        guard !hasCrashed, let root = ask("route /", "/", "zh", host) else { return }
        report.ok("route /", "GET / was answered with \(root.status).")
        let nowhere = "/nothing-is-here-\(UInt32.random(in: 0 ... .max))"
        guard let unknown = ask("unknown route", nowhere, "zh", host) else { return }
        if (400..<500).contains(unknown.status) {
            report.ok("unknown route", "GET \(nowhere) was answered with \(unknown.status).")
        } else {
            report.warn(
                "unknown route", "GET \(nowhere) was answered with \(unknown.status).",
                cure: "Answer 404 for a path that there is not.")
        }
    }

    private mutating func checkFile(
        _ check: String, _ path: String, _ language: String, _ host: PluginHost,
        fault: (PluginResponse) -> String?
    ) {
        guard let response = ask(check, path, language, host) else { return }
        guard response.status == 200 else {
            return report.fail(
                check, "GET \(path) was answered with \(response.status) instead of 200.",
                cure: "Answer it, also when the tables are empty, or take it out of the manifest.")
        }
        if let fault = fault(response) {
            return report.fail(check, "The answer to GET \(path) \(fault).", cure: "Answer with HTML in UTF-8.")
        }
        report.ok(check, "GET \(path) in \(language) was answered with \(response.body.count) bytes.")
    }

    private mutating func ask(
        _ check: String, _ path: String, _ language: String, _ host: PluginHost
    ) -> PluginResponse? {
        do {
            let response = try host.handle(
                plugin: report.plugin ?? "", PluginRequest(path: path, language: language))
            guard response.status < 500 else {
                report.fail(
                    check,
                    "GET \(path) was answered with \(response.status): "
                        + String(decoding: response.body.prefix(300), as: UTF8.self),
                    cure: "A status of 500 or more says that the plugin is broken; answer 4xx for a wrong request.")
                return nil
            }
            return response
        } catch {
            fail(check, "GET \(path): \(error)", error, cure: "Answer every request with a status from 200 to 499.")
            return nil
        }
    }

    // MARK: - What must be refused

    mutating func checkRefusals(_ plugin: LoadedPlugin) {
        var unknown = WireFeaturesRequest()
        unknown.layer = "no-such-layer"
        unknown.envelope = WireEnvelope(Self.world)
        var request = WirePluginRequest()
        request.features = unknown
        let known = (try? request.serializedBytes() as [UInt8]) ?? []
        checkRefusal(
            "unknown layer", known, plugin, "features of a layer that it did not register",
            cure: "Answer MIAOPU_NOT_FOUND for a layer that there is not.")
        // No message, and one that is cut off.
        for bytes in [[0xff, 0xff, 0xff, 0xff], [0x1a, 0x7f, 0x0a]] as [[UInt8]] where !hasCrashed {
            checkRefusal(
                "bad bytes", bytes, plugin, "\(bytes.count) bytes that are no message",
                cure: "Answer MIAOPU_INVALID for bytes that cannot be read.")
        }
    }

    private mutating func checkRefusal(
        _ check: String, _ bytes: [UInt8], _ plugin: LoadedPlugin, _ what: String, cure: String
    ) {
        do {
            _ = try plugin.answer(bytes, within: budget.features)
            report.fail(check, "It answered \(what) as if nothing were wrong.", cure: cure)
        } catch {
            guard error.kind != .crashed && error.kind != .timedOut else {
                return fail(check, "Asked with \(what): \(error)", error, cure: cure)
            }
            report.ok(check, "It refused \(what).")
        }
    }
}
