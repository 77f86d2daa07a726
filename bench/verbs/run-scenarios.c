/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs scenarios as the options of `bench` and `replay` say, and writes the history. */
#include "verbs/run-scenarios.h"

#include <poll.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/output.h"
#include "run/run.h"
#include "show/progress.h"
#include "verbs/history-file.h"

#define MAX_ROUNDS 100000
#define PROFILE_ROUNDS 3
#define DEFAULT_DEADLINE_NS (30 * CP_NS_PER_S)

/* Prints that `file` stays, unless standard error would block: an interrupt must end the run in any case. */
static void
say_left(const char *file)
{
    struct pollfd out = { .fd = STDERR_FILENO, .events = POLLOUT };
    if (poll(&out, 1, 0) == 1)
        g_printerr("capprobe: interrupted before the first complete round; %s is left as it was\n", file);
}

gboolean
cp_run_is_kept(const GPtrArray *history, const char *file)
{
    if (!file)
        return FALSE;
    const CpEvent *end = history->pdata[history->len - 1];
    if (end->status != CP_EXIT_INTERRUPTED || cp_run_has_complete_round(history) ||
        !g_file_test(file, G_FILE_TEST_IS_REGULAR))
        return TRUE;
    say_left(file);
    return FALSE;
}

typedef struct {
    CpProgress *progress;
    CpHistoryFile history;
} Recorder;

static void
take_event(const CpEvent *event, const GPtrArray *history, gpointer data)
{
    Recorder *recorder = data;
    cp_history_file_write(&recorder->history, history);
    cp_progress_event(event, recorder->progress);
}

static gboolean
read_confirm(const char *text, gboolean *confirm, GError **error)
{
    *confirm = !text || g_str_equal(text, "yes");
    if (*confirm || g_str_equal(text, "no"))
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--confirm %s: expected yes or no", text);
    return FALSE;
}

static gboolean
read_options(const CpOptions *options, gint64 default_rounds, CpRunSpec *spec, GError **error)
{
    gint64 seed;
    if (!cp_option_number("rounds", options->rounds, 1, MAX_ROUNDS, default_rounds, &spec->rounds, error) ||
        !cp_option_number("seed", options->seed, 0, G_MAXUINT32, g_random_int(), &seed, error) ||
        !cp_option_duration("deadline", options->deadline, DEFAULT_DEADLINE_NS, &spec->deadline_ns, error) ||
        !read_confirm(options->confirm, &spec->confirm, error))
        return FALSE;
    spec->seed = seed;
    spec->profile_rounds = options->profile ? PROFILE_ROUNDS : 0;
    spec->modules = options->modules;
    spec->arch = options->arch;
    spec->machine = options->machine;
    spec->virttype = options->virttype;
    spec->kvm = options->kvm;
    return cp_output_check_distinct(options->output, options->history, error) &&
           cp_output_check(options->output, error) && cp_output_check(options->history, error);
}

GPtrArray *
cp_run_scenarios(
    const CpOptions *options, const GPtrArray *scenarios, gint64 default_rounds, gboolean *written, GError **error)
{
    g_autoptr(GArray) variants =
        cp_variants_combine(options->trees, options->libvirts, options->emulators, options->variants, error);
    if (!variants)
        return NULL;
    CpRunSpec spec = { .scenarios = scenarios,
                       .variants = (const CpVariantSpec *)variants->data,
                       .n_variants = variants->len };
    if (!read_options(options, default_rounds, &spec, error))
        return NULL;

    Recorder recorder = { cp_progress_new(stderr, spec.rounds * scenarios->len * variants->len),
                          { .path = options->history } };
    g_autoptr(GPtrArray) history = cp_run(&spec, take_event, &recorder, error);
    cp_progress_free(recorder.progress);
    if (!history) {
        cp_history_file_discard(&recorder.history);
        return NULL;
    }

    g_autoptr(GError) failure = NULL;
    if (recorder.history.published || cp_run_is_kept(history, options->history))
        cp_history_file_write(&recorder.history, history);
    else
        cp_history_file_discard(&recorder.history);
    *written = cp_history_file_end(&recorder.history, &failure);
    if (!*written)
        cp_verb_complain(failure);
    return g_steal_pointer(&history);
}
