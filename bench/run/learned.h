/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the truths that were learned tell the rounds. Runs in the sandbox's init. */
#pragma once

#include "history/event.h"
#include "run/session.h"

typedef struct {
    const CpPlan *plan;   /* borrowed */
    GPtrArray *machines;  /* of CpMachine: what the host has at the begin of a round; NULL if no `ask` walks them */
    GHashTable *outcomes; /* state and question to how libvirt with an empty cache ended */
} CpLearned;

/** Returns what stands for a state in which a question is asked. The caller owns it. */
char *cp_learned_key(const char *state, const char *question);

/** Begins without knowledge. `plan` is borrowed. */
CpLearned *cp_learned_new(const CpPlan *plan);
void cp_learned_free(CpLearned *learned);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpLearned, cp_learned_free)

/** Learns the machine types of the host, unless they are known or `scenario` does not walk them. libvirt must not be
 * running; it is asked with an empty cache. CP_ERROR_UNTESTABLE if it does not tell. */
gboolean cp_learned_add_machines(CpLearned *learned, const CpScenario *scenario, CpSession *session, GError **error);

/** Returns the questions of `step`: an array of CpQuestion, which the caller owns; see cp_questions_of_step(). */
GPtrArray *cp_learned_questions(const CpLearned *learned, const CpStep *step, GError **error);

/** Returns how the question of `event`, a truth or a read, ended, as text; NULL if libvirt was lost. The caller owns it. */
char *cp_learned_outcome(const CpEvent *event);

/** Learns from `truth`, an event, unless libvirt was lost. */
void cp_learned_add_truth(CpLearned *learned, const CpEvent *truth);

/** Returns whether `outcome`, which may be NULL, is exactly what the question must end with in `state`. FALSE says nothing:
 * what is right can have another layout, and only the judge decides. */
gboolean cp_learned_is_truth(const CpLearned *learned, const char *state, const char *question, const char *outcome);
