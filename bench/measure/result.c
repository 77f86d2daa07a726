/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Results: made of findings. */
#include "measure/result.h"

#include "base/duration.h"
#include "measure/loads.h"
#include "measure/settles.h"

static void
problem_free(gpointer data)
{
    CpProblem *problem = data;
    g_free(problem->verdict);
    g_strfreev(problem->differences);
    g_free(problem);
}

static void
scenario_free(gpointer data)
{
    CpScenarioResult *scenario = data;
    g_free(scenario->name);
    g_free(scenario->variant);
    g_free(scenario->file);
    g_free(scenario->skipped);
    g_free(scenario->digest);
    g_array_unref(scenario->samples);
    g_array_unref(scenario->settles);
    g_array_unref(scenario->loads);
    g_ptr_array_unref(scenario->problems);
    g_string_chunk_free(scenario->labels);
    g_free(scenario);
}

static void
variant_free(gpointer data)
{
    CpResultVariant *variant = data;
    g_free(variant->name);
    g_free(variant->machine);
    json_object_unref(variant->environment);
    g_free(variant);
}

CpResultVariant *
cp_result_add_variant(CpResult *result, const char *name, JsonObject *environment)
{
    CpResultVariant *variant = g_new0(CpResultVariant, 1);
    variant->name = g_strdup(name);
    variant->environment = json_object_ref(environment);
    g_ptr_array_add(result->variants, variant);
    return variant;
}

CpScenarioResult *
cp_result_add_scenario(CpResult *result, const char *name, const char *variant, const char *file)
{
    CpScenarioResult *scenario = g_new0(CpScenarioResult, 1);
    scenario->name = g_strdup(name);
    scenario->variant = g_strdup(variant);
    scenario->file = g_strdup(file);
    scenario->skipped = g_strdup("");
    scenario->samples = g_array_new(FALSE, FALSE, sizeof(CpSample));
    scenario->settles = g_array_new(FALSE, FALSE, sizeof(CpSettleResult));
    scenario->loads = g_array_new(FALSE, FALSE, sizeof(CpLoad));
    scenario->problems = g_ptr_array_new_with_free_func(problem_free);
    scenario->labels = g_string_chunk_new(64);
    g_ptr_array_add(result->scenarios, scenario);
    return scenario;
}

CpResult *
cp_result_new(void)
{
    CpResult *result = g_new0(CpResult, 1);
    result->error = g_strdup("");
    result->reason = g_strdup("");
    result->differences = g_new0(char *, 1);
    result->notes = g_new0(char *, 1);
    result->variants = g_ptr_array_new_with_free_func(variant_free);
    result->scenarios = g_ptr_array_new_with_free_func(scenario_free);
    result->profile = json_array_new();
    return result;
}

void
cp_result_free(CpResult *result)
{
    if (!result)
        return;
    g_clear_pointer(&result->environment, json_object_unref);
    g_free(result->error);
    g_free(result->reason);
    g_strfreev(result->differences);
    g_strfreev(result->notes);
    g_ptr_array_unref(result->variants);
    g_ptr_array_unref(result->scenarios);
    json_array_unref(result->profile);
    cp_loading_free(result->loading);
    g_free(result);
}

void
cp_scenario_result_add_sample(CpScenarioResult *scenario, CpSample sample)
{
    if (sample.label)
        sample.label = g_string_chunk_insert_const(scenario->labels, sample.label);
    g_array_append_val(scenario->samples, sample);
}

void
cp_scenario_result_add_settle(CpScenarioResult *scenario, CpSettleResult settle)
{
    if (settle.label)
        settle.label = g_string_chunk_insert_const(scenario->labels, settle.label);
    g_array_append_val(scenario->settles, settle);
}

void
cp_scenario_result_add_problem(CpScenarioResult *scenario, CpProblem problem)
{
    CpProblem *copy = g_new(CpProblem, 1);
    *copy = problem;
    copy->verdict = g_strdup(problem.verdict);
    copy->differences = g_strdupv(problem.differences);
    g_ptr_array_add(scenario->problems, copy);
}

static void
add_problem(CpScenarioResult *scenario, const CpFinding *finding, const char *verdict)
{
    g_auto(GStrv) lines = cp_finding_lines(finding, CP_FINDING_LINES, "");
    if (scenario->problems->len < CP_PROBLEMS_MAX)
        cp_scenario_result_add_problem(scenario,
                                       (CpProblem){ finding->round, finding->event->line, (char *)verdict, lines });
}

static void
count_operation(CpCounts *counts, const CpFinding *finding)
{
    counts->changed += finding->changed;
    counts->unchanged += finding->known && !finding->changed;
}

