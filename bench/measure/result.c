/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Results: made of a judgement, written to and read from JSON. */
#include "measure/result.h"

#include "base/duration.h"
#include "base/input.h"
#include "base/output.h"

#define PROBLEMS_MAX 100

static void
scenario_free(gpointer data)
{
    CpScenarioResult *scenario = data;
    g_free(scenario->name);
    g_free(scenario->file);
    g_free(scenario->skipped);
    g_array_unref(scenario->samples_ns);
    g_ptr_array_unref(scenario->problems);
    g_free(scenario);
}

static CpScenarioResult *
scenario_new(const char *name, const char *file, const char *skipped)
{
    CpScenarioResult *scenario = g_new0(CpScenarioResult, 1);
    scenario->name = g_strdup(name);
    scenario->file = g_strdup(file);
    scenario->skipped = g_strdup(skipped);
    scenario->samples_ns = g_array_new(FALSE, FALSE, sizeof(gint64));
    scenario->problems = g_ptr_array_new_with_free_func(g_free);
    return scenario;
}

static CpResult *
result_new(void)
{
    CpResult *result = g_new0(CpResult, 1);
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
    g_ptr_array_unref(result->scenarios);
    json_array_unref(result->profile);
    g_free(result);
}

static void
add_problem(CpScenarioResult *scenario, const CpFinding *finding, const char *what)
{
    if (scenario->problems->len == PROBLEMS_MAX)
        return;
    g_auto(GStrv) shown = cp_finding_lines(finding, CP_FINDING_LINES, "");
    g_autofree char *lines = g_strjoinv("; ", shown);
    g_ptr_array_add(scenario->problems, g_strdup_printf("round %" G_GINT64_FORMAT ", line %" G_GINT64_FORMAT ": %s: %s",
                                                        finding->round, finding->event->line, what, lines));
}

static void
count(CpScenarioResult *scenario, const CpFinding *finding)
{
    const CpEvent *event = finding->event;

    if (event->type == CP_EVENT_OPERATION) {
        scenario->changed += finding->changed;
        scenario->unchanged += finding->known && !finding->changed;
    } else if (event->type == CP_EVENT_EXPECT) {
        scenario->held += finding->holds;
        scenario->unheld += !finding->holds;
        if (!finding->holds) {
            g_autofree char *wanted = g_strjoinv(" ", event->args);
            g_autofree char *what = g_strdup_printf("expected '%s'", wanted);
            add_problem(scenario, finding, what);
        }
    } else {
        gint64 latency_ns = event->end_ns - event->begin_ns;
        scenario->reads[finding->verdict]++;
        scenario->needed += finding->refresh && finding->needed;
        scenario->spurious += finding->refresh && !finding->needed;
        scenario->emulators = cp_sum(scenario->emulators, event->emulators);
        scenario->cpu_ns = cp_sum(scenario->cpu_ns, cp_sum(event->user_ns, event->system_ns));
        scenario->max_rss_kb = MAX(scenario->max_rss_kb, event->max_rss_kb);
        if (finding->sample)
            g_array_append_val(scenario->samples_ns, latency_ns);
        if (finding->verdict != CP_VERDICT_FRESH)
            add_problem(scenario, finding, cp_verdict_name(finding->verdict));
    }
}

static void
add_profile(CpResult *result, const CpEvent *event)
{
    JsonObject *profile = json_object_new();
    json_object_set_int_member(profile, "total_ns", event->end_ns - event->begin_ns);
    json_object_set_object_member(profile, "phases", json_object_ref(event->phases));
    json_array_add_object_element(result->profile, profile);
}

