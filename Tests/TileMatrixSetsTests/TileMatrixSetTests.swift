// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing
import TileMatrixSets

/// A position as an envelope without extent.
private func spot(_ x: Double, _ y: Double) -> TileEnvelope {
    TileEnvelope(minX: x, minY: y, maxX: x, maxY: y)
}

@Suite struct TileMatrixSetTests {
    @Test func `WebMercatorQuad has the numbers of the standard`() {
        let set = TileMatrixSet.webMercatorQuad
        #expect(set.tileMatrices.count == 25)
        #expect(abs(set.tileMatrices[0].scaleDenominator - 559_082_264.028717) < 1e-5)
        #expect(abs(set.tileMatrices[0].cellSize - 156_543.033928041) < 1e-8)
        #expect(set.tileMatrices[24].matrixWidth == 16_777_216)
        #expect(set.envelope.maxX == 20_037_508.342789244)
    }

    @Test func `a point of Xinzhuang lies in the tiles that are published for it`() {
        // 121.3817° E, 31.1128° N; the Mercator metres by the spherical formula.
        let x = 121.3817 * .pi / 180 * 6_378_137
        let y = log(tan(.pi / 4 + 31.1128 * .pi / 360)) * 6_378_137
        let web = TileMatrixSet.webMercatorQuad
        #expect(Array(web.tiles(covering: spot(x, y), tileMatrix: 12)) == [TileAddress(z: 12, x: 3429, y: 1675)])
        #expect(Array(web.tiles(covering: spot(x, y), tileMatrix: 16)) == [TileAddress(z: 16, x: 54864, y: 26803)])
        let degrees = TileMatrixSet.cgcs2000Quad
        for (id, column, row) in [("12", 3429, 670), ("16", 54864, 10720)] {
            let matrix = degrees.tileMatrix(id: id) ?? -1
            let tiles = Array(degrees.tiles(covering: spot(121.3817, 31.1128), tileMatrix: matrix))
            #expect(tiles == [TileAddress(tileMatrix: matrix, tileRow: row, tileColumn: column)])
        }
        #expect(degrees.tileMatrices[0].cellSize == 0.703125)
        #expect(abs(degrees.tileMatrices[0].scaleDenominator - 279_541_132.014) < 1e-3)
    }

    @Test func `addresses outside the set are refused`() {
        let set = TileMatrixSet.webMercatorQuad
        #expect(TileAddress(validating: 3, tileRow: 7, tileColumn: 7, in: set) != nil)
        for (z, row, column) in [(3, 8, 0), (3, 0, 8), (3, -1, 0), (3, 0, -1), (25, 0, 0), (-1, 0, 0), (99, 0, 0)] {
            #expect(TileAddress(validating: z, tileRow: row, tileColumn: column, in: set) == nil)
        }
        #expect(set.envelope(of: TileAddress(z: 99, x: 0, y: 0)).isEmpty)
    }

    @Test func `neighbours share their border to the last bit`() {
        for set in TileMatrixSet.known {
            for matrix in [1, 7, set.tileMatrices.count - 1] {
                for index in [0, 1, 2] {
                    let tile = set.envelope(of: TileAddress(tileMatrix: matrix, tileRow: index, tileColumn: index))
                    let east = set.envelope(of: TileAddress(tileMatrix: matrix, tileRow: index, tileColumn: index + 1))
                    let south = set.envelope(of: TileAddress(tileMatrix: matrix, tileRow: index + 1, tileColumn: index))
                    #expect(tile.maxX == east.minX)
                    #expect(tile.minY == south.maxY)
                }
            }
        }
    }

    @Test func `a tile's own envelope is covered by that tile alone`() {
        for set in TileMatrixSet.known {
            for (matrix, row, column) in [(0, 0, 0), (5, 3, 9), (12, 670, 3429), (17, 20_000, 90_001)] {
                let address = TileAddress(tileMatrix: matrix, tileRow: row, tileColumn: column)
                #expect(Array(set.tiles(covering: set.envelope(of: address), tileMatrix: matrix)) == [address])
            }
        }
    }

    @Test func `ranges are cut at the edge of the matrix`() {
        let set = TileMatrixSet.webMercatorQuad
        let all = set.tiles(covering: TileEnvelope(minX: -1e9, minY: -1e9, maxX: 1e9, maxY: 1e9), tileMatrix: 3)
        #expect(all.count == 64 && Array(all).count == 64 && all.rows == 0..<8)
        let infinite = TileEnvelope(minX: -.infinity, minY: -.infinity, maxX: .infinity, maxY: .infinity)
        #expect(set.tiles(covering: infinite, tileMatrix: 2).count == 16)
        #expect(set.tiles(covering: spot(3e7, 0), tileMatrix: 5).isEmpty)
        #expect(set.tiles(covering: spot(.nan, 0), tileMatrix: 5).isEmpty)
        #expect(set.tiles(covering: TileEnvelope(minX: 1, minY: 0, maxX: 0, maxY: 0), tileMatrix: 5).isEmpty)
        #expect(set.tiles(covering: spot(0, 0), tileMatrix: 25).isEmpty)
        #expect(Array(set.tiles(covering: spot(3e7, 0), tileMatrix: 5)).isEmpty)
    }