static void
count_expectation(CpScenarioResult *scenario, const CpFinding *finding)
{
    /* What says what is wrong is not a problem if it does not hold; the notes tell whether the defect shows. */
    gboolean holds = finding->expected == CP_EXPECTED_HOLDS, fails = finding->expected == CP_EXPECTED_FAILS;
    scenario->counts.held += holds && !finding->defect;
    scenario->counts.unheld += fails && !finding->defect;
    if (holds || (fails && finding->defect))
        return;
    g_autofree char *wanted = g_strjoinv(" ", finding->event->args);
    const char *is = fails                                      ? "does not hold"
                     : finding->expected == CP_EXPECTED_UNKNOWN ? "cannot be judged"
                                                                : "is wrong";
    g_autofree char *line = g_strdup_printf("'%s' %s: %s", wanted, is, finding->lines[0]);
    CpFinding problem = *finding;
    problem.lines = (GStrv)(const char *[]){ line, NULL };
    add_problem(scenario, &problem, "expectation");
}

/* Counts what was spent for a read, or for all reads of clients. */
static void
count_spent(CpCounts *counts, const CpEvent *event)
{
    counts->emulators = cp_sum(counts->emulators, event->emulators);
    counts->cpu_ns = cp_sum(counts->cpu_ns, cp_sum(event->user_ns, event->system_ns));
    counts->libvirt_cpu_ns = cp_sum(counts->libvirt_cpu_ns, cp_sum(event->libvirt_user_ns, event->libvirt_system_ns));
    counts->max_rss_kb = MAX(counts->max_rss_kb, event->max_rss_kb);
}

static void
count_read(CpScenarioResult *scenario, const CpFinding *finding)
{
    const CpEvent *event = finding->event;
    CpCounts *counts = &scenario->counts;
    counts->reads[finding->verdict] += !finding->excused;
    counts->hidden += finding->hidden;
    counts->refreshes[finding->refresh]++;
    count_spent(counts, event);
    if (finding->sample)
        cp_scenario_result_add_sample(
            scenario, (CpSample){ finding->round, event->line, event->end_ns - event->begin_ns, event->label,
                                  finding->verdict, finding->refresh, cp_costs_of_read(event) });
    if ((finding->verdict != CP_VERDICT_FRESH && !finding->excused) || finding->fault)
        add_problem(scenario, finding, finding->fault ? "fault" : cp_verdict_name(finding->verdict));
    else if (finding->hidden)
        add_problem(scenario, finding, "hidden");
}

static void
add_profile(CpResult *result, const CpEvent *event)
{
    JsonObject *profile = json_object_new();
    if (event->variant)
        json_object_set_string_member(profile, "variant", event->variant);
    json_object_set_int_member(profile, "total_ns", event->end_ns - event->begin_ns);
    json_object_set_object_member(profile, "phases", json_object_ref(event->phases));
    json_array_add_object_element(result->profile, profile);
}

static CpScenarioResult *
find_scenario(const CpResult *result, const char *name, const char *variant)
{
    for (guint i = 0; i < result->scenarios->len; i++) {
        CpScenarioResult *scenario = result->scenarios->pdata[i];
        if (g_str_equal(scenario->name, name) && g_strcmp0(scenario->variant, variant) == 0)
            return scenario;
    }
    return NULL;
}

static void
begin_round(CpResult *result, const CpEvent *round)
{
    CpScenarioResult *scenario = find_scenario(result, round->scenario, round->variant);
    result->round_of = scenario;
    result->before = scenario->counts;
    result->samples_before = scenario->samples->len;
    result->settles_before = scenario->settles->len;
    result->loads_before = scenario->loads->len;
    result->problems_before = scenario->problems->len;
    result->begin_ns = round->begin_ns;
}

static void
end_round(CpResult *result, const CpEvent *end)
{
    result->round_of->rounds++;
    result->wall_ns = cp_sum(result->wall_ns, end->end_ns - result->begin_ns);
    result->libvirt_ns = cp_sum(result->libvirt_ns, end->libvirt_ns);
    result->round_of = NULL;
}

static void
add_scenario(CpResult *result, const CpEvent *event)
{
    for (guint i = 0; i < MAX(result->variants->len, 1); i++) {
        const CpResultVariant *variant = result->variants->len > 0 ? result->variants->pdata[i] : NULL;
        CpScenarioResult *scenario =
            cp_result_add_scenario(result, event->scenario, variant ? variant->name : NULL, event->file);
        scenario->digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, event->text, -1);
    }
}

/* Forgets what happened in the present round. */
static void
drop_round(CpResult *result)
{
    CpScenarioResult *scenario = result->round_of;
    scenario->counts = result->before;
    g_array_set_size(scenario->samples, result->samples_before);
    g_array_set_size(scenario->settles, result->settles_before);
    g_array_set_size(scenario->loads, result->loads_before);
    g_clear_pointer(&result->loading, cp_loading_free);
    g_ptr_array_set_size(scenario->problems, result->problems_before);
    result->round_of = NULL;
}

