/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A faulty libvirt.so.0, to test what capprobe makes of it. FAULT names the fault. LOAD_... are faults of its constructor:
 * LOAD_WRITE writes the file `written` beside the library. OPEN_... are faults of virConnectOpen(), CLOSE_... of
 * virConnectClose(): CLOSE_LEAK loses memory. CRASH is in every answer, CRASH_TWICE in those of the first two clients.
 * WORN_OUT cannot be opened by any client after the first two. Any other shows in the second answer of a client. As
 * libvirt does without a cache, each client starts the emulator for its first answer.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include "run/libvirt/client-protocol.h"

enum {
    HANG,
    ABORT,
    CRASH,
    CRASH_TWICE,
    GARBAGE,
    REFUSE,
    DEAF,
    CLOSE_HANG,
    CLOSE_ABORT,
    CLOSE_FAIL,
    CLOSE_LEAK,
    WORN_OUT,
    LOAD_HANG,
    LOAD_ABORT,
    LOAD_PRINT,
    LOAD_WRITE,
    OPEN_ABORT,
    OPEN_FAIL
};

/* Prints for ever, without a newline. */
static void
print(void)
{
    static const char text[4096] = { [0 ... 4095] = 'x' };
    while (write(STDOUT_FILENO, text, sizeof(text)) > 0)
        ;
}

static void __attribute__((constructor)) load(void)
{
    const char *folder = getenv("LD_LIBRARY_PATH");
    char path[4096];

    switch (FAULT) {
    case LOAD_HANG:
        for (;;)
            pause();
    case LOAD_ABORT:
        abort();
    case LOAD_PRINT:
        print();
        break;
    case LOAD_WRITE:
        if (snprintf(path, sizeof(path), "%s/written", folder ? folder : "") < (int)sizeof(path))
            close(open(path, O_WRONLY | O_CREAT, 0644));
        break;
    default:
        break;
    }
}

int
virGetVersion(unsigned long *version, const char *type, unsigned long *type_version)
{
    (void)type;
    (void)type_version;
    *version = 9000000;
    return 0;
}

int
virEventRegisterDefaultImpl(void)
{
    return 0;
}

int
virEventRunDefaultImpl(void)
{
    pause();
    return 0;
}

void
virSetErrorFunc(void *data, virErrorFunc handler)
{
    (void)data;
    (void)handler;
}

virErrorPtr
virGetLastError(void)
{
    static virError error = { .domain = VIR_FROM_QEMU,
                              .code = VIR_ERR_OPERATION_FAILED,
                              .message = (char *)"refused by the test" };
    return &error;
}

/* How many clients have opened this library in the sandbox, this one included. */
static int clients;

/* Each adds a byte to a file that the sandbox has for itself. */
static void
count_clients(void)
{
    const char *folder = getenv("TMPDIR");
    char path[4096];
    if (snprintf(path, sizeof(path), "%s/clients", folder ? folder : "") >= (int)sizeof(path))
        abort();
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (write(fd, "", 1) != 1)
        abort();
    clients = lseek(fd, 0, SEEK_CUR);
    close(fd);
}

virConnectPtr
virConnectOpen(const char *name)
{
    if (FAULT == OPEN_ABORT)
        abort();
    if (FAULT == OPEN_FAIL)
        return NULL;
    count_clients();
    return FAULT == WORN_OUT && clients > 2 ? NULL : (virConnectPtr)name;
}

static void
lose_memory(void)
{
    char *volatile lost = strdup("lost");
    lost = NULL;
    (void)lost;
}

int
virConnectClose(virConnectPtr connection)
{
    (void)connection;
    switch (FAULT) {
    case CLOSE_HANG:
        for (;;)
            pause();
    case CLOSE_ABORT:
        abort();
    case CLOSE_FAIL:
        return -1;
    case CLOSE_LEAK:
        lose_memory();
        return 0;
    default:
        return 0;
    }
}

/* Nobody waits for the emulator: it ends by itself. */
static void
start(const char *emulator)
{
    char *argv[] = { (char *)emulator, (char *)"--version", NULL }, *env[] = { NULL };
    pid_t pid;
    if (emulator)
        posix_spawn(&pid, emulator, NULL, NULL, argv, env);
}

char *
virConnectGetDomainCapabilities(virConnectPtr connection,
                                const char *emulator,
                                const char *arch,
                                const char *machine,
                                const char *virttype,
                                unsigned int flags)
{
    static int calls;
    (void)connection;
    (void)arch;
    (void)machine;
    (void)virttype;
    (void)flags;

    if (FAULT == CRASH || (FAULT == CRASH_TWICE && clients <= 2))
        abort();
    if (++calls == 1)
        start(emulator);
    if (calls == 2) {
        switch (FAULT) {
        case HANG:
            for (;;)
                pause();
        case ABORT:
            abort();
        case GARBAGE:
            return strdup("<domainCapabilities><unclosed>\x80");
        case REFUSE:
            return NULL;
        case DEAF:
            close(CP_CLIENT_FD);
            for (;;)
                pause();
        default:
            break;
        }
    }
    return strdup("<domainCapabilities><arch>x86_64</arch></domainCapabilities>");
}
