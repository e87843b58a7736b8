// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Testing
import TileMatrixSets

@testable import TileServing

@Suite struct RouteTests {
    private func kind(_ target: String) -> TileServingError.Kind? {
        do {
            _ = try Route(parsing: target)
            return nil
        } catch {
            return error.kind
        }
    }

    @Test func `A tile's address gives map, place and format`() throws {
        let png = try Route(parsing: "/tiles/district/12/3429/1675.png?v=1")
        guard case .tile(let tile) = png else {
            Issue.record("no tile: \(png)")
            return
        }
        #expect(tile.map == "district")
        #expect(tile.address == TileAddress(tileMatrix: 12, tileRow: 1675, tileColumn: 3429))
        #expect(tile.format == .png(scale: 1))
    }

    @Test(arguments: [
        ("/tiles/a/0/0/0@2x.png", TileFormat.png(scale: 2)), ("/tiles/a/0/0/0.mvt", .vector),
        ("/tiles/a/WebMercatorQuad/0/0/0.json", .record),
    ])
    func `The ending chooses the format`(target: String, format: TileFormat) throws {
        guard case .tile(let tile) = try Route(parsing: target) else {
            Issue.record("no tile")
            return
        }
        #expect(tile.format == format)
    }

    @Test(arguments: ["99", "25", "-1", "1e3", "+1", "%201", "01", "٣", "", "2147483648", "0x1", "1.0"])
    func `A zoom that is no number from 0 to 24 is malformed`(zoom: String) {
        #expect(kind("/tiles/a/\(zoom)/0/0.png") == .malformed)
    }

    @Test(arguments: ["-1", "1e3", "+0", "%200", "00", "٠", "a", "1.5"])
    func `A column or row that is no plain number is malformed`(number: String) {
        #expect(kind("/tiles/a/3/\(number)/0.png") == .malformed)
        #expect(kind("/tiles/a/3/0/\(number).png") == .malformed)
    }

    @Test(arguments: ["8", "9", "999999999", "1000000000", "99999999999999999999999"])
    func `A column or row outside its matrix is not found`(number: String) {
        #expect(kind("/tiles/a/3/\(number)/0.png") == .notFound)
        #expect(kind("/tiles/a/3/0/\(number).png") == .notFound)
    }

    @Test func `The last tile of the deepest matrix is there`() throws {
        #expect(kind("/tiles/a/24/16777215/16777215.png") == nil)
        #expect(kind("/tiles/a/24/16777216/0.png") == .notFound)
    }

    @Test(arguments: ["/tiles/a/0/0/0", "/tiles/a/0/0/0.gif", "/tiles/a/0/0/.png", "/tiles/a/0/0/0.png.png"])
    func `Another ending is malformed`(target: String) {
        #expect(kind(target) == .malformed)
    }

    @Test(arguments: [
        "/web/..", "/web/%2e%2e", "/web/%2E%2e", "/web/a%2fb", "/web/a%5Cb", "/web/%00", "/web/%c0%af", "/web/%ff",
        "/web/%zz", "/web/%4", "//health", "/web//viewer.js", "/plugins/flood/../water", "health", "",
        "http://other/health",
    ])
    func `A path that could climb or that is garbled is malformed`(target: String) {
        #expect(kind(target) == .malformed)
    }

    @Test(arguments: [
        "/health/", "/tiles", "/tiles/a", "/tiles/a/0/0.png", "/nothing", "/web/a/b", "/styles/.json", "/plugins",
        "/plugins/",
    ])
    func `What does not exist is not found`(target: String) {
        #expect(kind(target) == .notFound)
    }

    @Test func `An endless address is refused by its length`() {
        #expect(kind("/tiles/" + String(repeating: "a", count: 9000)) == .targetTooLong)
    }

    @Test func `An escaped name is a name`() throws {
        #expect(try Route(parsing: "/tiles/%E6%B2%B3.json") == .tileJSON(id: "河"))
    }

    @Test func `A plugin gets the rest of the path`() throws {
        #expect(try Route(parsing: "/plugins/flood/summary?x=1") == .plugin(id: "flood", path: "/summary"))
        #expect(try Route(parsing: "/plugins/flood/") == .plugin(id: "flood", path: "/"))
    }

    @Test func `The address of a feature's provenance takes an id as it is printed`() throws {
        let route = try Route(parsing: "/layers/towns/features/2147483649/provenance")
        #expect(route == .provenance(layer: "towns", feature: 2_147_483_649))
        for id in ["-1", "+1", "01", "1.0", "%31%30x", "9223372036854775808", "一"] {
            #expect(kind("/layers/towns/features/\(id)/provenance") == .malformed, "\(id)")
        }
        #expect(kind("/layers/towns/features/1") == .notFound)
        #expect(kind("/layers/towns/features//provenance") == .malformed)
    }
}