static void
skip(CpResult *result, const CpEvent *event)
{
    CpScenarioResult *scenario = find_scenario(result, event->scenario, event->variant);
    if (result->round_of)
        drop_round(result);
    g_free(scenario->skipped);
    scenario->skipped = g_strdup(event->error);
    scenario->needs = event->needs;
}

void
cp_result_add(const CpFinding *finding, gpointer data)
{
    CpResult *result = data;
    const CpEvent *event = finding->event;
    switch (event->type) {
    case CP_EVENT_HISTORY:
        result->environment = json_object_ref(event->environment);
        result->seed = event->seed;
        break;
    case CP_EVENT_VARIANT:
        cp_result_add_variant(result, event->variant, event->environment);
        break;
    case CP_EVENT_SCENARIO:
        add_scenario(result, event);
        break;
    case CP_EVENT_SKIP:
        skip(result, event);
        break;
    case CP_EVENT_ROUND:
        begin_round(result, event);
        break;
    case CP_EVENT_ROUND_END:
        end_round(result, event);
        break;
    case CP_EVENT_UNTESTABLE:
        result->round_of->untestable++;
        drop_round(result);
        break;
    case CP_EVENT_OPERATION:
        count_operation(&result->round_of->counts, finding);
        cp_loads_add(result, finding);
        break;
    case CP_EVENT_READ:
        count_read(result->round_of, finding);
        cp_loads_add(result, finding);
        break;
    case CP_EVENT_CLIENTS:
    case CP_EVENT_CLIENTS_END:
        count_spent(&result->round_of->counts, event);
        cp_loads_add(result, finding);
        break;
    case CP_EVENT_SETTLE:
        cp_settles_add(result->round_of, finding);
        if (finding->settle.settled == CP_SETTLED_NEVER)
            add_problem(result->round_of, finding, cp_settled_name(CP_SETTLED_NEVER));
        break;
    case CP_EVENT_EXPECT:
        count_expectation(result->round_of, finding);
        break;
    case CP_EVENT_PROFILE:
        add_profile(result, event);
        break;
    case CP_EVENT_ANSWER:
    case CP_EVENT_DOCUMENT:
    case CP_EVENT_TRUTH:
    case CP_EVENT_END:
    case CP_EVENT_LAST:
        break;
    }
}

void
cp_result_finish(CpResult *result, const CpJudgement *judgement)
{
    g_free(result->error);
    g_free(result->reason);
    g_strfreev(result->differences);
    g_strfreev(result->notes);
    result->status = judgement->status;
    result->error = g_strdup(judgement->error);
    result->reason = g_strdup(judgement->reason);
    result->differences = g_strdupv(judgement->differences);
    result->notes = g_strdupv(judgement->notes);
}

static void
line_free(gpointer data)
{
    CpResultLine *line = data;
    g_array_unref(line->samples_ns);
    g_array_unref(line->rounds);
    g_array_unref(line->costs);
    g_free(line);
}

static int
compare_lines(gconstpointer a, gconstpointer b)
{
    gint64 x = (*(const CpResultLine *const *)a)->line, y = (*(const CpResultLine *const *)b)->line;
    return (x > y) - (x < y);
}

GPtrArray *
cp_scenario_result_lines(const CpScenarioResult *scenario)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(line_free);
    g_autoptr(GHashTable) by_number = g_hash_table_new(g_int64_hash, g_int64_equal);

    for (guint i = 0; i < scenario->samples->len; i++) {
        const CpSample *sample = &g_array_index(scenario->samples, CpSample, i);
        CpResultLine *line = g_hash_table_lookup(by_number, &sample->line);
        if (!line) {
            line = g_new0(CpResultLine, 1);
            line->line = sample->line;
            line->label = sample->label;
            line->samples_ns = g_array_new(FALSE, FALSE, sizeof(gint64));
            line->rounds = g_array_new(FALSE, FALSE, sizeof(gint64));
            line->costs = g_array_new(FALSE, FALSE, sizeof(CpCosts));
            g_hash_table_insert(by_number, &line->line, line);
            g_ptr_array_add(lines, line);
        }
        if (sample->verdict != CP_VERDICT_FRESH)
            continue;
        g_array_append_val(line->samples_ns, sample->ns);
        g_array_append_val(line->rounds, sample->round);
        g_array_append_val(line->costs, sample->costs);
    }
    g_ptr_array_sort(lines, compare_lines);
    return lines;
}

CpSummary
cp_result_line_summarize(const CpResultLine *line)
{
    return cp_summarize_rounds((const gint64 *)line->samples_ns->data, (const gint64 *)line->rounds->data,
                               line->samples_ns->len);
}
