/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * How deep executions get, counted for scripts/fuzz speed: in a file that all processes of a campaign share, for engines
 * end them without notice. CAPPROBE_DEPTHS names the file, which must be there, with room for as many native 64-bit
 * numbers as there are depths; without it nothing is counted.
 */
typedef enum {
    CP_DEPTH_ENTERED, /* executions */
    CP_DEPTH_PARSED,  /* those whose document is well-formed XML */
    CP_DEPTH_LOADED,  /* those that came to the loader's end */
    CP_DEPTH_LAST,
} CpDepth;

void cp_depth_init(void);

/* A new execution begins. */
void cp_depth_enter(void);

/* It has come to @depth; said again it counts no more. */
void cp_depth_reach(CpDepth depth);
