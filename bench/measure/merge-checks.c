/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What must hold so that results can be merged. */
#include "measure/merge-checks.h"

#include "base/error.h"
#include "base/shard.h"
#include "measure/environment-text.h"

/* What the machines of a run have in common: how it was started. */
static const char *const shared[] = { "capprobe", "kvm", "arch", "machine", "virttype", "privileged" };

static gboolean
is_shared(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(shared); i++) {
        if (g_str_equal(shared[i], name))
            return TRUE;
    }
    return FALSE;
}

static JsonObject *
copy(JsonObject *object)
{
    JsonObject *other = json_object_new();
    g_autoptr(GList) names = json_object_get_members(object);
    for (GList *name = names; name; name = name->next)
        json_object_set_member(other, name->data, json_node_copy(json_object_get_member(object, name->data)));
    return other;
}

static void
drop(JsonObject *object, const char *name)
{
    if (json_object_has_member(object, name))
        json_object_remove_member(object, name);
}

JsonObject *
cp_merge_environment(JsonObject *environment)
{
    JsonObject *other = copy(environment);
    drop(other, "shard");
    return other;
}

void
cp_merge_keep_shared(JsonObject *environment)
{
    g_autoptr(GList) names = json_object_get_members(environment);
    for (GList *name = names; name; name = name->next) {
        if (!is_shared(name->data))
            drop(environment, name->data);
    }
}

/* Returns the environment without what differs from shard to shard. */
static JsonObject *
lasting(JsonObject *environment)
{
    JsonObject *other = cp_merge_environment(environment);
    JsonNode *host = json_object_get_member(other, "host");
    drop(other, "date");
    if (host && JSON_NODE_HOLDS_OBJECT(host)) {
        JsonObject *without = copy(json_node_get_object(host));
        drop(without, "load_1min");
        json_object_set_object_member(other, "host", without);
    }
    return other;
}

static gboolean
equal(JsonNode *a, JsonNode *b)
{
    return a && b ? json_node_equal(a, b) : a == b;
}

gboolean
cp_merge_same_machine(const CpResult *a, const CpResult *b)
{
    g_autoptr(JsonObject) of_a = lasting(a->environment), of_b = lasting(b->environment);
    return equal(json_object_get_member(of_a, "host"), json_object_get_member(of_b, "host"));
}

/* Returns the name of a member that differs; NULL if none does. It belongs to one of the two. */
static const char *
find_difference(JsonObject *a, JsonObject *b)
{
    JsonObject *const both[] = { a, b };
    for (gsize i = 0; i < G_N_ELEMENTS(both); i++) {
        JsonObjectIter members;
        const char *name;
        json_object_iter_init(&members, both[i]);
        while (json_object_iter_next(&members, &name, NULL)) {
            if (!equal(json_object_get_member(a, name), json_object_get_member(b, name)))
                return name;
        }
    }
    return NULL;
}

/* Always returns FALSE. */
static gboolean
refuse_member(const char *member, const char *name, const char *other, GError **error)
{
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                "%s: environment.%s is not that of %s, expected results of one run; 'compare' tells runs apart", name,
                member, other);
    return FALSE;
}

/* Refuses two environments that differ. */
static gboolean
check_environment(JsonObject *a, JsonObject *b, const char *name, const char *other, GError **error)
{
    g_autoptr(JsonObject) of_a = lasting(a), of_b = lasting(b);
    const char *differs = find_difference(of_a, of_b);
    return !differs || refuse_member(differs, name, other, error);
}

static gboolean
check_tested(const CpResult *a, const CpResult *b, const char *name, const char *other, GError **error)
{
    gboolean same = a->variants->len == b->variants->len;
    if (!check_environment(a->environment, b->environment, name, other, error))
        return FALSE;
    for (guint i = 0; same && i < a->variants->len; i++) {
        const CpResultVariant *of_a = a->variants->pdata[i], *of_b = b->variants->pdata[i];
        same = g_str_equal(of_a->name, of_b->name);
        if (same && !check_environment(of_a->environment, of_b->environment, name, other, error))
            return FALSE;
    }
    if (!same)
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                    "%s: its variants are not those of %s, expected results of one run", name, other);
    return same;
}

