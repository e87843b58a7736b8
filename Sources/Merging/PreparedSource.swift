// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Crypto
import DistrictStores
import Districts
import Formats
import Foundation
import Projections
import SimpleFeatures

/// A source with everything that decides its result, before its file is opened.
struct PreparedSource {
    let source: SourceDefinition
    let layer: LayerDefinition
    var job: SourceJob
    let fileHash: String
    let fingerprint: String
    /// What people have said of records without a key.
    let matches: MatchList

    /// Raised whenever the same input gives another result than before, so that
    /// stored sources are read again.
    private static let pipelineVersion = 6

    /// - Throws: `MergingError` of kind `.sourceRefused` when the file is not
    ///   there or the entry asks for what the layer does not have.
    ///
    /// - Parameter ground: stands for the ground that it is judged by; empty for
    ///   what is itself part of the ground.
    init(_ source: SourceDefinition, in district: District, gridID: Int32, ground: String = "") throws {
        guard let manifest = district.layers[source.layer] else {
            throw MergingError(.sourceRefused, "There is no layer “\(source.layer)”.")
        }
        self.source = source
        layer = LayerDefinition(manifest)
        let url = district.url(of: source.path)
        fileHash = try DeliveredFiles(of: url, called: source.path).hash()

        do {
            matches = try MatchList(of: source, in: district.directory)
        } catch {
            throw MergingError(.sourceRefused, error.mistakes.map(\.description).joined(separator: " "))
        }

        var job = SourceJob(source, manifest, in: district, gridID: gridID)
        var digest = SHA256()
        func add(_ text: String) { digest.update(data: Data("\(text.utf8.count):\(text)".utf8)) }
        add(fileHash)
        var slip = SourceJob.SlipContext(source: source.id, town: source.town, fileHash: fileHash)
        for path in source.corrections {
            let place = district.url(of: path)
            add(try DeliveredFiles(of: place, called: path).hash())
            slip.corrections.append(DatasetRequest(path: place.path, limits: job.dataset.limits))
        }
        job.slip = slip
        if case .fit(let fit)? = source.crs, case .fitted(var plan) = job.reference,
            let points = district.controlPoints(of: source)
        {
            guard let data = try? Data(contentsOf: points) else {
                throw MergingError(
                    .sourceRefused,
                    "There is no file of control points “\(fit.points)” that can be read; check `crs:` in district.yaml."
                )
            }
            digest.update(data: data)
            plan.points = points.path
            job.reference = .fitted(plan)
        }
        add("\(Self.pipelineVersion)")
        add(source.town ?? "")
        add(source.asOf?.description ?? "")
        add(ground)
        // What is not accepted decides nothing, and neither does the order.
        for entry in matches.accepted { add("match \(entry.feature) \(entry.was) \(entry.content)") }
        // Where the district lies on this machine does not decide the result.
        var portable = job
        portable.dataset.path = source.path
        portable.slip?.corrections = []
        if case .fitted(var fit) = job.reference {
            fit.points = ""
            portable.reference = .fitted(fit)
        }
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

extension SourceJob {
    fileprivate init(_ source: SourceDefinition, _ manifest: LayerManifest, in district: District, gridID: Int32) {
        let reference: Reference =
            switch source.crs {
            case nil: .fromFile
            case .named(let name): .declared(name, axes: nil)
            case .ordered(let name, let axes): .declared(name, axes: AxisOrder(axes))
            case .gcj02: .declared("GCJ-02", axes: nil)
            case .bd09: .declared("BD-09", axes: nil)
            case .fit(let fit): .fitted(.init(fit))
            case .helmert(let set):
                .shifted(
                    HelmertParameters(
                        x: set.x, y: set.y, z: set.z, rx: set.rx, ry: set.ry, rz: set.rz, ds: set.ds,
                        convention: RotationConvention(set.rotation)),
                    from: set.from, axes: set.axes.map(AxisOrder.init))
            }
        self.init(
            dataset: .init(source, in: district), reference: reference,
            refusesGCJ02: district.policy.gcj02 == .refuse, gridCRS: district.grid.crs,
            precision: district.grid.precision, gridID: gridID, geometryType: manifest.geometryType,
            tiles: manifest.tiles,
            key: (source.key ?? manifest.key).compactMap { name in
                manifest.fields.firstIndex { $0.field.name == name }
            }, fields: manifest.fields.map { FieldPlan($0, source, manifest) }, town: source.town)
        isReferenceChecked = source.isReferenceChecked
        if let field = source.from.address {
            addresses = AddressPlan(
                field: field, layer: district.addresses.layer, district: district.name,
                towns: Dictionary(district.towns.map { ($0.code, $0.name) }) { first, _ in first }, town: source.town)
            // The places come from the layer of addresses, which is on the grid.
            self.reference = .declared(district.grid.crs, axes: nil)
            dataset.ignoresPositions = true
        }
        registered = RegisteredAreas.Plan(manifest)
        heights = manifest.fields.indices.filter { manifest.fields[$0].isHeight }
        verticalDatum = source.verticalDatum ?? .unknown
        drawing = source.drawing.map(DrawingPlan.init)
        dataset.drawing = source.drawing.map {
            DrawingOptions(insertsArePoints: manifest.geometryType.dimension == 0, arcTolerance: $0.arcTolerance)
        }
    }
}

extension SourceJob.FieldPlan {
    fileprivate init(_ field: LayerField, _ source: SourceDefinition, _ manifest: LayerManifest) {
        let mapping = source.fields[field.field.name]
        self.init(
            field: Field(field.field.name, field.field.type), from: mapping?.from,
            sourceUnit: mapping?.unit?.symbol, targetUnit: field.unit?.symbol,
            codes: source.values[field.field.name] ?? [:],
            allowedCodes: manifest.codeList(of: field)?.codes.map(\.value), measure: field.measure)
    }
}

extension SourceJob.Fit {
    fileprivate init(_ declared: ControlPointDeclaration) {
        points = declared.points
        from = declared.from
        axes = declared.axes.map(AxisOrder.init)
        if case .seven(let sense) = declared.parameters { rotation = RotationConvention(sense) }
    }
}

extension RotationConvention {
    fileprivate init(_ declared: DeclaredRotation) {
        self = declared == .positionVector ? .positionVector : .coordinateFrame
    }
}

extension AxisOrder {
    fileprivate init(_ declared: DeclaredAxes) {
        self = declared == .eastFirst ? .eastFirst : .northFirst
    }
}
