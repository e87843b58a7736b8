// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.
//
// A library to preload that counts what a program asks the allocator for: how
// often, and how many bytes in all. A program that exits in order writes both
// numbers to the file ALLOCATIONS; processes that it starts count nothing.

#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <stddef.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

static atomic_ulong calls;
static atomic_ulong bytes;

static void count(size_t size)
{
    atomic_fetch_add_explicit(&calls, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&bytes, size, memory_order_relaxed);
}

void *malloc(size_t size)
{
    count(size);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
    count(number * size);
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size)
{
    count(size);
    return __libc_realloc(old, size);
}

static char *target;

__attribute__((constructor)) static void begin(void)
{
    target = getenv("ALLOCATIONS");
    // A process that this one starts must not write over what it counted.
    unsetenv("ALLOCATIONS");
}

__attribute__((destructor)) static void end(void)
{
    FILE *file = target ? fopen(target, "w") : NULL;
    if (!file)
        return;
    fprintf(file, "%lu %lu\n", atomic_load(&calls), atomic_load(&bytes));
    fclose(file);
}
