// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Seams
import SimpleFeatures

// seams saw TEETH        two towns, a gap or an overlap for every tooth
// seams repair IN OUT    a GeoJSON collection of areas in metres on the millimetre
//                        grid, with the properties id, owner, authority, protected
//
// One line of JSON with what was found and how long it took, without reading and
// writing.

func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

/// The most memory that the process held so far, in megabytes.
func peakMemory() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
}

func saw(_ teeth: Int) -> [CoverageFeature] {
    func polygon(_ points: [(Double, Double)]) -> Geometry {
        let ring = (points + points.prefix(1)).map { Coordinate(x: $0.0, y: $0.1) }
        return .polygon(Polygon(LinearRing(ring)))
    }
    let end = Double(teeth)
    let edge = (0...teeth).map { (Double($0), $0 % 2 == 0 ? 10.02 : 9.98) }
    return [
        CoverageFeature(id: 1, owner: 1, authority: 1, geometry: polygon(edge + [(end, 30), (0, 30)])),
        CoverageFeature(id: 2, owner: 2, geometry: polygon([(0, 0), (end, 0), (end, 10), (0, 10)])),
    ]
}

func features(_ file: String) throws -> [CoverageFeature] {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    guard let root = try JSONSerialization.jsonObject(with: bytes) as? [String: Any],
        let list = root["features"] as? [[String: Any]]
    else { return [] }
    return list.compactMap { item in
        guard let properties = item["properties"] as? [String: Any], let shape = item["geometry"] as? [String: Any],
            let rings = shape["coordinates"] as? [[[Double]]]
        else { return nil }
        func whole(_ key: String) -> Int { (properties[key] as? NSNumber)?.intValue ?? 0 }
        let lines = rings.map { ring in
            LinearRing(ring.map { Coordinate(x: ($0[0] * 1000).rounded() / 1000, y: ($0[1] * 1000).rounded() / 1000) })
        }
        guard let shell = lines.first else { return nil }
        let polygon = Polygon(shell, interiorRings: Array(lines.dropFirst()))
        return CoverageFeature(
            id: Int64(whole("id")), owner: Int64(whole("owner")), authority: whole("authority"),
            isProtected: whole("protected") != 0, geometry: .polygon(polygon))
    }
}

func report(_ result: CoverageResult, seconds: Double) {
    let count = result.totals.reduce(0) { $0 + $1.count }
    let repaired = result.totals.filter { $0.outcome == .repaired }.reduce(0) { $0 + $1.count }
    // Why what is left is left, on standard error.
    for defect in result.defects {
        guard case .refused(let reason) = defect.outcome else { continue }
        let place = "\(defect.kind) \(defect.width) m wide at (\(defect.place.x), \(defect.place.y))"
        let line = "\(place): \(reason.rawValue), \(defect.detail)\n"
        FileHandle.standardError.write(Data(line.utf8))
    }
    say(
        #"{"seconds": \#(seconds), "defects": \#(count), "repaired": \#(repaired), "#
            + #""changed": \#(result.changed.count), "peak_mb": \#(peakMemory())}"#)
}

let words = CommandLine.arguments
let clock = ContinuousClock()
switch words.dropFirst().first {
case "saw" where words.count == 3:
    let areas = saw(Int(words[2]) ?? 0)
    let start = clock.now
    let result = try CoverageSeams().repair(areas)
    report(result, seconds: (clock.now - start) / .seconds(1))
case "repair" where words.count == 4:
    let areas = try features(words[2])
    let start = clock.now
    let result = try CoverageSeams().repair(areas)
    let seconds = (clock.now - start) / .seconds(1)
    let after = areas.map { area in
        Feature(
            id: area.id, geometry: result.changed[area.id] ?? area.geometry,
            properties: ["owner": .integer(area.owner)])
    }
    try Data(GeoJSON.text(of: after).utf8).write(to: URL(fileURLWithPath: words[3]))
    report(result, seconds: seconds)
default:
    say("Use: seams saw TEETH | seams repair IN OUT")
    exit(2)
}
