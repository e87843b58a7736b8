// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.
//
// A library to preload that makes the storage fail on purpose. Calls of write,
// pwrite, ftruncate, fsync, fdatasync, rename and creating open that concern
// files below FAULT_DIR are counted; call number FAULT_AT fails with the errno
// FAULT_ERRNO, and with FAULT_MODE=forever so do all that follow. At exit the
// number of calls is written to FAULT_COUNT. With FAULT_WHEN calls are counted
// and fail only while there is a file of that name: a disk that is full until
// somebody makes room.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;
static const char *folder;
static const char *when;
static long fail_at;
static int fail_errno;
static int forever;

__attribute__((constructor)) static void begin(void) {
    folder = getenv("FAULT_DIR");
    when = getenv("FAULT_WHEN");
    fail_at = getenv("FAULT_AT") ? atol(getenv("FAULT_AT")) : 0;
    fail_errno = getenv("FAULT_ERRNO") ? atoi(getenv("FAULT_ERRNO")) : EIO;
    forever = getenv("FAULT_MODE") && strcmp(getenv("FAULT_MODE"), "forever") == 0;
}

__attribute__((destructor)) static void end(void) {
    const char *path = getenv("FAULT_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (file) {
        fprintf(file, "%ld\n", atomic_load(&calls));
        fclose(file);
    }
}

static int concerns_path(const char *path) {
    return folder && strncmp(path, folder, strlen(folder)) == 0;
}

static int concerns(int descriptor) {
    char link[64], path[PATH_MAX];
    if (!folder) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return concerns_path(path);
}

static int fails(void) {
    if (when && access(when, F_OK) != 0) return 0;
    long call = atomic_fetch_add(&calls, 1) + 1;
    if (fail_at == 0 || call < fail_at || (call > fail_at && !forever)) return 0;
    errno = fail_errno;
    return 1;
}

#define NEXT(type, name, ...)                                   \
    static type (*next)(__VA_ARGS__);                           \
    if (!next) next = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

ssize_t write(int descriptor, const void *bytes, size_t count) {
    NEXT(ssize_t, write, int, const void *, size_t);
    if (concerns(descriptor) && fails()) return -1;
    return next(descriptor, bytes, count);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    NEXT(ssize_t, pwrite, int, const void *, size_t, off_t);
    if (concerns(descriptor) && fails()) return -1;
    return next(descriptor, bytes, count, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
    NEXT(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    if (concerns(descriptor) && fails()) return -1;
    return next(descriptor, bytes, count, offset);
}

int ftruncate(int descriptor, off_t length) {
    NEXT(int, ftruncate, int, off_t);
    if (concerns(descriptor) && fails()) return -1;
    return next(descriptor, length);
}

int ftruncate64(int descriptor, off64_t length) {
    NEXT(int, ftruncate64, int, off64_t);
    if (concerns(descriptor) && fails()) return -1;
    return next(descriptor, length);
}

int fsync(int descriptor) {
    NEXT(int, fsync, int);
    if (concerns(descriptor) && fails()) return -1;
    return next(descriptor);
}

int fdatasync(int descriptor) {
    NEXT(int, fdatasync, int);
    if (concerns(descriptor) && fails()) return -1;
    return next(descriptor);
}

int rename(const char *from, const char *to) {
    NEXT(int, rename, const char *, const char *);
    if (concerns_path(to) && fails()) return -1;
    return next(from, to);
}

static int opens(const char *name, const char *path, int flags, mode_t mode) {
    int (*next)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name);
    if ((flags & O_CREAT) && concerns_path(path) && fails()) return -1;
    return next(path, flags, mode);
}

int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = (flags & O_CREAT) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return opens("open", path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = (flags & O_CREAT) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return opens("open64", path, flags, mode);
}