    @Test func `rows that are counted northwards cover the same ground`() throws {
        var set = TileMatrixSet.worldCRS84Quad
        set.tileMatrices = set.tileMatrices.map {
            var matrix = $0
            matrix.cornerOfOrigin = .bottomLeft
            matrix.originY = -90
            return matrix
        }
        let spot = spot(121.3817, 31.1128)
        let south = Array(TileMatrixSet.worldCRS84Quad.tiles(covering: spot, tileMatrix: 10))[0]
        let north = Array(set.tiles(covering: spot, tileMatrix: 10))[0]
        #expect(north.tileRow == 1023 - south.tileRow)
        #expect(set.envelope(of: north).minX == TileMatrixSet.worldCRS84Quad.envelope(of: south).minX)
        #expect(abs(set.envelope(of: north).minY - TileMatrixSet.worldCRS84Quad.envelope(of: south).minY) < 1e-9)
    }

    @Test func `children have their parent`() {
        for set in TileMatrixSet.known {
            let address = TileAddress(tileMatrix: 4, tileRow: 5, tileColumn: 6)
            let children = set.children(of: address)
            #expect(children.count == 4)
            for child in children { #expect(set.parent(of: child) == address) }
            #expect(set.parent(of: TileAddress(tileMatrix: 0, tileRow: 0, tileColumn: 0)) == nil)
            let deepest = TileAddress(tileMatrix: set.tileMatrices.count - 1, tileRow: 0, tileColumn: 0)
            #expect(set.children(of: deepest).isEmpty)
        }
        var set = TileMatrixSet.webMercatorQuad
        set.tileMatrices[3].cellSize *= 1.1
        #expect(set.parent(of: TileAddress(z: 4, x: 0, y: 0)) == nil)
    }

    @Test func `the zoom of styles follows the scale`() {
        #expect(TileMatrixSet.webMercatorQuad.webMercatorZoom(ofTileMatrix: 13) == 13)
        // Level 1 of the degree grid has two tiles, as level 1 of the square one.
        #expect(TileMatrixSet.cgcs2000Quad.webMercatorZoom(ofTileMatrix: 11) == 12)
        #expect(TileMatrixSet.webMercatorQuad.webMercatorZoom(ofTileMatrix: 25) == nil)
    }
}

@Suite struct TileMatrixSetJSONTests {
    @Test func `known sets come back from their JSON`() throws {
        for set in TileMatrixSet.known {
            let json = try set.json()
            #expect(try TileMatrixSet(json: json) == set)
            #expect(try TileMatrixSet(json: json).json() == json)
        }
    }

    @Test func `the origin is written in the order of the axes`() throws {
        let text = String(decoding: try TileMatrixSet.cgcs2000Quad.json(), as: UTF8.self)
        #expect(text.contains("\"pointOfOrigin\":[90,-180]"))
        #expect(text.contains("\"crs\":\"http://www.opengis.net/def/crs/EPSG/0/4490\""))
        #expect(String(decoding: try TileMatrixSet.worldCRS84Quad.json(), as: UTF8.self).contains("[-180,90]"))
    }

    private func document(_ matrix: String = "", crs: String = "\"EPSG:4549\"", extra: String = "") -> Data {
        let fields = matrix.isEmpty ? "\"scaleDenominator\": 4000, \"cellSize\": 1.12" : matrix
        return Data(
            """
            {"id": "grid", "crs": \(crs), "tileMatrices": [{"id": "a", \(fields), "cornerOfOrigin": "bottomLeft",
             "pointOfOrigin": [1000, 2000], "tileWidth": 512, "tileHeight": 256, "matrixWidth": 3, "matrixHeight": 2
             \(extra)}]}
            """.utf8)
    }

    @Test func `a grid of one's own is read`() throws {
        let set = try TileMatrixSet(json: document())
        #expect(set.crs == "EPSG:4549")
        #expect(set.tileMatrices[0].originX == 1000)
        #expect(
            set.envelope
                == TileEnvelope(minX: 1000, minY: 2000, maxX: 1000 + 3 * 512 * 1.12, maxY: 2000 + 2 * 256 * 1.12))
        for crs in ["\"urn:ogc:def:crs:EPSG::4549\"", "{\"uri\": \"http://www.opengis.net/def/crs/EPSG/0/4549\"}"] {
            #expect(try TileMatrixSet(json: document(crs: crs)).crs == "EPSG:4549")
        }
        // Without orderedAxes, a system with latitude first says so itself.
        #expect(try TileMatrixSet(json: document(crs: "\"EPSG:4490\"")).tileMatrices[0].originX == 2000)
    }

    @Test func `what cannot be drawn is refused with its place`() throws {
        func message(_ data: Data) -> String {
            do {
                _ = try TileMatrixSet(json: data)
                return ""
            } catch { return error.description }
        }
        #expect(message(Data("[".utf8)) == "tile matrix set: the text is no JSON.")
        #expect(message(Data("{}".utf8)).contains("“crs” is missing"))
        #expect(
            message(document("\"scaleDenominator\": 4000, \"cellSize\": 0"))
                == "grid, matrix a: cellSize must be a positive number.")
        #expect(message(document("\"scaleDenominator\": 4000")).contains("“cellSize” is missing"))
        let variable = ", \"variableMatrixWidths\": [{\"coalesce\": 2, \"minTileRow\": 0, \"maxTileRow\": 0}]"
        #expect(message(document(extra: variable)).contains("variableMatrixWidths is not drawn"))
        #expect(
            message(Data("{\"id\": \"x\", \"crs\": \"EPSG:1\", \"tileMatrices\": []}".utf8)).contains(
                "1 to 64 are accepted"))
    }
}
