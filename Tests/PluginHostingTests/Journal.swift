// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

@testable import PluginHosting

extension ProcessIdentity {
    /// Of a process that was there and is gone.
    static func ofTheDead() throws -> ProcessIdentity {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/true")
        try process.run()
        process.waitUntilExit()
        return ProcessIdentity(process: process.processIdentifier, start: 1)
    }
}

/// A journal as a host leaves it that died.
struct Journal {
    var bytes = [UInt8](repeating: 0, count: JournalLayout.bytes)
    let identity: ProcessIdentity

    init(of identity: ProcessIdentity, boot: String = ProcessIdentity.boot) {
        self.identity = identity
        set(JournalLayout.magic, at: JournalLayout.magicPlace)
        set(UInt32(identity.process), at: JournalLayout.processPlace)
        set(identity.start, at: JournalLayout.startPlace)
        set(UInt32(1), at: JournalLayout.statePlace)
        set(boot, JournalLayout.boot, from: 0)
    }

    mutating func set<Number: FixedWidthInteger>(_ number: Number, at place: Int) {
        withUnsafeBytes(of: number.littleEndian) { bytes.replaceSubrange(place..<(place + $0.count), with: $0) }
    }

    mutating func set(_ text: String, _ field: JournalLayout.Field, from start: Int) {
        let utf8 = Array(text.utf8)
        bytes.replaceSubrange((start + field.place)..<(start + field.place + utf8.count), with: utf8)
    }

    /// A plugin, in a call of a thread or in none.
    mutating func add(_ plugin: String, slot: Int, thread: Int32?) {
        let start = JournalLayout.slotsPlace + slot * JournalLayout.slotBytes
        set(UInt32(thread == nil ? 1 : 2), at: start + JournalLayout.slotStatePlace)
        set(UInt32(thread ?? 0), at: start + JournalLayout.threadPlace)
        set(plugin, JournalLayout.plugin, from: start)
        set("1.0.0", JournalLayout.version, from: start)
        set("/plugins/lib\(plugin).so", JournalLayout.library, from: start)
        set("tick", JournalLayout.summary, from: start)
    }

    /// A fault of a thread, in a module, as `struct miaopu_crash_report` has it.
    mutating func report(_ signal: Int32, thread: Int32, module: String = "", hasLostDescriptor: Bool = false) {
        let place = JournalLayout.reportPlace
        set(0x3148_5352_434f_414d as UInt64, at: place)
        set(signal, at: place + 8)
        set(thread, at: place + 32)
        set(UInt32(1), at: place + 36)
        // Its one frame: address, offset, and the module's place among the names.
        set(UInt64(4096), at: place + 48)
        set(UInt64(16), at: place + 56)
        set(UInt32(0), at: place + 64)
        set(UInt32(module.utf8.count), at: place + 68)
        let names = Array(module.utf8)
        let namesPlace = place + 48 + 64 * 24
        bytes.replaceSubrange(namesPlace..<(namesPlace + names.count), with: names)
        set(UInt64(hasLostDescriptor ? 1 : 0), at: namesPlace + 4096)
    }

    mutating func end(_ kind: UInt32, _ value: Int32) {
        set(kind, at: JournalLayout.endKindPlace)
        set(value, at: JournalLayout.endValuePlace)
    }

    /// What the host ended itself for, during a plugin's call.
    mutating func overrun(_ overrun: Overrun, slot: Int) {
        let start = JournalLayout.slotsPlace + slot * JournalLayout.slotBytes
        set(overrun.number, at: start + JournalLayout.overrunPlace)
        set(overrun.amount, at: start + JournalLayout.amountPlace)
    }

    var host: DeadHost? { DeadHost(bytes) }
}
