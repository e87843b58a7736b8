// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Crypto
import Dispatch
import DistrictStores
import Districts
import Foundation
import Projections
import SimpleFeatures
import Snapshots
import Synchronization
import TileMatrixSets

/// Brings the layers of a district's store into snapshots for WebMercatorQuad.
///
/// A snapshot's file is named by all that decides its contents, so a layer is
/// cut once for each version of its data, and a file that is there is used as
/// it lies.
struct SnapshotCutting {
    /// One layer of the store, with its snapshot or why there is none.
    struct Layer {
        var overview: LayerOverview
        /// Names the contents; changes with them.
        var dataVersion: String
        var snapshot: Result<Snapshot, any Error>
        /// Features that have no place in Web Mercator.
        var unplaced = 0
    }

    /// Fields that every snapshot has after those of its layer: the name of the
    /// town that a feature came from, and the delivered file.
    static let provenance = [
        Field("miaopu_town", .text, titles: ["zh": "街镇", "en": "Town"]),
        Field("miaopu_source", .text, titles: ["zh": "来源文件", "en": "Source file"]),
    ]

    /// Raised whenever the same store would give another snapshot.
    private static let version = 2

    let district: District
    let folder: URL
    /// Called from several threads with one line about what is being done.
    var progress: @Sendable (String) -> Void = { _ in }

    init(_ district: District) {
        self.district = district
        folder = district.directory.appendingPathComponent(".miaopu/snapshots", isDirectory: true)
    }

    /// The snapshots of all layers that may be served, cut where there is none
    /// for the present data. Two layers are cut at a time.
    ///
    /// - Throws: what reading the store throws. What goes wrong with one layer
    ///   is that layer's result.
    func layers(of store: DistrictStore) throws -> [Layer] {
        let sources = try store.sources()
        let hidden = Set(district.access.hiddenLayers)
        let overviews = try (store.layers() + [store.issueLayer()]).filter { !hidden.contains($0.definition.id) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let results = Mutex([Layer?](repeating: nil, count: overviews.count))
        let next = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: min(2, overviews.count)) { _ in
            while true {
                let index = next.withLock { next in
                    next += 1
                    return next - 1
                }
                guard index < overviews.count else { return }
                let layer = self.layer(overviews[index], of: store, sources: sources)
                results.withLock { $0[index] = layer }
            }
        }
        let layers = results.withLock { $0 }.compactMap { $0 }
        removeAllBut(layers)
        return layers
    }

    private func layer(_ overview: LayerOverview, of store: DistrictStore, sources: [String: SourceRecord]) -> Layer {
        let dataVersion = dataVersion(overview, sources)
        let file = folder.appendingPathComponent("\(overview.definition.id)-\(dataVersion).snap")
        if let snapshot = try? Snapshot(mapping: file), snapshot.dataVersion == dataVersion {
            return Layer(overview: overview, dataVersion: dataVersion, snapshot: .success(snapshot))
        }
        var unplaced = 0
        let snapshot = Result {
            unplaced = try cut(overview, of: store, sources: sources, dataVersion: dataVersion, to: file)
            return try Snapshot(mapping: file)
        }
        return Layer(overview: overview, dataVersion: dataVersion, snapshot: snapshot, unplaced: unplaced)
    }

