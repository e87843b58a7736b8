// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Addresses
import Formats
import SimpleFeatures

/// How records without coordinates find their place. Crosses to the child as part
/// of its job.
struct AddressPlan: Codable, Sendable {
    /// The field of the file that holds the address.
    var field: String
    var layer: String
    var district: String
    /// Names by code.
    var towns: [String: String]
    /// The town that delivers.
    var town: String?
    /// The doors; none before the layer of addresses was read.
    var entries: [AddressBook.Entry] = []
    /// Features of that layer of which no address can be read.
    var unreadable = 0
}

/// Puts records where the layer of addresses has the same address.
struct AddressPlacing {
    private let plan: AddressPlan
    private let column: Int
    private var book: AddressBook

    /// - Throws: `MergingError` of kind `.sourceRefused` when the file has no such
    ///   field, is no table, or no address is known.
    init(_ plan: AddressPlan, _ layer: LayerDescription, in dataset: Dataset) throws {
        let fields = layer.schema.fields.map(\.name)
        guard let column = fields.firstIndex(of: plan.field) else {
            throw MergingError(
                .sourceRefused, "The file has no field “\(plan.field)” with addresses; it has \(fields.joined(separator: ", ")).")
        }
        guard !plan.entries.isEmpty else {
            throw MergingError(
                .sourceRefused,
                "The layer \(plan.layer) holds no address that could be matched; merge the town's addresses first, or give the "
                    + "records coordinates.")
        }
        self.plan = plan
        self.column = column
        book = AddressBook(plan.entries, district: plan.district, towns: plan.towns)
    }

    var steps: [String] {
        ["address match: each record at the place of the same address in the layer \(plan.layer)"]
    }

    var notes: [String] {
        let features = MergeReport.count(plan.unreadable, "feature")
        return ["Its records were placed by \(book.count) addresses of the layer \(plan.layer)."]
            + (plan.unreadable == 0
                ? [] : ["Of \(features) of that layer no address could be read."])
    }

    /// The record with its place, or with the reason why it has none.
    mutating func place(_ raw: RawFeature) -> RawFeature {
        guard raw.fault == nil else { return raw }
        var raw = raw
        raw.geometry = nil
        do {
            let text = column < raw.values.count ? raw.values[column].description : ""
            switch try book.match(text, town: plan.town) {
            case .found(let place): raw.geometry = .point(Point(x: place.x, y: place.y))
            case .ambiguous(let reason, let candidates):
                raw.fault = Self.fault("address-ambiguous", reason, candidates, "could be")
            case .missing(let reason, let candidates):
                raw.fault = Self.fault("address-unmatched", reason, candidates, "the nearest are")
            }
        } catch {
            raw.fault = FeatureFault(error.name, error.sentence)
        }
        return raw
    }

    private static func fault(
        _ name: String, _ reason: String, _ candidates: [String], _ verb: String
    ) -> FeatureFault {
        // The address itself may name a person's home; its candidates are public.
        let list = candidates.isEmpty ? "" : "; \(verb) \(candidates.joined(separator: ", "))"
        return FeatureFault(name, "has an address that \(reason)\(list)")
    }
}
