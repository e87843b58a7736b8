// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Formats

/// Files of which a few bytes were changed at random. `MIAOPU_LONG=1` tries a
/// thousand of each format.
@Suite("Whatever is done to a file, it is read with a balance or refused", .enabled(if: executable != nil))
struct MutantTests {
    struct Seed: Sendable, CustomStringConvertible {
        var file: String
        /// Which of the files that were written is changed.
        var changed: [String]
        var description: String { file }
    }

    static let seeds = [
        Seed(file: "a.shp", changed: ["a.shp", "a.dbf", "a.shx"]), Seed(file: "a.geojson", changed: ["a.geojson"]),
        Seed(file: "a.gpkg", changed: ["a.gpkg"]), Seed(file: "a.kml", changed: ["a.kml"]),
        Seed(file: "a.dxf", changed: ["a.dxf"]), Seed(file: "a.fgb", changed: ["a.fgb"]),
        Seed(file: "a.tab", changed: ["a.tab", "a.dat", "a.map", "a.id"]),
        Seed(file: "a.mif", changed: ["a.mif", "a.mid"]),
        Seed(file: "a.xlsx", changed: ["a.xlsx"]), Seed(file: "a.csv", changed: ["a.csv"]),
    ]

    @Test("mutants", arguments: seeds)
    func mutants(seed: Seed) throws {
        let folder = try TemporaryFolder()
        let format = try #require(FileFormat(fileExtension: String(seed.file.dropFirst(2))))
        let options = WritingOptions(
            format, crs: "EPSG:4326", encoding: "GBK", isMIF: seed.file.hasSuffix("mif"), xColumn: "lon", yColumn: "lat"
        )
        try DatasetWriter.write(
            Samples.buildings(30), schema: Samples.schema, to: folder.file(seed.file), options: options)
        let originals = try seed.changed.map { ($0, try folder.bytes($0)) }
        var generator = SeededGenerator(seed: 20_261_124)
        var deaths = 0
        let count = isLong ? 1000 : 25
        for number in 0..<count {
            for (name, bytes) in originals { try folder.write(bytes, to: name) }
            let (name, bytes) = originals[number % originals.count]
            var mutant = bytes
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let place = Int.random(in: 0..<mutant.count, using: &generator)
                mutant[place] = UInt8.random(in: 0...255, using: &generator)
            }
            try folder.write(mutant, to: name)
            do {
                let limits = ChildLimits(cpuSeconds: 10, wallSeconds: 30, addressSpaceBytes: 1 << 30)
                for layer in try inspect(folder.file(seed.file), limits: limits).layers {
                    guard let balance = layer.balance else { continue }
                    #expect(balance.declared ?? balance.total == balance.total)
                    #expect(layer.withoutGeometry == 0 || balance.read > layer.withoutGeometry || format != .shapefile)
                    // A vertex may have gone anywhere, but not nowhere.
                    #expect(layer.extent.map { [$0.minX, $0.maxX, $0.minY, $0.maxY].allSatisfy(\.isFinite) } ?? true)
                }
            } catch let error as FormatsError {
                #expect(error.description.hasSuffix("."), "\(error)")
                if error.description.contains("the process that read it crashed") {
                    deaths += 1
                    print("mutant \(number) of \(seed.file): \(error)")
                }
            }
        }
        // GDAL may fall over one in a hundred; nobody but its child notices.
        #expect(deaths * 100 <= max(100, count), "\(deaths) of \(count) readers died")
    }
}
