// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// When a plugin's process died, and what follows from it. Times are seconds by
/// a clock that the caller chooses.
struct CrashHistory: Hashable, Codable, Sendable {
    /// Whether the plugin's process may be started.
    enum Verdict: Hashable, Sendable {
        case mayStart
        /// Not before this time.
        case waits(until: Double)
        /// Not before a person says so.
        case isQuarantined
    }

    /// The newest last; older ones than the window are forgotten.
    private(set) var times: [Double] = []
    private(set) var isQuarantined = false
    /// Why, without a subject, when it was not for the number of crashes.
    private(set) var reason: String?

    /// Three crashes in ten minutes are the limit.
    static let limit = 3
    static let window = 600.0
    /// Seconds between a second crash and the next start; the first is followed
    /// by a start at once.
    static let pause = 1.0

    /// Writes down a crash.
    mutating func add(at time: Double) {
        times.removeAll { $0 <= time - Self.window }
        times.append(time)
        if times.count >= Self.limit { isQuarantined = true }
    }

    /// Writes down a crash that counts as enough: it took the host with it.
    mutating func quarantine(at time: Double, because reason: String) {
        add(at: time)
        isQuarantined = true
        self.reason = reason
    }

    /// Why a plugin is not started, without its subject.
    func quarantineClause(_ plugin: String) -> String {
        let reason = reason ?? "crashed \(Self.limit) times in \(Int(Self.window / 60)) minutes"
        return "\(reason) and is in quarantine; `miaopu plugin trust \(plugin)` lifts it."
    }

    /// Whether the process may be started now.
    func verdict(at time: Double) -> Verdict {
        if isQuarantined { return .isQuarantined }
        let recent = times.filter { $0 > time - Self.window }
        guard recent.count > 1, let last = recent.last, time < last + Self.pause else { return .mayStart }
        return .waits(until: last + Self.pause)
    }

    /// A person has lifted the quarantine: the count begins anew.
    mutating func trust() {
        self = CrashHistory()
    }
}
