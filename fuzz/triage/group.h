/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "triage/signature.h"

/*
 * Crashes, and the groups that they fall into: crashes of one target, each of them similar to another of the group.
 */

typedef struct {
    char *target;
    char *program;
    char *path;
    gsize size;
    CpSignature *signature; /* NULL where it did not crash */
    char *report;
} CpCrash;

typedef struct {
    char *name;         /* of the first crash's signature, with the target before it */
    GPtrArray *crashes; /* of CpCrash, the smallest first: it stands for the group */
    guint replays;      /* of the first crash */
    guint reproduced;   /* so many of these crashed in the same way */
    GString *input;     /* the first crash's, minimised */
    gboolean complete;  /* nothing more can be taken from it */
} CpGroup;

void cp_crash_free(CpCrash *crash);

/* Takes @crashes, which have a signature each, into groups, sorted by their names, no two of which are the same. */
GPtrArray *cp_group_crashes(GPtrArray *crashes);

/* The crash that stands for @group. */
const CpCrash *cp_group_first(const CpGroup *group);
