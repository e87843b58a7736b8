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
    private var places: [Coordinate] = []
    /// Records that something was planted in.
    private var taken: [Key: Set<Int>] = [:]
    private var cache: [Key: [DemoFeature]] = [:]

    /// A town's layer.
    struct Key: Hashable {
        var town: Int
        var layer: String
    }

    private enum Edit {
        case replace(Int, DemoFeature)
        case append(DemoFeature)
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
        try plantDecoys()
    }

    /// What a town delivers of a layer.
    func delivered(_ features: [DemoFeature], _ key: Key) -> [DemoFeature] {
        var delivered = features
        for edit in edits[key] ?? [] {
            switch edit {
            case .replace(let index, let feature): delivered[index] = feature
            case .append(let feature): delivered.append(feature)
            }
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

    mutating func replace(_ index: Int, _ key: Key, with feature: DemoFeature) {
        edits[key, default: []].append(.replace(index, feature))
    }

    /// - Returns: the number of the new record.
    mutating func append(_ feature: DemoFeature, _ key: Key) throws -> Int {
        let count = try features(key).count
        let appended = (edits[key] ?? []).reduce(0) { sum, edit in
            if case .append = edit { sum + 1 } else { sum }
        }
        edits[key, default: []].append(.append(feature))
        return count + appended + 1
    }

    mutating func spoil(_ key: Key, _ fault: FileFault) { files[key] = fault }

    mutating func add(_ fault: PlantedFault) { planted.faults.append(fault) }
    mutating func addDecoy(_ decoy: PlantedFault) { planted.decoys.append(decoy) }
}
