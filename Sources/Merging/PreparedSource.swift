// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Crypto
import DistrictStores
import Districts
import Formats
import Foundation
import SimpleFeatures

/// A source with everything that decides its result, before its file is opened.
struct PreparedSource {
    let source: SourceDefinition
    let layer: LayerDefinition
    let job: SourceJob
    let fileHash: String
    let fingerprint: String

    /// Raised whenever the same input gives another result than before, so that
    /// stored sources are read again.
    private static let pipelineVersion = 2

    /// - Throws: `MergingError` of kind `.sourceRefused` when the file is not
    ///   there or the entry asks for what the layer does not have.
    init(_ source: SourceDefinition, in district: District, gridID: Int32) throws {
        guard let manifest = district.layers[source.layer] else {
            throw MergingError(.sourceRefused, "There is no layer “\(source.layer)”.")
        }
        self.source = source
        layer = LayerDefinition(manifest)
        let url = district.url(of: source.path)
        fileHash = try DeliveredFiles(of: url, called: source.path).hash()

        var job = SourceJob(source, manifest, in: district, gridID: gridID)
        var digest = SHA256()
        func add(_ text: String) { digest.update(data: Data("\(text.utf8.count):\(text)".utf8)) }
        add(fileHash)
        if case .fit(let path, _)? = source.crs, let points = district.controlPoints(of: source) {
            guard let data = try? Data(contentsOf: points) else {
                throw MergingError(
                    .sourceRefused,
                    "There is no file of control points “\(path)” that can be read; check `crs:` in district.yaml.")
            }
            digest.update(data: data)
            job.reference = .fitted(points: points.path, from: job.reference.projection)
        }
        add("\(Self.pipelineVersion)")
        add(source.town ?? "")
        add(source.asOf?.description ?? "")
        // Where the district lies on this machine does not decide the result.
        var portable = job
        portable.dataset.path = source.path
        if case .fitted(_, let from) = job.reference { portable.reference = .fitted(points: "", from: from) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        digest.update(data: try encoder.encode(portable))
        self.job = job
        fingerprint = digest.finalize().hexadecimal
    }
}

extension LayerDefinition {
    init(_ manifest: LayerManifest) {
        self.init(
            id: manifest.id, title: manifest.titles["zh"] ?? manifest.titles["en"] ?? manifest.id,
            schema: manifest.schema)
    }
}

extension SourceJob.Reference {
    fileprivate var projection: String? {
        if case .fitted(_, let from) = self { from } else { nil }
    }
}

extension SourceJob {
    fileprivate init(_ source: SourceDefinition, _ manifest: LayerManifest, in district: District, gridID: Int32) {
        let reference: Reference =
            switch source.crs {
            case nil: .fromFile
            case .named(let name): .declared(name)
            case .gcj02: .declared("GCJ-02")
            case .bd09: .declared("BD-09")
            case .fit(let points, let from): .fitted(points: points, from: from)
            }
        self.init(
            dataset: .init(source, in: district), reference: reference,
            refusesGCJ02: district.policy.gcj02 == .refuse, gridCRS: district.grid.crs,
            precision: district.grid.precision, gridID: gridID, geometryType: manifest.geometryType,
            tiles: manifest.tiles,
            key: (source.key ?? manifest.key).compactMap { name in
                manifest.fields.firstIndex { $0.field.name == name }
            }, fields: manifest.fields.map { FieldPlan($0, source, manifest) })
    }
}

extension SourceJob.FieldPlan {
    fileprivate init(_ field: LayerField, _ source: SourceDefinition, _ manifest: LayerManifest) {
        let mapping = source.fields[field.field.name]
        self.init(
            field: Field(field.field.name, field.field.type), from: mapping?.from,
            sourceUnit: mapping?.unit?.symbol, targetUnit: field.unit?.symbol,
            codes: source.values[field.field.name] ?? [:],
            allowedCodes: manifest.codeList(of: field)?.codes.map(\.value))
    }
}
