// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Formats
import Foundation
import Projections
import SimpleFeatures
import Verdicts

/// Which reference system a source is in, who said so, and how positions come
/// from there onto the grid.
struct ReferenceResolution {
    let transform: CoordinateTransform
    let name: String
    /// `declared`, `file`, `fit` or `inferred`.
    let origin: String
    let notes: [String]
    /// The system whose area of use the source's own coordinates are held
    /// against; nil for a plane that only control points describe.
    let sourceCRS: CoordinateReferenceSystem?
    /// Whether the file counts north first, by a person's word.
    let swapsAxes: Bool

    /// - Parameter verdict: what the ground says, where it was asked.
    /// - Throws: `MergingError` of kind `.sourceRefused` when nothing says where
    ///   the source lies, the ground contradicts what is said, or no allowed
    ///   transformation leads from there to the grid; `ProjectionsError` with the
    ///   same meaning.
    init(_ job: SourceJob, layer: LayerDescription, grid: DistrictGrid, verdict: ReferenceVerdict?) throws {
        let doubts = try verdict.map { try Self.doubts(in: $0, job) } ?? []
        if let measured = try MeasuredReference(job.reference, to: grid.crs) {
            transform = measured.transform
            name = measured.name
            origin = measured.transform.fit == nil ? "declared" : "fit"
            sourceCRS = measured.source
            swapsAxes = measured.axes == .northFirst
            notes = Self.notes(on: measured.transform.fit) + doubts
        } else if case .declared(let definition, let axes) = job.reference {
            let source = try CoordinateReferenceSystem(parsing: definition)
            try Self.refuseDistorted(source, job)
            transform = try Self.transform(from: source, layer, grid, axes: axes ?? .eastFirst)
            name = axes == .northFirst ? "\(definition), north first" : definition
            origin = "declared"
            sourceCRS = source
            swapsAxes = axes == .northFirst
            notes = (try Self.contradiction(of: source, layer).map { [$0] } ?? []) + doubts
        } else {
            let inferred = layer.crs == nil ? verdict?.inferred : nil
            let source = try inferred?.system ?? Self.systemOfFile(layer, verdict)
            try Self.refuseDistorted(source, job)
            transform = try Self.transform(from: source, layer, grid)
            name = source.authorityCode ?? source.name
            origin = inferred == nil ? "file" : "inferred"
            sourceCRS = source
            swapsAxes = false
            notes = (inferred.map { [$0.sentence] } ?? []) + doubts
        }
    }

    /// Of the file's own numbers; degrees are taken along the equator, which is
    /// near enough for a limit.
    var metresPerUnit: Double {
        guard let sourceCRS else { return 1 }
        return sourceCRS.isGeographic ? 111_320 : sourceCRS.unit.factor
    }

    private static func refuseDistorted(_ source: CoordinateReferenceSystem, _ job: SourceJob) throws {
        guard source.isDistorted, job.refusesGCJ02 else { return }
        throw MergingError(
            .sourceRefused,
            "\(source.name) is refused by this district's policy; ask for CGCS2000 coordinates.")
    }

    private static func transform(
        from source: CoordinateReferenceSystem, _ layer: LayerDescription, _ grid: DistrictGrid,
        axes: AxisOrder = .eastFirst
    ) throws -> CoordinateTransform {
        // Only degrees tell by themselves where on earth the data lie.
        var area = source.isGeographic ? layer.extent : nil
        if axes == .northFirst { area = area?.withSwappedAxes }
        return try CoordinateTransform(from: source, to: grid.crs, areaOfInterest: area, axes: axes)
    }

    private static func systemOfFile(
        _ layer: LayerDescription, _ verdict: ReferenceVerdict?
    ) throws -> CoordinateReferenceSystem {
        guard let declared = layer.crs else {
            throw MergingError(
                .sourceRefused,
                "Neither district.yaml nor the file says which reference system “\(layer.name)” is in; "
                    + "add `crs:` to the source (EPSG:n, a PROJ string, GCJ-02, BD-09 or fit:FILE.csv)."
                    + (verdict?.hint ?? ""))
        }
        if let code = declared.authorityCode { return try CoordinateReferenceSystem(parsing: code) }
        if let identified = try CoordinateReferenceSystem(identifying: declared.wkt) { return identified }
        return try CoordinateReferenceSystem(parsing: declared.wkt)
    }

    /// A sentence when the file names another system than `district.yaml`.
    private static func contradiction(
        of declared: CoordinateReferenceSystem, _ layer: LayerDescription
    ) throws -> String? {
        guard let inFile = layer.crs, !inFile.isImpliedByFormat, let code = inFile.authorityCode,
            code != declared.authorityCode
        else { return nil }
        return "The file says \(code); district.yaml says \(declared.definition), which was used."
    }

    private static func notes(on fit: ControlPointFit?) -> [String] {
        guard let fit else { return [] }
        let check = fit.checkRMS.map { ", at check points \($0.rounded(toPlaces: 3)) m" } ?? ", no check points"
        return [
            "Fitted with \(fit.parameterCount) parameters to \(fit.residuals.count) control points: RMS \(fit.rms.rounded(toPlaces: 3)) m, largest residual "
                + "\(fit.maximum.rounded(toPlaces: 3)) m\(check)."
        ] + fit.warnings + fit.remarks
    }
}
