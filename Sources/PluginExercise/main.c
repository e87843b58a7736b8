// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.
//
// Calls a plugin for a leak checker: miaopu-exercise LIBRARY. Small and in C, so
// that valgrind sees the plugin and nothing else.
//
// On standard input come calls and the host's answers, on standard output go
// replies and calls of the host, each as one byte for its kind, a length of four
// bytes, a status of four bytes, and the message. One lock guards both: the
// other side sends the next call only after the reply to the one before.

#include "../CPluginABI/miaopu_plugin.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CALL = 'C', REPLY = 'R', HOST_CALL = 'H', HOST_REPLY = 'A' };

struct head {
    uint32_t count;
    int32_t status;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int answers;

static void die(const char *what) {
    fprintf(stderr, "miaopu-exercise: %s\n", what);
    _exit(2);
}

static int read_all(void *bytes, size_t count) {
    for (char *place = bytes; count > 0;) {
        ssize_t step = read(STDIN_FILENO, place, count);
        if (step < 0 && errno == EINTR) continue;
        if (step <= 0) return 0;
        place += step;
        count -= (size_t)step;
    }
    return 1;
}

static void write_all(const void *bytes, size_t count) {
    for (const char *place = bytes; count > 0;) {
        ssize_t step = write(answers, place, count);
        if (step < 0 && errno == EINTR) continue;
        if (step <= 0) die("the other side has gone");
        place += step;
        count -= (size_t)step;
    }
}

static void send_message(char kind, int32_t status, const void *bytes, size_t count) {
    if (count > 64u << 20) die("an answer is larger than 64 MiB");
    struct head head = {(uint32_t)count, status};
    write_all(&kind, 1);
    write_all(&head, sizeof head);
    write_all(bytes, count);
}

// The caller frees the bytes.
static int receive_message(char *kind, int32_t *status, uint8_t **bytes, size_t *count) {
    struct head head;
    if (!read_all(kind, 1) || !read_all(&head, sizeof head)) return 0;
    if (head.count > 64u << 20) die("a message is larger than 64 MiB");
    *status = head.status;
    *count = head.count;
    *bytes = malloc(head.count ? head.count : 1);
    if (!*bytes) die("there is no memory");
    return read_all(*bytes, head.count);
}

static int32_t host_call(void *context, const uint8_t *request, size_t count, struct miaopu_bytes *reply) {
    (void)context;
    char kind;
    int32_t status;
    uint8_t *bytes;
    size_t size;
    pthread_mutex_lock(&lock);
    send_message(HOST_CALL, 0, request, count);
    if (!receive_message(&kind, &status, &bytes, &size) || kind != HOST_REPLY) die("the host gave no answer");
    pthread_mutex_unlock(&lock);
    reply->bytes = bytes;
    reply->count = size;
    reply->release = free;
    reply->owner = bytes;
    return status;
}

int main(int count, char **arguments) {
    if (count != 2) die("one library is expected");
    // What the plugin prints must not look like an answer.
    answers = dup(STDOUT_FILENO);
    if (answers < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) die("its output cannot be kept");
    void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
    if (!library) die(dlerror());
    miaopu_plugin_entry entry;
    *(void **)&entry = dlsym(library, "miaopu_plugin_v1");
    if (!entry) die("the library does not export miaopu_plugin_v1");

    static struct miaopu_host_table host = {MIAOPU_CONTRACT_VERSION, sizeof host, NULL, host_call};
    static struct miaopu_plugin_table plugin = {MIAOPU_CONTRACT_VERSION, sizeof plugin, NULL, NULL};
    if (entry(&host, &plugin) != MIAOPU_OK || !plugin.call) die("the entry function refused");

    for (;;) {
        char kind;
        int32_t status;
        uint8_t *bytes;
        size_t size;
        pthread_mutex_lock(&lock);
        int is_there = receive_message(&kind, &status, &bytes, &size);
        pthread_mutex_unlock(&lock);
        if (!is_there) break;
        if (kind != CALL) die("something else than a call came");
        struct miaopu_bytes reply = {NULL, 0, NULL, NULL};
        status = plugin.call(plugin.context, bytes, size, &reply);
        free(bytes);
        pthread_mutex_lock(&lock);
        send_message(REPLY, status, reply.bytes, reply.bytes ? reply.count : 0);
        pthread_mutex_unlock(&lock);
        if (reply.release) reply.release(reply.owner);
    }
    // The library stays open: the leak checker names its functions.
    return 0;
}
