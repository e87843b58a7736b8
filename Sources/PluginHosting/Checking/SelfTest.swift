// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages
import SimpleFeatures
import SwiftProtobuf
import Synchronization

/// Runs a plugin as a host does, in a confined child, and looks at everything
/// that it answers. It ends at the first crash: what comes after one says little.
struct SelfTest {
    let candidate: PluginFolder.Candidate
    /// A folder that is thrown away afterwards.
    let state: String
    let executable: String?
    let budget: CallBudget
    /// OGC:CRS84; nil: of no district.
    let districtExtent: Envelope?
    var report: PluginCheckReport
    var hasCrashed = false
    private let log = Log()

    init(
        candidate: PluginFolder.Candidate, state: String, executable: String?, budget: CallBudget,
        districtExtent: Envelope? = nil, report: PluginCheckReport
    ) {
        self.candidate = candidate
        self.state = state
        self.executable = executable
        self.budget = budget
        self.districtExtent = districtExtent
        self.report = report
    }

    mutating func run() {
        // A command is asked who it is when it starts, in a child in any case.
        guard candidate.isCommand || isDescribed() else { return }
        guard let (host, plugin) = start() else { return }
        let manifest = plugin.manifest
        TextCheck(manifest: manifest, layers: host.layers).run(&report)
        StyleCheck(layers: host.layers).run(&report)
        for layer in host.layers where !hasCrashed { look(at: layer, of: host) }
        if !hasCrashed { checkRoutes(manifest, host) }
        if !hasCrashed { checkRefusals(plugin) }
        if !hasCrashed { checkGrowth(host, plugin) }
        guard !hasCrashed else { return host.stop() }
        stop(host)
        startAgain(host)
        if let line = log.firstComplaint { report.note("log", "The plugin's first complaint in the log: \(line)") }
    }

    // MARK: - Describe, start, stop

    private mutating func isDescribed() -> Bool {
        do {
            guard let manifest = try PluginProbe.child(executable: executable).manifest(of: candidate.library) else {
                return false
            }
            try ManifestCheck.check(manifest, library: candidate.library)
            report.ok("describe", "It is \(manifest.id) \(manifest.version).")
            return true
        } catch {
            let isManifest = error.kind != .failedToStart
            report.fail(
                isManifest ? "manifest" : "describe", error.description,
                cure: isManifest
                    ? "Correct the manifest as the sentence says."
                    : "Run the plugin under a debugger; nothing but the manifest is asked for here.",
                canBeWaived: false)
            return false
        }
    }

    private func makeHost() -> PluginHost {
        var configuration = PluginHostConfiguration(
            folders: [PluginFolder.around(candidate.resourceFolder ?? candidate.library)], stateFolder: state,
            probe: .child(executable: executable))
        configuration.budget = budget
        return PluginHost(configuration, services: services)
    }

    /// A district that has every layer and no feature.
    private var services: HostServices {
        var services = HostServices()
        let log = log
        services.log = { _, level, message in log.add(level, message) }
        services.layerSchema = { _ in Schema(geometryType: .geometry, fields: []) }
        services.queryLayer = { _, _, _, _ in [] }
        return services
    }

    private mutating func start() -> (PluginHost, LoadedPlugin)? {
        let host = makeHost()
        guard let description = host.descriptions.first(where: { $0.library == candidate.library }) else {
            report.fail("start", "The host passed it over.", cure: "Name the library itself.")
            return nil
        }
        if case .refused(let sentence) = description.state {
            let crashes = CrashLedger(plugin: description.id, stateFolder: state).history.times
            report.fail(
                "start", sentence,
                cure: "Start with empty tables and without anything that only one district has.",
                canBeWaived: crashes.isEmpty)
            return nil
        }
        guard let plugin = host.loadedPlugin(description.id) else { return nil }
        report.plugin = description.id
        report.version = description.version
        report.ok("start", "It started, with \(host.layers.count) layers.")
        return (host, plugin)
    }

    private mutating func stop(_ host: PluginHost) {
        let before = log.errors
        host.stop()
        if let line = log.errors.dropFirst(before.count).first {
            report.fail("stop", "Stopping it failed: \(line)", cure: "Let `stop` return when there is nothing to do.")
        } else {
            report.ok("stop", "It stopped.")
        }
    }

    /// Its tables are there now, as they are after every restart.
    private mutating func startAgain(_ first: PluginHost) {
        let second = makeHost()
        defer { second.stop() }
        let description = second.descriptions.first { $0.library == candidate.library }
        if case .refused(let sentence)? = description?.state {
            report.fail(
                "start again", "With the tables that it made it does not start: \(sentence)",
                cure: "Make tables in migrations, or with IF NOT EXISTS.")
        } else if second.layers != first.layers {
            report.fail(
                "start again", "The second time it registered other layers than the first.",
                cure: "Register the same layers at every start.")
        } else {
            report.ok("start again", "It started again with the tables that it made.")
        }
    }

    // MARK: - Layers

