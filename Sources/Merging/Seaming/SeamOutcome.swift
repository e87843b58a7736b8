// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import SimpleFeatures

/// What is to become of a layer where towns meet.
struct SeamOutcome {
    /// The new geometries, by the features' numbers.
    var changed: [Int64: Geometry] = [:]
    /// Features for which others stand, by number; `kept` is a number too.
    var suppressed: [Int64: Suppression] = [:]
    /// The most important ones first; the store keeps as many as it may.
    var records: [SeamRecord] = []
    var movements: [MovementRecord] = []
    /// Of all that was found.
    var totals: [MergeReport.Seams.Total] = []
    /// The numbers of the features that this is about; nil for all of the layer.
    var considered: [Int64]?

    mutating func countTotals() { totals = records.totals }
}

extension [SeamRecord] {
    /// Counted by kind and outcome.
    var totals: [MergeReport.Seams.Total] {
        var totals: [MergeReport.Seams.Total] = []
        var places: [String: Int] = [:]
        for record in self {
            let key = "\(record.kind) \(record.isRepaired) \(record.reason) \(record.rule ?? "")"
            if let place = places[key] {
                totals[place].count += 1
                totals[place].area += record.area
            } else {
                places[key] = totals.count
                totals.append(
                    .init(
                        kind: record.kind, isRepaired: record.isRepaired,
                        reason: record.reason.isEmpty ? nil : record.reason, rule: record.rule, count: 1,
                        area: record.area))
            }
        }
        return totals.sorted { ($0.kind, $0.reason ?? "", $0.rule ?? "") < ($1.kind, $1.reason ?? "", $1.rule ?? "") }
    }
}

/// One way in which the deliveries of a layer are made to meet. What it decides
/// depends on what was delivered alone, never on earlier merges, and a decision
/// around a change is the one that a whole run makes.
protocol LayerSeaming {
    associatedtype Rules: Encodable
    var layer: SeamLayer { get }
    var rules: Rules { get }

    func whole() throws -> SeamOutcome
    /// - Parameter dirty: around everything that was added, removed or changed.
    func around(_ dirty: [Envelope]) throws -> SeamOutcome
}
