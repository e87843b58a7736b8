// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What a call in the host's process did that the host ended itself for. It is
/// written into the journal beside the call.
enum Overrun: Hashable, Sendable {
    /// It did not come back for so many seconds.
    case stuck(seconds: UInt32)
    /// The host grew by so many megabytes while it went on.
    case grew(megabytes: UInt32)
    /// The host's descriptors were closed.
    case closedDescriptors

    /// As a journal has it.
    init?(number: UInt32, amount: UInt32) {
        switch number {
        case 1: self = .stuck(seconds: amount)
        case 2: self = .grew(megabytes: amount)
        case 3: self = .closedDescriptors
        default: return nil
        }
    }

    var number: UInt32 {
        switch self {
        case .stuck: 1
        case .grew: 2
        case .closedDescriptors: 3
        }
    }

    var amount: UInt32 {
        switch self {
        case .stuck(let seconds): seconds
        case .grew(let megabytes): megabytes
        case .closedDescriptors: 0
        }
    }

    /// What the plugin did, without a subject.
    var clause: String {
        switch self {
        case .stuck(let seconds): "was stuck for \(seconds) s"
        case .grew(let megabytes): "took \(megabytes) MB of memory, more than it may"
        case .closedDescriptors: "closed files and connections of the server"
        }
    }
}
