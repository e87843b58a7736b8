// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginMessages

/// What one plugin asked for in its manifest, and so may do.
///
/// Its own layers, their invalidation and the log are everybody's.
struct Permissions: Sendable {
    private let granted: Set<String>

    init(_ manifest: WireManifest) {
        granted = Set(manifest.permissions)
    }

    /// Lets a call pass.
    ///
    /// - Throws: `.denied`, naming the permission that the manifest lacks.
    func check(_ call: WireHostRequest.OneOf_Call, plugin: String) throws(PluginHostingError) {
        guard let needed = Self.needed(for: call), !granted.contains(needed) else { return }
        throw PluginHostingError(
            .denied, plugin,
            "The plugin \(plugin) has no permission \"\(needed)\" for this call: its manifest has to ask for it.")
    }

    private static func needed(for call: WireHostRequest.OneOf_Call) -> String? {
        switch call {
        case .sql, .migrate: "tables"
        case .appendObservations, .latestObservations, .queryObservations, .bucketObservations: "observations"
        case .queryLayer: "layers"
        case .publish: "events"
        case .raiseAlert, .dismissAlert: "alerts"
        case .audit: "audit"
        case .registerLayer, .invalidate, .log: nil
        }
    }
}
