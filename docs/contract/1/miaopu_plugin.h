// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.
//
// The plugin contract, version 1. A plugin is a shared library with one
// exported function, `miaopu_plugin_v1`, and a stamp in the ELF section
// `.miaopu.plugin`. Everything else that crosses the border is a protobuf
// message of plugin.proto, through one function each way.

#ifndef MIAOPU_PLUGIN_H
#define MIAOPU_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#define MIAOPU_CONTRACT_VERSION 1

// What a call answers. Numbers are never reused; one that a side does not know
// counts as MIAOPU_FAILED.
enum {
    MIAOPU_OK = 0,
    // The request is wrong: a bad value, an unknown name, malformed bytes.
    MIAOPU_INVALID = 1,
    // There is no such layer, route or record.
    MIAOPU_NOT_FOUND = 2,
    // The other side does not know this call.
    MIAOPU_UNSUPPORTED = 3,
    // The caller may not do this.
    MIAOPU_DENIED = 4,
    // The request or the answer is larger than the contract allows.
    MIAOPU_TOO_LARGE = 5,
    // Anything else went wrong.
    MIAOPU_FAILED = 6,
    // The table was made for another version of the contract.
    MIAOPU_OTHER_VERSION = 7
};

// Bytes that one side hands to the other. Whoever allocated them releases them:
// the receiver calls `release(owner)` once when it has read them, if `release`
// is not null.
struct miaopu_bytes {
    const uint8_t *bytes;
    size_t count;
    void (*release)(void *owner);
    void *owner;
};

// A call. `request` belongs to the caller and lives until the function returns.
// `reply` is filled by the callee: with a message when the status is MIAOPU_OK,
// else with one sentence for a person in UTF-8. It must not unwind.
typedef int32_t (*miaopu_call)(
    void *context, const uint8_t *request, size_t request_count, struct miaopu_bytes *reply);

// What the host offers. It lives as long as the process; a plugin may keep it
// and may call it from any thread, during a call of the host or between calls.
struct miaopu_host_table {
    uint32_t abi_version;
    // sizeof this struct on the host's side: it only grows at its end.
    uint32_t struct_size;
    void *context;
    // Takes a HostRequest, answers with a HostReply.
    miaopu_call call;
};

// What the plugin offers. The host makes it, sets the first two members, and
// the plugin fills in as many of the others as `struct_size` has room for.
struct miaopu_plugin_table {
    uint32_t abi_version;
    uint32_t struct_size;
    void *context;
    // Takes a PluginRequest, answers with a PluginReply. The host makes one
    // call at a time.
    miaopu_call call;
};

// The exported function: `int32_t miaopu_plugin_v1(host, plugin)`. Answers
// MIAOPU_OK, or another status when it cannot serve this host. It must do
// nothing but fill the table: `start` is the place for work.
typedef int32_t (*miaopu_plugin_entry)(
    const struct miaopu_host_table *host, struct miaopu_plugin_table *plugin);

// The stamp: records of 32 bytes, in any order, in the native byte order of the
// processor that the ELF header names. Records of an unknown kind are skipped.
#define MIAOPU_STAMP_MAGIC 0x504f414du  // "MAOP" in memory, little endian
#define MIAOPU_STAMP_SECTION ".miaopu.plugin"

enum {
    // numbers: the contract's version.
    MIAOPU_STAMP_CONTRACT = 1,
    // numbers: the SDK's version: major, minor, patch.
    MIAOPU_STAMP_SDK = 2,
    // numbers: language (1 C or another that needs no runtime of the host,
    // 2 Swift), then the compiler's version: major, minor, patch.
    MIAOPU_STAMP_COMPILER = 3,
    // numbers: the ELF machine (62 x86-64, 183 aarch64), the system (1 Linux).
    MIAOPU_STAMP_TARGET = 4
};

struct miaopu_stamp_record {
    uint32_t magic;
    uint32_t kind;
    uint32_t numbers[6];
};

#endif
