/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The noise of machines: what comparisons of a thing with itself have shown. */
#include "measure/noise.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.h"
#include "base/input.h"
#include "base/output.h"
#include "measure/comparison-parts.h"

#define WAIT_US (30 * G_USEC_PER_SEC) /* for other processes */
#define RETRY_US 10000

typedef struct {
    gint64 rounds;
    double shift;
} Run;

typedef struct {
    char *scenario;
    gint64 line;
    GArray *runs; /* of Run, the oldest first */
} Line;

typedef struct {
    char *name;
    gint64 comparisons, alarms;
    GPtrArray *lines; /* of Line */
} Machine;

struct _CpNoise {
    GPtrArray *machines; /* of Machine */
};

static void
line_free(gpointer data)
{
    Line *line = data;
    g_free(line->scenario);
    g_array_unref(line->runs);
    g_free(line);
}

static void
machine_free(gpointer data)
{
    Machine *machine = data;
    g_free(machine->name);
    g_ptr_array_unref(machine->lines);
    g_free(machine);
}

void
cp_noise_free(CpNoise *noise)
{
    if (!noise)
        return;
    g_ptr_array_unref(noise->machines);
    g_free(noise);
}

/* Returns the machine of that name; if there is none, a new one if `add`, else NULL. */
static Machine *
find_machine(const CpNoise *noise, const char *name, gboolean add)
{
    for (guint i = 0; i < noise->machines->len; i++) {
        Machine *machine = noise->machines->pdata[i];
        if (g_str_equal(machine->name, name))
            return machine;
    }
    if (!add)
        return NULL;
    Machine *machine = g_new0(Machine, 1);
    machine->name = g_strdup(name);
    machine->lines = g_ptr_array_new_with_free_func(line_free);
    g_ptr_array_add(noise->machines, machine);
    return machine;
}

/* The same for a line. */
static Line *
find_line(Machine *machine, const char *scenario, gint64 number, gboolean add)
{
    for (guint i = 0; i < machine->lines->len; i++) {
        Line *line = machine->lines->pdata[i];
        if (line->line == number && g_str_equal(line->scenario, scenario))
            return line;
    }
    if (!add)
        return NULL;
    Line *line = g_new0(Line, 1);
    line->scenario = g_strdup(scenario);
    line->line = number;
    line->runs = g_array_new(FALSE, FALSE, sizeof(Run));
    g_ptr_array_add(machine->lines, line);
    return line;
}

static void
add_run(Line *line, Run run)
{
    g_array_append_val(line->runs, run);
    if (line->runs->len > CP_NOISE_RUNS)
        g_array_remove_index(line->runs, 0);
}

/* --- the file --- */

static gboolean
read_line(const CpJson *json, JsonObject *object, Machine *machine, GError **error)
{
    const char *scenario;
    gint64 number;
    JsonArray *runs;
    if (!cp_json_string(json, object, "scenario", &scenario, error) ||
        !cp_json_integer(json, object, "line", &number, error) || !cp_json_array(json, object, "runs", &runs, error))
        return FALSE;
    Line *line = find_line(machine, scenario, number, TRUE);
    for (guint i = 0; i < json_array_get_length(runs); i++) {
        Run run;
        JsonNode *node = json_array_get_element(runs, i);
        if (!JSON_NODE_HOLDS_OBJECT(node))
            return cp_json_refuse(json, "runs", error, "a run is not an object");
        if (!cp_json_integer(json, json_node_get_object(node), "rounds", &run.rounds, error) ||
            !cp_json_number(json, json_node_get_object(node), "shift", &run.shift, error))
            return FALSE;
        add_run(line, run);
    }
    return TRUE;
}

