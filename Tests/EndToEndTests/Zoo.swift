// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import TestSupport

/// A district with two plugins in C: the one misbehaves, the other watches.
struct Zoo {
    let fixture: DistrictFixture
    let zoo: ZooPlugin
    let other: ZooPlugin

    /// - Parameters:
    ///   - budget: of the one that misbehaves, as YAML.
    ///   - others: further plugins of the district, which come with the program.
    init(hosting: String, flags: [String] = [], budget: String = "", others: [String] = []) throws {
        fixture = try `A district on the air`.fixture()
        let scratch = fixture.directory.appendingPathComponent("scratch")
        let plugins = fixture.directory.appendingPathComponent("plugins")
        zoo = try ZooPlugin(id: "zoo", in: plugins, scratch: scratch, flags: flags)
        other = try ZooPlugin(id: "other", in: plugins, scratch: scratch)
        let path = fixture.directory.appendingPathComponent("district.yaml")
        let text = try String(contentsOf: path, encoding: .utf8)
        try fixture.write(
            text + "plugins:\n  zoo: { hosting: \(hosting), budget: { \(budget) } }\n  other: { hosting: \(hosting) }\n"
                + others.map { "  \($0): { hosting: in-process }\n" }.joined(), to: "district.yaml")
    }

    struct Card: Decodable {
        var plugin: String
        var hosting: String
        var cause: String
        var signalName: String?
        var call: String
        var stack: [String]
        var log: [String]
        var fingerprint: String
    }

    func cardFiles() -> [URL] {
        let folder = fixture.directory.appendingPathComponent("state/crashes")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".card.json") }.sorted().map { folder.appendingPathComponent($0) }
    }

    /// The newest card when its stack has names, which is after the restart.
    func card() throws -> Card? {
        for _ in 0..<1200 {
            if let file = cardFiles().last {
                let card = try JSONDecoder().decode(Card.self, from: Data(contentsOf: file))
                if !card.fingerprint.isEmpty { return card }
            }
            usleep(100_000)
        }
        return nil
    }
}

extension RunningServer {
    /// Asks again and again until the answer has a status; `nil` when it never has.
    func status(of path: String, until wanted: (Int) -> Bool) -> Int? {
        for _ in 0..<300 {
            if let status = try? attempt(path).answer?.status, wanted(status) { return status }
            usleep(100_000)
        }
        return nil
    }
}
