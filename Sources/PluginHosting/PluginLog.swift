// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Dispatch
import Synchronization

/// The lines of one plugin's log on their way to the host's: the last ones are
/// kept for a crash card, and a flood is cut off, with a line that says how much
/// of it.
final class PluginLog: Sendable {
    private struct State {
        var lines: [String] = []
        /// The second that is being counted, by a clock that nobody sets.
        var second: UInt64 = 0
        var count = 0
        var dropped = 0
    }

    private let plugin: String
    private let write: @Sendable (_ plugin: String, _ level: HostServices.LogLevel, _ message: String) -> Void
    private let mirror: JournaledConnection?
    private let clock: @Sendable () -> UInt64
    private let state = Mutex(State())

    /// Lines that are kept.
    static let kept = 50
    /// Lines that pass within a second.
    static let perSecond = 100

    /// - Parameters:
    ///   - clock: seconds by a clock that nobody sets.
    ///   - mirror: gets the kept lines after each new one.
    init(
        plugin: String, services: HostServices,
        clock: @escaping @Sendable () -> UInt64 = { DispatchTime.now().uptimeNanoseconds / 1_000_000_000 },
        mirror: JournaledConnection? = nil
    ) {
        self.plugin = plugin
        write = services.log
        self.clock = clock
        self.mirror = mirror
    }

    /// The last lines, the newest last.
    var lines: [String] { state.withLock { $0.lines } }

    /// Services whose log passes through here.
    func guarding(_ services: HostServices) -> HostServices {
        var services = services
        services.log = { [self] _, level, message in take(level, message) }
        return services
    }

    private func take(_ level: HostServices.LogLevel, _ message: String) {
        let second = clock()
        let (passes, isFirstDrop) = state.withLock { state -> (Bool, Bool) in
            state.lines.append("\(level.rawValue): \(message)")
            if state.lines.count > Self.kept { state.lines.removeFirst(state.lines.count - Self.kept) }
            mirror?.setLog(state.lines)
            if second != state.second { (state.second, state.count) = (second, 0) }
            state.count += 1
            guard state.count > Self.perSecond else { return (true, false) }
            state.dropped += 1
            return (false, state.dropped == 1)
        }
        if passes { write(plugin, level, message) }
        // Later, so that one line says it for many.
        if isFirstDrop { DispatchQueue.global().asyncAfter(deadline: .now() + 1) { [self] in tellDropped() } }
    }

    private func tellDropped() {
        let count = state.withLock { state in
            defer { state.dropped = 0 }
            return state.dropped
        }
        write(
            plugin, .warning,
            "\(count) lines of its log were dropped; at most \(Self.perSecond) a second are written.")
    }
}
