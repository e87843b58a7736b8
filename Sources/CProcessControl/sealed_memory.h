// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

// Memory that has a descriptor, and seals on it. Swift cannot import these
// calls: memfd_create and the seals are GNU extensions that the Glibc module
// leaves out, and fcntl is variadic. This header can go when they are
// importable.

#ifndef MIAOPU_SEALED_MEMORY_H
#define MIAOPU_SEALED_MEMORY_H

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

// From linux/memfd.h and linux/fcntl.h; the kernel never changes them.
enum {
    MIAOPU_MEMORY_FLAGS = 0x0001 | 0x0002,  // MFD_CLOEXEC, MFD_ALLOW_SEALING
    MIAOPU_ADD_SEALS = 1033,
    MIAOPU_GET_SEALS = 1034,
    // F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE: nobody can change it any more.
    MIAOPU_SEALS = 0x0002 | 0x0004 | 0x0008
};

/// An empty file in memory only; -1 and errno when there is none to be had.
static inline int miaopu_make_memory(void) {
    return (int)syscall(__NR_memfd_create, "miaopu", MIAOPU_MEMORY_FLAGS);
}

/// Forbids every change, for good.
static inline int miaopu_seal(int descriptor) {
    return fcntl(descriptor, MIAOPU_ADD_SEALS, MIAOPU_SEALS);
}

/// Whether nobody can change it any more; not for what is no file in memory.
static inline int miaopu_is_sealed(int descriptor) {
    const int seals = fcntl(descriptor, MIAOPU_GET_SEALS);
    return seals >= 0 && (seals & MIAOPU_SEALS) == MIAOPU_SEALS;
}

#endif
