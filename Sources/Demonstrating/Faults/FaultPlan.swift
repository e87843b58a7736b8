// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Formats
import SimpleFeatures
import Topology

/// Which faults a demo district is given, and where: drawn from the seed, far
/// enough from each other that none meets another.
struct FaultPlan {
    private(set) var planted: PlantedTruth

    let truth: DemoTruth
    let engine: TopologyEngine
    var random: RandomSource
    private var edits: [Key: [Edit]] = [:]
    /// Faults of whole files.
    private(set) var files: [Key: FileFault] = [:]
    /// Files beside those of the layers.
    var extras: [ExtraDelivery] = []
    private var places: [Coordinate] = []
    /// Records that something was planted in.
    private var taken: [Key: Set<Int>] = [:]
    private var cache: [Key: [DemoFeature]] = [:]

    /// A town's layer.
    struct Key: Hashable {
        var town: Int
        var layer: String
    }

    private struct Edit {
        /// Of the record that is replaced; nil for one that is appended.
        var index: Int?
        var feature: DemoFeature
        /// Whether it only looks like a fault, and stays when the town corrects.
        var isDecoy: Bool
    }

    /// Faults lie at least this far apart, in metres.
    private static let distance = 70.0

    /// - Throws: `TopologyError` when GEOS fails.
    init(_ truth: DemoTruth) throws {
        self.truth = truth
        engine = try TopologyEngine()
        random = RandomSource(seed: truth.seed, part: "faults")
        planted = PlantedTruth(seed: truth.seed, scale: truth.scale)
        let towns = truth.partition.towns
        planted.looseTowns = towns.indices.filter { !isExact($0) }.map { towns[$0].slug }
        planted.slivers = try towns.indices.flatMap(truth.slivers).map {
            PlantedFault.outline($0.exteriorRing.coordinates)
        }
        planted.openEnds = PlantedFault.outline(try openEnds())
        try plantFiles()
        try plantSeams()
        try plantLineEnds()
        try plantTwins()
        try plantRecords()
        try plantDrawings()
        try plantAddressTables()
        try plantDecoys()
        for index in planted.faults.indices {
            planted.faults[index].corrected = SecondDelivery.way(of: planted.faults[index])
        }
    }

    /// What a town delivers of a layer.
    ///
    /// - Parameter corrected: whether it has put right what was wrong.
    func delivered(_ features: [DemoFeature], _ key: Key, corrected: Bool = false) -> [DemoFeature] {
        var delivered = features
        for edit in edits[key] ?? [] where edit.isDecoy || !corrected {
            if let index = edit.index { delivered[index] = edit.feature } else { delivered.append(edit.feature) }
        }
        return delivered
    }

    // MARK: For the kinds of faults

    /// Whether the town's plane can be brought onto the grid to the millimetre.
    func isExact(_ town: Int) -> Bool {
        switch TownHabit.all[town].plane {
        case .register: true
        case .gcj02, .bd09, .beijing54, .local: false
        }
    }

    /// Towns whose delivery of a layer is read, in the right place.
    func soundTowns(_ layer: String) -> [Int] {
        truth.partition.towns.indices.filter { town in
            isExact(town) && files[Key(town: town, layer: layer)] == nil
                && !Delivery.isLackingPlane(truth.partition.towns[town].code, layer)
        }
    }

    /// Those of them whose files keep the records in order.
    func orderedTowns(_ layer: String) -> [Int] {
        soundTowns(layer).filter { TownHabit.all[$0].format != .flatGeobuf }
    }

    func source(_ town: Int, _ layer: String) -> String { "\(truth.partition.towns[town].slug)-\(layer)" }

    mutating func features(_ key: Key) throws -> [DemoFeature] {
        if let known = cache[key] { return known }
        let features = try truth.features(of: key.layer, inTown: truth.partition.towns[key.town].code)
        cache[key] = features
        return features
    }

    /// Whether nothing was planted near, nor in the record; remembers both when so.
    mutating func claim(_ place: Coordinate, _ index: Int, _ key: Key, reach: Double = 0) -> Bool {
        guard taken[key]?.contains(index) != true,
            !places.contains(where: { ($0 - place).length < Self.distance + reach })
        else { return false }
        taken[key, default: []].insert(index)
        places.append(place)
        return true
    }

    /// Whether something was planted in the record.
    func isTaken(_ index: Int, _ key: Key) -> Bool { taken[key]?.contains(index) == true }

    mutating func replace(_ index: Int, _ key: Key, with feature: DemoFeature, isDecoy: Bool = false) {
        edits[key, default: []].append(Edit(index: index, feature: feature, isDecoy: isDecoy))
    }

    /// - Returns: the number of the new record.
    mutating func append(_ feature: DemoFeature, _ key: Key, isDecoy: Bool = false) throws -> Int {
        let count = try features(key).count
        let appended = (edits[key] ?? []).count { $0.index == nil }
        edits[key, default: []].append(Edit(index: nil, feature: feature, isDecoy: isDecoy))
        return count + appended + 1
    }

    /// A record as the truth names it; `number` counts from 1.
    func record(_ key: Key, _ number: Int) -> PlantedFault.Record {
        let isOrdered = TownHabit.all[key.town].format != .flatGeobuf
        return PlantedFault.Record(source: source(key.town, key.layer), number: isOrdered ? number : nil)
    }

    /// What stands there in truth, by any one of the records.
    func shape(_ geometry: Geometry, of records: PlantedFault.Record..., reach: Double) -> PlantedFault.Shape {
        PlantedFault.Shape(features: records, wkt: geometry.wkt, reach: reach)
    }

    mutating func spoil(_ key: Key, _ fault: FileFault) { files[key] = fault }

    mutating func add(_ fault: PlantedFault) { planted.faults.append(fault) }
    mutating func addDecoy(_ decoy: PlantedFault) { planted.decoys.append(decoy) }
}
