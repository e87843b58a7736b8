// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages
import SwiftProtobuf
import Testing

/// Makes commands that are plugins, in Python and without any library.
struct PythonCommand {
    /// What it says it is.
    var manifest: WireManifest = {
        var manifest = WireManifest()
        manifest.id = "tested"
        manifest.version = "0.1.0"
        manifest.contractVersion = 1
        return manifest
    }()
    /// Lines that run first.
    var begin = "pass"
    /// Lines that answer a call: they set `body`, the bytes of a message.
    var describe = "body = MANIFEST"
    var start = "body = b''"
    var handle = "body = page(b'')"
    var features = "pass"
    /// Lines for every other call.
    var other = "pass"
    var description = #"{"contract": 1, "command": ["python3", "-B", "plugin.py"], "language": "python"}"#

    /// Writes the plugin's folder and returns the path of its `plugin.json`.
    @discardableResult
    func write(in folder: ScratchFolder, name: String = "tested") throws -> String {
        var reply = WirePluginReply()
        reply.describe = manifest
        let bytes: [UInt8] = try reply.serializedBytes()
        let hex = bytes.map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
        func indented(_ lines: String) -> String {
            lines.split(separator: "\n", omittingEmptySubsequences: false).map { "        \($0)" }.joined(separator: "\n")
        }
        let source = """
            import os, socket, struct, sys, time
            MANIFEST = bytes.fromhex("\(hex)")
            \(begin)
            host = socket.socket(fileno=3)

            def exactly(count):
                data = b""
                while len(data) < count:
                    part = host.recv(count - len(data))
                    if not part:
                        sys.exit(0)
                    data += part
                return data

            def varint(number):
                data = b""
                while number > 127:
                    data += bytes([number & 127 | 128])
                    number >>= 7
                return data + bytes([number])

            def page(text):
                inner = b"\\x08\\xc8\\x01\\x22" + varint(len(text)) + text
                return b"\\x22" + varint(len(inner)) + inner

            while True:
                count, kind = struct.unpack("<IB", exactly(5))
                call, = struct.unpack("<Q", exactly(8))
                request = exactly(count - 8)
                body, status, frame = b"", 0, 2
                if request[0] >> 3 == 1:
            \(indented(describe))
                elif request[0] >> 3 == 2:
            \(indented(start))
                elif request[0] >> 3 == 4:
            \(indented(handle))
                elif request[0] >> 3 == 3:
            \(indented(features))
                else:
            \(indented(other))
                host.sendall(struct.pack("<IBQi", 12 + len(body), frame, call, status) + body)

            """
        try folder.write(Array(source.utf8), "\(name)/plugin.py")
        return try folder.write(Array(description.utf8), "\(name)/plugin.json")
    }
}
