/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Crashes, and groups of similar crashes of one target. */
#pragma once

#include "triage/signature.h"

/** An input and its crash, if it has crashed. */
typedef struct {
    char *target;
    char *program;          /* path of the target's program */
    char *path;             /* of the input */
    gsize size;             /* of the input, in bytes */
    CpSignature *signature; /* NULL if it has not crashed */
    char *report;           /* what the program printed */
} CpCrash;

/** Crashes of one target. Each is similar to at least one other of the group. */
typedef struct {
    char *name;         /* the target and the name of the first crash's signature */
    GPtrArray *crashes; /* of CpCrash, borrowed, the smallest first: it represents the group */
    guint replays;      /* how often the first crash was replayed */
    guint reproduced;   /* how many of these replays crashed in the same way */
    GString *input;     /* the first crash's input, minimised */
    gboolean complete;  /* whether minimising has ended before its time limit */
} CpGroup;

void cp_crash_free(CpCrash *crash);

/**
 * Groups `crashes`, each of which must have a signature. Returns an array of CpGroup, sorted by name; no two have the same
 * name. The caller owns the array; `crashes` must stay valid while it is used.
 */
GPtrArray *cp_group_crashes(GPtrArray *crashes);

/** Returns the crash that represents `group`. The group owns it. */
const CpCrash *cp_group_first(const CpGroup *group);
