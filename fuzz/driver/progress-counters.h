/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counts how far executions get in the loader, for scripts/fuzz speed. */
#pragma once

/*
 * The counters are in a file that all processes of a campaign share, because engines end processes without notice.
 * CAPPROBE_PROGRESS names the file. It must exist and have room for CP_PROGRESS_LAST native 64-bit integers. Without it
 * nothing is counted.
 */

/** The stages of an execution. Each has a counter. */
typedef enum {
    CP_PROGRESS_ENTERED, /* the execution began */
    CP_PROGRESS_PARSED,  /* the document is well-formed XML */
    CP_PROGRESS_LOADED,  /* the loader accepted the document */
    CP_PROGRESS_LAST,
} CpProgress;

/** Opens the file. To be called once. */
void cp_progress_init(void);

/** Counts a new execution. */
void cp_progress_enter(void);

/** Counts that the execution has reached `stage`, and all stages before it, unless that is counted already. */
void cp_progress_reach(CpProgress stage);
