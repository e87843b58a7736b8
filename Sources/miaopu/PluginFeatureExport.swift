// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import PluginHosting

/// The features of all layers of one plugin as one GeoJSON file.
struct PluginFeatureExport {
    let plugin: String

    /// Through the server, when one serves the district.
    ///
    /// - Throws: `CommandError` when the plugin does not run or has no answer. The
    ///   file is written as a whole or not at all.
    func write(_ district: District, to file: URL) throws {
        let configuration = PluginHostConfiguration(district)
        let response: PluginResponse
        do {
            response = try OperatorLine(configuration).answer(.features, of: plugin)
        } catch where error.kind == .denied {
            throw CommandError(
                .needsPerson, "\(error) `miaopu plugin export \(plugin) FILE.sqlite` copies its data.")
        } catch {
            throw CommandError(error.kind == .notFound ? .wrongUse : .needsPerson, error.description)
        }
        try Data(response.body).write(to: file, options: .atomic)
    }
}
