// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.
//
// A signal handler may allocate nothing, take no lock and run no Swift code,
// each of which the fault may have left half-way: Swift cannot promise that, so
// this is C. It stores into memory that was mapped from a file beforehand. No
// descriptor is needed, which a plugin could have closed, and what is stored
// outlives the process.

#define _GNU_SOURCE
#include "crash_report.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

static struct miaopu_crash_report *miaopu_crash_memory;
static int miaopu_crash_begun;
static int miaopu_crash_sentinel = -1;

// `_dl_find_object` (glibc 2.35) is the one way to a module's name that takes no
// lock; the unwinder uses it, too.
static void miaopu_crash_add(struct miaopu_crash_report *report, uintptr_t address) {
    if (report->frame_count >= MIAOPU_CRASH_FRAMES) return;
    struct miaopu_crash_frame frame = {address, 0, 0, 0};
    struct dl_find_object found;
    if (address != 0 && _dl_find_object((void *)address, &found) == 0 && found.dlfo_link_map) {
        frame.offset = address - found.dlfo_link_map->l_addr;
        // The program itself has an empty name.
        const char *name = found.dlfo_link_map->l_name ? found.dlfo_link_map->l_name : "";
        size_t count = strlen(name);
        // Neighbours are mostly of one module: the names seen last are looked at.
        for (uint32_t i = report->frame_count; i > 0 && frame.name_count == 0; i--) {
            const struct miaopu_crash_frame *other = &report->frames[i - 1];
            if (other->name_count == count && memcmp(report->names + other->name, name, count) == 0) {
                frame.name = other->name;
                frame.name_count = other->name_count;
            }
        }
        if (frame.name_count == 0 && count <= MIAOPU_CRASH_NAMES - report->names_count) {
            memcpy(report->names + report->names_count, name, count);
            frame.name = (uint32_t)report->names_count;
            frame.name_count = (uint32_t)count;
            report->names_count += count;
        }
    }
    report->frames[report->frame_count] = frame;
    report->frame_count++;
}

/// How many pages of address space this process has; 0 when that is not known.
static uint64_t miaopu_crash_pages(void) {
    char line[32];
    const int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    const ssize_t count = read(file, line, sizeof line);
    close(file);
    uint64_t pages = 0;
    for (ssize_t i = 0; i < count && line[i] >= '0' && line[i] <= '9'; i++) pages = pages * 10 + (uint64_t)(line[i] - '0');
    return pages;
}

static void miaopu_crash_record(struct miaopu_crash_report *report, int number, const siginfo_t *info, void *context) {
    const ucontext_t *state = (const ucontext_t *)context;
#if defined(__x86_64__)
    const uintptr_t counter = (uintptr_t)state->uc_mcontext.gregs[REG_RIP];
    const uintptr_t stack = (uintptr_t)state->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
    const uintptr_t counter = state->uc_mcontext.pc;
    const uintptr_t link = state->uc_mcontext.regs[30];
#else
    const uintptr_t counter = 0;
    (void)state;
#endif
    report->signal = number;
    report->code = info->si_code;
    report->fault_address = (uint64_t)(uintptr_t)info->si_addr;
    report->pages = miaopu_crash_pages();
    report->thread = (int32_t)syscall(SYS_gettid);
    report->lost_descriptor = miaopu_crash_sentinel >= 0 && fcntl(miaopu_crash_sentinel, F_GETFD) == -1;
    report->frame_count = 0;
    report->names_count = 0;
    __atomic_store_n(&report->magic, MIAOPU_CRASH_MAGIC, __ATOMIC_RELEASE);

    // The handler's own frames come first, then the place of the fault.
    void *addresses[MIAOPU_CRASH_FRAMES + 8];
    const int count = backtrace(addresses, MIAOPU_CRASH_FRAMES + 8);
    int first = 0;
    while (first < count && (uintptr_t)addresses[first] != counter) first++;
    if (first < count) {
        for (int i = first; i < count; i++) miaopu_crash_add(report, (uintptr_t)addresses[i]);
        return;
    }
    // A call of an address where no code is: the unwinder ends there, and whoever
    // called stands where calls leave it.
    miaopu_crash_add(report, counter);
#if defined(__x86_64__)
    miaopu_crash_add(report, *(const uintptr_t *)stack);
#elif defined(__aarch64__)
    miaopu_crash_add(report, link);
#endif
}

static void miaopu_crash_handler(int number, siginfo_t *info, void *context) {
    if (__atomic_exchange_n(&miaopu_crash_begun, 1, __ATOMIC_ACQ_REL) == 0) {
        // Whatever the fault did to this process, it ends: a second fault in here
        // is one of a blocked signal, and a lock that is never released meets this.
        signal(SIGALRM, SIG_DFL);
        alarm(5);
        if (miaopu_crash_memory) miaopu_crash_record(miaopu_crash_memory, number, info, context);
    } else {
        // Another thread is writing its report and ends the process.
        for (int i = 0; i < 600; i++) {
            const struct timespec pause = {0, 10000000};
            nanosleep(&pause, 0);
        }
    }
    // The signal once more, with what it does without a handler. It is blocked
    // until this function returns.
    signal(number, SIG_DFL);
    syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), number);
}

int miaopu_thread(void) {
    return (int)syscall(SYS_gettid);
}

void miaopu_abort_thread(int thread) {
    // Threads of libdispatch, and those that they start, take no SIGABRT.
    syscall(SYS_tgkill, getpid(), (pid_t)thread, SIGTRAP);
}

void miaopu_record_crashes(void *memory, int sentinel) {
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE};
    // The first call loads the unwinder, which a handler could not.
    void *addresses[2];
    (void)backtrace(addresses, 2);
    miaopu_crash_sentinel = sentinel;
    miaopu_crash_memory = (struct miaopu_crash_report *)memory;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = miaopu_crash_handler;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigfillset(&action.sa_mask);
    sigdelset(&action.sa_mask, SIGALRM);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) sigaction(numbers[i], &action, 0);
}
