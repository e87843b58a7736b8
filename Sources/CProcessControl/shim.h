// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

// What a child process does to itself before it touches a file from outside.
// Swift cannot import these calls: prctl and syscall are variadic, unshare and
// close_range are GNU extensions that the Glibc module leaves out, and a seccomp
// filter is built of macros. This header can go when all four are importable.

#ifndef MIAOPU_PROCESS_CONTROL_H
#define MIAOPU_PROCESS_CONTROL_H

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/// The kernel kills this process when the thread that started it ends.
static inline int miaopu_die_with_parent(void) {
    return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

/// No program that is executed from here on gains rights, and no core is
/// dumped. Needed before a filter may be set without being root.
static inline int miaopu_give_up_privileges(void) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/// Closes every descriptor from `first` on.
static inline int miaopu_close_from(unsigned int first) {
    return (int)syscall(__NR_close_range, first, ~0U, 0);
}

/// Moves this process into a network namespace of its own, which has no
/// interfaces. `in_user_namespace` is for those who are not root.
static inline int miaopu_leave_network(int in_user_namespace) {
    const int new_network = 0x40000000, new_user = 0x10000000;
    return (int)syscall(__NR_unshare, in_user_namespace ? new_network | new_user : new_network);
}

#if defined(__x86_64__)
#define MIAOPU_AUDIT_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MIAOPU_AUDIT_ARCH AUDIT_ARCH_AARCH64
#endif

#define MIAOPU_NO_CALL 0x3fffffff
#define MIAOPU_DENY(number) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), \
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)

/// Refuses, for good, what a reader of files has no use for: sockets, other
/// programs, other processes, namespaces, and the ways around such a filter.
/// A refused call fails with EPERM. `may_execute` leaves the way to other
/// programs open.
static inline int miaopu_forbid_system_calls(int may_execute) {
#ifndef MIAOPU_AUDIT_ARCH
    errno = ENOSYS;
    return -1;
#else
    struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MIAOPU_AUDIT_ARCH, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        // The 32-bit calls of x86-64 have numbers of their own.
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        MIAOPU_DENY(__NR_socket),
        MIAOPU_DENY(__NR_connect),
        MIAOPU_DENY(__NR_bind),
        MIAOPU_DENY(__NR_listen),
        // No call has the number of those that are allowed after all.
        MIAOPU_DENY(may_execute ? MIAOPU_NO_CALL : __NR_execve),
        MIAOPU_DENY(may_execute ? MIAOPU_NO_CALL : __NR_execveat),
        MIAOPU_DENY(__NR_ptrace),
        MIAOPU_DENY(__NR_process_vm_readv),
        MIAOPU_DENY(__NR_process_vm_writev),
        // A process may end itself: a library that does so when it is loaded
        // has to do it here, where it is tried, and not first where it is used.
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_kill, 0, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)getpid(), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        // Not tgkill, which abort() needs.
        MIAOPU_DENY(__NR_tkill),
        MIAOPU_DENY(__NR_unshare),
        MIAOPU_DENY(__NR_setns),
        MIAOPU_DENY(__NR_mount),
        MIAOPU_DENY(__NR_umount2),
        MIAOPU_DENY(__NR_chroot),
        MIAOPU_DENY(__NR_pivot_root),
        MIAOPU_DENY(__NR_open_by_handle_at),
        MIAOPU_DENY(__NR_bpf),
        MIAOPU_DENY(__NR_perf_event_open),
        MIAOPU_DENY(__NR_userfaultfd),
        MIAOPU_DENY(__NR_keyctl),
        MIAOPU_DENY(__NR_add_key),
        MIAOPU_DENY(__NR_request_key),
        MIAOPU_DENY(__NR_io_uring_setup),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {sizeof(program) / sizeof(program[0]), program};
    return (int)syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter);
#endif
}

#undef MIAOPU_DENY
#undef MIAOPU_NO_CALL

#endif
