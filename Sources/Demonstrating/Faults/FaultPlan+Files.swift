// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension FaultPlan {
    /// Faults of whole files. Each is in a layer that no other fault needs.
    mutating func plantFiles() {
        for town in ["gumei", "hongqiao", "qibao"] {
            plant(.plane(.gcj02), .gcj02, in: "landuse", of: town)
            plant(.plane(.bd09), .bd09, in: "water", of: town)
        }
        // Only what fills its town can tell of a shift.
        let shifted = [
            ("jiangchuan", "landuse", 0.5), ("xinhong", "landuse", 1), ("gongyequ", "landuse", 3),
            ("wujing", "landuse", 0.5), ("pujiang", "landuse", 1), ("zhuanqiao", "landuse", 3),
            ("pujin", "landuse", 0.5), ("zhuanqiao", "buildings", 1), ("pujiang", "buildings", 3),
        ]
        for (town, layer, multiple) in shifted {
            plant(.shifted(Self.beijing54 * multiple), .constantShift, in: layer, of: town, multiple: multiple)
        }
        for town in ["pujiang", "zhuanqiao", "pujin"] { plant(.swappedAxes, .swappedAxes, in: "water", of: town) }
        for (town, name) in [("jiangchuan", "GBK"), ("xinzhuang", "UTF-8"), ("gongyequ", "UTF-8")] {
            plant(.codePage(name), .lyingEncoding, in: "points", of: town)
        }
        for (town, layer) in [("jiangchuan", "addresses"), ("maqiao", "points"), ("huacao", "addresses")] {
            plant(.cut(0.55), .cutFile, in: layer, of: town)
        }
        for layer in ["landuse", "water", "railways"] {
            plant(.compound(.gcj02, codePage: "UTF-8"), .compound, in: layer, of: "meilong")
        }
        for (town, entry) in truth.partition.towns.enumerated() {
            for layer in DemoTruth.layers where Delivery.isLackingPlane(entry.code, layer) {
                add(PlantedFault(kind: .lackingPlane, sources: [source(town, layer)], accepts: [.reported]))
            }
        }
    }

    /// By how much sheets of Beijing 54 are off here, in metres.
    private static let beijing54 = Vector(x: -65.108, y: 38.974)

    private mutating func plant(
        _ fault: FileFault, _ kind: PlantedFault.Kind, in layer: String, of slug: String, multiple: Double? = nil
    ) {
        guard let town = truth.partition.towns.firstIndex(where: { $0.slug == slug }) else { return }
        spoil(Key(town: town, layer: layer), fault)
        var size: Double?
        if case .shifted(let step) = fault { size = step.length }
        add(
            PlantedFault(
                kind: kind, multiple: multiple, sources: [source(town, layer)], size: size, accepts: [.reported]))
    }
}
