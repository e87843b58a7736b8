// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import HTTPTypes
import Logging
import NIOCore
import Testing

@testable import PluginHosting
@testable import TileServing

/// What `/catalog` says of plugins that do not run.
@Suite struct PluginStandingTests {
    private func site(
        _ outOfService: [PluginDescription], hidden: [String] = [],
        reliability: @escaping @Sendable (String) -> PluginReliability? = { _ in nil }
    ) throws -> MapSite {
        var gateway = PluginGateway.none
        gateway.plugins = { [.running("flood")] }
        gateway.outOfService = { outOfService }
        gateway.folders = ["/srv/my district/plugins"]
        gateway.reliability = reliability
        let options = ServingOptions.patient
        let site = MapSite(
            options: options, web: try WebFiles(folder: nil), shelf: CatalogueShelf(),
            tiles: TileService(options: options, plugins: gateway), plugins: gateway,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        site.shelf.catalogue = MapCatalogue(
            title: "闵行区", layers: [], access: AccessRules(AccessDefinition(hiddenPlugins: hidden)))
        return site
    }

    private func plugins(_ site: MapSite) async throws -> [[String: Any]] {
        let inquiry = Inquiry(method: .get, target: "/catalog", authority: "a:1", headers: [:], requestID: "1")
        let body = String(buffer: await site.answer(inquiry).body)
        let object = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
        return try #require(object?["plugins"] as? [[String: Any]])
    }

    private func refused(
        _ id: String, _ sentence: String, _ kind: PluginHostingError.Kind = .failedToStart, version: String = "1.0.0"
    ) -> PluginDescription {
        var plugin = PluginDescription(
            id: id, titles: ["en": id], summaries: [:], version: version, contractVersion: 1,
            library: "/srv/my district/plugins/\(id).so", state: .refused(sentence), hosting: .process,
            permissions: [], pages: [PluginPage(path: "/", titles: [:])], exports: [], layers: [])
        plugin.refusal = kind
        return plugin
    }

    @Test func `Each has its state and the reason, and pages only while it runs`() async throws {
        var off = PluginDescription.running("off")
        off = PluginDescription(
            id: off.id, titles: [:], summaries: [:], version: "1.0.0", contractVersion: 1, library: off.library,
            state: .off, hosting: .process, permissions: [], pages: [], exports: [], layers: [])
        let plugins = try await plugins(
            site([
                refused("a", "It is broken."), refused("b", "It crashed.", .quarantined),
                refused("c", "It comes later.", .postponed), off,
            ]))
        #expect(plugins.map { $0["id"] as? String } == ["flood", "a", "b", "c", "off"])
        #expect(plugins.map { $0["state"] as? String } == ["running", "refused", "quarantined", "waiting", "off"])
        #expect(
            plugins.map { $0["reason"] as? String } == [
                nil, "It is broken.", "It crashed.", "It comes later.",
                "The list plugins: in district.yaml does not name it.",
            ])
        #expect(plugins.allSatisfy { ($0["pages"] as? [Any])?.isEmpty == true })
    }

    @Test func `Figures so far are told, and a process that is not called any more is in quarantine`() async throws {
        let state = FileManager.default.temporaryDirectory.appendingPathComponent("standing-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: state) }
        let ledger = ReliabilityLedger(plugin: "a", stateFolder: state.path)
        ledger.count { $0.crashes = 4 }
        ledger.write()
        var history = CrashHistory()
        for time in 1...3 { history.add(at: Double(time)) }
        try FileManager.default.createDirectory(
            at: state.appendingPathComponent("crashes"), withIntermediateDirectories: true)
        try JSONEncoder().encode(history).write(to: state.appendingPathComponent("crashes/bench.json"))

        let running = PluginDescription(
            id: "bench", titles: [:], summaries: [:], version: "1.0.0", contractVersion: 1, library: "/l/bench.so",
            state: .running, hosting: .process, permissions: [], pages: [], exports: [], layers: [])
        let site = try site([running, refused("a", "It is broken.")]) {
            try? PluginReliability(of: $0, stateFolder: state.path)
        }
        let plugins = try await plugins(site)
        #expect(plugins[1]["state"] as? String == "quarantined")
        #expect((plugins[1]["reason"] as? String)?.contains("`miaopu plugin trust bench` lifts it") == true)
        #expect((plugins[2]["reliability"] as? [String: Any])?["crashes"] as? Int == 4)
    }

    @Test func `What is hidden stays hidden, also under the name of its file`() async throws {
        let plugins = try await plugins(
            site(
                [
                    refused("water", "No."), refused("libwater.so", "No.", version: ""),
                    refused("libWaterPlugin.so", "No.", version: ""), refused("other.so", "No.", version: ""),
                ], hidden: ["water"]))
        #expect(plugins.map { $0["id"] as? String } == ["flood", "other.so"])
    }

    @Test func `A folder full of files makes no endless list`() async throws {
        let many = (0..<1000).map { refused("p\($0).so", "No.", version: "") }
        #expect(try await plugins(site(many)).count == ShownPlugins.most)
    }

    @Test(arguments: [
        (
            "/srv/my district/plugins/a.so is not loaded: its id a is taken by /srv/my district/plugins/b/b.so.",
            "a.so is not loaded: its id a is taken by b/b.so."
        ),
        (
            "The plugin x was not found in /srv/my district/plugins, /opt/miaopu/lib.",
            "The plugin x was not found in plugins, lib."
        ),
        (
            "x is not loaded: it was ended. It wrote: password=1234 for /var/lib/secret",
            "x is not loaded: it was ended."
        ),
        (
            "correct it with the help of `miaopu plugin check /data/me/x.so`, or ask https://example.org/a/b.",
            "correct it with the help of `miaopu plugin check x.so`, or ask https://example.org/a/b."
        ),
        ("There is no program “x” in /usr/local/sbin:/usr/bin:/bin.", "There is no program “x” in sbin:bin:/bin."),
        ("A tile 14/1/2 of the page /board took “/tmp/a/b”.", "A tile 14/1/2 of the page /board took “b”."),
    ])
    func `A sentence loses paths of this computer and what a process wrote`(_ sentence: String, _ wanted: String) {
        #expect(PublicSentence(folders: ["/srv/my district/plugins"]).text(sentence) == wanted)
    }

    @Test func `A sentence has an end`() {
        #expect(PublicSentence(folders: []).text(String(repeating: "é", count: 9000)).count == PublicSentence.longest)
    }
}