static const CpScenarioResult *
find_scenario(const CpResult *result, const char *name)
{
    for (guint i = 0; i < result->scenarios->len; i++) {
        const CpScenarioResult *scenario = result->scenarios->pdata[i];
        if (g_str_equal(scenario->name, name))
            return scenario;
    }
    return NULL;
}

static gboolean
check_rounds(const CpResult *a, const CpResult *b, const char *name, const char *other, GError **error)
{
    for (guint i = 0; i < b->scenarios->len; i++) {
        const char *scenario = ((const CpScenarioResult *)b->scenarios->pdata[i])->name;
        if (!find_scenario(a, scenario))
            continue;
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                    "%s: the rounds of %s on this machine are in %s as well, expected each round once", name, scenario,
                    other);
        return FALSE;
    }
    return TRUE;
}

gboolean
cp_merge_check_machine(
    const GPtrArray *results, const char *const *names, const guint *machine_of, guint machine, GError **error)
{
    for (guint b = 0; b < results->len; b++) {
        for (guint a = 0; a < b; a++) {
            if (machine_of[a] == machine && machine_of[b] == machine &&
                (!check_tested(results->pdata[a], results->pdata[b], names[b], names[a], error) ||
                 !check_rounds(results->pdata[a], results->pdata[b], names[b], names[a], error)))
                return FALSE;
        }
    }
    return TRUE;
}

/* Checks that all shards of the run are there, on whatever machine. */
static gboolean
check_shards(const GPtrArray *results, const char *const *names, GError **error)
{
    g_autofree gboolean *there = g_new0(gboolean, CP_SHARDS_MAX + 1);
    guint64 count = 0;
    const char *first = NULL;
    for (guint i = 0; i < results->len; i++) {
        const char *text = cp_environment_text(((const CpResult *)results->pdata[i])->environment, "shard");
        CpShard shard;
        if (!*text)
            continue;
        if (!cp_shard_parse(text, &shard) || (first && shard.count != count)) {
            g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                        "%s: environment.shard: it is '%s', expected one of %s, such as %s", names[i], text,
                        first ? "as many as before" : "several", first ? first : "1/4");
            return FALSE;
        }
        first = first ? first : text;
        count = shard.count;
        there[shard.number] = TRUE;
    }
    for (guint64 number = 1; number <= count; number++) {
        if (there[number])
            continue;
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                    "%s: of its run shard %" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT " is missing", names[0], number,
                    count);
        return FALSE;
    }
    return TRUE;
}

/* Checks that a scenario has the same text everywhere. */
static gboolean
check_texts(const CpResult *a, const CpResult *b, const char *name, const char *other, GError **error)
{
    for (guint i = 0; i < b->scenarios->len; i++) {
        const CpScenarioResult *of_b = b->scenarios->pdata[i], *of_a = find_scenario(a, of_b->name);
        if (!of_a || g_strcmp0(of_a->digest, of_b->digest) == 0)
            continue;
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: the text of the scenario %s is not that of %s", name,
                    of_b->name, other);
        return FALSE;
    }
    return TRUE;
}

gboolean
cp_merge_check_run(const GPtrArray *results, const char *const *names, GError **error)
{
    const CpResult *first = results->pdata[0];
    for (guint i = 0; i < results->len; i++) {
        const CpResult *result = results->pdata[i];
        if (result->variants->len > 0 && ((const CpResultVariant *)result->variants->pdata[0])->machine) {
            g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                        "%s: it is of several machines already, expected all results that it was merged from",
                        names[i]);
            return FALSE;
        }
        if (result->seed != first->seed) {
            g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                        "%s: the seed is %" G_GINT64_FORMAT ", but that of %s is %" G_GINT64_FORMAT
                        ", expected results of one run, with one --seed",
                        names[i], result->seed, names[0], first->seed);
            return FALSE;
        }
        for (gsize s = 0; s < G_N_ELEMENTS(shared); s++) {
            if (!equal(json_object_get_member(first->environment, shared[s]),
                       json_object_get_member(result->environment, shared[s])))
                return refuse_member(shared[s], names[i], names[0], error);
        }
        for (guint other = 0; other < i; other++) {
            if (!check_texts(results->pdata[other], result, names[i], names[other], error))
                return FALSE;
        }
    }
    return check_shards(results, names, error);
}
