// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses

/// Where things stand in a host's journal. Numbers are little endian; texts end
/// with a zero or their field.
enum JournalLayout {
    static let magic: UInt64 = 0x314c_4e52_4a41_4d01

    // The head.
    static let magicPlace = 0
    static let processPlace = 8
    /// 1: calls of this host count in the plugins' public figures.
    static let countsPlace = 12
    static let startPlace = 16
    /// 1: the host runs, or died; 2: it ended in order.
    static let statePlace = 24
    /// The thread that called `exit`; 0: none did.
    static let exitThreadPlace = 28
    /// What the supervisor saw: 1 an exit with a code, 2 a signal; and which.
    static let endKindPlace = 32
    static let endValuePlace = 36
    static let boot = Field(place: 40, count: 64)

    /// A `CrashReport` as bytes.
    static let reportPlace = 4096
    static let reportRoom = 12_288

    static let slotsPlace = 16_384
    static let slotBytes = 16_384
    static let slotCount = 31
    static let bytes = slotsPlace + slotCount * slotBytes

    /// A text of a slot or of the head.
    struct Field {
        var place: Int
        var count: Int
    }

    // A slot, from its beginning.
    /// 0: free; 1: a plugin without a call; 2: a call is in progress.
    static let slotStatePlace = 0
    static let threadPlace = 4
    /// Milliseconds since 1970-01-01T00:00:00Z.
    static let timePlace = 8
    /// How large the request is; what is kept of it is less when it is larger
    /// than its field.
    static let requestBytesPlace = 16
    /// Why the host ended itself during the call: the number of an `Overrun`, 0
    /// for none; and its amount.
    static let overrunPlace = 24
    static let amountPlace = 28
    static let plugin = Field(place: 32, count: 40)
    static let version = Field(place: 72, count: 40)
    static let buildID = Field(place: 112, count: 64)
    static let summary = Field(place: 176, count: 208)
    static let library = Field(place: 384, count: 1024)
    static let log = Field(place: 1408, count: 4096)
    static let request = Field(place: 5504, count: slotBytes - 5504)
}
