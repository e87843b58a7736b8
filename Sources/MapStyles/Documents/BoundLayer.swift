// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A layer whose attribute names have been matched with columns. One for each
/// layer and schema, shared by all workers.
public struct BoundLayer: Sendable {
    public let layer: StyleLayer
    /// The columns' names, in the order in which rows number them.
    public let columnNames: [String]
    /// The column of each slot of the style; −1 where there is none.
    let columns: [Int]
    let state: [String: StyleValue]

    /// What a property's result can change with; `columns` are those of this
    /// layer.
    public func dependencies<Value>(of key: PropertyKey<Value>) -> Dependencies {
        guard layer.range.contains(key.index) else { return .none }
        return bound(layer.properties[key.index - layer.range.lowerBound].dependencies)
    }

    /// What the filter's result can change with.
    public var filterDependencies: Dependencies { bound(layer.filter?.root.dependencies ?? .none) }

    /// The columns that the filter or any property reads, ascending. All of
    /// them when a name is computed.
    public var usedColumns: [Int] {
        var all = layer.filter?.root.dependencies ?? .none
        for property in layer.properties { all.formUnion(property.dependencies) }
        return all.usesAllColumns ? Array(columnNames.indices) : bound(all).columns
    }

    /// An evaluation for one tile.
    ///
    /// - Parameter zoom: in MapLibre's zoom for 512-pixel tiles.
    public func evaluation(zoom: Double) -> LayerEvaluation { LayerEvaluation(self, zoom: zoom) }

    /// The same in this layer's columns. What reads only attributes that the
    /// layer lacks is the same for all of its features.
    func bound(_ dependencies: Dependencies) -> Dependencies {
        var bound = dependencies
        bound.slots = dependencies.slots.map { columns[$0] }.filter { $0 >= 0 }.sorted()
        if bound.slots.isEmpty, !bound.usesAllColumns { bound.traits.remove(.attributes) }
        return bound
    }
}