CpResult *
cp_result_new(const CpJudgement *judgement)
{
    CpResult *result = result_new();

    result->status = judgement->end->status;
    result->error = g_strdup(judgement->end->error);
    for (guint i = 0; i < judgement->history->len; i++) {
        const CpEvent *event = judgement->history->pdata[i];
        if (event->type == CP_EVENT_HISTORY) {
            result->environment = json_object_ref(event->environment);
            result->seed = event->seed;
        } else if (event->type == CP_EVENT_PROFILE) {
            add_profile(result, event);
        }
    }
    for (guint s = 0; s < judgement->scenarios->len; s++) {
        const CpJudgedScenario *judged = judgement->scenarios->pdata[s];
        CpScenarioResult *scenario = scenario_new(judged->name, judged->file, judged->skipped ? judged->skipped : "");
        scenario->rounds = judged->rounds;
        result->wall_ns = cp_sum(result->wall_ns, judged->wall_ns);
        result->libvirt_ns = cp_sum(result->libvirt_ns, judged->libvirt_ns);
        for (guint i = 0; i < judged->findings->len; i++)
            count(scenario, judged->findings->pdata[i]);
        g_ptr_array_add(result->scenarios, scenario);
    }
    return result;
}

/* An integer of a scenario, and its place in the document. */
typedef struct {
    const char *group; /* the object that it is in; NULL for the scenario itself */
    const char *name;
    gsize offset;
} Count;

static const Count counts[] = {
    { NULL, "rounds", G_STRUCT_OFFSET(CpScenarioResult, rounds) },
    { "reads", "fresh", G_STRUCT_OFFSET(CpScenarioResult, reads[CP_VERDICT_FRESH]) },
    { "reads", "stale", G_STRUCT_OFFSET(CpScenarioResult, reads[CP_VERDICT_STALE]) },
    { "reads", "torn", G_STRUCT_OFFSET(CpScenarioResult, reads[CP_VERDICT_TORN]) },
    { "reads", "failed", G_STRUCT_OFFSET(CpScenarioResult, reads[CP_VERDICT_FAILED]) },
    { "reads", "unknown", G_STRUCT_OFFSET(CpScenarioResult, reads[CP_VERDICT_UNKNOWN]) },
    { "refreshes", "needed", G_STRUCT_OFFSET(CpScenarioResult, needed) },
    { "refreshes", "spurious", G_STRUCT_OFFSET(CpScenarioResult, spurious) },
    { "operations", "changed", G_STRUCT_OFFSET(CpScenarioResult, changed) },
    { "operations", "unchanged", G_STRUCT_OFFSET(CpScenarioResult, unchanged) },
    { "expectations", "held", G_STRUCT_OFFSET(CpScenarioResult, held) },
    { "expectations", "failed", G_STRUCT_OFFSET(CpScenarioResult, unheld) },
    { NULL, "emulators_started", G_STRUCT_OFFSET(CpScenarioResult, emulators) },
    { NULL, "emulator_cpu_ns", G_STRUCT_OFFSET(CpScenarioResult, cpu_ns) },
    { NULL, "max_rss_kb", G_STRUCT_OFFSET(CpScenarioResult, max_rss_kb) },
};

static void
write_counts(JsonObject *object, const CpScenarioResult *scenario)
{
    for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
        const Count *count = &counts[i];
        JsonObject *group = object;
        if (count->group && !json_object_has_member(object, count->group))
            json_object_set_object_member(object, count->group, json_object_new());
        if (count->group)
            group = json_object_get_object_member(object, count->group);
        json_object_set_int_member(group, count->name, G_STRUCT_MEMBER(gint64, scenario, count->offset));
    }
}

static JsonObject *
write_statistics(const CpScenarioResult *scenario)
{
    CpSummary summary = cp_summarize((const gint64 *)scenario->samples_ns->data, scenario->samples_ns->len);
    JsonObject *object = json_object_new();

    json_object_set_int_member(object, "n", summary.n);
    if (summary.n == 0)
        return object;
    json_object_set_double_member(object, "min_ns", summary.min);
    json_object_set_double_member(object, "median_ns", summary.median);
    if (summary.interval) {
        json_object_set_double_member(object, "median_low_ns", summary.low);
        json_object_set_double_member(object, "median_high_ns", summary.high);
    } else {
        json_object_set_null_member(object, "median_low_ns");
        json_object_set_null_member(object, "median_high_ns");
    }
    json_object_set_double_member(object, "mad_ns", summary.mad);
    json_object_set_double_member(object, "p90_ns", summary.p90);
    json_object_set_double_member(object, "p99_ns", summary.p99);
    json_object_set_double_member(object, "max_ns", summary.max);
    return object;
}

