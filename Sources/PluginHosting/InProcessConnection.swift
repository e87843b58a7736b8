// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPluginABI
import Glibc
import PluginMessages

import struct Foundation.Data

/// A plugin whose library is loaded into this process. A trap or a hang of it is
/// one of the host.
final class InProcessConnection: PluginConnection, @unchecked Sendable {
    // The table is filled once, before anybody else sees this object, and the
    // contract lets its function be called from any thread, one at a time.
    private let context: UnsafeMutableRawPointer?
    private let function: miaopu_call
    private let subject: String

    /// Loads a library and opens the plugin in it. Neither is ever undone: a
    /// Swift library that was closed leaves dangling pointers.
    ///
    /// - Throws: `.failedToStart` with the loader's sentence, `.notAPlugin` when
    ///   the entry function is missing, and what the entry function says.
    init(library path: String, receiver: any HostCallReceiver) throws(PluginHostingError) {
        subject = path
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            throw PluginHostingError(.failedToStart, path, "\(path) is not loaded: \(Self.loaderSentence).")
        }
        guard let symbol = dlsym(handle, "miaopu_plugin_v1") else {
            throw PluginHostingError(
                .notAPlugin, path,
                "\(path) is not loaded: it does not export the function miaopu_plugin_v1; a Swift plugin does so "
                    + "with @c(miaopu_plugin_v1).")
        }
        typealias Entry =
            @convention(c) (
                UnsafePointer<miaopu_host_table>?, UnsafeMutablePointer<miaopu_plugin_table>?
            ) -> Int32
        let entry = unsafeBitCast(symbol, to: Entry.self)

        // Both live as long as the process: the plugin may keep them.
        let host = UnsafeMutablePointer<miaopu_host_table>.allocate(capacity: 1)
        host.initialize(to: Self.hostTable(receiver))
        let plugin = UnsafeMutablePointer<miaopu_plugin_table>.allocate(capacity: 1)
        plugin.initialize(to: miaopu_plugin_table())
        plugin.pointee.abi_version = PluginContract.version
        plugin.pointee.struct_size = UInt32(MemoryLayout<miaopu_plugin_table>.size)

        let status = entry(host, plugin)
        guard status == ContractStatus.ok else {
            throw PluginHostingError(
                .failedToStart, path,
                "\(path) is not loaded: its entry function answered with status \(status) instead of 0.")
        }
        guard let function = plugin.pointee.call else {
            throw PluginHostingError(
                .notAPlugin, path, "\(path) is not loaded: its entry function did not fill in `call`.")
        }
        self.function = function
        context = plugin.pointee.context
    }

    func call(_ request: [UInt8], within seconds: Double = .infinity) throws(PluginHostingError) -> Data {
        guard request.count <= PluginContract.maxRequestBytes else {
            throw PluginHostingError(
                .tooLarge, subject,
                "A request of \(request.count) bytes was not sent to a plugin; at most "
                    + "\(PluginContract.maxRequestBytes) are accepted.")
        }
        var reply = miaopu_bytes()
        let status = request.withUnsafeBufferPointer { function(context, $0.baseAddress, $0.count, &reply) }
        defer { reply.release?(reply.owner) }
        guard reply.count <= PluginContract.maxReplyBytes else {
            throw PluginHostingError(
                .tooLarge, subject,
                "The plugin answered \(reply.count) bytes; at most \(PluginContract.maxReplyBytes) are accepted.")
        }
        guard reply.count == 0 || reply.bytes != nil else {
            throw PluginHostingError(.failed, subject, "The plugin answered \(reply.count) bytes at no address.")
        }
        let answer = UnsafeBufferPointer(start: reply.bytes, count: reply.bytes == nil ? 0 : reply.count)
        guard status == ContractStatus.ok else {
            let sentence = String(decoding: answer.prefix(4096), as: UTF8.self)
            throw PluginHostingError(
                ContractStatus.kind(of: status), subject,
                sentence.isEmpty ? "The plugin failed with status \(status) and no sentence." : sentence)
        }
        return Data(answer)
    }

    var isRunning: Bool { true }

    private static func hostTable(_ receiver: any HostCallReceiver) -> miaopu_host_table {
        var table = miaopu_host_table()
        table.abi_version = PluginContract.version
        table.struct_size = UInt32(MemoryLayout<miaopu_host_table>.size)
        table.context = Unmanaged.passRetained(ReceiverBox(receiver)).toOpaque()
        table.call = { context, request, count, reply in
            guard let context, let reply else { return ContractStatus.number(of: .invalid) }
            let box = Unmanaged<ReceiverBox>.fromOpaque(context).takeUnretainedValue()
            let (status, bytes) = box.receiver.answer(
                UnsafeBufferPointer(start: request, count: request == nil ? 0 : count))
            reply.pointee.fill(with: bytes)
            return status
        }
        return table
    }

    private static var loaderSentence: String {
        dlerror().map { String(cString: $0) } ?? "the loader gives no reason"
    }
}

/// An existential cannot be passed through a C pointer; a class can.
private final class ReceiverBox {
    let receiver: any HostCallReceiver

    init(_ receiver: any HostCallReceiver) {
        self.receiver = receiver
    }
}

extension miaopu_bytes {
    /// Fills with a copy that its receiver releases.
    fileprivate mutating func fill(with content: [UInt8]) {
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
