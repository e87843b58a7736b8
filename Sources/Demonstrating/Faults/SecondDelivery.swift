// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What three towns hand in when they have read the report and their slips.
///
/// The files are in `deliveries-2`: whole layers as new deliveries, with the
/// `district.yaml` that names their day, and the records that the towns correct
/// on their slips.
enum SecondDelivery {
    /// How a town hands in what it put right.
    enum Way: String, Encodable, Sendable {
        /// As a new file of the whole layer.
        case delivery
        /// On the slip that the district made of the first file.
        case slip
    }

    /// The day that the new deliveries describe: later than any first one.
    static let asOf = "2026-09-30"
    /// Relative to the district.
    static let folder = "deliveries-2"

    private static let towns: Set = ["gumei", "xinhong", "gongyequ"]
    private static let slips: Set = ["gumei-addresses", "gongyequ-buildings"]
    /// What a slip has: records that were rejected or repaired.
    private static let onSlips: Set<PlantedFault.Kind> = [.nullGeometry, .selfIntersection, .farAway]

    /// How a town's layer comes back; nil when it does not.
    static func way(ofLayer layer: String, ofTown slug: String) -> Way? {
        guard towns.contains(slug) else { return nil }
        return slips.contains("\(slug)-\(layer)") ? .slip : .delivery
    }

    /// How a fault is put right: in the file where it was made.
    static func way(of fault: PlantedFault) -> Way? {
        guard let source = fault.sources.first, let hyphen = source.lastIndex(of: "-"),
            DemoTruth.layers.contains(String(source[source.index(after: hyphen)...])),
            let way = way(ofLayer: String(source[source.index(after: hyphen)...]), ofTown: String(source[..<hyphen]))
        else { return nil }
        return way == .slip && !onSlips.contains(fault.kind) ? nil : way
    }
}
