// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginHosting

/// Hands a file to a plugin's import, as the person who runs the host.
struct PluginImporting {
    let configuration: PluginHostConfiguration

    /// Through the server, when one serves the district.
    ///
    /// - Throws: `CommandError` with the plugin's own sentence when it refuses
    ///   the file; what it held before then stays.
    func load(_ file: URL, into plugin: String) throws {
        guard let data = try? Data(contentsOf: file) else {
            throw CommandError(.wrongUse, "\(file.lastPathComponent) cannot be read.")
        }
        let response = try PluginInstaller.reporting { () throws(PluginHostingError) in
            try OperatorLine(configuration).answer(.take(file: Array(data)), of: plugin)
        }
        let detail = Self.detail(of: response.body)
        switch response.status {
        case 200..<300: return
        case 500...:
            throw CommandError(
                .systemFailed, "The plugin \(plugin) could not take \(file.lastPathComponent): \(detail)")
        default:
            throw CommandError(.needsPerson, "The plugin \(plugin) refuses \(file.lastPathComponent): \(detail)")
        }
    }

    /// The sentence of a problem document; the whole text when it is none.
    private static func detail(of body: [UInt8]) -> String {
        struct Document: Decodable {
            var title: String?
            var detail: String?
        }
        let document = try? JSONDecoder().decode(Document.self, from: Data(body))
        return document?.detail ?? document?.title ?? String(decoding: body.prefix(1000), as: UTF8.self)
    }
}
