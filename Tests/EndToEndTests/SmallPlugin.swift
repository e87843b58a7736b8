// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// A plugin in C with one layer of one point in the tile 14/13716/6700, a page
/// that says its version, and a table of words to which each start adds one. Asked
/// for `/ill` its layer has nothing to give but a sentence until it is asked for
/// `/well`; `/crash` ends it.
///
/// Its messages are put together here, byte by byte, as a plugin does that
/// knows nothing of Miaopu but the contract.
struct SmallPlugin {
    var version: String
    /// What a start writes into its table.
    var word: String
    /// Whether it fails when it has written that.
    var fails = false
    var id = "bench"
    /// The path of a file; while it is there, the layer has no features to give
    /// but a sentence.
    var illWhile = ""
    /// What it calls its layer when it registers it.
    var layer = "seats"
    var style = #"[{"id":"seats","type":"circle","paint":{"circle-color":"red"}}]"#
    var permissions = ["tables"]
    /// The function that it exports.
    var entry = "miaopu_plugin_v1"
    var hasStamp = true

    static let canBeBuilt = FileManager.default.isExecutableFile(atPath: "/usr/bin/gcc")

    /// Compiles it and returns the library's path.
    func build(in folder: URL) throws -> String {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let name = "bench-\(version.filter { $0.isNumber || $0 == "." })"
        // The source is no part of what is installed.
        let sources = FileManager.default.temporaryDirectory.appendingPathComponent("small-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: sources, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: sources) }
        let file = sources.appendingPathComponent("\(name).c")
        try Data(source.utf8).write(to: file)
        let library = folder.appendingPathComponent("\(name).so").path
        let headers = Program.package.appendingPathComponent("Sources/CPluginABI").path
        let result = try Program.tool("gcc", ["-shared", "-fPIC", "-I", headers, "-o", library, file.path])
        guard result?.status == 0 else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSLocalizedDescriptionKey: result?.errors ?? "no gcc"])
        }
        return library
    }

    private var source: String {
        let layer = message(
            2, text(1, layer) + title("座位", "Seats") + number(3, 1) + text(5, style) + [0x39] + bytes(of: 24.0))
        var statements = ["CREATE TABLE IF NOT EXISTS words (word TEXT)", "INSERT INTO words VALUES ('\(word)')"]
        var requests = [layer, message(1, statements.flatMap { message(1, text(1, $0)) })]
        if fails {
            statements = ["INSERT INTO nowhere VALUES (1)"]
            requests.append(message(1, statements.flatMap { message(1, text(1, $0)) }))
        }
        let manifest = message(
            1,
            text(1, id) + title("长椅", "Benches") + text(3, version) + number(4, 1)
                + permissions.flatMap { text(8, $0) })
        let point: [UInt8] = [1, 1, 0, 0, 0] + bytes(of: 121.388) + bytes(of: 31.119)
        let features = message(3, message(1, [7]) + message(2, point) + message(3, [UInt8(point.count)]))
        let page = message(4, number(1, 200) + text(2, "text/plain") + message(4, Array(version.utf8)))
        let nothing = message(4, number(1, 404) + text(2, "text/plain") + message(4, Array("Nothing.".utf8)))
        return """
            #define _GNU_SOURCE
            #include "miaopu_plugin.h"
            #include <stdlib.h>
            #include <string.h>
            #include <unistd.h>
            #if \(hasStamp ? 1 : 0)
            __attribute__((section(MIAOPU_STAMP_SECTION), used)) static const struct miaopu_stamp_record stamp[] = {
                {MIAOPU_STAMP_MAGIC, MIAOPU_STAMP_CONTRACT, {MIAOPU_CONTRACT_VERSION}},
                {MIAOPU_STAMP_MAGIC, MIAOPU_STAMP_COMPILER, {1, __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__}},
            #ifdef __aarch64__
                {MIAOPU_STAMP_MAGIC, MIAOPU_STAMP_TARGET, {183, 1}}
            #else
                {MIAOPU_STAMP_MAGIC, MIAOPU_STAMP_TARGET, {62, 1}}
            #endif
            };
            #endif
            static const struct miaopu_host_table *host;
            static int32_t give(struct miaopu_bytes *reply, const uint8_t *bytes, size_t count) {
                reply->bytes = bytes; reply->count = count; reply->release = 0; reply->owner = 0;
                return MIAOPU_OK;
            }
            static int32_t refuse(struct miaopu_bytes *reply, int32_t status, const char *sentence) {
                give(reply, (const uint8_t *)sentence, strlen(sentence));
                return status;
            }
            static int32_t ask(const uint8_t *request, size_t count, struct miaopu_bytes *reply) {
                struct miaopu_bytes said = {0};
                int32_t status = host->call(host->context, request, count, &said);
                if (status != MIAOPU_OK) { *reply = said; return status; }
                if (said.release) said.release(said.owner);
                return MIAOPU_OK;
            }
            \(array("manifest", manifest))
            \(array("features", features))
            \(array("page", page))
            \(array("nothing", nothing))
            \(requests.enumerated().map { array("request\($0.offset)", $0.element) }.joined(separator: "\n"))
            static int32_t start(struct miaopu_bytes *reply) {
                int32_t status = MIAOPU_OK;
                \(requests.indices.map {
                    "if ((status = ask(request\($0), sizeof request\($0), reply)) != MIAOPU_OK) return status;"
                }.joined(separator: "\n    "))
                return give(reply, 0, 0);
            }
            static int is_ill;
            static int32_t call(void *context, const uint8_t *request, size_t count, struct miaopu_bytes *reply) {
                (void)context;
                switch (count ? request[0] >> 3 : 0) {
                case 1: return give(reply, manifest, sizeof manifest);
                case 2: return start(reply);
                case 3:
                    if (!memmem(request, count, "\\x0a\\x05seats", 7))
                        return refuse(reply, MIAOPU_NOT_FOUND, "There is no such layer.");
                    if (is_ill || access("\(illWhile)", F_OK) == 0) return refuse(reply, MIAOPU_FAILED, "The bench is ill.");
                    return give(reply, features, sizeof features);
                case 4:
                    if (memmem(request, count, "/crash", 6)) abort();
                    if (memmem(request, count, "/ill", 4)) { is_ill = 1; return give(reply, page, sizeof page); }
                    if (memmem(request, count, "/well", 5)) { is_ill = 0; return give(reply, page, sizeof page); }
                    return memmem(request, count, "\\x12\\x01/", 3)
                        ? give(reply, page, sizeof page) : give(reply, nothing, sizeof nothing);
                case 5: case 6: case 7: return give(reply, 0, 0);
                default: return refuse(reply, MIAOPU_INVALID, "These bytes are no message.");
                }
            }
            int32_t \(entry)(const struct miaopu_host_table *table, struct miaopu_plugin_table *plugin) {
                host = table;
                plugin->call = call;
                return MIAOPU_OK;
            }
            """
    }

    private func array(_ name: String, _ bytes: [UInt8]) -> String {
        "static const uint8_t \(name)[] = {\(bytes.map(String.init).joined(separator: ","))};"
    }

    private func varint(_ value: Int) -> [UInt8] {
        var (rest, bytes) = (value, [UInt8]())
        repeat {
            bytes.append(UInt8(rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
            rest >>= 7
        } while rest > 0
        return bytes
    }

    private func message(_ field: Int, _ content: [UInt8]) -> [UInt8] {
        varint(field << 3 | 2) + varint(content.count) + content
    }

    private func title(_ zh: String, _ en: String) -> [UInt8] { message(2, text(1, zh) + text(2, en)) }

    private func text(_ field: Int, _ text: String) -> [UInt8] { message(field, Array(text.utf8)) }

    private func number(_ field: Int, _ value: Int) -> [UInt8] { varint(field << 3) + varint(value) }

    private func bytes(of value: Double) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt64($0 * 8)) }
    }
}
