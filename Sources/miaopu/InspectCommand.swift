// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ArgumentParser
import DistrictStores
import Districts
import Formats
import Foundation
import Merging
import Verdicts

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Says what is in a file: layers, counts, encoding, reference system, defects.",
        discussion: """
            Exits with 1 when a file is refused or a record in it cannot be read. In a district's folder, or with \
            --district, it also judges which reference system each layer is in, by what the district holds.
            """)

    @Argument(help: "Files, and folders that end in .gdb.")
    var files: [String]

    @Option(help: "Read the text in this encoding (GBK, UTF-8 …) instead of the one that the file suggests.")
    var encoding: String?

    @Option(help: "The district's folder, by whose maps the reference system is judged.")
    var district: String?

    @Flag(help: "Print JSON: a list with one object for each file.")
    var json = false

    func run() throws {
        let interruption = Interruption()
        let loaded = try loadedDistrict()
        let ground = loaded.map(KnownGround.init)
        let placeNames = loaded.map(PlaceNames.known) ?? []
        var inspections: [JudgedInspection] = []
        var needsPerson = false
        for file in files {
            let path = URL(fileURLWithPath: file).standardizedFileURL.path
            do {
                var request = DatasetRequest(path: path, encoding: encoding)
                request.placeNames = placeNames
                var ranking = request
                ranking.ranksEncodings = true
                let inspection = try Inspector.inspect(ranking, isCancelled: { interruption.isRequested })
                let verdicts = try ground?.verdicts(on: request, isCancelled: { interruption.isRequested })
                if interruption.isRequested { throw ExitStatus.interrupted }
                inspections.append(JudgedInspection(
                        inspection: inspection, verdicts: verdicts?.mapValues { ReferenceFinding($0) }))
                needsPerson = needsPerson || inspection.hasDefects
                if !json { print(InspectionText(inspection, verdicts: verdicts ?? [:]).text) }
            } catch let error as FormatsError where error.kind != .system {
                if interruption.isRequested { throw ExitStatus.interrupted }
                needsPerson = true
                ExitStatus.say(error.description)
            }
        }
        if json {
            print(try jsonText(inspections))
        }
        if needsPerson { throw ExitStatus.needsPerson }
    }

    /// The district that is asked for, or the one in whose folder we are.
    private func loadedDistrict() throws -> District? {
        if let district {
            return try District.load(from: URL(fileURLWithPath: district, isDirectory: true).standardizedFileURL)
        }
        let here = URL(fileURLWithPath: ".", isDirectory: true).standardizedFileURL
        let file = here.appendingPathComponent(District.fileName)
        // A mistake in a file that nobody asked for must not keep another from
        // being looked at.
        return FileManager.default.fileExists(atPath: file.path) ? try? District.load(from: here) : nil
    }
}

/// An inspection with what the district says of the layers' reference systems.
private struct JudgedInspection: Encodable {
    var inspection: Inspection
    var verdicts: [String: ReferenceFinding]?

    private enum Key: String, CodingKey { case verdicts }

    func encode(to encoder: any Encoder) throws {
        try inspection.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(verdicts, forKey: .verdicts)
    }
}

extension Inspection {
    fileprivate var hasDefects: Bool {
        layers.contains { $0.stop != nil || ($0.balance?.rejected ?? 0) > 0 }
    }
}
