// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import SimpleFeatures

extension LayerManifest {
    /// Fields of a file that nothing takes and that look like fields of the layer
    /// which nothing fills, one sentence each.
    ///
    /// - Parameters:
    ///   - left: names of the fields that nothing takes.
    ///   - origins: where the fields that are filled come from.
    func candidates(among left: [String], besides origins: [SourceRecord.FieldOrigin]) -> [String] {
        var filled = Set(origins.map(\.field))
        return left.compactMap { name in
            guard let field = field(matching: name)?.field.name, filled.insert(field).inserted else { return nil }
            return "“\(name)” of the file, which no mapping takes, looks like \(field), which nothing fills."
        }
    }
}