static gboolean
read_machine(const CpJson *json, JsonObject *object, CpNoise *noise, GError **error)
{
    const char *name;
    JsonArray *lines;
    if (!cp_json_string(json, object, "machine", &name, error))
        return FALSE;
    Machine *machine = find_machine(noise, name, TRUE);
    if (!cp_json_integer(json, object, "comparisons", &machine->comparisons, error) ||
        !cp_json_integer(json, object, "alarms", &machine->alarms, error) ||
        !cp_json_array(json, object, "lines", &lines, error))
        return FALSE;
    for (guint i = 0; i < json_array_get_length(lines); i++) {
        JsonNode *node = json_array_get_element(lines, i);
        if (!JSON_NODE_HOLDS_OBJECT(node))
            return cp_json_refuse(json, "lines", error, "a line is not an object");
        if (!read_line(json, json_node_get_object(node), machine, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_file(const char *file, const char *text, gsize length, CpNoise *noise, GError **error)
{
    g_autoptr(CpJson) json = cp_json_parse(file, 1, text, length, error);
    const char *schema;
    JsonArray *machines;
    if (!json || !cp_json_string(json, json_node_get_object(json->root), "schema", &schema, error))
        return FALSE;
    if (!g_str_equal(schema, CP_NOISE_SCHEMA))
        return cp_json_refuse(json, "schema", error, "this is a file of the schema '%s', expected '%s'", schema,
                              CP_NOISE_SCHEMA);
    if (!cp_json_array(json, json_node_get_object(json->root), "machines", &machines, error))
        return FALSE;
    for (guint i = 0; i < json_array_get_length(machines); i++) {
        JsonNode *node = json_array_get_element(machines, i);
        if (!JSON_NODE_HOLDS_OBJECT(node))
            return cp_json_refuse(json, "machines", error, "a machine is not an object");
        if (!read_machine(json, json_node_get_object(node), noise, error))
            return FALSE;
    }
    return TRUE;
}

CpNoise *
cp_noise_load(const char *file, GError **error)
{
    g_autoptr(CpNoise) noise = g_new0(CpNoise, 1);
    g_autofree char *text = NULL;
    gsize length;
    noise->machines = g_ptr_array_new_with_free_func(machine_free);
    if (!g_file_test(file, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&noise);
    if (!cp_input_read(file, &text, &length, error) || !read_file(file, text, length, noise, error))
        return NULL;
    return g_steal_pointer(&noise);
}

static JsonObject *
line_to_json(const Line *line)
{
    JsonObject *object = json_object_new();
    JsonArray *runs = json_array_new();
    for (guint i = 0; i < line->runs->len; i++) {
        const Run *run = &g_array_index(line->runs, Run, i);
        JsonObject *element = json_object_new();
        json_object_set_int_member(element, "rounds", run->rounds);
        json_object_set_double_member(element, "shift", run->shift);
        json_array_add_object_element(runs, element);
    }
    json_object_set_string_member(object, "scenario", line->scenario);
    json_object_set_int_member(object, "line", line->line);
    json_object_set_array_member(object, "runs", runs);
    return object;
}

static JsonObject *
machine_to_json(const Machine *machine)
{
    JsonObject *object = json_object_new();
    JsonArray *lines = json_array_new();
    for (guint i = 0; i < machine->lines->len; i++)
        json_array_add_object_element(lines, line_to_json(machine->lines->pdata[i]));
    json_object_set_string_member(object, "machine", machine->name);
    json_object_set_int_member(object, "comparisons", machine->comparisons);
    json_object_set_int_member(object, "alarms", machine->alarms);
    json_object_set_array_member(object, "lines", lines);
    return object;
}

static gboolean
make_folder(const char *folder, GError **error)
{
    return g_mkdir_with_parents(folder, 0755) == 0 || cp_error_set_errno(error, CP_ERROR_USAGE, errno, "%s", folder);
}

gboolean
cp_noise_save(const CpNoise *noise, const char *file, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(file);
    if (!make_folder(folder, error))
        return FALSE;
    g_autoptr(CpOutput) output = cp_output_begin(file, error);
    if (!output)
        return FALSE;

    JsonArray *machines = json_array_new();
    for (guint i = 0; i < noise->machines->len; i++)
        json_array_add_object_element(machines, machine_to_json(noise->machines->pdata[i]));
    g_autoptr(JsonNode) root = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(root, json_object_new());
    json_object_set_string_member(json_node_get_object(root), "schema", CP_NOISE_SCHEMA);
    json_object_set_array_member(json_node_get_object(root), "machines", machines);
    g_autofree char *text = json_to_string(root, TRUE);
    fprintf(cp_output_stream(output), "%s\n", text);
    return cp_output_commit(g_steal_pointer(&output), error);
}

/* --- what it is about --- */

char *
cp_noise_machine(const CpResult *result)
{
    CpCompared run = { result, NULL };
    g_autofree char *cpu = cp_compared_text(run, "host", "cpu"), *cpus = cp_compared_text(run, "host", "cpus"),
                    *kvm = cp_compared_text(run, NULL, "kvm");
    return g_strdup_printf("%s, %s CPUs, KVM %s", cpu, cpus, kvm);
}

/* Compares the two variants of `result` in some of its rounds. */
static CpComparison *
compare_rounds(const CpResult *result, gint64 first, gint64 last)
{
    const CpResultVariant *a = result->variants->pdata[0], *b = result->variants->pdata[1];
    CpComparisonRule rule = CP_COMPARISON_RULE;
    rule.first_round = first;
    rule.last_round = last;
    return cp_comparison_new((CpCompared){ result, a->name }, (CpCompared){ result, b->name }, rule, 0, NULL);
}

static gboolean
has_changed(const CpComparison *comparison)
{
    for (guint i = 0; i < comparison->lines->len; i++) {
        CpChange change = g_array_index(comparison->lines, CpComparedLine, i).change;
        if (change == CP_CHANGE_FASTER || change == CP_CHANGE_SLOWER)
            return TRUE;
    }
    return FALSE;
}

static gint64
count_rounds(const CpResult *result)
{
    gint64 rounds = 0;
    for (guint i = 0; i < result->scenarios->len; i++)
        rounds = MAX(rounds, ((const CpScenarioResult *)result->scenarios->pdata[i])->rounds);
    return rounds;
}

void
cp_noise_add(CpNoise *noise, const CpResult *result, guint *comparisons, guint *alarms)
{
    g_autofree char *name = cp_noise_machine(result);
    Machine *machine = find_machine(noise, name, TRUE);
    gint64 rounds = count_rounds(result);
    *comparisons = *alarms = 0;
    for (gint64 first = 1; first + CP_NOISE_ROUNDS - 1 <= rounds; first += CP_NOISE_ROUNDS) {
        g_autoptr(CpComparison) part = compare_rounds(result, first, first + CP_NOISE_ROUNDS - 1);
        ++*comparisons;
        *alarms += has_changed(part);
    }
    machine->comparisons += *comparisons;
    machine->alarms += *alarms;

    g_autoptr(CpComparison) whole = compare_rounds(result, 1, rounds);
    for (guint i = 0; i < whole->lines->len; i++) {
        const CpComparedLine *line = &g_array_index(whole->lines, CpComparedLine, i);
        if (2 * line->pairs >= CP_NOISE_ROUNDS)
            add_run(find_line(machine, line->scenario, line->line, TRUE), (Run){ 2 * line->pairs, fabs(line->ratio) });
    }
}

void
cp_noise_count(const CpNoise *noise, const char *machine, gint64 *comparisons, gint64 *alarms)
{
    const Machine *found = find_machine(noise, machine, FALSE);
    *comparisons = found ? found->comparisons : 0;
    *alarms = found ? found->alarms : 0;
}

guint
cp_noise_apply(const CpNoise *noise, CpComparison *comparison)
{
    g_autofree char *name = cp_noise_machine(comparison->b.result);
    Machine *machine = find_machine(noise, name, FALSE);
    guint n = 0;
    for (guint i = 0; machine && i < comparison->lines->len; i++) {
        const CpComparedLine *compared = &g_array_index(comparison->lines, CpComparedLine, i);
        const Line *line = find_line(machine, compared->scenario, compared->line, FALSE);
        double floor = 0;
        for (guint r = 0; line && r < line->runs->len; r++)
            floor = MAX(floor, g_array_index(line->runs, Run, r).shift);
        if (!line)
            continue;
        cp_comparison_set_floor(comparison, compared->scenario, compared->line, floor);
        n++;
    }
    return n;
}

gboolean
cp_noise_check(const char *file, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(file);
    g_autoptr(CpNoise) noise = cp_noise_load(file, error);
    return noise && make_folder(folder, error) && cp_output_check(file, error);
}

/* --- several processes --- */

/* Locks a folder: the file itself is replaced each time. Returns the descriptor that holds the lock until it is closed; -1 if
 * that is not possible. */
static int
lock_folder(const char *folder, GError **error)
{
    gint64 end = g_get_monotonic_time() + WAIT_US;
    if (!make_folder(folder, error))
        return -1;
    int got, fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s", folder);
        return -1;
    }
    while ((got = flock(fd, LOCK_EX | LOCK_NB)) != 0 && errno == EWOULDBLOCK && g_get_monotonic_time() < end)
        g_usleep(RETRY_US);
    if (got == 0)
        return fd;
    cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s: cannot be locked", folder);
    close(fd);
    return -1;
}

CpNoise *
cp_noise_record(const char *file, const CpResult *result, guint *comparisons, guint *alarms, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(file);
    int lock = lock_folder(folder, error);
    if (lock < 0)
        return NULL;
    g_autoptr(CpNoise) noise = cp_noise_load(file, error);
    if (noise)
        cp_noise_add(noise, result, comparisons, alarms);
    gboolean good = noise && cp_noise_save(noise, file, error);
    close(lock);
    return good ? g_steal_pointer(&noise) : NULL;
}
