// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginMessages

/// How long calls of a plugin may take, in seconds. A plugin in a process of its
/// own is ended when it takes longer; one in the host's process cannot be.
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
    /// Memory of the process, in bytes of address space.
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
}
