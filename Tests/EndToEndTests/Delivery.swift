// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// A town's file among many in one district, and what is to become of it.
struct Delivery {
    enum Fate {
        /// One sentence that holds these words, and nothing of the file.
        case refused([String])
        /// Taken but for these records; every other one is on the map.
        case merged(rejected: Int, of: Int)
        /// Either of both, as long as the balance holds.
        case any
    }

    var path: String
    /// What else its source says in `district.yaml`, from the comma on.
    var more = ""
    var layer = "buildings"
    var fate: Fate

    static func refused(_ path: String, _ words: String..., more: String = "", layer: String = "buildings") -> Delivery
    {
        Delivery(path: path, more: more, layer: layer, fate: .refused(words))
    }
}

/// One merge of many deliveries beside a good one.
final class DeliveryRound {
    static let good = `Bad input to a merge`.good

    let fixture: DistrictFixture
    /// Where the program and its children keep what is only for the moment.
    let scratch: URL
    private let deliveries: [Delivery]

    init(_ deliveries: [Delivery], limits: String? = nil) throws {
        var lines = ["  - { id: good, town: \"310112108\", layer: buildings, path: maps/good.geojson }"]
        for (number, delivery) in deliveries.enumerated() {
            let path = "\"maps/\(delivery.path)\""
            lines.append(
                "  - { id: d\(number), town: \"310112108\", layer: \(delivery.layer), path: \(path)\(delivery.more) }")
        }
        fixture = try DistrictFixture(
            sources: lines.joined(separator: "\n") + "\n" + (limits.map { "limits: \($0)\n" } ?? ""))
        self.deliveries = deliveries
        scratch = FileManager.default.temporaryDirectory.appendingPathComponent("round-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        try fixture.write(Self.good, to: "maps/good.geojson")
    }

    deinit {
        try? FileManager.default.removeItem(at: scratch)
    }

    /// Where a file of the deliveries lies.
    func file(_ path: String) -> URL {
        fixture.directory.appendingPathComponent("maps").appendingPathComponent(path)
    }

    func write(_ text: String, to path: String) throws {
        try fixture.write(text, to: "maps/\(path)")
    }

    func write(_ data: Data, to path: String) throws {
        try fixture.write(data, to: "maps/\(path)")
    }

    /// Merges, and holds every delivery against its fate.
    @discardableResult
    func run(sourceLocation: SourceLocation = #_sourceLocation) throws -> DistrictFixture.Report {
        let result = try fixture.merge(["--json"], environment: ["TMPDIR": scratch.path])
        #expect(result.signal == nil && [0, 1].contains(result.status), "\(result)", sourceLocation: sourceLocation)
        #expect(result.errors.isEmpty, "\(result.errors)", sourceLocation: sourceLocation)
        let report = try JSONDecoder().decode(DistrictFixture.Report.self, from: Data(result.output.utf8))
        let isRefusing = deliveries.contains { if case .refused = $0.fate { true } else { false } }
        if isRefusing { #expect(result.status == 1, sourceLocation: sourceLocation) }
        #expect(try report.source("good").counts.accepted == 1, sourceLocation: sourceLocation)

        var rows = 1
        for (number, delivery) in deliveries.enumerated() {
            let source = try report.source("d\(number)")
            let counts = source.counts
            let taken = counts.accepted + counts.repaired
            let told = "\(delivery.path): \(source.outcome) \(counts) \(source.needs) \(source.notes)"
            switch delivery.fate {
            case .refused(let words):
                #expect(source.outcome == "quarantined", "\(told)", sourceLocation: sourceLocation)
                for word in words {
                    #expect(source.needs.first?.contains(word) == true, "\(told)", sourceLocation: sourceLocation)
                }
            case .merged(let rejected, let records):
                #expect(source.outcome == "merged", "\(told)", sourceLocation: sourceLocation)
                #expect(
                    counts.rejected == rejected && counts.read == records, "\(told)", sourceLocation: sourceLocation)
            case .any: break
            }
            if source.outcome == "merged" {
                #expect(
                    counts.read == taken + counts.rejected + counts.skipped, "\(told)", sourceLocation: sourceLocation)
                if delivery.layer == "buildings" { rows += taken }
            } else {
                // One sentence, and none of it a path of this machine.
                #expect(source.needs.count == 1 && counts.read == 0, "\(told)", sourceLocation: sourceLocation)
                let sentence = source.needs.first ?? ""
                #expect(sentence.hasSuffix(".") && !sentence.contains("\n"), "\(told)", sourceLocation: sourceLocation)
                #expect(sentence.count < 500, "\(told)", sourceLocation: sourceLocation)
                #expect(!sentence.contains(scratch.path), "\(told)", sourceLocation: sourceLocation)
            }
        }
        #expect(try fixture.query("SELECT count(*) FROM buildings") == ["\(rows)"], sourceLocation: sourceLocation)
        #expect(
            try fixture.query("SELECT count(*) FROM buildings WHERE geom IS NULL") == ["0"],
            sourceLocation: sourceLocation)
        let left = try FileManager.default.contentsOfDirectory(atPath: scratch.path)
        #expect(left.isEmpty, "\(left)", sourceLocation: sourceLocation)
        let own = try fixture.files().filter { !$0.hasPrefix("maps") && !$0.hasPrefix(".miaopu") }
        #expect(own == ["district.gpkg", "district.yaml"], sourceLocation: sourceLocation)
        return report
    }

    /// Everything that the merge wrote, as bytes that may be searched.
    func written() throws -> Data {
        var all = Data()
        for path in try fixture.files() where !path.hasPrefix("maps") {
            if let bytes = try? Data(contentsOf: fixture.directory.appendingPathComponent(path)) { all += bytes }
        }
        return all
    }
}
