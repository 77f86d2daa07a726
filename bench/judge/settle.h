/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settles: how long it takes after a change until libvirt's answer is right. */
#pragma once

#include "judge/verdict.h"

/** The name of the reads of a settle. */
#define CP_SETTLE_READ "settle"

typedef enum {
    CP_SETTLED_RIGHT,   /* a read within the limit was fresh */
    CP_SETTLED_NEVER,   /* none was */
    CP_SETTLED_UNKNOWN, /* none was, as far as is known */
    CP_SETTLED_LAST
} CpSettled;

/** Returns "right", "never" or "unknown". */
const char *cp_settled_name(CpSettled settled);

/** Sets the value of this name. Returns FALSE if none has it. */
gboolean cp_settled_parse(const char *name, CpSettled *settled);

/** What is found out about a settle. */
typedef struct {
    CpSettled settled;
    gint64 ns;           /* from the end of the last change to the return of the first fresh read; 0 unless right */
    gint64 reads, stale; /* the number of its reads, and of those that were stale */
} CpSettle;

/** The reads of a settle up to now. */
typedef struct {
    gint64 changed_ns;   /* when the last change of the state had ended, or the round began */
    gint64 reads, stale; /* their numbers; 0 before the first */
    gint64 right_ns;     /* when the first fresh one returned, if `right` */
    gboolean right, unknown;
    char *ended; /* how the last one ended */
    GStrv lines; /* how the last one that was not fresh differs from the truth; or NULL */
} CpSettling;

/** Forgets all. The state changed, or a round began, at `changed_ns`. */
void cp_settling_begin(CpSettling *settling, gint64 changed_ns);

/** Follows `read`, which is one of a settle, has this verdict, and differs so from the truth; `lines` is copied and may be
 * NULL. Returns whether it ended exactly as the one before it. */
gboolean cp_settling_read(CpSettling *settling, const CpEvent *read, CpVerdict verdict, GStrv lines);

/** Ends the settle: returns what came of it. `lines`, if that is not that it became right, says why; the caller owns it. */
CpSettle cp_settling_end(CpSettling *settling, const CpEvent *event, GStrv *lines);

/** Frees what `settling` holds. */
void cp_settling_clear(CpSettling *settling);
