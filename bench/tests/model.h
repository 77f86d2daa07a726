/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A simulation of a host and of a libvirt with two caches: it makes random histories, and knows what is true of each read. */
/*
 * It is written from what libvirt does, not from what the judge does: the host's states are kept with the moments at which
 * they began, and libvirt's caches with what is really in them.
 */
#pragma once

#include "history/event.h"
#include "judge/judge.h"

/** What is wrong with the simulated libvirt: bits. */
typedef enum {
    MODEL_SECONDS = 1 << 0,       /* a directory's time counts in seconds */
    MODEL_STAMP_AFTER = 1 << 1,   /* it is noted after the probe, so that a change during the probe is missed */
    MODEL_ERRORS_CACHED = 1 << 2, /* an error is returned again until the directory's time changes */
    MODEL_UNSAVED = 1 << 3,       /* a document is often not saved */
    MODEL_NEVER_VALID = 1 << 4,   /* nothing that is cached is used */
    MODEL_ALWAYS_VALID = 1 << 5,  /* everything that is cached is used */
    MODEL_CRASHES = 1 << 6,       /* it dies sometimes */
    MODEL_MIXES = 1 << 7,         /* a probe looks twice, and mixes what it sees */
    MODEL_UNCOUNTED = 1 << 8,     /* not of libvirt: the harness misses an emulator sometimes */
    MODEL_WRONG = 1 << 9,         /* a probe sees another state sometimes */
    MODEL_NEVER_SAVES = 1 << 10,  /* nothing is ever saved, so that the history has no documents */
} ModelFlaw;

/** What is true of a read. */
typedef struct {
    CpVerdict verdict;
    CpRefresh refresh;
    gboolean obscure; /* the history does not tell what is in memory, so that the refresh may be unknown as well */
    gboolean hidden, fault;
} ModelRead;

/** What is true of a settle. */
typedef struct {
    CpSettled settled;
    gint64 ns, reads, stale; /* as in CpSettle */
} ModelSettle;

typedef struct {
    guint flaws;       /* of ModelFlaw */
    GPtrArray *events; /* of CpEvent: a whole history */
    GArray *reads;     /* of ModelRead: one for each read, in their order */
    GArray *settles;   /* of ModelSettle, likewise */
} Model;

/** Makes a history with at least `reads` reads. The same `seed` gives the same one. */
Model *model_new(guint32 seed, guint reads);
void model_free(Model *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Model, model_free)
