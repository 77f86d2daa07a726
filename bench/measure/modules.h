/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each module contributes: calculated from the histories of runs in which modules were taken away. */
#pragma once

#include "history/history.h"

/** What happens when one module alone is taken away. */
typedef struct {
    char *module;
    char *unknown;       /* why that is not known; NULL if it is */
    char *error;         /* libvirt's message if it fails without the module, else NULL */
    gint64 domain, code; /* of that error, as in virError */
    GStrv answer;        /* how the answer differs: "- FACT" or "+ FACT"; empty if unknown or if libvirt fails */
    GStrv document;      /* how the cached document differs, in the same form */
} CpModuleEffect;

/** Two modules of which one needs the other. */
typedef struct {
    char *module; /* the one that needs */
    char *needed;
    gboolean fails; /* TRUE: with `module` and without `needed`, libvirt fails. FALSE: all that leaves with `module`
                       leaves with `needed` as well */
} CpModulePair;

typedef struct {
    GPtrArray *effects; /* of CpModuleEffect, in the order in which the modules were taken away */
    GPtrArray *pairs;   /* of CpModulePair */
} CpModules;

/**
 * Reads the history (an array of CpEvent) of a run that took one module away in each scenario, and whose scenarios have
 * the modules' names. CP_ERROR_UNTESTABLE if libvirt does not answer with all modules in place. The caller owns the
 * result. It has the pairs in which features leave.
 */
CpModules *cp_modules_new(const GPtrArray *history, GError **error);
void cp_modules_free(CpModules *modules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpModules, cp_modules_free)

/**
 * Returns scenarios' texts (char *, owned by the array) that tell which modules make libvirt fail without another: each
 * takes away a module without which libvirt fails, and then one of its family that contributes something. Modules are of a
 * family if their names agree up to the second dash: to try all would take minutes.
 */
GPtrArray *cp_modules_more_scenarios(const CpModules *modules);

/** Adds the pairs that make libvirt fail, from the history of a run of those scenarios. */
void cp_modules_add_failures(CpModules *modules, const GPtrArray *history);
