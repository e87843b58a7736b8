// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGEOS
import SimpleFeatures

extension TopologyEngine {
    /// How wide an area is at its widest place: the diameter of the largest
    /// circle within, in units of the plane; 0 for an empty area.
    ///
    /// Stout areas are measured by `GEOSMaximumInscribedCircle`, whose time and
    /// memory grow with length over width; slender ones by how far they can be
    /// shrunk (`GEOSBuffer`) before nothing is left. Both are right to about one
    /// hundredth of the width.
    ///
    /// - Throws: `.malformed`, or `.library` over an invalid area.
    public func width(of area: Geometry) throws(TopologyError) -> Double {
        let object = try makeObject(area)
        let size = try context.number("area") { GEOSArea_r($0, object.pointer, $1) }
        let outline = try context.number("length") { GEOSLength_r($0, object.pointer, $1) }
        guard size > 0, outline > 0 else { return 0 }
        // A circle within has at most the area, and one of area over outline
        // always fits.
        let most = 2 * (size / .pi).squareRoot()
        let least = 2 * size / outline
        if most / least < 12 {
            let radius = try context.object("maximumInscribedCircle") {
                GEOSMaximumInscribedCircle_r($0, object.pointer, least / 200)
            }
            return 2 * (try context.number("length") { GEOSLength_r($0, radius.pointer, $1) })
        }
        var (fits, fails) = (least, most)
        while fails - fits > fits / 100 {
            let middle = (fits * fails).squareRoot()
            let rest = try context.object("buffer") { GEOSBuffer_r($0, object.pointer, -middle / 2, 8) }
            if try context.answer("isEmpty", { GEOSisEmpty_r($0, rest.pointer) }) { fails = middle } else { fits = middle }
        }
        return fits
    }

    /// The triangles of a polygon, with its own vertices as corners: Delaunay as
    /// far as its edges allow.
    ///
    /// - Throws: `.library` over an invalid polygon.
    public func triangles(of polygon: Polygon) throws(TopologyError) -> [Polygon] {
        let result = try unary("constrainedDelaunayTriangulation", .polygon(polygon)) {
            GEOSConstrainedDelaunayTriangulation_r($0, $1)
        }
        guard case .geometryCollection(let collection) = result else {
            if case .polygon(let triangle) = result { return [triangle] }
            return []
        }
        return collection.geometries.compactMap { if case .polygon(let triangle) = $0 { triangle } else { nil } }
    }
}
