// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// A plugin in C that does every wrong thing there is, one at a time: the one
/// that its fault file names when a page is asked for, `/`, or features of its
/// layer `things`.
public struct ZooPlugin {
    /// The plugin's id; its layer is `<id>.things`.
    public let id: String
    /// The library.
    public let library: URL
    private let faultFile: URL

    /// Whether plugins in C can be made here.
    public static let canBeBuilt = FileManager.default.isExecutableFile(atPath: "/usr/bin/gcc")

    /// Each with the function in which it happens.
    public static let faults = [
        "null", "readonly", "jump", "trap", "breakpoint", "divide", "abort", "overflow", "twice", "exit", "leave",
        "spin", "deadlock", "allocate", "close", "flood", "huge", "garbage", "threads", "heap", "kill",
    ]

    public struct Failure: Error {
        public let output: String
    }

    /// Compiles it.
    ///
    /// - Parameters:
    ///   - folder: where the library goes.
    ///   - scratch: where source and fault file go: not where plugins are looked for.
    public init(id: String, in folder: URL, scratch: URL, version: String = "0.1.0", flags: [String] = []) throws {
        self.id = id
        faultFile = scratch.appendingPathComponent("\(id).fault")
        library = folder.appendingPathComponent("lib\(id).so")
        let source = scratch.appendingPathComponent("\(id).c")
        for url in [folder, scratch] {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        }
        try Data(Self.source.utf8).write(to: source)
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/gcc")
        compiler.arguments =
            [
                "-shared", "-fPIC", "-g", "-O1", "-fno-optimize-sibling-calls", "-w", "-pthread",
                "-I", PackageFolder.url.appendingPathComponent("Sources/CPluginABI").path,
                "-DID=\"\(id)\"", "-DVERSION=\"\(version)\"", "-DFAULT_FILE=\"\(faultFile.path)\"",
            ] + flags + ["-o", library.path, source.path]
        let errors = Pipe()
        compiler.standardError = errors
        try compiler.run()
        let output = errors.fileHandleForReading.readDataToEndOfFile()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else { throw Failure(output: String(decoding: output, as: UTF8.self)) }
    }

    /// From now on every call of `features` and `handle` does this; nil: none.
    ///
    /// - Parameter call: the first call that does it, counted from now on.
    public func set(fault: String?, from call: Int = 1) throws {
        guard let fault else { return try FileManager.default.removeItem(at: faultFile) }
        try Data("\(fault) \(call)".utf8).write(to: faultFile, options: .atomic)
    }

    private static let source = #"""
        #define _GNU_SOURCE
        #include "miaopu_plugin.h"
        #include <pthread.h>
        #include <signal.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>

        #if defined(__x86_64__)
        #define MACHINE 62
        #else
        #define MACHINE 183
        #endif
        __attribute__((section(".miaopu.plugin"), used)) static const struct miaopu_stamp_record stamp[] = {
            {MIAOPU_STAMP_MAGIC, MIAOPU_STAMP_CONTRACT, {1}},
            {MIAOPU_STAMP_MAGIC, MIAOPU_STAMP_COMPILER, {1, 12, 2, 0}},
            {MIAOPU_STAMP_MAGIC, MIAOPU_STAMP_TARGET, {MACHINE, 1}},
        };

        static const struct miaopu_host_table *host;
        static char space[4096];

        struct text { char bytes[2048]; size_t count; };
        static void number(struct text *t, int field, unsigned value) {
            t->bytes[t->count++] = field << 3;
            while (value > 127) { t->bytes[t->count++] = value & 127 | 128; value >>= 7; }
            t->bytes[t->count++] = value;
        }
        static void part(struct text *t, int field, const void *bytes, size_t count) {
            t->bytes[t->count++] = field << 3 | 2;
            unsigned rest = count;
            while (rest > 127) { t->bytes[t->count++] = rest & 127 | 128; rest >>= 7; }
            t->bytes[t->count++] = rest;
            memcpy(t->bytes + t->count, bytes, count);
            t->count += count;
        }
        static void words(struct text *t, int field, const char *s) { part(t, field, s, strlen(s)); }
        static int32_t give(struct miaopu_bytes *reply, const void *bytes, size_t count) {
            reply->bytes = bytes; reply->count = count; reply->release = 0; reply->owner = 0;
            return MIAOPU_OK;
        }
        static int32_t ask(const struct text *request) {
            struct miaopu_bytes reply = {0};
            int32_t status = host->call(host->context, (const uint8_t *)request->bytes, request->count, &reply);
            if (reply.release) reply.release(reply.owner);
            return status;
        }
        static void say(const char *line) {
            struct text record = {0}, request = {0};
            words(&record, 2, line);
            part(&request, 9, record.bytes, record.count);
            ask(&request);
        }

