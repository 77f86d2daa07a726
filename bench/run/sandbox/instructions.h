/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Counts the instructions that a process executes, and those of the processes that it starts. Used in the sandbox's init.
 *
 * The kernel counts them with the processor's help (perf_event_open(2)), in user space only: what the kernel does for a process
 * depends on everything else that the machine does.
 */
#pragma once

#include <sys/types.h>
#include <glib.h>

/** Descriptors of the kernel's two counters, or -1 if nothing is counted: of the threads of the process, and of these and all
 * that they start. */
typedef struct {
    int own_fd, all_fd;
} CpInstructions;

#define CP_INSTRUCTIONS_NONE                                                                                           \
    {                                                                                                                  \
        -1, -1                                                                                                         \
    }

/** What a counter shows; 0 if nothing is counted. */
typedef struct {
    gint64 own;      /* of the process itself */
    gint64 children; /* of all that it has started, also of those that have ended */
} CpInstructionCounts;

/** Begins to count what the process `pid` executes from now on; 0 stands for the calling thread. It must not have other threads or
 * children yet. What was counted before ends. Returns NULL, or why nothing is counted. The caller frees the reason. */
char *cp_instructions_begin(CpInstructions *instructions, pid_t pid);

/** Returns what was counted so far. Nothing is, from some time on, if other users of the processor's counters leave none for this one:
 * then FALSE is returned. */
gboolean cp_instructions_read(const CpInstructions *instructions, CpInstructionCounts *counts);

void cp_instructions_end(CpInstructions *instructions);

/** Returns NULL if instructions can be counted here, else why not. The caller frees the reason. */
char *cp_instructions_refusal(void);

/** As cp_instructions_begin(), with another event of perf_event_open(2); for tests. */
char *cp_instructions_begin_event(CpInstructions *instructions, pid_t pid, guint32 type, guint64 config);
