// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGDAL
import Foundation

/// What GDAL knows of the reference system of a file.
enum GDALReferenceSystem {
    /// The declaration, and a sentence when it is there but says nothing.
    static func declared(_ handle: OGRSpatialReferenceH?) -> (crs: DeclaredCRS?, note: String?) {
        guard let handle else { return (nil, nil) }
        let name = OSRGetName(handle).map { String(cString: $0) } ?? ""
        if OSRIsLocal(handle) != 0 || name.hasPrefix("Undefined") {
            return (nil, "The file names a plane of its own (“\(name)”), which does not say where on earth it lies.")
        }
        var code: String?
        if let authority = OSRGetAuthorityName(handle, nil), let number = OSRGetAuthorityCode(handle, nil) {
            code = "\(String(cString: authority)):\(String(cString: number))"
        }
        guard let wkt = wkt(handle) else {
            return code.map { (DeclaredCRS(authorityCode: $0, wkt: $0), nil) } ?? (nil, nil)
        }
        return (DeclaredCRS(authorityCode: code, wkt: wkt), nil)
    }

    private static func wkt(_ handle: OGRSpatialReferenceH) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        let code = withConstantCStringArray(["FORMAT=WKT2_2019"]) { OSRExportToWktEx(handle, &text, $0) }
        defer { VSIFree(text) }
        guard code == OGRERR_NONE, let text else { return nil }
        let definition = String(cString: text)
        return definition.isEmpty ? nil : definition
    }

    /// The reference system that a text, such as that of a `.prj`, defines, with
    /// the text as its definition; nil when it defines none.
    static func declared(definition text: String) -> DeclaredCRS? {
        GDALErrors().collect {
            guard let handle = OSRNewSpatialReference(nil) else { return nil }
            defer { OSRDestroySpatialReference(handle) }
            guard withCStringArray([text], { OSRImportFromESRI(handle, $0) }) == OGRERR_NONE,
                var crs = declared(handle).crs
            else { return nil }
            crs.wkt = text
            return crs
        }
    }
}
