// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.
//
// What a process writes down while it crashes.

#ifndef MIAOPU_CRASH_REPORT_H
#define MIAOPU_CRASH_REPORT_H

#include <stdint.h>

#define MIAOPU_CRASH_MAGIC 0x31485352434f414dull
#define MIAOPU_CRASH_FRAMES 64
#define MIAOPU_CRASH_NAMES 4096

struct miaopu_crash_frame {
    uint64_t address;
    // From where the module lies in memory; 0 when the module is not known.
    uint64_t offset;
    // The module's path in `names`.
    uint32_t name;
    uint32_t name_count;
};

struct miaopu_crash_report {
    // Set when the members up to `frames` are.
    uint64_t magic;
    int32_t signal;
    int32_t code;
    uint64_t fault_address;
    // Pages of address space, from which a lack of memory is told.
    uint64_t pages;
    // Of the thread that faulted.
    int32_t thread;
    // Grows as frames are added, the innermost first.
    uint32_t frame_count;
    uint64_t names_count;
    struct miaopu_crash_frame frames[MIAOPU_CRASH_FRAMES];
    char names[MIAOPU_CRASH_NAMES];
    // 1: a descriptor that nobody had a right to close was closed.
    uint64_t lost_descriptor;
};

/// The system's number of the calling thread.
int miaopu_thread(void);

/// Has a thread of this process store where it stands, as after a fault of its
/// own, and the process end.
void miaopu_abort_thread(int thread);

/// From here on a crash of this process is stored in `memory`, a
/// `struct miaopu_crash_report` of zeros, which lives as long as the process.
/// `sentinel` is a descriptor that stays open as long; -1: none is.
void miaopu_record_crashes(void *memory, int sentinel);

#endif
