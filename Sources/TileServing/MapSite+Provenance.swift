// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Foundation
import NIOCore

extension MapSite {
    /// Where a feature of a merged layer came from. What is not on the map is
    /// answered as if it were not there: hidden layers, live ones, and
    /// deliveries that another feature stands for.
    func provenance(_ id: Int64, in layer: String, _ inquiry: Inquiry) async throws -> Answer {
        let nothing = TileServingError(.notFound, "There is no merged feature of that id in a layer of that name.")
        guard let openStore, case .snapshot? = try loadedCatalogue().layer(layer)?.content else { throw nothing }
        let folder = openStore.folder
        // The store is a file: not here, where HTTP is answered.
        let json = try await readingPool.run { _ in
            let found: FeatureProvenance
            do {
                found = try openStore.open().feature(id)
            } catch let error as DistrictStoresError where error.kind == .unknown {
                throw nothing
            }
            guard found.layer.id == layer, found.suppression == nil else { throw nothing }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(
                FeatureOrigin(found, town: openStore.town, sentence: PublicSentence(folders: [folder])))
        }
        return shared(Answer(mediaType: "application/json", body: ByteBuffer(bytes: json)), inquiry)
    }
}

/// How the site gets at the district's store, which a first merge replaces.
struct StoreAccess: Sendable {
    /// The district's folder, which no answer names.
    var folder: String
    var open: @Sendable () throws -> DistrictStore
    /// The name of the town with a code; the code itself when the district has no such town.
    var town: @Sendable (String) -> String
}
