/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs scenarios as the options of `bench` and `replay` say, and writes the history. */
#include "verbs/run-scenarios.h"

#include <poll.h>

#include "base/duration.h"
#include "base/output.h"
#include "history/history-file.h"
#include "run/interrupt.h"

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
cp_run_is_kept(const CpRunRecord *run, const char *file)
{
    if (!file)
        return FALSE;
    if (!run->in_vain || !g_file_test(file, G_FILE_TEST_IS_REGULAR))
        return TRUE;
    say_left(file);
    return FALSE;
}

void
cp_run_record_clear(CpRunRecord *run)
{
    g_clear_pointer(&run->history, cp_history_stream_free);
}

typedef struct {
    CpProgress *progress; /* NULL if none is shown */
    CpHistoryFile *history;
    gboolean round_complete; /* at least one round is */
    gint64 status;           /* of the `end` event */
} Recorder;

static void
take_event(CpEvent *event, gpointer data)
{
    Recorder *recorder = data;
    g_autoptr(CpEvent) owned = event;
    recorder->round_complete |= owned->type == CP_EVENT_ROUND_END;
    if (owned->type == CP_EVENT_END)
        recorder->status = owned->status;
    cp_history_file_write(recorder->history, owned);
    if (recorder->progress && !cp_interrupted())
        cp_progress_event(owned, recorder->progress);
}

gboolean
cp_run_recorded(const CpRunSpec *spec, const char *path, CpProgress *progress, CpRunRecord *run, GError **error)
{
    g_autoptr(CpHistoryFile) file = cp_history_file_new(path);
    Recorder recorder = { progress, file, FALSE, 0 };
    if (!cp_run(spec, take_event, &recorder, error))
        return FALSE;

    g_autoptr(GError) failure = NULL;
    run->in_vain = recorder.status == CP_EXIT_INTERRUPTED && !recorder.round_complete;
    gboolean keep = cp_history_file_is_published(file) || cp_run_is_kept(run, path);
    run->written = cp_history_file_end(file, keep, &failure);
    if (!run->written)
        cp_verb_complain(failure);
    run->history = cp_history_file_read(file, error);
    return run->history != NULL;
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

gboolean
cp_run_read_options(const CpOptions *options, gint64 default_rounds, CpRunSpec *spec, GError **error)
{
    gint64 seed;
    if (!cp_option_number("rounds", options->rounds, 1, MAX_ROUNDS, default_rounds, &spec->rounds, error) ||
        !cp_option_number("seed", options->seed, 0, G_MAXUINT32, g_random_int(), &seed, error) ||
        !cp_option_duration("deadline", options->deadline, DEFAULT_DEADLINE_NS, &spec->deadline_ns, error) ||
        !read_confirm(options->confirm, &spec->confirm, error))
        return FALSE;
    spec->seed = seed;
    spec->profile_rounds = options->profile ? PROFILE_ROUNDS : 0;
    spec->stamps = options->explain;
    spec->modules = options->modules;
    spec->arch = options->arch;
    spec->machine = options->machine;
    spec->virttype = options->virttype;
    spec->kvm = options->kvm;
    spec->shard = options->shard;
    return cp_output_check_distinct(options->output, options->history, error) &&
           cp_output_check(options->output, error) && cp_output_check(options->history, error);
}

gboolean
cp_run_scenarios(
    const CpOptions *options, const GPtrArray *scenarios, gint64 default_rounds, CpRunRecord *run, GError **error)
{
    g_autoptr(GArray) variants = cp_variants_combine(options->trees, options->libvirts, options->emulators,
                                                     options->targets, options->variants, error);
    if (!variants)
        return FALSE;
    CpRunSpec spec = { .scenarios = scenarios,
                       .variants = (const CpVariantSpec *)variants->data,
                       .n_variants = variants->len };
    if (!cp_run_read_options(options, default_rounds, &spec, error))
        return FALSE;

    CpProgress *progress = cp_progress_new(stderr, spec.rounds * scenarios->len * variants->len);
    gboolean done = cp_run_recorded(&spec, options->history, progress, run, error);
    cp_progress_free(progress);
    return done;
}
