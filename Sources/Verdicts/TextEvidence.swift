// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Projections
import SimpleFeatures

/// What the text that comes with a delivery says, in any of its spellings.
struct TextEvidence {
    /// The register's code where the text means one, else the text itself.
    let system: CandidateSystem?
    let notes: [String]

    init(_ claim: ReferenceClaim) {
        guard let text = claim.text else {
            system = nil
            notes = ["Nobody says which reference system it is in."]
            return
        }
        do {
            let parsed = try CoordinateReferenceSystem(parsing: text)
            let identified = try? CoordinateReferenceSystem(identifying: text)
            let crs = identified ?? parsed
            let name = crs.authorityCode ?? crs.name
            system = CandidateSystem(
                name: name, parsed: crs.definition, definition: crs.authorityCode ?? crs.definition)
            let isWKT = text.contains("[")
            notes = isWKT && crs.authorityCode != nil ? ["Its text “\(Self.name(of: text))” means \(crs)."] : []
        } catch {
            system = nil
            notes = ["What is said of its reference system cannot be used: \(error.description)"]
        }
    }

    /// For what control points or parameters place.
    init(placedBy name: String) {
        system = CandidateSystem(name: name, parsed: name, definition: nil)
        notes = []
    }

    private static func name(of wkt: String) -> String {
        wkt.split(separator: "\"").dropFirst().first.map { String($0.prefix(60)) } ?? "WKT"
    }
}
