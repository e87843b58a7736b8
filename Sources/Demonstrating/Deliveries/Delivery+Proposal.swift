// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Formats
import SimpleFeatures

extension Delivery {
    /// The source in `district.yaml`.
    func proposal(isFirst: Bool) -> SourceProposal {
        var source = SourceProposal(
            id: "\(town.slug)-\(layer)", town: Proposal(town.code), layer: Proposal(layer), path: path,
            crs: declaredPlane, asOf: Proposal(habit.asOf), authority: habit.authority,
            notes: isFirst ? [habit.note] : [])
        if case .beijing54 = habit.plane { source.fittedFrom = "EPSG:2437" }
        if habit.declaresEncoding, [.shapefile, .csv, .mapInfo].contains(format) {
            source.encoding = Proposal(habit.encoding)
        }
        if isTable { (source.from.x, source.from.y) = positionColumns }
        guard format != .dxf else { return source }
        for field in DemoTruth.fields(of: layer) {
            let isGround = field.unit == "m²" && field.name != "floor_m2"
            source.fields.append(
                .init(
                    field.name, from: habit.dialect.name(of: field.name, in: layer),
                    unit: isGround ? habit.dialect.areaUnit : nil))
            let pairs = (words[field.name] ?? [:]).filter { $0.key != $0.value }.sorted { $0.key < $1.key }
            if !pairs.isEmpty {
                source.values.append((field.name, pairs.map { .init($0.value, means: $0.key) }))
            }
        }
        return source
    }

    /// What `district.yaml` says of the plane; nil where the file does.
    private var declaredPlane: Proposal? {
        // A GeoPackage says its own; tables and drawings cannot.
        guard habit.declaresPlane, !(habit.format == .geoPackage && format == .geoPackage) else { return nil }
        switch habit.plane {
        case .register(let name): return Proposal(name)
        case .gcj02: return Proposal("GCJ-02")
        case .bd09: return Proposal("BD-09")
        case .beijing54, .local: return Proposal("fit:maps/\(town.slug)/control.csv")
        }
    }
}