    private mutating func look(at layer: LiveLayer, of host: PluginHost) {
        let check = "layer \(layer.name)"
        let low = layer.minZoom
        let high = min(layer.maxZoom, 18)
        var slowest = 0.0
        var most = 0
        guard let all = records(layer, Self.world, zoom: low, host, check, &slowest) else { return }
        most = all.count
        var extent = Envelope.empty
        for envelope in all.compactMap(\.geometry?.envelope) { extent.expand(toContain: envelope) }
        let center = extent.isEmpty ? Coordinate(x: 0, y: 0) : extent.center
        let half = 180 / pow(2, high)
        let tile = Envelope(
            minX: max(-180, center.x - half), minY: max(-90, center.y - half), maxX: min(180, center.x + half),
            maxY: min(90, center.y + half))
        var places = [(extent.isEmpty ? Self.world : extent, (low + high) / 2), (tile, high)]
        // What a viewer of the district asks for first, wherever the layer lies.
        if let districtExtent { places.append((districtExtent, min(high, max(low, Self.districtZoom)))) }
        for (envelope, zoom) in places {
            guard let found = records(layer, envelope, zoom: zoom, host, check, &slowest) else { return }
            most = max(most, found.count)
        }
        if slowest > budget.features / 2 {
            report.warn(
                check, "One call took \(Self.text(slowest)) s; \(Self.text(budget.features)) s is the most allowed.",
                cure: "Answer from a table with an index, and leave out at low zooms what nobody can see.")
        }
        if most > Self.manyFeatures {
            report.warn(
                check, "One answer has \(most) features; a tile is drawn in time with \(Self.manyFeatures).",
                cure: "Leave out at low zooms what nobody can see, or register the layer from a higher zoom on.")
        }
        report.ok(
            check,
            (districtExtent == nil ? "Three calls were answered" : "Four calls were answered, one for the whole district")
                + (most == 0 ? "; with empty tables there is nothing to see." : ", with \(most) features at most."))
    }

    /// Where a district of some thirty kilometres fills a screen.
    private static let districtZoom = 10.0

    private static let manyFeatures = 20_000
    static let world = Envelope(minX: -180, minY: -90, maxX: 180, maxY: 90)

    private mutating func records(
        _ layer: LiveLayer, _ envelope: Envelope, zoom: Double, _ host: PluginHost, _ check: String,
        _ slowest: inout Double
    ) -> [FeatureRecord]? {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let records = try host.records(layer: layer.id, envelope: envelope, zoom: zoom).records
            slowest = max(slowest, (clock.now - start) / .seconds(1))
            return records
        } catch {
            fail(
                check, "\(envelope == districtExtent ? "For the whole district at" : "At") zoom \(Self.text(zoom)): \(error)", error,
                cure: "See docs/plugins.md for what an answer may hold.")
            return nil
        }
    }

    // MARK: - Memory

    /// Calls before the first look at the memory, and between the two.
    private static let warmUp = 50
    private static let calls = 200
    /// Growth that is noticed: 20 KiB a call.
    private static let growth = calls * 20 << 10

    private mutating func checkGrowth(_ host: PluginHost, _ plugin: LoadedPlugin) {
        func once() throws(PluginHostingError) {
            for layer in host.layers.prefix(1) {
                _ = try host.records(layer: layer.id, envelope: Self.world, zoom: layer.minZoom)
            }
            _ = try host.handle(plugin: plugin.manifest.id, PluginRequest(path: "/"))
        }
        do {
            for _ in 0..<Self.warmUp { try once() }
            guard let before = Self.residentBytes(plugin) else { return }
            let deadline = ContinuousClock.now + .seconds(20)
            var made = 0
            while made < Self.calls, ContinuousClock.now < deadline {
                try once()
                made += 1
            }
            guard let after = Self.residentBytes(plugin) else { return }
            let growth = max(0, after - before)
            if made == Self.calls, growth > Self.growth {
                report.warn(
                    "memory", "In \(made) calls its process grew by \(growth >> 10) KiB.",
                    cure: "Look for what is kept after a call; a child that reaches 2 GB is ended.")
            } else {
                report.ok("memory", "In \(made) calls its process grew by \(growth >> 10) KiB.")
            }
        } catch {
            fail("memory", "Asked again and again: \(error)", error, cure: "Answer the same call the same way.")
        }
    }

    private static func residentBytes(_ plugin: LoadedPlugin) -> Int? {
        guard let process = plugin.processIdentifier,
            let text = try? String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    // MARK: - Parts

    mutating func fail(_ check: String, _ sentence: String, _ error: PluginHostingError, cure: String) {
        hasCrashed = hasCrashed || error.kind == .crashed || error.kind == .timedOut || error.kind == .quarantined
        report.fail(check, sentence, cure: cure)
    }

    private static func text(_ number: Double) -> String {
        String((number * 10).rounded() / 10)
    }

    /// What the plugin and its host wrote to the log.
    private final class Log: Sendable {
        private let lines = Mutex<[(level: HostServices.LogLevel, text: String)]>([])

        func add(_ level: HostServices.LogLevel, _ text: String) {
            lines.withLock { if $0.count < 1000 { $0.append((level, text)) } }
        }

        var errors: [String] { lines.withLock { $0.filter { $0.level == .error }.map(\.text) } }

        var firstComplaint: String? {
            lines.withLock { $0.first { $0.level == .error || $0.level == .warning }?.text }
        }
    }
}
