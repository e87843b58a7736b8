// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import PluginMessages
import SimpleFeatures
import Synchronization

/// The plugins of a district: found, checked, loaded, called.
///
/// Every method may be called from any thread, and blocks for as long as the
/// plugin takes; calls of one plugin wait for each other. Never call it from an
/// event loop or a task of the concurrency pool: a plugin that hangs would take
/// that thread with it.
public final class PluginHost: Sendable {
    private let roster: PluginRoster
    private let services: HostServices
    private let router: EventRouter
    private let lastTicks = Mutex<[String: Int64]>([:])
    private let counting = Mutex(Counting())
    /// To commands; nil in a host that serves nothing.
    private let line = Mutex<LocalListener?>(nil)

    private struct Counting {
        var lastLook: ContinuousClock.Instant?
        var lastWriting = ContinuousClock.now
    }

    /// Loads and starts every plugin that the configuration asks for. One that
    /// cannot be loaded is a description with a sentence, and the others run.
    ///
    /// - Thread: blocks for up to five seconds a library.
    public init(_ configuration: PluginHostConfiguration, services: HostServices = HostServices()) {
        let router = EventRouter(services: services)
        roster = PluginRoster(configuration, services: services, router: router)
        self.services = services
        self.router = router
        guard configuration.servesDistrict else { return }
        let listener = OperatorLine.listen(
            in: configuration.stateFolder, log: { services.log("plugins", .warning, $0) }
        ) { [weak self] call, plugin in
            guard let self else { return nil }
            return Result { () throws(PluginHostingError) in try self.answer(call, of: plugin) }
        }
        line.withLock { $0 = listener }
    }

    /// Looks whether plugins came, went or changed in the folders that may
    /// change, and whether the configuration asks for others than before, and
    /// loads, stops and replaces them. A library counts once it lay there
    /// unchanged for a second.
    ///
    /// - Parameter configuration: nil: the one before.
    /// - Returns: whether `descriptions` or `layers` are others now.
    /// - Thread: blocks for as long as plugins take to start; others are served
    ///   meanwhile.
    @discardableResult
    public func follow(_ configuration: PluginHostConfiguration? = nil) -> Bool {
        roster.follow(configuration, at: .now)
    }

    /// Counts how often the set of plugins changed.
    public var version: Int { roster.current.version }

    /// What was found, in the order in which it was found.
    public var descriptions: [PluginDescription] { roster.current.descriptions }

    /// What is wrong with plugins at the moment that others wait for, one sentence
    /// each: calls in this process that do not come back.
    public var complaints: [String] {
        roster.current.plugins.sorted { $0.key < $1.key }.compactMap { id, plugin in
            plugin.stuck.map { "The plugin \(id) \($0)" }
        }
    }

    /// Folders of this computer that sentences about plugins may name, and that
    /// are nobody's affair beyond it.
    public var folders: [String] { roster.folders }

    /// Why a plugin cannot be asked for anything at the moment: it does not come
    /// back from a call in this process. Nil when it can, and for one that does
    /// not run. Answers at once.
    public func complaint(of id: String) -> String? {
        roster.current.plugins[id]?.stuck.map { "The plugin \(id) \($0)" }
    }

    /// The layers of all plugins that run.
    public var layers: [LiveLayer] {
        roster.current.descriptions.flatMap(\.layers)
    }

    /// One layer by its full id; nil when there is none.
    public func layer(_ id: String) -> LiveLayer? {
        roster.current.pluginOfLayer[id]?.layers.first { $0.id == id }
    }

    /// How reliable a plugin was, up to now, whether it runs or not; nil for one
    /// that never said its id. May read files.
    public func reliability(of id: String) -> PluginReliability? {
        roster.reliability(of: id)
    }

    /// Counts the time since the last call of this as served, and writes figures
    /// down every ten seconds. To be called about once a second by a host that
    /// serves.
    public func countServedTime() {
        let now = ContinuousClock.now
        let (elapsed, isDue) = counting.withLock { counting in
            let elapsed = counting.lastLook.map { (now - $0) / .seconds(1) } ?? 0
            let isDue = now - counting.lastWriting >= .seconds(10)
            counting.lastLook = now
            if isDue { counting.lastWriting = now }
            // A machine that slept did not serve.
            return (min(elapsed, 10), isDue)
        }
        for plugin in roster.current.plugins.values {
            plugin.noteServed(seconds: elapsed)
            if isDue, roster.servesDistrict { plugin.writeFigures() }
        }
    }

    /// A plugin that runs, for calls that no public one makes.
    func loadedPlugin(_ id: String) -> LoadedPlugin? { roster.current.plugins[id] }