    /// Writes one layer's snapshot; gives the number of features that have no
    /// place in Web Mercator.
    private func cut(
        _ overview: LayerOverview, of store: DistrictStore, sources: [String: SourceRecord], dataVersion: String,
        to file: URL
    ) throws -> Int {
        let id = overview.definition.id
        progress("Preparing \(id): \(overview.featureCount) features")
        var schema = overview.definition.schema
        let fieldCount = schema.fields.count
        schema.fields += Self.provenance
        let grid = try CoordinateReferenceSystem(parsing: district.grid.crs)
        // A cell of the snapshot is a centimetre wide; a straighter edge than that
        // cannot be drawn.
        var transform = GeometryTransform(
            try CoordinateTransform(from: grid, to: try CoordinateReferenceSystem(parsing: "EPSG:3857")),
            chordToleranceInMeters: 0.01, sourceEnvelope: overview.envelope)
        let towns = Dictionary(district.towns.map { ($0.code, $0.name) }) { first, _ in first }
        let builder = SnapshotBuilder(layer: id, schema: schema, tileMatrixSet: .webMercatorQuad)
        var unplaced = 0
        let hiddenLayers = Set(district.access.hiddenLayers)
        let layerOfIssue = id == IssueLayer.id ? schema.index(of: "layer") : nil
        try store.forEachFeature(in: id) { feature in
            let delivered = layerOfIssue == nil ? [] : Self.sourceIDs(feature.source)
            // A rule is about two layers.
            if delivered.contains(where: { sources[$0].map { hiddenLayers.contains($0.layer) } ?? false }) { return }
            // What was found in a layer says what is in it.
            if let layerOfIssue, case .text(let layer) = feature.value(at: layerOfIssue), hiddenLayers.contains(layer) {
                return
            }
            var geometry: Geometry?
            if !feature.geometry.isEmpty {
                let stored = try GeoPackageGeometry.decode(feature.geometry, limits: .trusted).geometry
                do {
                    geometry = try transform.apply(stored).geometry
                } catch {
                    unplaced += 1
                    return
                }
            }
            var values: [AttributeValue] = []
            values.reserveCapacity(fieldCount + 2)
            for index in 0..<fieldCount { values.append(feature.value(at: index)) }
            values.append(Self.text(feature.town) { towns[$0] ?? $0 })
            values.append(
                layerOfIssue == nil
                    ? Self.text(feature.source) { sources[$0]?.path ?? $0 }
                    : .text(delivered.map { sources[$0]?.path ?? $0 }.joined(separator: ", ")))
            try builder.add(SnapshotFeature(id: feature.id, geometry: geometry, values: values))
        }
        try builder.write(dataVersion: dataVersion, to: file)
        return unplaced
    }

    private static func text(_ value: AttributeValue, _ name: (String) -> String) -> AttributeValue {
        guard case .text(let text) = value else { return .null }
        return .text(name(text))
    }

    /// A seam has the ids of several sources, as a JSON list.
    private static func sourceIDs(_ value: AttributeValue) -> [String] {
        guard case .text(let text) = value else { return [] }
        return (try? JSONDecoder().decode([String].self, from: Data(text.utf8))) ?? [text]
    }

    /// Twelve hexadecimal digits of all that decides a snapshot's contents.
    private func dataVersion(_ overview: LayerOverview, _ sources: [String: SourceRecord]) -> String {
        let definition = overview.definition
        var digest = SHA256()
        func take(_ text: String) { digest.update(data: Data((text + "\u{0}").utf8)) }
        take(String(Self.version))
        take(district.grid.crs)
        take(definition.id)
        take(String(overview.dataVersion))
        take(definition.schema.geometryType.rawValue)
        for field in definition.schema.fields { take("\(field.name) \(field.type.rawValue)") }
        for (id, source) in sources.sorted(by: { $0.key < $1.key }) where source.layer == definition.id {
            take("\(id) \(source.fingerprint) \(source.path)")
        }
        if definition.id == IssueLayer.id { district.access.hiddenLayers.sorted().forEach(take) }
        for town in district.towns { take("\(town.code) \(town.name)") }
        return digest.finalize().prefix(6).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Takes away snapshots that nothing names any more. A server that still
    /// draws from one keeps it until it lets go.
    private func removeAllBut(_ layers: [Layer]) {
        let kept = Set(layers.map { "\($0.overview.definition.id)-\($0.dataVersion).snap" })
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        where name.hasSuffix(".snap") && !kept.contains(name) {
            try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
        }
    }
}
