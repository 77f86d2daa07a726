/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * How deep executions get, counted for scripts/fuzz speed: in a file that all processes of a campaign share, for engines
 * end them without notice. CAPPROBE_PROGRESS names the file, which must be there, with room for as many native 64-bit
 * numbers as there are depths; without it nothing is counted.
 */
typedef enum {
    CP_PROGRESS_ENTERED, /* executions */
    CP_PROGRESS_PARSED,  /* those whose document is well-formed XML */
    CP_PROGRESS_LOADED,  /* those that came to the loader's end */
    CP_PROGRESS_LAST,
} CpProgress;

void cp_progress_init(void);

/* A new execution begins. */
void cp_progress_enter(void);

/* It has come to @depth; said again it counts no more. */
void cp_progress_reach(CpProgress depth);
