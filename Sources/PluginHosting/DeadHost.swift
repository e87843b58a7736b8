// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation

/// What a journal says of a host that has died. The bytes were written by a
/// process in which anything may have gone wrong: nothing in them is believed
/// that does not fit.
struct DeadHost {
    /// A plugin of that host.
    struct Slot: Hashable {
        var subject: CrashSubject
        /// Whether a call was in progress.
        var isInCall: Bool
        /// The system's number of the thread that made it.
        var thread: Int32
        var began: Date
        var summary: String
        /// Why the host ended itself during it; nil when it did not.
        var overrun: Overrun?
        /// As much as was kept.
        var request: [UInt8]
        var requestBytes: Int
        var log: [String]
    }

    /// What the supervisor of the host saw of its end.
    enum End: Hashable {
        case exit(Int32)
        case signal(Int32)
    }

    var identity: ProcessIdentity
    var boot: String
    var endedInOrder: Bool
    /// Whether its calls count in the plugins' public figures.
    var counts: Bool
    /// The thread that called `exit`; nil when none did.
    var exitThread: Int32?
    var end: End?
    var report: CrashReport?
    var slots: [Slot]

    /// Nil for what is no whole journal.
    init?(_ bytes: [UInt8]) {
        typealias Layout = JournalLayout
        guard bytes.count == Layout.bytes else { return nil }
        func number<Number: FixedWidthInteger>(_ place: Int, _ type: Number.Type) -> Number {
            bytes.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: type)) }
        }
        func text(_ field: Layout.Field, from start: Int = 0) -> String {
            let part = bytes[(start + field.place)..<(start + field.place + field.count)]
            return String(decoding: part.prefix { $0 != 0 }, as: UTF8.self)
        }
        guard number(Layout.magicPlace, UInt64.self) == Layout.magic else { return nil }
        identity = ProcessIdentity(
            process: number(Layout.processPlace, Int32.self), start: number(Layout.startPlace, UInt64.self))
        boot = text(Layout.boot)
        counts = number(Layout.countsPlace, UInt32.self) == 1
        endedInOrder = number(Layout.statePlace, UInt32.self) == 2
        let thread = number(Layout.exitThreadPlace, Int32.self)
        exitThread = thread == 0 ? nil : thread
        let value = number(Layout.endValuePlace, Int32.self)
        switch number(Layout.endKindPlace, UInt32.self) {
        case 1: end = .exit(value)
        case 2: end = .signal(value)
        default: end = nil
        }
        report = CrashReport(Array(bytes[Layout.reportPlace..<(Layout.reportPlace + Layout.reportRoom)]))
        slots = (0..<Layout.slotCount).compactMap { index in
            let start = Layout.slotsPlace + index * Layout.slotBytes
            let state = number(start + Layout.slotStatePlace, UInt32.self)
            guard state == 1 || state == 2 else { return nil }
            let requestBytes = number(start + Layout.requestBytesPlace, UInt64.self)
            let kept = Int(min(requestBytes, UInt64(Layout.request.count)))
            let place = start + Layout.request.place
            return Slot(
                subject: CrashSubject(
                    plugin: text(Layout.plugin, from: start), version: text(Layout.version, from: start),
                    library: text(Layout.library, from: start), buildID: text(Layout.buildID, from: start),
                    hosting: .inProcess),
                isInCall: state == 2, thread: number(start + Layout.threadPlace, Int32.self),
                began: Date(timeIntervalSince1970: Double(number(start + Layout.timePlace, UInt64.self)) / 1000),
                summary: text(Layout.summary, from: start),
                overrun: Overrun(
                    number: number(start + Layout.overrunPlace, UInt32.self),
                    amount: number(start + Layout.amountPlace, UInt32.self)),
                request: Array(bytes[place..<(place + kept)]),
                requestBytes: Int(clamping: requestBytes),
                log: text(Layout.log, from: start).split(separator: "\n").map(String.init))
        }
    }
}

extension DeadHost {
    /// Who took the host with it.
    enum Verdict: Hashable {
        /// The plugin, and what happened, without a subject.
        case plugin(Slot, clause: String)
        /// One of several.
        case oneOf([Slot], clause: String)
        /// The host was killed, and only this plugin was in a call: chance, unless
        /// it happens again.
        case coincidence(Slot)
        /// There is no evidence against a plugin.
        case nobody
    }

    /// A plugin is blamed for what the host ended itself for, for a fault or an
    /// `exit` on the thread of its call, and for a fault in its own code; also when
    /// it was the only one in a call and the host ended by itself without a word.
    /// A host that was asked to end says nothing.
    var verdict: Verdict {
        if endedInOrder { return .nobody }
        let calling = slots.filter(\.isInCall)
        let given = calling.filter { $0.overrun != nil }
        // Then a fault of that thread came first.
        let isOfAnother = report.map { report in !given.contains { $0.thread == report.thread } } ?? false
        if let overrun = given.first?.overrun, !isOfAnother {
            return Self.among(given, clause: overrun.clause)
        }
        if let report {
            guard CrashReport.faults.contains(report.signal) else { return .nobody }
            let clause = "crashed (\(report.signalName))"
            if let slot = calling.first(where: { $0.thread == report.thread }) { return .plugin(slot, clause: clause) }
            let modules = report.frames.lazy.map(\.module)
            for module in modules where !module.isEmpty {
                let owner = slots.first {
                    $0.subject.library == module || PluginCopies.isCopy(module, of: $0.subject.library)
                }
                if let slot = owner {
                    return .plugin(slot, clause: "\(clause) on a thread of its own")
                }
            }
            // The host's own code trapped on descriptors that were not there.
            if report.hasLostDescriptor { return Self.among(calling, clause: Overrun.closedDescriptors.clause) }
            return .nobody
        }
        if let exitThread {
            guard let slot = calling.first(where: { $0.thread == exitThread }) else { return .nobody }
            return .plugin(slot, clause: "called exit")
        }
        switch end {
        case .exit(let code): return Self.among(calling, clause: "ended the process (exit code \(code))")
        case .signal(let signal) where CrashReport.faults.contains(signal):
            return Self.among(calling, clause: "crashed (\(CrashReport.name(of: signal)))")
        case .signal(SIGKILL) where calling.count == 1: return .coincidence(calling[0])
        case .signal, nil: return .nobody
        }
    }

    private static func among(_ calling: [Slot], clause: String) -> Verdict {
        switch calling.count {
        case 0: .nobody
        case 1: .plugin(calling[0], clause: clause)
        default: .oneOf(calling, clause: clause)
        }
    }
}
