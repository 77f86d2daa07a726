/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs any command in the sandbox that runs use. cp_command_run() runs in the caller; the command is a child of the
 * sandbox's init.
 */
#pragma once

#include <glib.h>

/** The exit statuses of a command that could not be executed, as in shells. */
#define CP_COMMAND_NOT_EXECUTABLE 126
#define CP_COMMAND_NOT_FOUND 127

/** What is to be run. All pointers are borrowed; lists end with NULL, and may be NULL. */
typedef struct {
    char **argv;                 /* the command and its arguments */
    gboolean plain;              /* only namespaces and mounts: without the four members after `tree` */
    const char *tree;            /* as for cp_find() */
    const char *libvirt;         /* as for cp_find() */
    const char *emulator;        /* as for cp_find() */
    const char *modules;         /* as for cp_find() */
    const char *kvm;             /* as for cp_run_choose_kvm() */
    const char *const *writable; /* folders that stay writable */
    const char *const *hidden;   /* folders to cover with an empty, read-only file system */
    const char *const *visible;  /* paths that are seen even if they are below a folder that is covered */
    int output;                  /* a descriptor for what it prints, on both streams; 0 for the caller's streams */
    gint64 deadline_ns;          /* when everything is killed, from the start; 0 for never */
} CpCommandSpec;

/**
 * Runs the command and waits for it. Its standard streams are the caller's, unless `output` is set. When it ends, whatever it left running is
 * killed. `status` becomes its exit status, or 128 and the number of the signal that killed it; if it could not be
 * executed, one of the above. CP_ERROR_UNTESTABLE if the sandbox cannot be made or the deadline has passed.
 */
gboolean cp_command_run(const CpCommandSpec *spec, int *status, GError **error);
