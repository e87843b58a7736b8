// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGDAL
import Foundation

/// GDAL as this process has it: few drivers, nothing from outside.
enum GDALLibrary {
    /// All that may be opened or written at all. Everything else, VRT and every
    /// service on a network among it, is taken out before the first file.
    private static let kept: Set<String> = [
        "ESRI Shapefile", "GeoJSON", "GeoJSONSeq", "GPKG", "OpenFileGDB", "LIBKML", "KML", "MapInfo File", "DXF",
        "CSV", "XLSX", "FlatGeobuf", "OSM", "Memory", "PGeo", "ODBC",
    ]

    private static let settings = [
        // No drivers, formats or programs beside the library.
        "GDAL_DRIVER_PATH": "disable", "OGR_DRIVER_PATH": "disable", "GDAL_VRT_ENABLE_PYTHON": "NO",
        "GDAL_PYTHON_DRIVER_PATH": "", "OGR_SQLITE_LOAD_EXTENSIONS": "", "CPL_VSIL_CURL_HEADER_FILE_KVP_ENABLED": "NO",
        "GDAL_HTTP_MAX_RETRY": "0", "CPL_CURL_ENABLE_VSIMEM": "NO", "CPL_VSIL_USE_TEMP_FILE_FOR_RANDOM_WRITE": "NO",
        // No files beside the file.
        "GDAL_PAM_ENABLED": "NO", "SHAPE_RESTORE_SHX": "NO", "GDAL_NUM_THREADS": "1",
        // Only tables that the GeoPackage itself calls layers.
        "SQLITE_LIST_ALL_TABLES": "NO", "OGR_SQLITE_CACHE": "32",
        // Rather more memory than a file for every OSM extract.
        "OSM_MAX_TMPFILE_SIZE": "256", "OSM_USE_CUSTOM_INDEXING": "YES", "OSM_COMPRESS_NODES": "NO",
        "OGR_XLSX_HEADERS": "FORCE", "OGR_XLSX_FIELD_TYPES": "AUTO",
        // Messages go to our handler alone.
        "CPL_DEBUG": "OFF", "CPL_LOG_ERRORS": "OFF",
    ]

    private static let isReady: Bool = {
        for (name, value) in settings { CPLSetConfigOption(name, value) }
        GDALAllRegister()
        for index in (0..<GDALGetDriverCount()).reversed() {
            guard let driver = GDALGetDriver(index) else { continue }
            let name = GDALGetDriverShortName(driver).map { String(cString: $0) } ?? ""
            if !kept.contains(name) { GDALDeregisterDriver(driver) }
        }
        return true
    }()

    /// Call before anything else of GDAL.
    static func prepare() {
        _ = isReady
    }

    /// The names of the drivers that are left.
    static var driverNames: [String] {
        prepare()
        return (0..<GDALGetDriverCount()).compactMap { index in
            GDALGetDriver(index).flatMap { GDALGetDriverShortName($0) }.map { String(cString: $0) }
        }
    }
}

/// Lends strings to C as a null-terminated array.
func withCStringArray<Result>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) throws -> Result
) rethrows -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return try pointers.withUnsafeMutableBufferPointer { try body($0.baseAddress) }
}

/// The same for APIs that promise not to change it.
func withConstantCStringArray<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) throws -> Result
) rethrows -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    let pointers: [UnsafePointer<CChar>?] = copies.map { UnsafePointer($0) } + [nil]
    return try pointers.withUnsafeBufferPointer { try body($0.baseAddress) }
}
