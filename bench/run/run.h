/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A run, seen from outside: what is to be run goes in, its history comes out.
 */
#pragma once

#include "history/history.h"
#include "run/find.h"

/** What is asked for; all borrowed. */
typedef struct {
    const GPtrArray *scenarios; /* of CpScenario; names differ */
    gint64 rounds, profile_rounds;
    guint32 seed;
    const char *libvirt, *emulator;        /* as cp_find() takes them */
    const char *arch, *machine, *virttype; /* NULL for libvirt's choice */
    const char *kvm;    /* "usable", "absent", "host"; NULL for usable where it can be, else absent */
    gint64 deadline_ns; /* of one request to libvirt */
} CpRunSpec;

/**
 * Runs it and returns the history: an array of CpEvent. Whatever happens once the run has begun, interruption included,
 * is told by the history's `end` event. `on_event`, if not NULL, is told each event as it comes; ownership stays with
 * the history.
 *
 * Before the run begins scenarios are checked: a module that this host does not have is CP_ERROR_USAGE, unless the
 * scenario says that it needs it; an unmet need is a `skip` event.
 */
GPtrArray *
cp_run(const CpRunSpec *spec, void (*on_event)(const CpEvent *event, gpointer data), gpointer data, GError **error);
