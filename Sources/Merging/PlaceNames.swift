// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
public import Districts
import SimpleFeatures

/// Names that the text of a district's deliveries is likely to hold, for the
/// verdict on its encoding.
public enum PlaceNames {
    private static let kinds = ["街道", "工业区", "镇", "乡", "區", "鎮", "鄉"]
    /// Layers of the store whose names people know.
    private static let layers = ["towns", "districts", "boundaries", "rivers"]
    private static let mostNames = 5_000

    /// There are as many names as are taken.
    private struct Enough: Error {}

    /// Of towns, with and without the word for what they are. A merge uses these
    /// alone: what the store holds must not decide how a file is read.
    public static func names(of towns: [Town]) -> [String] {
        var names: Set<String> = []
        for town in towns {
            names.insert(town.name)
            for kind in kinds where town.name.hasSuffix(kind) && town.name.count >= kind.count + 2 {
                names.insert(String(town.name.dropLast(kind.count)))
            }
        }
        return names.sorted()
    }

    /// Of a district's towns, and what its store calls towns, districts and
    /// rivers; for people who look at a file before it is merged.
    public static func known(in district: District) -> [String] {
        var names = Set(names(of: district.towns))
        if let store = try? DistrictStore(opening: Merger.store(of: district)) {
            for layer in layers where names.count < mostNames {
                guard let index = district.layers[layer]?.schema.index(of: "name") else { continue }
                try? store.forEachFeature(in: layer) { feature in
                    guard names.count < mostNames else { throw Enough() }
                    if case .text(let name) = feature.value(at: index) { names.insert(name) }
                }
            }
        }
        return names.sorted()
    }
}
