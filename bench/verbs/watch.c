/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `capprobe watch`: carries out a command and shows what libvirt says meanwhile. */
#include <unistd.h>

#include "base/duration.h"
#include "base/output.h"
#include "show/timeline.h"
#include "verbs/run-scenarios.h"
#include "verbs/verb.h"

#define DEFAULT_DEADLINE_NS (30 * CP_NS_PER_S)

/* What a watch is as a scenario, for the history. */
static const char scenario_text[] = "# A command is watched, see capprobe(1).\nneeds writable-root\nstart\nread\n";

static gboolean
read_options(const CpOptions *options, CpRunSpec *spec, CpWatchSpec *watch, GError **error)
{
    spec->modules = options->modules;
    spec->arch = options->arch;
    spec->machine = options->machine;
    spec->virttype = options->virttype;
    spec->kvm = options->kvm;
    watch->restart = options->restart;
    return cp_option_duration("deadline", options->deadline, DEFAULT_DEADLINE_NS, &spec->deadline_ns, error) &&
           cp_option_duration("every", options->every, CP_NS_PER_S, &watch->every_ns, error) &&
           cp_output_check_distinct(options->log, options->history, error) && cp_output_check(options->log, error) &&
           cp_output_check(options->history, error);
}

/* Opens the file of --log, so that it can be read while the command runs. `*log` stays NULL without that option. */
static gboolean
open_log(const char *path, CpOutput **log, int *fd, GError **error)
{
    *fd = STDERR_FILENO;
    *log = path ? cp_output_begin(path, error) : NULL;
    if (!*log)
        return !path;
    if (!cp_output_publish(*log, error)) {
        g_clear_pointer(log, cp_output_discard);
        return FALSE;
    }
    *fd = fileno(cp_output_stream(*log));
    return TRUE;
}

CpExit
cp_verb_watch(const CpOptions *options, char **arguments, GError **error)
{
    const CpVariantSpec variant = {
        .tree = options->tree, .libvirt = options->libvirt, .emulator = options->emulator, .target = options->target
    };
    g_autoptr(GPtrArray) scenarios = g_ptr_array_new_with_free_func((GDestroyNotify)cp_scenario_free);
    CpWatchSpec watch = { .argv = arguments };
    CpRunSpec spec = { .scenarios = scenarios, .rounds = 1, .variants = &variant, .n_variants = 1, .watch = &watch };
    CpOutput *log;
    if (!read_options(options, &spec, &watch, error) || !open_log(options->log, &log, &watch.log_fd, error))
        return CP_EXIT_USAGE;
    g_autoptr(GError) impossible = NULL;
    CpScenario *scenario = cp_scenario_parse("watch", scenario_text, sizeof(scenario_text) - 1, &impossible);
    g_assert_no_error(impossible);
    g_ptr_array_add(scenarios, scenario);

    g_auto(CpRunRecord) run = { 0 };
    gboolean ran = cp_run_recorded(&spec, options->history, NULL, &run, error), logged = TRUE;
    g_autoptr(GError) failure = NULL;
    if (log && !cp_output_commit(log, &failure)) {
        cp_verb_complain(failure);
        logged = FALSE;
    }
    g_autoptr(CpWatching) watching = cp_watching_new();
    g_autoptr(CpJudgement) judgement =
        ran ? cp_judge_stream(run.history, options->strict, cp_watching_add, watching, error) : NULL;
    if (!judgement)
        return CP_EXIT_FAILED;
    g_autoptr(CpWatched) watched = cp_watching_finish(watching);
    cp_timeline_print(watched, judgement, options->whole, stdout);
    return run.written && logged ? judgement->exit : CP_EXIT_FAILED;
}
