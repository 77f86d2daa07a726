/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads: what clients that read beside each other had to wait. */
#include "measure/loads.h"

static const char *const kinds[] = {
    [CP_LOAD_DURING] = "during_refresh",
    [CP_LOAD_OUTSIDE] = "outside_refresh",
    [CP_LOAD_BESIDE_DURING] = "beside_during_refresh",
    [CP_LOAD_BESIDE_OUTSIDE] = "beside_outside_refresh",
};

/* The integers of a load, and of a latency, with their names. */
static const struct {
    const char *name;
    gsize offset;
} integers[] = {
#define INTEGER(name)                                                                                                  \
    {                                                                                                                  \
#name, G_STRUCT_OFFSET(CpLoad, name)                                                                           \
    }
    INTEGER(round), INTEGER(line), INTEGER(clients), INTEGER(rate), INTEGER(reads), INTEGER(emulators), INTEGER(changes),
#undef INTEGER
}, latencies[] = {
#define INTEGER(name)                                                                                                  \
    {                                                                                                                  \
#name, G_STRUCT_OFFSET(CpLoadLatency, name)                                                                    \
    }
    INTEGER(n), INTEGER(p50_ns), INTEGER(p90_ns), INTEGER(p99_ns), INTEGER(max_ns),
#undef INTEGER
};

/* A load that is under way. */
struct _CpLoading {
    CpLoad load;
    char *beside;                  /* the question of the client beside the others; or NULL */
    GArray *latency[CP_LOAD_LAST]; /* of double, ns */
};

const char *
cp_load_kind_name(CpLoadKind kind)
{
    return kinds[kind];
}

void
cp_loading_free(CpLoading *loading)
{
    if (!loading)
        return;
    for (CpLoadKind kind = 0; kind < CP_LOAD_LAST; kind++)
        g_array_unref(loading->latency[kind]);
    g_free(loading->beside);
    g_free(loading);
}

static CpLoading *
begin(const CpFinding *finding)
{
    const CpEvent *event = finding->event;
    CpLoading *loading = g_new0(CpLoading, 1);
    loading->load =
        (CpLoad){ .round = finding->round, .line = event->line, .clients = event->clients, .rate = event->rate };
    loading->beside = g_strdup(event->beside);
    for (CpLoadKind kind = 0; kind < CP_LOAD_LAST; kind++)
        loading->latency[kind] = g_array_new(FALSE, FALSE, sizeof(double));
    return loading;
}

static void
add_read(CpLoading *loading, const CpFinding *finding)
{
    const CpEvent *read = finding->event;
    gboolean beside = loading->beside && read->client == loading->load.clients;
    CpLoadKind kind = (beside ? CP_LOAD_BESIDE_DURING : CP_LOAD_DURING) + !read->probing;
    double ns = read->end_ns - read->planned_ns;
    if (finding->verdict == CP_VERDICT_FRESH)
        g_array_append_val(loading->latency[kind], ns);
}

