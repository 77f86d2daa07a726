/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A faulty libvirt.so.0, to test what capprobe makes of it. FAULT names the fault. LOAD_... are faults of its constructor:
 * LOAD_WRITE writes the file `written` beside the library. CLOSE_... are faults of virConnectClose(): CLOSE_LEAK loses
 * memory. CRASH is in every answer, CRASH_TWICE in those of the first two processes. WORN_OUT is that it cannot be opened
 * any more after two clients that started one emulator each. Any other shows in the second answer of a process. As libvirt
 * does without a cache, each process starts the emulator for its first answer.
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
    LOAD_WRITE
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

virConnectPtr
virConnectOpen(const char *name)
{
    return FAULT == WORN_OUT && getpid() > 5 ? NULL : (virConnectPtr)name;
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

    /* In the sandbox, the init is number 1, and the clients are the next. */
    if (FAULT == CRASH || (FAULT == CRASH_TWICE && getpid() <= 3))
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
