/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each module contributes. */
#include "measure/modules.h"

#include "base/error.h"
#include "judge/answer.h"

/* What a history tells, by digest, state or scenario. Everything is borrowed from the history. */
typedef struct {
    GHashTable *answers, *documents; /* digest -> XML */
    GHashTable *truths;              /* state -> CpEvent */
    GHashTable *skips;               /* scenario -> why it was left out */
} Told;

static void
told_clear(Told *told)
{
    g_hash_table_unref(told->answers);
    g_hash_table_unref(told->documents);
    g_hash_table_unref(told->truths);
    g_hash_table_unref(told->skips);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Told, told_clear)

static Told
collect(const GPtrArray *history)
{
    Told told = { g_hash_table_new(g_str_hash, g_str_equal), g_hash_table_new(g_str_hash, g_str_equal),
                  g_hash_table_new(g_str_hash, g_str_equal), g_hash_table_new(g_str_hash, g_str_equal) };
    for (guint i = 0; i < history->len; i++) {
        CpEvent *event = history->pdata[i];
        if (event->type == CP_EVENT_ANSWER)
            g_hash_table_insert(told.answers, event->answer, event->xml);
        else if (event->type == CP_EVENT_DOCUMENT)
            g_hash_table_insert(told.documents, event->document, event->xml);
        else if (event->type == CP_EVENT_TRUTH && event->pass == 1)
            g_hash_table_insert(told.truths, event->state, event);
        else if (event->type == CP_EVENT_SKIP)
            g_hash_table_insert(told.skips, event->scenario, event->error);
    }
    return told;
}

/* --- effects --- */

static void
effect_free(CpModuleEffect *effect)
{
    g_free(effect->module);
    g_free(effect->unknown);
    g_free(effect->error);
    g_strfreev(effect->answer);
    g_strfreev(effect->document);
    g_free(effect);
}

/* Returns how two texts differ, which `texts` has under their digests; NULL is the digest of nothing. */
static GStrv
difference(GHashTable *texts, const char *with, const char *without)
{
    g_auto(GStrv) lines = g_new0(char *, 2);
    if (g_strcmp0(with, without) == 0)
        return g_steal_pointer(&lines);
    if (!with || !without) {
        lines[0] = g_strdup(with ? "- all of it" : "+ all of it");
        return g_steal_pointer(&lines);
    }
    g_autoptr(CpAnswer) before = cp_answer_new(g_hash_table_lookup(texts, with));
    g_autoptr(CpAnswer) after = cp_answer_new(g_hash_table_lookup(texts, without));
    return cp_answer_difference(before, after);
}

static void
set_effect(CpModuleEffect *effect, const Told *told, const CpEvent *with, const CpEvent *without)
{
    if (!without) {
        const char *reason = g_hash_table_lookup(told->skips, effect->module);
        effect->unknown = g_strdup(reason ? reason : "libvirt was not asked");
    } else if (without->lost) {
        effect->unknown = g_strdup(without->lost);
    } else if (without->error) {
        effect->error = g_strdup(without->error);
        effect->domain = without->domain;
        effect->code = without->code;
    } else {
        effect->answer = difference(told->answers, with->answer, without->answer);
        effect->document = difference(told->documents, with->document, without->document);
    }
    if (!effect->answer)
        effect->answer = g_new0(char *, 1);
    if (!effect->document)
        effect->document = g_new0(char *, 1);
}

/* Sets `with` to the truth of the state in which the round of `scenario` began, and `without` to that of the state after
 * its operations; NULL if it is not known. */
static void
find_truths(
    const GPtrArray *history, const Told *told, const char *scenario, const CpEvent **with, const CpEvent **without)
{
    gboolean inside = FALSE;
    *with = *without = NULL;
    for (guint i = 0; i < history->len; i++) {
        const CpEvent *event = history->pdata[i];
        if (event->type == CP_EVENT_ROUND && (inside = g_str_equal(event->scenario, scenario)))
            *with = g_hash_table_lookup(told->truths, event->state);
        else if (event->type == CP_EVENT_OPERATION && inside)
            *without = g_hash_table_lookup(told->truths, event->state);
    }
}

/* --- pairs --- */

static void
pair_free(CpModulePair *pair)
{
    g_free(pair->module);
    g_free(pair->needed);
    g_free(pair);
}

