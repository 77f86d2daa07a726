/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "show/table.h"

#include <stdlib.h>

#include "base/duration.h"
#include "show/grid.h"

static const char *
text(JsonObject *object, const char *name)
{
    JsonNode *node = object ? json_object_get_member(object, name) : NULL;
    return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING
               ? json_node_get_string(node)
               : "?";
}

static gint64
integer(JsonObject *object, const char *name)
{
    JsonNode *node = object ? json_object_get_member(object, name) : NULL;
    return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_INT64
               ? json_node_get_int(node)
               : 0;
}

static JsonObject *
object(JsonObject *parent, const char *name)
{
    JsonNode *node = json_object_get_member(parent, name);
    return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static void
print_environment(const CpResult *result, FILE *out)
{
    JsonObject *environment = result->environment;
    JsonObject *libvirt = object(environment, "libvirt"), *emulator = object(environment, "emulator"),
               *host = object(environment, "host");
    JsonNode *privileged = json_object_get_member(environment, "privileged");
    gboolean root = privileged && JSON_NODE_HOLDS_VALUE(privileged) && json_node_get_boolean(privileged);

    fprintf(out, "libvirt %s (%s), %s\n", text(libvirt, "version"), text(environment, "target"),
            text(emulator, "version"));
    fprintf(out, "%" G_GINT64_FORMAT " modules in %s, KVM %s, %s, seed %" G_GINT64_FORMAT "\n",
            integer(emulator, "modules"), text(emulator, "module_dir"), text(environment, "kvm"),
            root ? "as root" : "rootless", result->seed);
    if (!g_str_equal(text(libvirt, "module_dir"), text(emulator, "module_dir")))
        fprintf(out, "libvirt watches %s, but this emulator loads its modules from elsewhere\n",
                text(libvirt, "module_dir"));
    fprintf(out, "%s, %s\n\n", text(host, "cpu"), text(host, "kernel"));
}

static void
add_latency(CpGrid *grid, gsize n, double ns)
{
    cp_grid_take(grid, n > 0 ? cp_duration_format(ns) : g_strdup("-"));
}

static void
add_row(CpGrid *grid, const CpScenarioResult *scenario)
{
    CpSummary summary = cp_summarize((const gint64 *)scenario->samples_ns->data, scenario->samples_ns->len);

    cp_grid_add(grid, "%s", scenario->name);
    cp_grid_add(grid, "%zu", summary.n);
    for (CpVerdict verdict = 0; verdict < CP_VERDICT_UNKNOWN; verdict++)
        cp_grid_add(grid, "%" G_GINT64_FORMAT, scenario->reads[verdict]);
    cp_grid_add(grid, "%" G_GINT64_FORMAT, scenario->needed);
    cp_grid_add(grid, "%" G_GINT64_FORMAT, scenario->spurious);
    cp_grid_add(grid, "%" G_GINT64_FORMAT, scenario->emulators);
    add_latency(grid, summary.n, summary.median);
    if (summary.interval) {
        g_autofree char *low = cp_duration_format(summary.low), *high = cp_duration_format(summary.high);
        cp_grid_add(grid, "%s .. %s", low, high);
    } else {
        cp_grid_add(grid, summary.n > 0 ? "n < %d" : "-", CP_INTERVAL_MIN_N);
    }
    add_latency(grid, summary.n, summary.p90);
    add_latency(grid, summary.n, summary.max);
    add_latency(grid, scenario->emulators, (double)scenario->cpu_ns / scenario->emulators);
    cp_grid_add(grid, "%.1f MB", scenario->max_rss_kb / 1000.0);
}

static void
print_remarks(const CpResult *result, FILE *out)
{
    for (guint i = 0; i < result->scenarios->len; i++) {
        const CpScenarioResult *scenario = result->scenarios->pdata[i];
        if (*scenario->skipped)
            fprintf(out, "\nskipped %s: %s\n", scenario->name, scenario->skipped);
        for (guint p = 0; p < scenario->problems->len; p++)
            fprintf(out, "%s%s, %s\n", p == 0 ? "\n" : "", scenario->name, (char *)scenario->problems->pdata[p]);
        if (scenario->reads[CP_VERDICT_UNKNOWN])
            fprintf(out, "%s: no verdict on %" G_GINT64_FORMAT " reads, whose truth is unknown\n", scenario->name,
                    scenario->reads[CP_VERDICT_UNKNOWN]);
    }
    if (result->libvirt_ns > 0)
        fprintf(out, "\nharness overhead: %.3f of the time within libvirt's calls\n",
                (double)result->wall_ns / result->libvirt_ns);
    if (*result->error)
        fprintf(out, "\nnot carried out whole: %s\n", result->error);
}

typedef struct {
    const char *name;
    gint64 ns;
} Phase;

static int
compare_phases(gconstpointer a, gconstpointer b)
{
    gint64 x = ((const Phase *)a)->ns, y = ((const Phase *)b)->ns;
    return (x < y) - (x > y);
}

static void
print_profile(const CpResult *result, FILE *out)
{
    static const char *const heads[] = { "<where a cold refresh spends its time", "a refresh", "share", NULL };
    guint n = json_array_get_length(result->profile);
    g_autoptr(CpGrid) grid = cp_grid_new(heads);
    g_autoptr(GHashTable) sums = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GArray) phases = g_array_new(FALSE, FALSE, sizeof(Phase));
    gint64 total_ns = 0;

