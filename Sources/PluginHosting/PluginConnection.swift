// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import struct Foundation.Data

/// The border to one plugin: bytes go over, bytes come back.
protocol PluginConnection: AnyObject, Sendable {
    /// One call; the caller makes one at a time.
    ///
    /// - Parameter seconds: how long the plugin may take; nothing less than its
    ///   end ends a call in this process.
    /// - Throws: `PluginHostingError` with the plugin's sentence, or with that of
    ///   the border when the answer breaks the contract.
    /// - Thread: blocks for as long as the plugin takes.
    func call(_ request: [UInt8], within seconds: Double) throws(PluginHostingError) -> Data

    /// Whether there is a plugin that was started: one that died is started again
    /// by the next call.
    var isRunning: Bool { get }

    /// Why the plugin does not come back from a call, without a subject; nil when
    /// it does.
    var stuck: String? { get }
}

extension PluginConnection {
    var stuck: String? { nil }
}

/// What a plugin may ask of its host, behind bytes too.
protocol HostCallReceiver: AnyObject, Sendable {
    /// The answer to one call: a status of the contract, and a message or a
    /// sentence. From any thread.
    func answer(_ request: UnsafeBufferPointer<UInt8>) -> (status: Int32, bytes: [UInt8])
}
