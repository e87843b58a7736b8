// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages
import SwiftProtobuf
import Testing

/// A plugin in Swift of one file, made with the contract's header and without the
/// SDK. Its page `/` answers 200; `/overflow`, `/bounds`, `/nil` and `/fatal` trap,
/// each in a function of that name.
struct SwiftPlugin {
    /// Whether the compiler is on the path.
    static let canBeBuilt: Bool = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let isThere = path.split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/swiftc")
        }
        if !isThere { print("skipped: there is no swiftc on the path") }
        return isThere
    }()

    /// Compiles it with `-O`, as a release build does, or `-Onone`.
    func build(in folder: ScratchFolder, option: String, id: String) throws {
        var manifest = WireManifest()
        (manifest.id, manifest.version, manifest.contractVersion) = (id, "1.0.0", PluginContract.version)
        var reply = WirePluginReply()
        reply.describe = manifest
        let bytes: [UInt8] = try reply.serializedBytes()
        let source = Self.source(manifest: bytes)
        let file = try folder.write(Array(source.utf8), "source/\(id).swift")
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        compiler.arguments = [
            "swiftc", "-emit-library", "-parse-as-library", "-swift-version", "6", option, "-module-name", "tested",
            "-import-objc-header", "\(CPlugin.headerFolder)/miaopu_plugin.h", "-o",
            folder.url.appendingPathComponent("lib\(id).so").path, file,
        ]
        try compiler.run()
        compiler.waitUntilExit()
        try #require(compiler.terminationStatus == 0, "swiftc \(option) failed")
    }

    private static func stamp(_ name: String, _ numbers: [UInt32]) -> String {
        let six = (numbers + [0, 0, 0, 0, 0]).prefix(6).map(String.init).joined(separator: ", ")
        return """
            @section(".miaopu.plugin") @used
            let \(name): (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) = (0x504f_414d, \(six), 0)
            """
    }

    private static func source(manifest: [UInt8]) -> String {
        """
        \(stamp("contractStamp", [1, PluginContract.version]))
        \(stamp("compilerStamp", [3, 2] + PluginContract.compiler))
        \(stamp("targetStamp", [4] + PluginContract.target))

        @inline(never) @_optimize(none) func hidden(_ number: Int) -> Int { number }
        @inline(never) func trap_overflow() -> Int { hidden(.max) + hidden(1) }
        @inline(never) func trap_bounds() -> Int { [1, 2, 3][hidden(7)] }
        @inline(never) func trap_nil() -> Int { (hidden(0) == 1 ? 1 : nil)! }
        @inline(never) func trap_fatal() -> Int { fatalError("The plugin gives up.") }

        func give(_ bytes: [UInt8], _ reply: UnsafeMutablePointer<miaopu_bytes>) -> Int32 {
            let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, bytes.count))
            copy.initialize(from: bytes, count: bytes.count)
            reply.pointee = miaopu_bytes(bytes: copy, count: bytes.count, release: { $0?.deallocate() }, owner: copy)
            return 0
        }

        func call(
            _ context: UnsafeMutableRawPointer?, _ request: UnsafePointer<UInt8>?, _ count: Int,
            _ reply: UnsafeMutablePointer<miaopu_bytes>?
        ) -> Int32 {
            guard let reply, let request else { return 1 }
            let text = String(decoding: UnsafeBufferPointer(start: request, count: count), as: UTF8.self)
            var sum = 0
            if text.contains("/overflow") { sum += trap_overflow() }
            if text.contains("/bounds") { sum += trap_bounds() }
            if text.contains("/nil") { sum += trap_nil() }
            if text.contains("/fatal") { sum += trap_fatal() }
            switch count > 0 ? request[0] >> 3 : 0 {
            case 1: return give(\(manifest), reply)
            case 4: return give([0x22, 0x03, 0x08, sum == 0 ? 0xc8 : 0xc9, 0x01], reply)
            default: return give([], reply)
            }
        }

        @c(miaopu_plugin_v1) public func entry(
            _ host: UnsafePointer<miaopu_host_table>?, _ plugin: UnsafeMutablePointer<miaopu_plugin_table>?
        ) -> Int32 {
            plugin?.pointee.call = { call($0, $1, $2, $3) }
            return 0
        }
        """
    }
}
