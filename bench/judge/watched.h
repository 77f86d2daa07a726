/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What became of a watched command and of libvirt meanwhile: the findings of a watch, put together. */
#pragma once

#include "judge/judge.h"

/** Reads in a row that ended alike and were judged alike. Times are those for which the command ran, in ns. */
typedef struct {
    gint64 from_ns, to_ns; /* from its first read to the first read of the next row, or to the last read of all */
    gint64 reads;
    CpVerdict verdict;
    gboolean
        between; /* fresh, but neither as at first nor as at last, before it was started again: the host was half changed */
    gboolean restarted; /* libvirt was started again before its first read, as it was installed by then */
    GStrv
        changes; /* how the answer differs from the one before: "+ FACT", "- FACT"; or the error; NULL if not at all */
    GStrv wrong; /* how it differs from the truth, see CpFinding; NULL if it does not */
    GPtrArray *packages; /* of char *: what package managers began to do since the row before, and during this one */
} CpWatchedRow;

typedef struct {
    GPtrArray *rows; /* of CpWatchedRow */
    GStrv command;   /* NULL if nothing was changed, so that it is not told */
    gboolean ended;  /* the command has ended, and the last read was after that */
    gint64 status;   /* its exit status */
    gint64 ran_ns;   /* how long it ran */
    gint64 reads;
    gint64 ns[CP_VERDICT_LAST]; /* for how long the last verdict was this one */
    gint64 between_ns;          /* the part of ns[CP_VERDICT_FRESH] in which the host was half changed */
} CpWatched;

void cp_watched_free(CpWatched *watched);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpWatched, cp_watched_free)

typedef struct _CpWatching CpWatching;

/** Puts findings together. */
CpWatching *cp_watching_new(void);
void cp_watching_free(CpWatching *watching);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpWatching, cp_watching_free)

/** Takes a finding; `watching` is a CpWatching. A CpJudgeSink. */
void cp_watching_add(const CpFinding *finding, gpointer watching);

/** Returns all that was found out, after the last finding. The caller owns it. */
CpWatched *cp_watching_finish(CpWatching *watching);

/**
 * Returns what a line of the log of dpkg or dnf says that is begun, such as "upgrade libc6:amd64 2.36 -> 2.41"; NULL if it
 * says anything else. The caller owns it.
 */
char *cp_watched_package(const char *line);
