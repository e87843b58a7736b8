// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

@testable import DistrictStores
@testable import TileServing

/// Where a feature came from, asked over a socket.
@Suite(.timeLimit(.minutes(2))) struct ProvenanceTests {
    private static func answer(_ port: Int, _ path: String) throws -> (head: String, body: String) {
        let connection = try RawConnection(port: port)
        try connection.send("GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        let whole = connection.readToEnd()
        let end = try #require(whole.range(of: "\r\n\r\n"))
        return (String(whole[..<end.lowerBound]), String(whole[end.upperBound...]))
    }

    private static func id(slot: Int64, row: Int64 = 1) -> Int64 { slot << 31 | row }

    @Test func `Town, file, row and steps are told and no values are`() async throws {
        try await RunningServer.serve { port in
            let found = try Self.answer(port, "/layers/towns/features/\(Self.id(slot: 1))/provenance")
            try RunningServer.check(found.head.hasPrefix("HTTP/1.1 200 "), found.head)
            let json = try JSONSerialization.jsonObject(with: Data(found.body.utf8)) as? NSDictionary
            try RunningServer.check(
                json == [
                    "layer": "towns", "feature": Self.id(slot: 1),
                    "attributes": [
                        [
                            "field": "name", "from": "名称", "source": "towns", "fromUnit": "亩", "unit": "m²",
                            "isCoded": true, "isAssigned": false, "isFromAuthority": false,
                        ]
                    ],
                    "sources": [
                        [
                            "id": "towns", "town": "莘庄镇", "file": "maps/towns.shp", "sha256": "0", "row": 1,
                            "asOf": "2026-06-30", "encoding": "GBK", "crs": "EPSG:4549", "crsOrigin": "declared",
                            "accuracyInMeters": 0.5, "steps": ["read", "fit of points.csv"],
                        ]
                    ],
                    "standsFor": [], "standsForCount": 0,
                ] as NSDictionary, found.body)
            try RunningServer.check(!found.body.contains("第1个"), found.body)
            let tag = try #require(found.head.firstMatch(of: /ETag: (".*?")/)?.output.1)
            let connection = try RawConnection(port: port)
            try connection.send(
                "GET /layers/towns/features/\(Self.id(slot: 1))/provenance HTTP/1.1\r\nHost: a\r\n"
                    + "If-None-Match: \(tag)\r\nConnection: close\r\n\r\n")
            try RunningServer.check(connection.readToEnd().hasPrefix("HTTP/1.1 304 "))
        }
    }

    @Test func `What is hidden, elsewhere or not there is not found, in the same words`() async throws {
        try await RunningServer.serve { port in
            let paths = [
                // There, and hidden.
                "/layers/secrets/features/\(Self.id(slot: 3))/provenance",
                // There, hidden, and asked for by the name of a layer that is shown.
                "/layers/towns/features/\(Self.id(slot: 3))/provenance",
                "/layers/towns/features/\(Self.id(slot: 2))/provenance",
                "/layers/towns/features/\(Self.id(slot: 1, row: 7))/provenance",
                "/layers/nothing/features/\(Self.id(slot: 1))/provenance",
            ]
            for path in paths {
                let found = try Self.answer(port, path)
                try RunningServer.check(found.head.hasPrefix("HTTP/1.1 404 "), "\(path) \(found.head)")
                try RunningServer.check(
                    found.body.contains("There is no merged feature of that id in a layer of that name."), found.body)
                try RunningServer.check(!found.body.contains("SHA") && !found.body.contains("maps/"), found.body)
            }
        }
    }

    @Test func `A value that another source answers for is told with that source`() throws {
        let district = try ServedDistrict()
        try district.merge(trees: 1)
        let store = try DistrictStore(opening: district.folder.appendingPathComponent("district.gpkg"))
        var tree = try store.feature(Self.id(slot: 2))
        tree.fromAuthority = [AuthorityValue(field: "name", source: "towns", row: 7, record: try store.sources()["towns"])]
        let origin = FeatureOrigin(tree, town: { "\($0)镇" }, sentence: PublicSentence(folders: []))
        #expect(origin.attributes.map(\.source) == ["towns"] && origin.attributes[0].isFromAuthority)
        #expect(origin.sources.map(\.file) == ["maps/trees.shp", "maps/towns.shp"])
        #expect(origin.sources.map(\.row) == [1, 7])
        // Gone from the table of sources, it is named all the same.
        tree.fromAuthority[0].record = nil
        let rest = FeatureOrigin(tree, town: { $0 }, sentence: PublicSentence(folders: []))
        #expect(rest.attributes.map(\.source) == ["towns"] && rest.sources.map(\.id) == ["trees"])
        // A code of the district is from no source.
        tree.assigned = AssignedCode(field: "name", code: "1", changeSet: 4)
        tree.merged = (1...51).map { .init(id: $0, source: "more", row: $0, kind: "twin") }
        let given = FeatureOrigin(tree, town: { $0 }, sentence: PublicSentence(folders: []))
        let code = given.attributes[0]
        #expect(code.isAssigned && code.assignedIn == 4 && code.source == nil)
        #expect(given.standsFor.count == 50 && given.standsForCount == 51)
    }
}
