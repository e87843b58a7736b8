// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginMessages

/// How long calls of a plugin may take, in seconds. A plugin in a process of its
/// own is ended when it takes longer; for one in the host's process the host is,
/// much later.
public struct CallBudget: Hashable, Sendable {
    /// `describe`.
    public var describe = 5.0
    /// `start`, with migrations of the plugin's tables.
    public var start = 30.0
    /// `features`: a tile waits for it.
    public var features = 2.0
    /// `handle`: a person waits for it.
    public var handle = 10.0
    /// `observe`, `tick` and `stop`.
    public var others = 10.0
    /// In the host's process: a call that has gone on for so long, and for longer
    /// than it may, will not come back, and the host is ended for it.
    public var stuck = 30.0
    /// Memory of the process, in bytes of address space; in the host's process, by
    /// how much the host may grow during one call.
    public var addressSpaceBytes = 2 << 30
    /// Bytes of one answer; never more than the contract allows.
    public var answerBytes = PluginContract.maxReplyBytes

    /// The usual budget.
    public init() {}

    func seconds(for call: WirePluginRequest.OneOf_Call) -> Double {
        switch call {
        case .describe: describe
        case .start: start
        case .features: features
        case .handle: handle
        case .observe, .tick, .stop: others
        }
    }

    /// What the host bears of a call in its own process that may take so long.
    func limits(of seconds: Double) -> CallWatch.Limits {
        CallWatch.Limits(seconds: max(stuck, seconds), bytes: addressSpaceBytes)
    }
}
