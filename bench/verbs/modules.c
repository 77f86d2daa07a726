/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `capprobe modules`: shows what each module of this host contributes. */
#include <string.h>

#include "base/duration.h"
#include "base/text.h"
#include "run/find.h"
#include "run/interrupt.h"
#include "run/run.h"
#include "run/tree.h"
#include "scenario/scenario.h"
#include "show/modules.h"
#include "show/progress.h"
#include "verbs/verb.h"

#define DEFAULT_DEADLINE_NS (30 * CP_NS_PER_S)

typedef void Print(const CpModules *modules, FILE *out);

static Print *
find_format(const char *format, GError **error)
{
    if (!format || g_str_equal(format, "text"))
        return cp_modules_print_text;
    if (g_str_equal(format, "json"))
        return cp_modules_print_json;
    if (g_str_equal(format, "markdown"))
        return cp_modules_print_markdown;
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--format %s: expected text, json or markdown", format);
    return NULL;
}

/* Adds a scenario with the lines `changes`. What libvirt says afterwards is learned as a truth, so nothing is read: a
 * scenario must end with a read, but that is not carried out. */
static gboolean
add_scenario(GPtrArray *scenarios, const char *name, const char *changes, GError **error)
{
    g_autofree char *text = g_strconcat(changes, "start\nread\n", NULL);
    CpScenario *scenario = cp_scenario_parse(name, text, strlen(text), error);
    if (!scenario)
        return FALSE;
    g_ptr_array_set_size(scenario->steps, scenario->steps->len - 2);
    g_ptr_array_add(scenarios, scenario);
    return TRUE;
}

/* Returns the names of the host's modules, sorted. */
static GPtrArray *
list_modules(const CpOptions *options, GError **error)
{
    g_autoptr(CpFound) found = cp_find(options->tree, options->libvirt, options->emulator, options->modules, 0, error);
    g_autofree char *folder = found ? cp_found_path(found, found->module_dir) : NULL;
    g_autoptr(GDir) dir = folder ? g_dir_open(folder, 0, error) : NULL;
    if (!dir)
        return NULL;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(found->module_dir, name, NULL);
        if (g_str_has_suffix(name, ".so") && cp_tree_test(found->tree, path, G_FILE_TEST_IS_REGULAR))
            g_ptr_array_add(names, g_strndup(name, strlen(name) - strlen(".so")));
    }
    g_ptr_array_sort(names, cp_text_compare);
    if (names->len > 0)
        return g_steal_pointer(&names);
    g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "there are no modules in %s", found->module_dir);
    return NULL;
}

typedef struct {
    CpProgress *progress;
    GPtrArray *history; /* of CpEvent */
} Recorder;

static void
take_event(CpEvent *event, gpointer data)
{
    const Recorder *recorder = data;
    g_ptr_array_add(recorder->history, event);
    if (!cp_interrupted())
        cp_progress_event(event, recorder->progress);
}

/* Runs the scenarios, once each. Returns the history. NULL if the run did not reach its end, with `status` set, and
 * `error` if there is something to say. */
static GPtrArray *
run(const CpOptions *options, const GPtrArray *scenarios, CpExit *status, GError **error)
{
    CpVariantSpec variant = {
        .tree = options->tree, .libvirt = options->libvirt, .emulator = options->emulator, .target = options->target
    };
    CpRunSpec spec = { .scenarios = scenarios,
                       .rounds = 1,
                       .variants = &variant,
                       .n_variants = 1,
                       .modules = options->modules,
                       .arch = options->arch,
                       .machine = options->machine,
                       .virttype = options->virttype,
                       .kvm = options->kvm };
    *status = CP_EXIT_FAILED;
    if (!cp_option_duration("deadline", options->deadline, DEFAULT_DEADLINE_NS, &spec.deadline_ns, error))
        return NULL;
    g_autoptr(CpProgress) progress = cp_progress_new(stderr, scenarios->len);
    g_autoptr(GPtrArray) history = g_ptr_array_new_with_free_func((GDestroyNotify)cp_event_free);
    Recorder recorder = { progress, history };
    if (!cp_run(&spec, take_event, &recorder, error))
        return NULL;
    const CpEvent *end = history->pdata[history->len - 1];
    *status = end->status;
    if (end->status == CP_EXIT_WELL)
        return g_steal_pointer(&history);
    if (end->status != CP_EXIT_INTERRUPTED)
        g_set_error_literal(error, CP_ERROR, end->status == CP_EXIT_UNTESTABLE ? CP_ERROR_UNTESTABLE : CP_ERROR_FAILED,
                            end->error);
    return NULL;
}

/* Runs the scenarios that tell which modules make libvirt fail without another. */
static gboolean
find_failures(const CpOptions *options, CpModules *modules, CpExit *status, GError **error)
{
    g_autoptr(GPtrArray) texts = cp_modules_more_scenarios(modules);
    g_autoptr(GPtrArray) scenarios = g_ptr_array_new_with_free_func((GDestroyNotify)cp_scenario_free);
    for (guint i = 0; i < texts->len; i++) {
        g_autofree char *name = g_strdup_printf("pair-%u", i + 1);
        if (!add_scenario(scenarios, name, texts->pdata[i], error))
            return FALSE;
    }
    g_autoptr(GPtrArray) history = scenarios->len > 0 ? run(options, scenarios, status, error) : NULL;
    if (history)
        cp_modules_add_failures(modules, history);
    return history || scenarios->len == 0;
}

CpExit
cp_verb_modules(const CpOptions *options, char **arguments G_GNUC_UNUSED, GError **error)
{
    Print *print = find_format(options->format, error);
    g_autoptr(GPtrArray) names = print ? list_modules(options, error) : NULL;
    g_autoptr(GPtrArray) scenarios = g_ptr_array_new_with_free_func((GDestroyNotify)cp_scenario_free);
    if (!names)
        return CP_EXIT_FAILED;
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *text = g_strdup_printf("remove %s\n", (const char *)names->pdata[i]);
        if (!add_scenario(scenarios, names->pdata[i], text, error))
            return CP_EXIT_FAILED;
    }

    CpExit status;
    g_autoptr(GPtrArray) history = run(options, scenarios, &status, error);
    g_autoptr(CpModules) modules = history ? cp_modules_new(history, error) : NULL;
    if (modules && find_failures(options, modules, &status, error))
        print(modules, stdout);
    return status;
}