    /// The features of a layer (`<plugin>.<layer>`) that meet an envelope, and
    /// perhaps others. Envelope and geometries are in OGC:CRS84.
    ///
    /// - Parameters:
    ///   - zoom: MapLibre's, that of tiles with 512 pixels.
    ///   - time: milliseconds since 1970-01-01T00:00:00Z; nil: the present.
    /// - Throws: `.notFound` for an unknown layer, and what the plugin says.
    public func features(
        layer id: String, envelope: Envelope, zoom: Double, time: Int64? = nil
    ) throws(PluginHostingError) -> [Feature] {
        let (schema, records) = try records(layer: id, envelope: envelope, zoom: zoom, time: time)
        let names = schema.fields.map(\.name)
        return records.map { record in
            var properties = [String: AttributeValue](minimumCapacity: names.count)
            for (name, value) in zip(names, record.values) where !value.isNull { properties[name] = value }
            return Feature(id: record.id, geometry: record.geometry, properties: properties)
        }
    }

    /// As `features`, with values in the order of the schema's fields: cheaper,
    /// since no name is looked up.
    ///
    /// - Throws: as `features`.
    public func records(
        layer id: String, envelope: Envelope, zoom: Double, time: Int64? = nil
    ) throws(PluginHostingError) -> (schema: Schema, records: [FeatureRecord]) {
        guard let plugin = roster.current.pluginOfLayer[id], let layer = plugin.layers.first(where: { $0.id == id })
        else {
            throw PluginHostingError(.notFound, id, "There is no live layer \(id).")
        }
        var request = WireFeaturesRequest()
        request.layer = layer.name
        request.envelope = WireEnvelope(envelope)
        request.zoom = zoom
        if let time { request.time = time }
        let batch = try plugin.call(.features(request)).features
        do {
            return (layer.schema, try batch.records(schema: layer.schema, layer: id))
        } catch {
            throw PluginHostingError(.failed, plugin.manifest.id, error.description)
        }
    }

    /// A plugin's answer to a request.
    ///
    /// - Throws: `.notFound` for an unknown plugin, what the plugin says, and
    ///   `.failed` for an answer that is none.
    public func handle(plugin id: String, _ request: PluginRequest) throws(PluginHostingError) -> PluginResponse {
        guard let plugin = roster.current.plugins[id] else {
            throw PluginHostingError(.notFound, id, "There is no plugin \(id).")
        }
        let reply = try plugin.call(.handle(request.message)).handle
        guard (200..<600).contains(reply.status) else {
            throw PluginHostingError(.failed, id, "\(id): answered the HTTP status \(reply.status).")
        }
        return PluginResponse(
            status: Int(reply.status),
            contentType: Self.isHeaderText(reply.contentType) && !reply.contentType.isEmpty
                ? reply.contentType : "application/octet-stream",
            headers: reply.headers.compactMap { header in
                let name = header.name.lowercased()
                guard Self.isHeaderName(name), Self.isHeaderText(header.value), !Self.ownHeaders.contains(name) else {
                    return nil
                }
                return (name, header.value)
            }, body: [UInt8](reply.body))
    }

    /// What the plugins that run want people to look at, the newest first.
    ///
    /// - Parameter now: milliseconds since 1970-01-01T00:00:00Z.
    public func alerts(now: Int64) -> [PluginAlert] {
        roster.current.plugins.values.flatMap { $0.alerts(now: now) }.sorted {
            ($1.time, $0.plugin, $0.id) < ($0.time, $1.plugin, $1.id)
        }
    }

    /// Tells plugins that subscribe to it about something that happened in the
    /// host. They get it later, each in its own time.
    public func publish(_ event: PluginEvent) {
        router.route(event)
    }

    /// Calls `tick` of the plugins for which it is due. A tick that fails is
    /// written to the log.
    ///
    /// - Parameter now: milliseconds since 1970-01-01T00:00:00Z.
    public func tick(now: Int64) {
        let plugins = roster.current.plugins.sorted { $0.key < $1.key }
        for (id, plugin) in plugins where plugin.manifest.tickSeconds > 0 {
            let isDue = lastTicks.withLock { last in
                if let time = last[id], now - time < Int64(plugin.manifest.tickSeconds) * 1000 { return false }
                last[id] = now
                return true
            }
            guard isDue else { continue }
            var message = WireTickRequest()
            message.time = now
            do {
                _ = try plugin.call(.tick(message))
            } catch {
                // A quarantine was said when it began.
                if error.kind != .quarantined { services.log(id, .error, error.description) }
            }
        }
    }

    /// Calls `stop` of every plugin. Nothing may be asked of the host after it.
    public func stop() {
        line.withLock { $0?.close() }
        for plugin in roster.stop() {
            plugin.end { services.log(plugin.manifest.id, .error, $0) }
            if roster.servesDistrict { plugin.writeFigures() }
        }
        roster.journal?.close()
        CrashFile.finish()
    }

    /// Header fields that say how the answer is carried, or that would let one
    /// plugin speak for the whole site.
    private static let ownHeaders: Set<String> = [
        "connection", "content-length", "content-type", "date", "keep-alive", "server", "set-cookie", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    private static func isHeaderName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
    }

    private static func isHeaderText(_ text: String) -> Bool {
        text.utf8.count <= 4096 && text.utf8.allSatisfy { (0x20...0x7e).contains($0) }
    }
}
