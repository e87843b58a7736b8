// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Pixmaps
import TestSupport
import Testing

/// Pictures that a person has looked at, in `Tests/Goldens/<suite>/<name>.png`.
///
/// `BLESS=1` writes the pictures anew and fails the run all the same, so that a
/// blessed run is never taken for a tested one.
struct Golden {
    let suite: String

    /// What a channel may differ by: one rounding in the blend, one in the
    /// coverage.
    static let channelTolerance = 2
    static let largestSide = 256

    var folder: URL { PackageFolder.url.appendingPathComponent("Tests/Goldens/\(suite)") }

    /// Compares a picture with its golden; one is missing, too large or
    /// different in more than `pixelBudget` pixels fails the test.
    func check(_ actual: Pixmap, _ name: String, pixelBudget: Int = 0) throws {
        #expect(actual.width <= Self.largestSide && actual.height <= Self.largestSide, "\(name) is too large")
        let file = folder.appendingPathComponent("\(name).png")
        if ProcessInfo.processInfo.environment["BLESS"] == "1" {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(PNGEncoder(level: 12).encode(actual)).write(to: file)
            Issue.record("\(name) was blessed; look at it, and run again without BLESS.")
            return
        }
        guard let data = try? Data(contentsOf: file) else {
            Issue.record("\(suite)/\(name).png is missing; BLESS=1 writes it.")
            return
        }
        let expected = try Pixmap(png: [UInt8](data))
        guard let difference = expected.difference(from: actual, tolerance: Self.channelTolerance) else {
            Issue.record("\(name) is \(actual.width) × \(actual.height), its golden is another size.")
            return
        }
        guard difference.differingPixels > pixelBudget else { return }
        let report = try writeReport(expected: expected, actual: actual, difference: difference, name: name)
        let (count, largest) = (difference.differingPixels, difference.largestDifference)
        Issue.record("\(name) differs in \(count) pixels, by up to \(largest): \(report)")
    }

    /// Expected, difference and actual side by side, and the numbers as JSON.
    private func writeReport(
        expected: Pixmap, actual: Pixmap, difference: PixmapDifference, name: String
    ) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("miaopu-goldens/\(suite)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var triptych = Pixmap(width: actual.width * 3 + 8, height: actual.height, color: .white)
        let panels = [expected, expected.differencePicture(from: actual) ?? actual, actual]
        for (index, panel) in panels.enumerated() {
            for y in 0..<panel.height {
                for x in 0..<panel.width { triptych[index * (panel.width + 4) + x, y] = panel[x, y] }
            }
        }
        let picture = folder.appendingPathComponent("\(name).png")
        try Data(PNGEncoder().encode(triptych)).write(to: picture)
        let numbers: [String: Any] = [
            "pixels": difference.differingPixels, "largest": difference.largestDifference,
            "firstX": difference.firstDifference?.x ?? 0, "firstY": difference.firstDifference?.y ?? 0,
        ]
        try JSONSerialization.data(withJSONObject: numbers, options: [.sortedKeys])
            .write(to: folder.appendingPathComponent("\(name).json"))
        return picture.path
    }

    /// The goldens on disk that no test asks for.
    func unused(names: [String]) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { !names.map { "\($0).png" }.contains($0) }.sorted()
    }
}
