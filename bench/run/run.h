/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A run, from scenarios to their history. Runs in the caller; what it starts is runner.h, in the sandbox's init. */
#pragma once

#include "history/event.h"
#include "run/host/host.h"
#include "run/variant-options.h"
#include "run/watch-spec.h"

/** Takes an event, which it does not own. Returns whether the run has enough rounds. */
typedef gboolean CpEnough(const CpEvent *event, gpointer data);

/** What is to be run. All pointers are borrowed. */
typedef struct {
    const GPtrArray *scenarios;            /* of CpScenario, with different names */
    gint64 rounds;                         /* per scenario */
    gint64 profile_rounds;                 /* profiled refreshes, after the rounds */
    gboolean confirm;                      /* learn the truths a second time, after the rounds */
    gboolean stamps;                       /* note what libvirt compares, with each read */
    guint32 seed;                          /* of the order of the rounds */
    const CpVariantSpec *variants;         /* what is tested side by side */
    guint n_variants;                      /* at least 1 */
    const char *modules;                   /* as for cp_find() */
    const char *arch, *machine, *virttype; /* NULL lets libvirt choose */
    const char *kvm;                       /* as for cp_run_choose_kvm() */
    const char *shard;                     /* which part of the suite this is, "I/N"; NULL for all of it */
    gint64 deadline_ns;                    /* of one request to libvirt */
    const CpWatchSpec *watch;              /* as in CpPlan */
    CpEnough *enough;                      /* gets each event; NULL if all rounds are to be run */
    gpointer enough_data;
} CpRunSpec;

/** Takes an event, which it owns then. */
typedef void CpOnEvent(CpEvent *event, gpointer data);

/**
 * Runs the scenarios and calls `on_event` with each event of the history when it happens. The run itself keeps no event.
 * Whatever happens after the run has begun is in the last event, of the type `end`. If the result is FALSE, with `error`
 * set, there is no such event.
 *
 * Scenarios are checked first: CP_ERROR_USAGE if a step names a module that this host does not have. If a scenario says
 * that it needs something which this host does not have, the history has a `skip` event instead.
 *
 * Several variants are run side by side, each in a sandbox of its own; see schedule.h for their order. A variant that
 * cannot be run here, or whose sandbox ends too early, does not end the run: the others go on. `skip` events say why
 * scenarios have no rounds, the `end` event says why they have too few.
 *
 * SIGINT, SIGTERM and SIGHUP interrupt the run: the status of the `end` event is then CP_EXIT_INTERRUPTED. From the run
 * to the end of the process they do nothing else, so that the history can be judged and saved. If SIGHUP was ignored
 * when the run began, it is ignored.
 */
gboolean cp_run(const CpRunSpec *spec, CpOnEvent *on_event, gpointer data, GError **error);

/**
 * Sets `kvm` from the option --kvm: "usable", "absent" or "host"; NULL for usable if this user can open /dev/kvm, else
 * absent. CP_ERROR_USAGE for any other word; CP_ERROR_UNTESTABLE for "usable" if this user cannot open it.
 */
gboolean cp_run_choose_kvm(const char *wanted, CpKvm *kvm, GError **error);
