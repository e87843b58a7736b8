// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPluginABI
import PluginMessages

/// The host's table, as the exported function is given it.
public typealias HostTable = UnsafeRawPointer
/// The plugin's table, as the exported function fills it.
public typealias PluginTable = UnsafeMutableRawPointer

extension Plugin {
    /// Fills the table that the host gave to the exported function. Returns the
    /// status that the function returns.
    public static func open(_ host: HostTable?, _ plugin: PluginTable?) -> Int32 {
        guard let host, let plugin else { return Int32(MIAOPU_INVALID) }
        let hostTable = host.assumingMemoryBound(to: miaopu_host_table.self)
        let pluginTable = plugin.assumingMemoryBound(to: miaopu_plugin_table.self)
        // The first two members stand in every version.
        guard hostTable.pointee.abi_version == PluginContract.version,
            pluginTable.pointee.abi_version == PluginContract.version,
            hostTable.pointee.struct_size >= MemoryLayout<miaopu_host_table>.size,
            pluginTable.pointee.struct_size >= MemoryLayout<miaopu_plugin_table>.size
        else { return Int32(MIAOPU_OTHER_VERSION) }
        guard let call = hostTable.pointee.call else { return Int32(MIAOPU_INVALID) }

        let instance = PluginInstance(
            Self.self, host: MapHost(connection: HostConnection(context: hostTable.pointee.context, call: call)))
        // Lives as long as the process: a plugin is never taken out again.
        pluginTable.pointee.context = Unmanaged.passRetained(instance).toOpaque()
        pluginTable.pointee.call = { context, request, count, reply in
            guard let context, let reply else { return Int32(MIAOPU_INVALID) }
            let instance = Unmanaged<PluginInstance>.fromOpaque(context).takeUnretainedValue()
            let (status, bytes) = instance.answer(
                UnsafeBufferPointer(start: request, count: request == nil ? 0 : count))
            reply.pointee.fill(with: bytes)
            return status
        }
        return Int32(MIAOPU_OK)
    }
}
