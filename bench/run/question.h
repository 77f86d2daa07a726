/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Questions to libvirt. Run in the sandbox's init. */
#pragma once

#include "run/plan.h"

typedef struct {
    CpRequestVerb verb;
    GString *payload; /* of the request */
    char *name;       /* in histories: "domcaps EMULATOR ARCH MACHINE VIRTTYPE FLAGS", "-" for libvirt's choice, or
                         "capabilities" */
    char *emulator;   /* that it is about; NULL if it is about all of the host */
    GStrv emulators;  /* whose starts are counted */
} CpQuestion;

/** The question of `read` in a run of `plan`: its domain capabilities. */
CpQuestion *cp_question_new(const CpPlan *plan);

/** The question for the capabilities of the host. */
CpQuestion *cp_question_new_capabilities(const CpPlan *plan);

/** The question for the version of libvirt. */
CpQuestion *cp_question_new_version(void);

/** The question of the client beside the others of `step`, a `clients`; NULL if the step has no such client. */
CpQuestion *cp_question_new_beside(const CpPlan *plan, const CpStep *step);

/** Returns whether the step is an `ask` with "every-machine" or "every-emulator", which stands for many questions. */
gboolean cp_question_is_walk(const CpStep *step);

/**
 * Returns the questions of `step`, an `ask`: an array of CpQuestion, which the caller owns. `machines`, an array of
 * CpMachine, is what the host has; only a walk uses it. A walk without any question is CP_ERROR_UNTESTABLE.
 */
GPtrArray *cp_questions_of_step(const CpPlan *plan, const CpStep *step, const GPtrArray *machines, GError **error);

void cp_question_free(CpQuestion *question);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpQuestion, cp_question_free)
