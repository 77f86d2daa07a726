/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The simulated libvirt: what is in its two caches, and how it uses them. */
#pragma once

#include "model-host.h"

#define SECOND 1000

/* What a cache holds. */
typedef struct {
    guint document;
    gint64 stamp;
    gboolean foreign; /* on disk: written by another build of libvirt, which is not loaded and not removed */
} Entry;

typedef struct {
    Model *model;
    GRand *random;
    Host *host;
    Entry memory, disk;
    gboolean failed;       /* it remembers an error */
    guint failed_state;    /* whose error that is */
    gint64 failed_stamp;   /* of the directory then */
    gboolean obscure;      /* the history does not tell what is in memory */
    gint64 now, read_end;  /* the next operation and the next read begin then or later */
    gint64 round, changed; /* when the last change had ended, or the round began */
} Simulation;

static inline guint
below(Simulation *s, guint n)
{
    return (guint)g_rand_int_range(s->random, 0, (gint)n);
}

static inline gboolean
has(const Simulation *s, guint flaw)
{
    return (s->model->flaws & flaw) != 0;
}

/* What came out of a call, and the moments in it. */
typedef struct {
    guint document; /* DOCUMENT_NONE: an error, which is that of `state` */
    guint state;
    gint64 emulators;
    gint64 check, look, look_again, note;
} Call;

/** A cache's look-up: what is in memory if it is valid, else what is on disk if that is, else a probe. */
void libvirt_look_up(Simulation *s, Call *call);

/** Starts libvirt again: it has nothing in memory. */
void libvirt_restart(Simulation *s);