    for (guint i = 0; i < n; i++) {
        JsonObject *profile = json_array_get_object_element(result->profile, i);
        JsonObject *found = json_object_get_object_member(profile, "phases");
        g_autoptr(GList) names = json_object_get_members(found);
        total_ns = cp_sum(total_ns, json_object_get_int_member(profile, "total_ns"));
        for (GList *name = names; name; name = name->next) {
            gpointer sum = g_hash_table_lookup(sums, name->data);
            gint64 ns = cp_sum(GPOINTER_TO_SIZE(sum), json_object_get_int_member(found, name->data));
            g_hash_table_insert(sums, name->data, GSIZE_TO_POINTER(ns));
        }
    }
    if (n == 0 || total_ns == 0)
        return;

    GHashTableIter iter;
    gpointer name, sum;
    g_hash_table_iter_init(&iter, sums);
    while (g_hash_table_iter_next(&iter, &name, &sum)) {
        Phase phase = { name, GPOINTER_TO_SIZE(sum) };
        g_array_append_val(phases, phase);
    }
    g_array_sort(phases, compare_phases);
    for (guint i = 0; i < phases->len; i++) {
        const Phase *phase = &g_array_index(phases, Phase, i);
        cp_grid_add(grid, "%s", phase->name);
        cp_grid_take(grid, cp_duration_format((double)phase->ns / n));
        cp_grid_add(grid, "%.1f %%", 100.0 * phase->ns / total_ns);
    }
    fprintf(out, "\nProfile: mean of %u cold refreshes in rounds of their own, under libvirt's debug log\n\n", n);
    cp_grid_print(grid, out);
}

void
cp_table_print(const CpResult *result, FILE *out)
{
    static const char *const heads[] = { "<scenario", "n",        "fresh",     "stale",  "torn",          "failed",
                                         "needed",    "spurious", "emulators", "median", "95 % interval", "p90",
                                         "max",       "CPU each", "peak",      NULL };
    g_autoptr(CpGrid) grid = cp_grid_new(heads);

    print_environment(result, out);
    for (guint i = 0; i < result->scenarios->len; i++) {
        const CpScenarioResult *scenario = result->scenarios->pdata[i];
        if (!*scenario->skipped)
            add_row(grid, scenario);
    }
    cp_grid_print(grid, out);
    print_remarks(result, out);
    print_profile(result, out);
}