static void
add_pair(CpModules *modules, const char *module, const char *needed, gboolean fails)
{
    CpModulePair *pair = g_new0(CpModulePair, 1);
    pair->module = g_strdup(module);
    pair->needed = g_strdup(needed);
    pair->fails = fails;
    g_ptr_array_add(modules->pairs, pair);
}

static gboolean
contains_all(GStrv all, GStrv some)
{
    for (char **line = some; *line; line++) {
        if (!g_strv_contains((const char *const *)all, *line))
            return FALSE;
    }
    return TRUE;
}

static gboolean
contributes(const CpModuleEffect *effect)
{
    return effect->answer[0] || effect->document[0];
}

static void
find_pairs(CpModules *modules)
{
    for (guint i = 0; i < modules->effects->len; i++) {
        const CpModuleEffect *one = modules->effects->pdata[i];
        for (guint j = 0; contributes(one) && j < modules->effects->len; j++) {
            const CpModuleEffect *other = modules->effects->pdata[j];
            if (i != j && contains_all(other->answer, one->answer) && contains_all(other->document, one->document))
                add_pair(modules, one->module, other->module, FALSE);
        }
    }
}

CpModules *
cp_modules_new(const GPtrArray *history, GError **error)
{
    g_autoptr(CpModules) modules = g_new0(CpModules, 1);
    modules->effects = g_ptr_array_new_with_free_func((GDestroyNotify)effect_free);
    modules->pairs = g_ptr_array_new_with_free_func((GDestroyNotify)pair_free);
    g_auto(Told) told = collect(history);

    for (guint i = 0; i < history->len; i++) {
        const CpEvent *event = history->pdata[i], *with, *without;
        if (event->type != CP_EVENT_SCENARIO)
            continue;
        find_truths(history, &told, event->scenario, &with, &without);
        if (with && !with->answer) {
            g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "libvirt does not answer with all modules in place: %s",
                        with->error ? with->error : with->lost);
            return NULL;
        }
        CpModuleEffect *effect = g_new0(CpModuleEffect, 1);
        effect->module = g_strdup(event->scenario);
        set_effect(effect, &told, with, with ? without : NULL);
        g_ptr_array_add(modules->effects, effect);
    }
    find_pairs(modules);
    return g_steal_pointer(&modules);
}

void
cp_modules_free(CpModules *modules)
{
    if (!modules)
        return;
    g_ptr_array_unref(modules->effects);
    g_ptr_array_unref(modules->pairs);
    g_free(modules);
}

/* Whether two names agree up to the second dash: hw-display-qxl, hw-display-virtio-gpu. */
static gboolean
is_family(const char *one, const char *other)
{
    guint dashes = 0;
    gsize i = 0;
    for (; one[i] && one[i] == other[i]; i++) {
        if (one[i] == '-' && ++dashes == 2)
            return TRUE;
    }
    return FALSE;
}

GPtrArray *
cp_modules_more_scenarios(const CpModules *modules)
{
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < modules->effects->len; i++) {
        const CpModuleEffect *needed = modules->effects->pdata[i];
        for (guint j = 0; needed->error && j < modules->effects->len; j++) {
            const CpModuleEffect *other = modules->effects->pdata[j];
            if (contributes(other) && is_family(needed->module, other->module))
                g_ptr_array_add(texts, g_strdup_printf("remove %s\nremove %s\n", needed->module, other->module));
        }
    }
    return texts;
}

void
cp_modules_add_failures(CpModules *modules, const GPtrArray *history)
{
    g_auto(Told) told = collect(history);
    const CpEvent *first = NULL; /* the first operation of a round */
    for (guint i = 0; i < history->len; i++) {
        const CpEvent *event = history->pdata[i];
        if (event->type == CP_EVENT_ROUND) {
            first = NULL;
        } else if (event->type == CP_EVENT_OPERATION && !first) {
            first = event;
        } else if (event->type == CP_EVENT_OPERATION) {
            const CpEvent *before = g_hash_table_lookup(told.truths, first->state);
            const CpEvent *after = g_hash_table_lookup(told.truths, event->state);
            if (before && before->error && after && after->answer)
                add_pair(modules, event->args[0], first->args[0], TRUE);
        }
    }
}
