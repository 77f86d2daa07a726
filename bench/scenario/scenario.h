/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scenarios: text files of steps, one step per line. */
#pragma once

#include "scenario/operation-table.h"

typedef struct _CpStep CpStep;

struct _CpStep {
    const CpOperation *operation;
    guint line;       /* counted from 1 */
    guint *columns;   /* of the step's word and of each argument, counted from 1 */
    char **args;      /* NULL-terminated, without the step's word and without "{" */
    char *label;      /* LABEL, if the form has one; it is one of `args` */
    gint64 number;    /* the value of N (a count), DURATION (ns) or MODE, if the form has one */
    gint64 rate;      /* of `clients`: how many reads each of them plans per second */
    GBytes *content;  /* of FILE, if the form has one */
    GPtrArray *block; /* of CpStep; NULL if the step has no block */
};

typedef struct {
    char *file;       /* its name for messages and histories, as valid UTF-8 */
    char *folder;     /* where the files that steps name are, in the file system's spelling */
    char *name;       /* the file's name without folder and ".scn"; for a repro.scn, the name of its folder */
    char *text;       /* the whole file */
    GPtrArray *steps; /* of CpStep */
} CpScenario;

/**
 * Reads a scenario of at most CP_SCENARIO_MAX bytes. If anything is wrong with it, returns NULL with `error` set to
 * "FILE:LINE:COLUMN: what is wrong, what was expected" (CP_ERROR_USAGE). The files that its steps name are read too;
 * their names are relative to the scenario's folder.
 */
CpScenario *cp_scenario_load(const char *file, GError **error);

#define CP_SCENARIO_MAX (1024 * 1024)

/** How many reads per second a client of `clients` plans if the step does not say it, and how many it may plan. */
#define CP_CLIENT_RATE 10
#define CP_CLIENT_RATE_MAX 1000

/** The same for `length` bytes of `text`; `file` is the name of the scenario. */
CpScenario *cp_scenario_parse(const char *file, const char *text, gsize length, GError **error);

/** Returns a scenario without text and steps. */
CpScenario *cp_scenario_new(const char *file);
void cp_scenario_free(CpScenario *scenario);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpScenario, cp_scenario_free)

void cp_step_free(CpStep *step);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpStep, cp_step_free)

/** Sets `error` to "FILE:LINE:COLUMN: what" (CP_ERROR_USAGE), on one line that is safe to print. Always returns FALSE. */
gboolean
cp_scenario_refuse_at(const CpScenario *scenario, guint line, guint column, GError **error, const char *what, ...)
    G_GNUC_PRINTF(5, 6);

/** The same for the place of argument `arg` of `step`, or of the step's word if `arg` is -1. */
gboolean
cp_scenario_refuse(const CpScenario *scenario, const CpStep *step, int arg, GError **error, const char *what, ...)
    G_GNUC_PRINTF(5, 6);

/** Calls `visit` for each step, and for the steps of its block after it, until `visit` returns FALSE. Returns whether
 * all steps were visited. */
gboolean
cp_scenario_each(const CpScenario *scenario, gboolean (*visit)(const CpStep *step, gpointer data), gpointer data);

/** Returns the step's MODULE, or NULL if it has none. If there is one and `arg` is not NULL, sets `*arg` to the index of
 * the argument. */
const char *cp_step_module(const CpStep *step, int *arg);
