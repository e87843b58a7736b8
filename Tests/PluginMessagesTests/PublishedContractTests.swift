// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages
import Testing

/// What was published under `docs/contract/1` and in `docs/plugin-contract.md`;
/// `tools/contract` compares messages and structs.
@Suite struct PublishedContractTests {
    private static let docs: URL = {
        var folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let docs = folder.appendingPathComponent("docs")
            if FileManager.default.fileExists(atPath: docs.appendingPathComponent("contract").path) { return docs }
        }
        return folder
    }()

    private static let limits: [String: Int] = [
        "maxAlerts": PluginContract.maxAlerts,
        "maxBuckets": PluginContract.maxBuckets,
        "maxConditions": PluginContract.maxConditions,
        "maxFeatureID": Int(PluginContract.maxFeatureID),
        "maxFeatures": PluginContract.maxFeatures,
        "maxFields": PluginContract.maxFields,
        "maxLayers": PluginContract.maxLayers,
        "maxMigrations": PluginContract.maxMigrations,
        "maxObservations": PluginContract.maxObservations,
        "maxPages": PluginContract.maxPages,
        "maxReplyBytes": PluginContract.maxReplyBytes,
        "maxRequestBytes": PluginContract.maxRequestBytes,
        "maxRows": PluginContract.maxRows,
    ]

    /// Sentences on what is less than it was, or gone.
    private static func lowered(_ current: [String: Int], published: [String: Int]) -> [String] {
        published.sorted { $0.key < $1.key }.compactMap { name, value in
            guard let now = current[name] else { return "\(name) was published and is gone" }
            return now < value ? "\(name) was \(value) and is \(now)" : nil
        }
    }

    @Test func `no limit is lower than it was published`() throws {
        let file = Self.docs.appendingPathComponent("contract/1/limits.json")
        let published = try JSONDecoder().decode([String: Int].self, from: Data(contentsOf: file))
        #expect(published.count == Self.limits.count)
        #expect(Self.lowered(Self.limits, published: published) == [])
    }

    @Test func `a limit that is lowered or gone is found, and a higher one is none`() {
        var current = Self.limits
        current["maxRows"] = 99_999
        current["maxLayers"] = nil
        current["maxFields"] = 1000
        #expect(
            Self.lowered(current, published: Self.limits)
                == ["maxLayers was published and is gone", "maxRows was 100000 and is 99999"])
    }

    @Test func `the document states every limit and every permission`() throws {
        let text = try String(contentsOf: Self.docs.appendingPathComponent("plugin-contract.md"), encoding: .utf8)
        for (name, value) in Self.limits { #expect(text.contains("| `\(name)` | \(value) |"), "\(name) \(value)") }
        for name in PluginContract.permissions { #expect(text.contains("| `\(name)` |"), "\(name)") }
    }
}