static JsonObject *
write_scenario(const CpScenarioResult *scenario)
{
    JsonObject *object = json_object_new();
    JsonArray *samples = json_array_new(), *problems = json_array_new();

    for (guint i = 0; i < scenario->samples_ns->len; i++)
        json_array_add_int_element(samples, g_array_index(scenario->samples_ns, gint64, i));
    for (guint i = 0; i < scenario->problems->len; i++)
        json_array_add_string_element(problems, scenario->problems->pdata[i]);

    json_object_set_string_member(object, "name", scenario->name);
    json_object_set_string_member(object, "file", scenario->file);
    json_object_set_string_member(object, "skipped", scenario->skipped);
    write_counts(object, scenario);
    json_object_set_array_member(object, "samples_ns", samples);
    json_object_set_object_member(object, "statistics", write_statistics(scenario));
    json_object_set_array_member(object, "problems", problems);
    return object;
}

char *
cp_result_write(const CpResult *result)
{
    g_autoptr(JsonNode) root = json_node_new(JSON_NODE_OBJECT);
    JsonObject *object = json_object_new(), *harness = json_object_new();
    JsonArray *scenarios = json_array_new();

    for (guint i = 0; i < result->scenarios->len; i++)
        json_array_add_object_element(scenarios, write_scenario(result->scenarios->pdata[i]));
    json_object_set_int_member(harness, "wall_ns", result->wall_ns);
    json_object_set_int_member(harness, "libvirt_ns", result->libvirt_ns);
    if (result->libvirt_ns > 0)
        json_object_set_double_member(harness, "overhead_ratio", (double)result->wall_ns / result->libvirt_ns);
    else
        json_object_set_null_member(harness, "overhead_ratio");

    json_object_set_string_member(object, "schema", CP_RESULT_SCHEMA);
    json_object_set_object_member(object, "environment", json_object_ref(result->environment));
    json_object_set_int_member(object, "seed", result->seed);
    json_object_set_int_member(object, "status", result->status);
    json_object_set_string_member(object, "error", result->error);
    json_object_set_array_member(object, "scenarios", scenarios);
    json_object_set_object_member(object, "harness", harness);
    json_object_set_array_member(object, "profile", json_array_ref(result->profile));
    json_node_take_object(root, object);
    return json_to_string(root, TRUE);
}

gboolean
cp_result_save(const CpResult *result, const char *file, GError **error)
{
    g_autofree char *text = cp_result_write(result);
    g_autoptr(CpOutput) output = cp_output_begin(file, error);
    if (!output)
        return FALSE;
    fprintf(cp_output_stream(output), "%s\n", text);
    return cp_output_commit(g_steal_pointer(&output), error);
}

