// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What calls of one plugin may cost, as `budget:` in `district.yaml` says.
/// Nil: the host's own ceiling.
public struct PluginBudget: Hashable, Sendable {
    /// Seconds that a tile waits for the features of a layer.
    public var featuresSeconds: Double?
    /// Seconds for a page.
    public var handleSeconds: Double?
    /// Seconds for starting, migrations of its tables included.
    public var startSeconds: Double?
    /// Seconds for events, ticks and stopping.
    public var otherSeconds: Double?
    /// Seconds after which a call in the host's process does not come back any
    /// more, and the host is ended for it.
    public var stuckSeconds: Double?
    /// Megabytes of address space of the plugin's process; in the host's, by which
    /// that may grow during one call.
    public var memoryMegabytes: Int?
    /// Megabytes of one answer.
    public var answerMegabytes: Int?

    /// The host's own ceilings.
    public init() {}
}

extension District {
    /// The part `plugins:`.
    static func readPlugins(_ value: YAMLValue) -> [PluginDefinition] {
        guard let mapping = value.mapping("plugins by id") else { return [] }
        return mapping.entries.compactMap { entry in
            if !Identifier.isValid(entry.key) {
                entry.value.refuse(entry.key, isNot: "a plugin's id", accepted: Identifier.accepted)
            }
            if entry.value.isNull { return PluginDefinition(id: entry.key) }
            guard let plugin = entry.value.mapping("a plugin", known: ["hosting", "budget"]) else { return nil }
            return PluginDefinition(
                id: entry.key, hosting: plugin["hosting"]?.choice("a way of hosting"),
                budget: plugin["budget"].map(readBudget) ?? PluginBudget())
        }
    }

    private static func readBudget(_ value: YAMLValue) -> PluginBudget {
        var budget = PluginBudget()
        let known = [
            "features_seconds", "handle_seconds", "start_seconds", "other_seconds", "stuck_seconds", "memory_mb",
            "answer_mb",
        ]
        guard let mapping = value.mapping("a budget", known: known) else { return budget }
        budget.featuresSeconds = mapping["features_seconds"]?.number(in: 0.1...60)
        budget.handleSeconds = mapping["handle_seconds"]?.number(in: 0.1...300)
        budget.startSeconds = mapping["start_seconds"]?.number(in: 1...600)
        budget.otherSeconds = mapping["other_seconds"]?.number(in: 0.1...300)
        budget.stuckSeconds = mapping["stuck_seconds"]?.number(in: 1...3600)
        budget.memoryMegabytes = mapping["memory_mb"]?.integer(in: 64...65_536)
        budget.answerMegabytes = mapping["answer_mb"]?.integer(in: 1...64)
        return budget
    }

    /// The part `access:`.
    ///
    /// A word that names nothing is refused: a layer whose name was written
    /// wrong would be served. Whether a plugin has the layer of `<plugin>.<layer>`
    /// is known only when it runs.
    static func readAccess(
        _ value: YAMLValue, layers: LayerCatalogue, plugins: [PluginDefinition]
    ) -> AccessDefinition {
        guard let mapping = value.mapping("access", known: ["hidden"]) else { return AccessDefinition() }
        var access = AccessDefinition()
        for entry in mapping["hidden"]?.elements() ?? [] {
            guard let id = entry.word() else { continue }
            let parts = id.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            if parts.count == 2, Identifier.isValid(parts[0]), parts[1] == "*" {
                access.hiddenPlugins.append(parts[0])
            } else if parts.count == 2, parts.allSatisfy(Identifier.isValid) {
                access.hiddenLayers.append(id)
            } else if layers[id] != nil {
                access.hiddenLayers.append(id)
            } else if plugins.contains(where: { $0.id == id }) {
                access.hiddenPlugins.append(id)
            } else {
                let others = "<plugin>.<layer>, <plugin>.*, or a plugin named under plugins:"
                entry.refuse(
                    id, isNot: "a layer",
                    accepted: (layers.ids + [others]).joined(separator: ", "), among: layers.ids)
            }
        }
        return access
    }
}
