/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A variant in a run: what was found for it, its plan, its runner, and how it ended. Runs in the caller. */
#pragma once

#include "base/exit.h"
#include "run/find.h"
#include "run/run.h"
#include "run/sandboxed-runner.h"

typedef struct {
    char *name;                /* NULL if it is the only one */
    GStrv daemons;             /* of its target */
    GPtrArray *others;         /* of CpOtherTarget: what scenarios switch to */
    CpFound *found;            /* NULL if it cannot be run here: then `error` says why */
    char *module_dir;          /* the found one, without symbolic links */
    CpPlan plan;               /* of what was found */
    gboolean *left_out;        /* for each scenario, whether it is or was skipped */
    gboolean *tried;           /* for each scenario, whether it has had a round */
    CpSandboxedRunner *runner; /* NULL before it is started, and after its end */
    gboolean ended;            /* the runner has told how it ended */
    gboolean died_late;        /* but then its sandbox did not end well */
    CpExit status;             /* how it ended */
    char *error;               /* why it did not end well, or "" */
} CpVariant;

/**
 * Finds everything for the variants of `spec`. Returns an array of CpVariant, which owns them. NULL with `error` set as by
 * cp_find(); but if one of several cannot be run here (CP_ERROR_UNTESTABLE), it is only marked so.
 */
GPtrArray *cp_variants_find(const CpRunSpec *spec, GError **error);

/** Sets how the variant ended. */
void cp_variant_set_end(CpVariant *variant, CpExit status, const char *error);

/** Takes the status of its sandbox, as waitpid() gives it: a sandbox that died did not end well, nor did one that told no end. */
void cp_variant_take_status(CpVariant *variant, int status);

/** Describes what is the same for all variants. The caller owns the object. */
JsonObject *cp_variants_describe_shared(const GPtrArray *variants);

/** Describes the environment of the variant; an empty object if it cannot be run here. The caller owns it. */
JsonObject *cp_variant_describe(const CpVariant *variant);

/** Sets how all variants together ended: 1 goes before 255 and other failures, which go before 125; `error` joins what
 * there is to say. The caller owns `*error`. */
CpExit cp_variants_get_end(const GPtrArray *variants, char **error);