static gboolean
read_counts(const CpJson *json, JsonObject *object, CpScenarioResult *scenario, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
        JsonObject *group = object;
        if ((counts[i].group && !cp_json_object(json, object, counts[i].group, &group, error)) ||
            !cp_json_integer(json, group, counts[i].name, &G_STRUCT_MEMBER(gint64, scenario, counts[i].offset), error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_samples(const CpJson *json, JsonObject *object, CpScenarioResult *scenario, GError **error)
{
    g_auto(GStrv) problems = NULL;
    JsonArray *samples;
    if (!cp_json_array(json, object, "samples_ns", &samples, error) ||
        !cp_json_strings(json, object, "problems", &problems, error))
        return FALSE;

    for (guint i = 0; i < json_array_get_length(samples); i++) {
        JsonNode *node = json_array_get_element(samples, i);
        gint64 sample_ns = JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_INT64
                               ? json_node_get_int(node)
                               : -1;
        if (sample_ns < 0)
            return cp_json_refuse(json, "samples_ns", error,
                                  "a sample is not a duration, expected integers that are not negative, in ns");
        g_array_append_val(scenario->samples_ns, sample_ns);
    }
    for (char **problem = problems; *problem; problem++)
        g_ptr_array_add(scenario->problems, g_strdup(*problem));
    return TRUE;
}

static gboolean
read_scenario(const CpJson *json, JsonNode *node, CpResult *result, GError **error)
{
    const char *name, *file, *skipped;
    if (!JSON_NODE_HOLDS_OBJECT(node))
        return cp_json_refuse(json, "scenarios", error, "a scenario is not an object");

    JsonObject *object = json_node_get_object(node);
    if (!cp_json_string(json, object, "name", &name, error) || !cp_json_string(json, object, "file", &file, error) ||
        !cp_json_string(json, object, "skipped", &skipped, error))
        return FALSE;

    CpScenarioResult *scenario = scenario_new(name, file, skipped);
    g_ptr_array_add(result->scenarios, scenario);
    return read_counts(json, object, scenario, error) && read_samples(json, object, scenario, error);
}

static gboolean
check_profile(const CpJson *json, JsonNode *node, GError **error)
{
    gint64 total_ns;
    JsonObject *phases;
    if (!JSON_NODE_HOLDS_OBJECT(node))
        return cp_json_refuse(json, "profile", error, "a profile is not an object");
    if (!cp_json_integer(json, json_node_get_object(node), "total_ns", &total_ns, error) ||
        !cp_json_object(json, json_node_get_object(node), "phases", &phases, error))
        return FALSE;

    return cp_json_check_integers(json, phases, error);
}

CpResult *
cp_result_parse(const char *file, const char *text, gsize length, GError **error)
{
    g_autoptr(CpJson) json = cp_json_parse(file, 1, text, length, error);
    g_autoptr(CpResult) result = result_new();
    const char *schema, *message;
    JsonArray *scenarios, *profile;
    JsonObject *harness;
    if (!json)
        return NULL;

    JsonObject *object = json_node_get_object(json->root);
    if (!cp_json_string(json, object, "schema", &schema, error))
        return NULL;
    if (!g_str_equal(schema, CP_RESULT_SCHEMA)) {
        cp_json_refuse(json, "schema", error, "schema '%s', expected '%s'", schema, CP_RESULT_SCHEMA);
        return NULL;
    }
    if (!cp_json_object(json, object, "environment", &result->environment, error))
        return NULL;
    json_object_ref(result->environment);
    if (!cp_json_integer(json, object, "seed", &result->seed, error) ||
        !cp_json_integer(json, object, "status", &result->status, error) ||
        !cp_json_string(json, object, "error", &message, error) ||
        !cp_json_array(json, object, "scenarios", &scenarios, error) ||
        !cp_json_array(json, object, "profile", &profile, error) ||
        !cp_json_object(json, object, "harness", &harness, error) ||
        !cp_json_integer(json, harness, "wall_ns", &result->wall_ns, error) ||
        !cp_json_integer(json, harness, "libvirt_ns", &result->libvirt_ns, error))
        return NULL;

    if (!cp_event_check_status(json, result->status, message, error))
        return NULL;
    result->error = g_strdup(message);
    for (guint i = 0; i < json_array_get_length(scenarios); i++) {
        if (!read_scenario(json, json_array_get_element(scenarios, i), result, error))
            return NULL;
    }
    for (guint i = 0; i < json_array_get_length(profile); i++) {
        if (!check_profile(json, json_array_get_element(profile, i), error))
            return NULL;
        json_array_add_element(result->profile, json_node_copy(json_array_get_element(profile, i)));
    }
    return g_steal_pointer(&result);
}

CpResult *
cp_result_load(const char *file, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    return cp_input_read_limited(file, CP_INPUT_RECORD_MAX, &text, &length, error)
               ? cp_result_parse(file, text, length, error)
               : NULL;
}
