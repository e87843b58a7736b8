// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPluginABI
import PluginMessages
import SwiftProtobuf
import Synchronization

/// The way to the host, and what the plugin told it about its layers.
final class HostConnection: @unchecked Sendable {
    // The table never changes, the host takes calls from any thread, and the
    // schemas are behind a mutex.
    private let context: UnsafeMutableRawPointer?
    private let function: miaopu_call
    private let schemas = Mutex<[String: Schema]>([:])

    init(context: UnsafeMutableRawPointer?, call: miaopu_call) {
        self.context = context
        self.function = call
    }

    func schema(of layer: String) -> Schema? {
        schemas.withLock { $0[layer] }
    }

    func remember(_ schema: Schema, of layer: String) {
        schemas.withLock { $0[layer] = schema }
    }

    /// One call.
    ///
    /// - Throws: `PluginError` with the host's sentence.
    @discardableResult
    func call(_ message: WireHostRequest.OneOf_Call) throws -> WireHostReply {
        var request = WireHostRequest()
        request.call = message
        let bytes: [UInt8] = try request.serializedBytes()
        guard bytes.count <= PluginContract.maxRequestBytes else {
            throw PluginError(
                .tooLarge,
                "The request to the host has \(bytes.count) bytes; at most \(PluginContract.maxRequestBytes) are "
                    + "accepted.")
        }
        var reply = miaopu_bytes()
        let status = bytes.withUnsafeBufferPointer { function(context, $0.baseAddress, $0.count, &reply) }
        defer { reply.release?(reply.owner) }
        let answer = UnsafeBufferPointer(start: reply.bytes, count: reply.bytes == nil ? 0 : reply.count)
        guard status == Int32(MIAOPU_OK) else {
            throw PluginError(status: status, sentence: String(decoding: answer, as: UTF8.self))
        }
        return try WireHostReply(serializedBytes: Array(answer))
    }
}

extension miaopu_bytes {
    /// Fills with a copy that its receiver releases.
    mutating func fill(with content: [UInt8]) {
        self = miaopu_bytes()
        guard !content.isEmpty else { return }
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: content.count)
        _ = memory.initialize(from: content)
        bytes = UnsafePointer(memory.baseAddress)
        count = content.count
        owner = UnsafeMutableRawPointer(memory.baseAddress)
        release = { $0?.deallocate() }
    }
}
