// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Testing

/// What `district.yaml` says of plugins.
@Suite struct PluginSectionTests {
    private static let head = "name: a\ngrid: { crs: \"EPSG:4549\" }\n"

    @Test func `a budget is read with every value, and what is left out is left to the host`() throws {
        let text = """
            plugins:
              flood:
                budget: { features_seconds: 0.5, handle_seconds: 5, start_seconds: 60, other_seconds: 1,
                          stuck_seconds: 20, memory_mb: 512, answer_mb: 16 }
              water: { hosting: process, budget: { memory_mb: 256 } }
            """
        let plugins = try load(Self.head + text).plugins
        #expect(plugins[0].budget.featuresSeconds == 0.5 && plugins[0].budget.handleSeconds == 5)
        #expect(plugins[0].budget.startSeconds == 60 && plugins[0].budget.otherSeconds == 1)
        #expect(plugins[0].budget.stuckSeconds == 20)
        #expect(plugins[0].budget.memoryMegabytes == 512 && plugins[0].budget.answerMegabytes == 16)
        var small = PluginBudget()
        small.memoryMegabytes = 256
        #expect(plugins[1] == PluginDefinition(id: "water", hosting: .process, budget: small))
    }

    @Test(arguments: [
        ("features_seconds: 0", "0.1 to 60.0"), ("features_seconds: nan", "0.1 to 60.0"),
        ("features_seconds: fast", "0.1 to 60.0"), ("handle_seconds: 301", "0.1 to 300.0"),
        ("start_seconds: 0.5", "1.0 to 600.0"), ("memory_mb: 1", "64 to 65536"), ("memory_mb: 1.5", "64 to 65536"),
        ("answer_mb: 65", "1 to 64"), ("memory: 512", "memory_mb"), ("other_seconds: -1", "0.1 to 300.0"),
        ("stuck_seconds: 0", "1.0 to 3600.0"),
    ])
    func `a budget with a mistake is refused with its line and what is accepted`(
        _ entry: String, _ part: String
    ) throws {
        let found = try mistakes(in: Self.head + "plugins:\n  flood:\n    budget: { \(entry) }\n")
        #expect(found.count == 1 && found.first?.line == 5, "\(found)")
        #expect(found.first?.sentence.contains(part) == true, "\(found)")
    }

    @Test func `plugins and their layers can be hidden`() throws {
        let text = "plugins: { flood: }\naccess: { hidden: [flood, water.*, water.stations, buildings] }\n"
        let access = try load(Self.head + text).access
        #expect(access.hiddenPlugins == ["flood", "water"])
        #expect(access.hiddenLayers == ["water.stations", "buildings"])
    }

    @Test(arguments: ["bildings", "flood", "flood.", ".walls", "flood.walls.x", "*", "flood..*", "Flood.walls"])
    func `a word that hides nothing is refused`(_ word: String) throws {
        let found = try mistakes(in: Self.head + "access: { hidden: [\"\(word)\"] }\n")
        #expect(found.count == 1 && found.first?.line == 3, "\(found)")
        #expect(found.first?.sentence.contains("<plugin>.<layer>") == true, "\(found)")
    }
}
