// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGDAL
import Foundation

/// A file that GDAL has open, with one driver.
final class GDALDataset {
    let handle: GDALDatasetH
    let file: StagedFile

    /// - Throws: `FormatsError` when the file is not what its name says, or when
    ///   GDAL reports any failure.
    init(_ file: StagedFile, options: [String] = []) throws {
        GDALLibrary.prepare()
        self.file = file
        let errors = GDALErrors()
        let flags = UInt32(GDAL_OF_VECTOR) | UInt32(GDAL_OF_READONLY) | UInt32(GDAL_OF_VERBOSE_ERROR)
        let opened = errors.collect {
            withConstantCStringArray(file.format.drivers) { drivers in
                withConstantCStringArray(options) { options in GDALOpenEx(file.path, flags, drivers, options, nil) }
            }
        }
        guard let opened else {
            throw Self.refusal(file, errors.failures)
        }
        handle = opened
        if !errors.failures.isEmpty {
            // The file stays open until deinit, which runs on a throw as well.
            throw FormatsError(
                .damaged,
                "“\(file.name)” is damaged: \(GDALErrors.clause(errors.failures, folder: file.folder)).")
        }
    }

    deinit { GDALClose(handle) }

    private static func refusal(_ file: StagedFile, _ failures: [String]) -> FormatsError {
        if let exhaustion = GDALErrors.exhaustion(failures, reading: file.name) { return exhaustion }
        if failures.contains(where: { $0.contains("not recognized as a supported file format") }) {
            return FormatsError(
                .unrecognised,
                file.format == .geoPackage
                    ? "“\(file.name)” is a GeoPackage without a layer of features."
                    : "“\(file.name)” is damaged, or not a \(file.format.title) file.")
        }
        let clause = GDALErrors.clause(failures, folder: file.folder)
        return FormatsError(.unrecognised, "“\(file.name)” cannot be read as \(file.format.title): \(clause).")
    }

    /// How many layers GDAL sees.
    var layerCount: Int { Int(GDALDatasetGetLayerCount(handle)) }

    /// A layer of the file; it lives as long as the dataset.
    func layer(_ index: Int) -> OGRLayerH? {
        GDALDatasetGetLayer(handle, Int32(index))
    }

    /// Runs a statement in the file's own dialect, and gives the first integer of
    /// the first row; nil when it fails.
    func integer(_ statement: String) -> Int? {
        GDALErrors().collect {
            guard let result = GDALDatasetExecuteSQL(handle, statement, nil, nil) else { return nil }
            defer { GDALDatasetReleaseResultSet(handle, result) }
            guard let feature = OGR_L_GetNextFeature(result) else { return nil }
            defer { OGR_F_Destroy(feature) }
            return Int(OGR_F_GetFieldAsInteger64(feature, 0))
        }
    }
}
