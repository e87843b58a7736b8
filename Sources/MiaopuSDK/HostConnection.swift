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
        guard !content.isEmpty else {
            self = miaopu_bytes()
            return
        }
        let memory = UnsafeMutableRawPointer.allocate(byteCount: content.count, alignment: 1)
        content.withUnsafeBytes { memory.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(memory), byteCount: $0.count) }
        bytes = UnsafePointer(memory.assumingMemoryBound(to: UInt8.self))
        count = content.count
        owner = memory
        release = { $0?.deallocate() }
    }
}