        #define FAULT __attribute__((noinline, used))
        static volatile int zero;
        static volatile char *volatile nowhere;
        FAULT static void zoo_null(void) { *nowhere = 1; zero++; }
        FAULT static void zoo_readonly(void) { *(volatile char *)"read only" = 1; zero++; }
        FAULT static void zoo_jump(void) { ((void (*)(void))nowhere)(); zero++; }
        FAULT static void zoo_trap(void) { __builtin_trap(); }
        FAULT static void zoo_breakpoint(void) { raise(SIGTRAP); zero++; }
        FAULT static void zoo_divide(void) { raise(SIGFPE); zero++; }
        FAULT static void zoo_abort(void) { abort(); }
        FAULT static int zoo_overflow(int depth) {
            volatile char frame[2048];
            frame[0] = depth;
            return zoo_overflow(depth + 1) + frame[0];
        }
        FAULT static void zoo_twice(void) { void *p = malloc(40); free(p); free(p); zero++; }
        FAULT static void zoo_heap(void) {
            char *block = malloc(2000);
            // A compiler leaves out what is written to memory that is freed next.
            for (volatile char *p = block - 16; p < block + 2000; p++) *p = 0x41;
            free(block);
            zero++;
        }
        FAULT static void zoo_kill(void) { kill(getpid(), SIGKILL); zero++; }
        FAULT static void zoo_exit(void) { exit(0); }
        FAULT static void zoo_leave(void) { _exit(7); }
        FAULT static void zoo_spin(void) { for (;;) zero++; }
        static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
        FAULT static void zoo_deadlock(void) { pthread_mutex_lock(&lock); pthread_mutex_lock(&lock); }
        FAULT static void zoo_allocate(void) {
            for (;;) { char *p = malloc(1 << 24); if (!p) abort(); memset(p, 1, 1 << 24); }
        }
        FAULT static void zoo_close(void) { for (int i = 0; i < 1024; i++) close(i); say("Is anybody there?"); }
        FAULT static void zoo_flood(void) {
            for (int i = 0; i < 5000; i++) { snprintf(space, sizeof space, "line %d", i); say(space); }
        }
        static void *talk(void *context) { for (int i = 0; i < 20; i++) say("from a thread"); return 0; }
        FAULT static void zoo_threads(void) {
            pthread_t threads[8];
            for (int i = 0; i < 8; i++) pthread_create(&threads[i], 0, talk, 0);
            for (int i = 0; i < 8; i++) pthread_join(threads[i], 0);
        }

        static int32_t misbehave(struct miaopu_bytes *reply, int *isAnswered) {
            static int asked;
            char fault[32] = {0};
            int first = 1;
            FILE *file = fopen(FAULT_FILE, "r");
            if (!file) { asked = 0; return MIAOPU_OK; }
            fscanf(file, "%31s %d", fault, &first);
            fclose(file);
            if (++asked < first) return MIAOPU_OK;
            say("about to misbehave");
            if (!strcmp(fault, "null")) zoo_null();
            if (!strcmp(fault, "readonly")) zoo_readonly();
            if (!strcmp(fault, "jump")) zoo_jump();
            if (!strcmp(fault, "trap")) zoo_trap();
            if (!strcmp(fault, "breakpoint")) zoo_breakpoint();
            if (!strcmp(fault, "divide")) zoo_divide();
            if (!strcmp(fault, "abort")) zoo_abort();
            if (!strcmp(fault, "overflow")) zoo_overflow(0);
            if (!strcmp(fault, "twice")) zoo_twice();
            if (!strcmp(fault, "heap")) zoo_heap();
            if (!strcmp(fault, "kill")) zoo_kill();
            if (!strcmp(fault, "exit")) zoo_exit();
            if (!strcmp(fault, "leave")) zoo_leave();
            if (!strcmp(fault, "spin")) zoo_spin();
            if (!strcmp(fault, "deadlock")) zoo_deadlock();
            if (!strcmp(fault, "allocate")) zoo_allocate();
            if (!strcmp(fault, "close")) zoo_close();
            if (!strcmp(fault, "flood")) zoo_flood();
            if (!strcmp(fault, "threads")) zoo_threads();
            *isAnswered = 1;
            if (!strcmp(fault, "huge")) return give(reply, stamp, (size_t)2 << 30);
            if (!strcmp(fault, "garbage")) return give(reply, "\xff\xff\xff\xff", 4);
            *isAnswered = 0;
            return MIAOPU_OK;
        }

        static int32_t call(void *context, const uint8_t *request, size_t count, struct miaopu_bytes *reply) {
            static struct text answer;
            struct text title = {0}, inner = {0}, outer = {0};
            int isAnswered = 0;
            memset(&answer, 0, sizeof answer);
            words(&title, 1, "动物园");
            words(&title, 2, "A zoo");
            switch (count ? request[0] >> 3 : 0) {
            case 1:
                words(&inner, 1, ID);
                part(&inner, 2, title.bytes, title.count);
                words(&inner, 3, VERSION);
                number(&inner, 4, 1);
                part(&answer, 1, inner.bytes, inner.count);
                return give(reply, answer.bytes, answer.count);
            case 2:
        #ifdef FAULT_AT_START
                misbehave(reply, &isAnswered);
        #endif
                words(&inner, 1, "things");
                part(&inner, 2, title.bytes, title.count);
                number(&inner, 3, 1);
                words(&inner, 5, "[{\"id\":\"things\",\"type\":\"circle\",\"paint\":{\"circle-color\":\"#d7191c\"}}]");
                inner.bytes[inner.count++] = 7 << 3 | 1;
                double zoom = 22;
                memcpy(inner.bytes + inner.count, &zoom, 8);
                inner.count += 8;
                part(&outer, 2, inner.bytes, inner.count);
                ask(&outer);
                return give(reply, "", 0);
            case 3:
                // The check asks for what must be refused.
                if (count < 8 || memmem(request, count, "no-such-layer", 13)) return MIAOPU_NOT_FOUND;
                misbehave(reply, &isAnswered);
                return isAnswered ? MIAOPU_OK : give(reply, "\x1a\x00", 2);
            case 4:
                misbehave(reply, &isAnswered);
                return isAnswered ? MIAOPU_OK : give(reply, "\x22\x03\x08\xc8\x01", 5);
            case 5: case 6: case 7: return give(reply, "", 0);
            default: return MIAOPU_INVALID;
            }
        }

        int32_t miaopu_plugin_v1(const struct miaopu_host_table *table, struct miaopu_plugin_table *plugin) {
            host = table;
            plugin->call = call;
            return MIAOPU_OK;
        }
        """#
}
