// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages
import SwiftProtobuf
import Testing

/// Makes plugins in C: what a plugin does wrong is easiest done there.
struct CPlugin {
    /// What it says it is.
    var manifest: WireManifest = {
        var manifest = WireManifest()
        manifest.id = "tested"
        manifest.version = "0.1.0"
        manifest.contractVersion = 1
        return manifest
    }()
    /// The records of its stamp; nil: no stamp.
    var stamp: String? =
        "{MIAOPU_STAMP_MAGIC, MIAOPU_STAMP_CONTRACT, {1}}, "
        + "{MIAOPU_STAMP_MAGIC, MIAOPU_STAMP_COMPILER, {1, 12, 2, 0}}, "
        + "{MIAOPU_STAMP_MAGIC, MIAOPU_STAMP_TARGET, {\(PluginContract.target[0]), 1}}"
    var entryName = "miaopu_plugin_v1"
    /// Statements of a constructor.
    var constructor = ""
    /// Statements that answer a call: `say(status, text)`, `give(bytes, count)`.
    var start = "return give(\"\", 0);"
    var features = "return give(\"\", 0);"
    var handle = "return give(\"\", 0);"
    /// Statements for every other call.
    var other = "return give(\"\", 0);"
    var entry = ""
    /// Further definitions.
    var definitions = ""
    var compilerArguments: [String] = []

    /// Compiles the plugin and returns its path.
    func build(in folder: ScratchFolder, name: String = "libtested.so") throws -> String {
        var reply = WirePluginReply()
        reply.describe = manifest
        let bytes: [UInt8] = try reply.serializedBytes()
        let list = bytes.map(String.init).joined(separator: ",")
        let stampText = stamp.map {
            "__attribute__((section(\".miaopu.plugin\"), used)) static const struct miaopu_stamp_record stamp[] = {\($0)};"
        }
        let source = """
            #include "miaopu_plugin.h"
            #include <signal.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            #include <unistd.h>
            \(stampText ?? "")
            static const struct miaopu_host_table *host;
            static struct miaopu_bytes *answer;
            static int32_t give(const void *bytes, size_t count) {
                answer->bytes = bytes; answer->count = count; answer->release = 0; answer->owner = 0;
                return MIAOPU_OK;
            }
            static int32_t say(int32_t status, const char *text) { give(text, strlen(text)); return status; }
            \(definitions)
            static const uint8_t manifest[] = {\(list)};
            __attribute__((constructor)) static void construct(void) { \(constructor) }
            static int32_t call(void *context, const uint8_t *request, size_t count, struct miaopu_bytes *reply) {
                answer = reply;
                (void)say; (void)context; (void)host;
                switch (count ? request[0] >> 3 : 0) {
                case 1: return give(manifest, sizeof manifest);
                case 2: \(start)
                case 3: \(features)
                case 4: \(handle)
                default: \(other)
                }
            }
            int32_t \(entryName)(const struct miaopu_host_table *table, struct miaopu_plugin_table *plugin) {
                \(entry)
                host = table;
                plugin->call = call;
                return MIAOPU_OK;
            }
            """
        let file = try folder.write(Array(source.utf8), "source/\(name).c")
        let library = folder.url.appendingPathComponent(name).path
        try Self.compile(["-shared", "-fPIC", "-I", Self.headerFolder, "-o", library, file] + compilerArguments)
        return library
    }

    /// Runs gcc.
    static func compile(_ arguments: [String]) throws {
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/gcc")
        compiler.arguments = arguments
        try compiler.run()
        compiler.waitUntilExit()
        try #require(compiler.terminationStatus == 0, "gcc \(arguments.joined(separator: " ")) failed")
    }

    static let headerFolder: String = {
        // A package of a few targets may reach this file by a symbolic link.
        var folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let headers = folder.appendingPathComponent("Sources/CPluginABI")
            if FileManager.default.fileExists(atPath: headers.path) { return headers.path }
        }
        return "/"
    }()
}