static int
compare(gconstpointer a, gconstpointer b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static CpLoadLatency
summarize(GArray *latency)
{
    const double *ns = (const double *)latency->data;
    guint n = latency->len;
    g_array_sort(latency, compare);
    return n == 0 ? (CpLoadLatency){ 0 }
                  : (CpLoadLatency){ n, cp_quantile(ns, n, 0.5), cp_quantile(ns, n, 0.9), cp_quantile(ns, n, 0.99),
                                     ns[n - 1] };
}

static void
end(CpResult *result, const CpEvent *event)
{
    CpLoading *loading = result->loading;
    loading->load.reads = event->reads;
    loading->load.emulators = event->emulators;
    for (CpLoadKind kind = 0; kind < CP_LOAD_LAST; kind++)
        loading->load.latency[kind] = summarize(loading->latency[kind]);
    g_array_append_val(result->round_of->loads, loading->load);
    g_clear_pointer(&result->loading, cp_loading_free);
}

void
cp_loads_add(CpResult *result, const CpFinding *finding)
{
    const CpEvent *event = finding->event;
    if (event->type == CP_EVENT_CLIENTS) {
        cp_loading_free(result->loading);
        result->loading = begin(finding);
    } else if (result->loading && event->type == CP_EVENT_CLIENTS_END) {
        end(result, event);
    } else if (result->loading && event->type == CP_EVENT_READ && event->client > 0) {
        add_read(result->loading, finding);
    } else if (result->loading) {
        result->loading->load.changes += finding->changed;
    }
}

/* --- JSON --- */

static JsonObject *
write_latency(const CpLoadLatency *latency)
{
    JsonObject *object = json_object_new();
    for (gsize i = 0; i < G_N_ELEMENTS(latencies); i++)
        json_object_set_int_member(object, latencies[i].name, G_STRUCT_MEMBER(gint64, latency, latencies[i].offset));
    return object;
}

JsonArray *
cp_loads_write(const CpScenarioResult *scenario)
{
    JsonArray *loads = json_array_new();
    for (guint i = 0; i < scenario->loads->len; i++) {
        const CpLoad *load = &g_array_index(scenario->loads, CpLoad, i);
        JsonObject *object = json_object_new(), *latency = json_object_new();
        for (gsize l = 0; l < G_N_ELEMENTS(integers); l++)
            json_object_set_int_member(object, integers[l].name, G_STRUCT_MEMBER(gint64, load, integers[l].offset));
        for (CpLoadKind kind = 0; kind < CP_LOAD_LAST; kind++)
            json_object_set_object_member(latency, kinds[kind], write_latency(&load->latency[kind]));
        json_object_set_object_member(object, "latency", latency);
        json_array_add_object_element(loads, object);
    }
    return loads;
}

static gboolean
read_latency(const CpJson *json, JsonObject *latency, CpLoadKind kind, CpLoadLatency *read, GError **error)
{
    JsonObject *object;
    if (!cp_json_object(json, latency, kinds[kind], &object, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(latencies); i++) {
        if (!cp_json_integer(json, object, latencies[i].name, &G_STRUCT_MEMBER(gint64, read, latencies[i].offset),
                             error))
            return FALSE;
    }
    return TRUE;
}

gboolean
cp_loads_read(const CpJson *json, JsonNode *node, CpScenarioResult *scenario, GError **error)
{
    CpLoad load = { 0 };
    JsonObject *latency;
    if (!JSON_NODE_HOLDS_OBJECT(node))
        return cp_json_refuse(json, "clients", error, "a load is not an object");
    JsonObject *object = json_node_get_object(node);
    for (gsize i = 0; i < G_N_ELEMENTS(integers); i++) {
        if (!cp_json_integer(json, object, integers[i].name, &G_STRUCT_MEMBER(gint64, &load, integers[i].offset),
                             error))
            return FALSE;
    }
    if (!cp_json_object(json, object, "latency", &latency, error))
        return FALSE;
    for (CpLoadKind kind = 0; kind < CP_LOAD_LAST; kind++) {
        if (!read_latency(json, latency, kind, &load.latency[kind], error))
            return FALSE;
    }
    g_array_append_val(scenario->loads, load);
    return TRUE;
}

/* --- several rounds --- */

/* Sets the integer at `offset` to its median in the loads of `line`; returns how many those are. `largest`: to the largest. */
static gint64
put_together(const GArray *loads, gint64 line, gsize offset, gboolean largest, CpLoad *typical)
{
    g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < loads->len; i++) {
        const CpLoad *load = &g_array_index(loads, CpLoad, i);
        double value = G_STRUCT_MEMBER(gint64, load, offset);
        if (load->line == line)
            g_array_append_val(values, value);
    }
    g_array_sort(values, compare);
    G_STRUCT_MEMBER(gint64, typical, offset) =
        largest ? g_array_index(values, double, values->len - 1) : cp_median((const double *)values->data, values->len);
    return values->len;
}

static gboolean
has_line(const GArray *lines, gint64 line)
{
    for (guint i = 0; i < lines->len; i++) {
        if (g_array_index(lines, CpLoadLine, i).typical.line == line)
            return TRUE;
    }
    return FALSE;
}

GArray *
cp_loads_lines(const CpScenarioResult *scenario)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(CpLoadLine));
    for (guint i = 0; i < scenario->loads->len; i++) {
        gint64 number = g_array_index(scenario->loads, CpLoad, i).line;
        if (has_line(lines, number))
            continue;
        CpLoadLine line = { 0 };
        for (gsize l = 0; l < G_N_ELEMENTS(integers); l++)
            line.rounds = put_together(scenario->loads, number, integers[l].offset, FALSE, &line.typical);
        for (CpLoadKind kind = 0; kind < CP_LOAD_LAST; kind++) {
            gsize base = G_STRUCT_OFFSET(CpLoad, latency) + kind * sizeof(CpLoadLatency);
            for (gsize l = 0; l < G_N_ELEMENTS(latencies); l++)
                put_together(scenario->loads, number, base + latencies[l].offset,
                             latencies[l].offset == G_STRUCT_OFFSET(CpLoadLatency, max_ns), &line.typical);
        }
        g_array_append_val(lines, line);
    }
    return lines;
}
