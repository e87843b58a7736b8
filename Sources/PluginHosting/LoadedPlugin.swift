// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Dispatch
import Foundation
import PluginMessages
import SwiftProtobuf
import Synchronization

/// A plugin that runs: makes its calls one at a time and counts them.
final class LoadedPlugin: Sendable {
    let manifest: WireManifest
    let layers: [LiveLayer]
    private let connection: any PluginConnection
    private let queue: DispatchQueue
    private let waiting = Mutex(0)
    private let budget: CallBudget
    let database: PluginDatabase
    private let reliability: ReliabilityLedger

    /// Events that may wait for one plugin; more are dropped.
    private static let maxWaiting = 1000

    init(
        manifest: WireManifest, layers: [LiveLayer], connection: any PluginConnection, queue: DispatchQueue,
        budget: CallBudget, database: PluginDatabase, reliability: ReliabilityLedger
    ) {
        self.manifest = manifest
        self.layers = layers
        self.connection = connection
        self.queue = queue
        self.budget = budget
        self.database = database
        self.reliability = reliability
    }

    var isRunning: Bool { connection.isRunning }

    var stuck: String? { connection.stuck }

    /// Writes down a quarantine that there was no room for, if there is some now.
    func writeQuarantine() { (connection as? SupervisedConnection)?.writeQuarantine() }

    /// One call, after those that were made before it.
    ///
    /// - Throws: what the connection throws, with this plugin as its subject; at
    ///   once while a call does not come back.
    /// - Thread: blocks; never an event loop or the concurrency pool.
    func call(_ call: WirePluginRequest.OneOf_Call) throws(PluginHostingError) -> WirePluginReply {
        if let stuck { throw PluginHostingError(.timedOut, manifest.id, "The plugin \(manifest.id) \(stuck)") }
        let result = queue.sync { Result { () throws(PluginHostingError) in try makeCall(call) } }
        return try result.get()
    }

    /// Calls `stop` when it runs; a failure is told.
    func end(onFailure: (String) -> Void) {
        guard isRunning else { return }
        do {
            _ = try call(.stop(WireStopRequest()))
        } catch {
            onFailure(error.description)
        }
    }

    /// The alerts that stand; none when the plugin has broken its own database.
    func alerts(now: Int64) -> [PluginAlert] {
        (try? database.standingAlerts(now: now)) ?? []
    }

    /// One call with bytes as they are, not counted.
    ///
    /// - Throws: what the connection throws.
    func answer(_ request: [UInt8], within seconds: Double) throws(PluginHostingError) -> Data {
        let result = queue.sync {
            Result { () throws(PluginHostingError) in try connection.call(request, within: seconds) }
        }
        return try result.get()
    }

    /// The process that it lives in; nil in the host's own, and when it died.
    var processIdentifier: Int32? { (connection as? SupervisedConnection)?.processIdentifier }

    /// Tells the plugin about an event, later. Returns false when too many wait.
    func notify(_ event: PluginEvent) -> Bool {
        let hasRoom = waiting.withLock { waiting in
            guard waiting < Self.maxWaiting else { return false }
            waiting += 1
            return true
        }
        guard hasRoom else { return false }
        queue.async { [self] in
            waiting.withLock { $0 -= 1 }
            _ = try? makeCall(.observe(event.message))
        }
        return true
    }

    /// Whether the plugin wants events of a topic.
    func subscribes(to topic: String) -> Bool {
        manifest.subscriptions.contains { pattern in
            pattern.hasSuffix("*") ? topic.hasPrefix(pattern.dropLast()) : topic == pattern
        }
    }

    private func makeCall(_ call: WirePluginRequest.OneOf_Call) throws(PluginHostingError) -> WirePluginReply {
        let (answer, seconds, bytes) = Self.measure(
            call, over: connection, plugin: manifest.id, within: budget.seconds(for: call))
        let reply = answer.flatMap { reply in overrun(call, seconds, bytes).map { .failure($0) } ?? .success(reply) }
        let hasFailed = if case .failure = reply { true } else { false }
        reliability.count { $0.add(call, seconds: seconds, failed: hasFailed) }
        return try reply.get()
    }

    /// What is wrong with an answer that came: it has too many bytes, or a tile
    /// no longer waits for it. Nothing ends a call in this process in time.
    private func overrun(_ call: WirePluginRequest.OneOf_Call, _ seconds: Double, _ bytes: Int) -> PluginHostingError? {
        let id = manifest.id
        if bytes > budget.answerBytes {
            return PluginHostingError(
                .tooLarge, id, "\(id): answered \(bytes) bytes; at most \(budget.answerBytes) are accepted.")
        }
        guard case .features = call, seconds > budget.features else { return nil }
        let tenths = (seconds * 10).rounded() / 10
        return PluginHostingError(
            .timedOut, id, "\(id): took \(tenths) s for features; at most \(budget.features) s are accepted.")
    }

    /// Counts the time since the last look as served, when the plugin runs.
    func noteServed(seconds: Double) {
        guard isRunning else { return }
        reliability.count { $0.servedSeconds += seconds }
    }

    var figures: ReliabilityFigures { reliability.figures }

    /// Writes the figures down.
    func writeFigures() {
        reliability.write()
    }

    /// Makes a call and measures it. The sentence of a failure begins with the
    /// plugin's id.
    static func measure(
        _ call: WirePluginRequest.OneOf_Call, over connection: any PluginConnection, plugin: String,
        within seconds: Double
    ) -> (reply: Result<WirePluginReply, PluginHostingError>, seconds: Double, bytes: Int) {
        let clock = ContinuousClock()
        let start = clock.now
        var bytes = 0
        let result = Result { () throws(PluginHostingError) -> WirePluginReply in
            do {
                var request = WirePluginRequest()
                request.call = call
                let answer = try connection.call(try request.serializedBytes(), within: seconds)
                bytes = answer.count
                return try WirePluginReply(serializedBytes: answer)
            } catch let error as PluginHostingError {
                throw PluginHostingError(error.kind, plugin, "\(plugin): \(error.description)")
            } catch {
                throw PluginHostingError(
                    .failed, plugin, "\(plugin): answered \(bytes) bytes that are no message of the plugin contract.")
            }
        }
        let seconds = (clock.now - start) / .seconds(1)
        return (result, seconds, bytes)
    }
}
