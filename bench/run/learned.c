/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the truths that were learned tell the rounds. Runs in the sandbox's init. */
#include "run/learned.h"

#include "base/error.h"
#include "run/machines.h"

CpLearned *
cp_learned_new(const CpPlan *plan)
{
    CpLearned *learned = g_new0(CpLearned, 1);
    learned->plan = plan;
    learned->outcomes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return learned;
}

void
cp_learned_free(CpLearned *learned)
{
    if (!learned)
        return;
    g_clear_pointer(&learned->machines, g_ptr_array_unref);
    g_hash_table_unref(learned->outcomes);
    g_free(learned);
}

static gboolean
is_no_walk(const CpStep *step, gpointer unused G_GNUC_UNUSED)
{
    return !cp_question_is_walk(step);
}

gboolean
cp_learned_add_machines(CpLearned *learned, const CpScenario *scenario, CpSession *session, GError **error)
{
    if (learned->machines || cp_scenario_each(scenario, is_no_walk, NULL))
        return TRUE;

    g_autoptr(CpQuestion) question = cp_question_new_capabilities(learned->plan);
    g_auto(CpOutcome) outcome = { 0 }, closed = { 0 };
    if (!cp_session_open(session, error))
        return FALSE;
    if (cp_session_ask(session, question, &outcome))
        cp_session_wait(session, 0, -1, &outcome);
    cp_session_close(session, &closed);
    if (outcome.answer) {
        learned->machines = cp_machines_parse(outcome.answer);
        return cp_host_forget_cache(session->host, error);
    }
    g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "libvirt does not tell which machine types this host has: %s",
                outcome.error ? outcome.error : outcome.lost);
    return FALSE;
}

GPtrArray *
cp_learned_questions(const CpLearned *learned, const CpStep *step, GError **error)
{
    return cp_questions_of_step(learned->plan, step, learned->machines, error);
}

char *
cp_learned_key(const char *state, const char *question)
{
    return g_strdup_printf("%s %s", state, question);
}

char *
cp_learned_outcome(const CpEvent *event)
{
    if (event->answer)
        return g_strdup(event->answer);
    return event->error ? g_strdup_printf("error %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, event->domain, event->code)
                        : NULL;
}

void
cp_learned_add_truth(CpLearned *learned, const CpEvent *truth)
{
    char *outcome = cp_learned_outcome(truth);
    if (outcome)
        g_hash_table_replace(learned->outcomes, cp_learned_key(truth->state, truth->question), outcome);
}

gboolean
cp_learned_is_truth(const CpLearned *learned, const char *state, const char *question, const char *outcome)
{
    g_autofree char *key = cp_learned_key(state, question);
    return outcome && g_strcmp0(g_hash_table_lookup(learned->outcomes, key), outcome) == 0;
}
