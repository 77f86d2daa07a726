/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A scenario: a text file of steps, one a line.
 */
#pragma once

#include "scenario/operation-table.h"

typedef struct _CpStep CpStep;

struct _CpStep {
    const CpOperation *operation;
    guint line;
    guint *columns;   /* where each argument stands, counted from 1 */
    char **args;      /* NULL-terminated; without the operation's word and the brace */
    gint64 number;    /* the value of N (a count), DURATION (ns) or MODE, where the form has one */
    GBytes *content;  /* of FILE, where the form has one */
    GPtrArray *block; /* of CpStep, or NULL */
};

typedef struct {
    char *file; /* as it was named */
    char *name; /* the file's name without folder and ".scn"; a catalogue's repro.scn takes its folder's name */
    char *text;
    GPtrArray *steps; /* of CpStep */
} CpScenario;

/**
 * Reads a scenario. Whatever is wrong with it is refused with "FILE:LINE:COLUMN: what is wrong, what was expected"
 * (CP_ERROR_USAGE). Files that its steps name are looked for beside it and read at once.
 */
CpScenario *cp_scenario_load(const char *file, GError **error);

/** The same for `length` bytes of `text`. Files that its steps name are looked for beside `file`. */
CpScenario *cp_scenario_parse(const char *file, const char *text, gsize length, GError **error);

void cp_scenario_free(CpScenario *scenario);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpScenario, cp_scenario_free)

/** Sets `error` to "FILE:LINE:COLUMN: what", placed at argument `arg` of `step`, or at its word for -1. Always returns
 * FALSE. */
gboolean
cp_scenario_refuse(const CpScenario *scenario, const CpStep *step, int arg, GError **error, const char *what, ...)
    G_GNUC_PRINTF(5, 6);

/** Calls `visit` for each step and those of its blocks, in order, until it returns FALSE. Returns whether all were
 * visited. */
gboolean
cp_scenario_each(const CpScenario *scenario, gboolean (*visit)(const CpStep *step, gpointer data), gpointer data);

/** Whether the step takes a MODULE, and which: NULL where it takes none. `arg`, if not NULL, is set to the argument's
 * index. */
const char *cp_step_module(const CpStep *step, int *arg);
