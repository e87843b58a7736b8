// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Projections
import SimpleFeatures

/// Which plane suits the places that a folder's files cover.
struct GridProposal {
    let crs: String
    let reason: String

    /// - Parameter envelope: where the data lie, in degrees; empty when no file
    ///   says where it lies.
    init(for envelope: Envelope) {
        guard !envelope.isEmpty else {
            crs = "EPSG:4549"
            reason = "No file says where on earth it lies; this is CGCS2000 at the meridian 120° E. Correct it."
            return
        }
        let center = envelope.center
        // Where China's own zones are defined: 75° E to 135° E.
        if (73.5...136.5).contains(center.x), (16.5...54).contains(center.y) {
            let meridian = min(max(Int((center.x / 3).rounded()) * 3, 75), 135)
            crs = "EPSG:\(4534 + (meridian - 75) / 3)"
            reason = "CGCS2000 in the three-degree zone of \(meridian)° E, where the middle of the data lies."
                + Self.warning(envelope)
        } else {
            let zone = min(max(Int(((center.x + 180) / 6).rounded(.down)) + 1, 1), 60)
            crs = "EPSG:\((center.y >= 0 ? 32600 : 32700) + zone)"
            reason = "UTM zone \(zone)\(center.y >= 0 ? "N" : "S"), where the middle of the data lies."
                + Self.warning(envelope)
        }
    }

    /// The widest stretch, in degrees, that one zone is drawn over without a word.
    private static let widest = 9.0

    /// A sentence when the data reach too far for one plane.
    private static func warning(_ envelope: Envelope) -> String {
        let width = Int((envelope.maxX - envelope.minX).rounded())
        return envelope.maxX - envelope.minX <= widest
            ? "" : " The data reach over \(width)° of longitude: what lies more than 3° outside of the zone is refused."
    }

    /// Where a layer lies, in degrees; empty when its reference system is not
    /// known or has no place on earth.
    static func degrees(of extent: Envelope?, in definition: String?) -> Envelope {
        guard let extent, !extent.isEmpty, let definition,
            let crs = try? CoordinateReferenceSystem(parsing: definition)
        else { return .empty }
        let isPlausible = { (box: Envelope) in
            abs(box.minX) <= 180 && abs(box.maxX) <= 180 && abs(box.minY) <= 90 && abs(box.maxY) <= 90
        }
        if crs.isGeographic { return isPlausible(extent) ? extent : .empty }
        guard let transform = try? CoordinateTransform(from: crs, to: .crs84),
            let low = try? transform.transform(Coordinate(x: extent.minX, y: extent.minY)),
            let high = try? transform.transform(Coordinate(x: extent.maxX, y: extent.maxY))
        else { return .empty }
        var box = Envelope.empty
        box.expand(toContain: low)
        box.expand(toContain: high)
        return isPlausible(box) ? box : .empty
    }
}
