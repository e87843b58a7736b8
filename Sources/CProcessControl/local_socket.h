// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

// Sockets between programs of this machine. Swift cannot import these: accept4
// and struct ucred are GNU extensions that the Glibc module leaves out. This
// header can go when they are importable.
//
// It includes no header of sockets: their names would then be this module's.

#ifndef MIAOPU_LOCAL_SOCKET_H
#define MIAOPU_LOCAL_SOCKET_H

#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

// From asm-generic/socket.h and linux/net.h; the kernel never changes them.
enum {
    MIAOPU_CLOSE_ON_EXEC = 02000000,  // SOCK_CLOEXEC
    MIAOPU_SOCKET_LEVEL = 1,          // SOL_SOCKET
    MIAOPU_PEER = 17                  // SO_PEERCRED
};

/// accept4 with SOCK_CLOEXEC: no program that is started inherits the connection.
static inline int miaopu_accept(int descriptor) {
    return (int)syscall(__NR_accept4, descriptor, 0, 0, MIAOPU_CLOSE_ON_EXEC);
}

/// The user of the program at the other side; -1 when it is not known.
static inline int64_t miaopu_peer_user(int descriptor) {
    // As struct ucred: process, user, group.
    uint32_t peer[3] = {0};
    uint32_t size = sizeof peer;
    const long status = syscall(__NR_getsockopt, descriptor, MIAOPU_SOCKET_LEVEL, MIAOPU_PEER, peer, &size);
    if (status != 0 || size != sizeof peer) return -1;
    return peer[1];
}

#endif
