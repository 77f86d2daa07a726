/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run/runner.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/error.h"
#include "run/host/carry-out.h"
#include "run/profile.h"

typedef struct {
    const CpPlan *plan;
    FILE *out;
    CpReaper reaper;
    CpHost *host;
    CpConnection *connection;
    GString *query;             /* the payload of a read request */
    GHashTable *answers;        /* digests of the answers told so far */
    GHashTable *truths;         /* digests of the states whose truth was told */
    const CpScenario *scenario; /* the one being carried out */
    gint64 libvirt_ns;          /* within libvirt's calls in this round */
    char *open_error;           /* why libvirt could not be started, or NULL */
    gboolean reading;           /* a read's block is being carried out ... */
    gboolean answered;          /* ... and the read has ended already, with ... */
    CpOutcome outcome;          /* ... this */
    int opened_fd;              /* inotify: modules opened while reading; else -1 */
} Runner;

static gboolean run_steps(Runner *runner, const GPtrArray *steps, GError **error);

static void
tell(Runner *runner, CpEvent *event)
{
    g_autofree char *line = cp_event_write(event);
    fprintf(runner->out, "%s\n", line);
    fflush(runner->out);
    cp_event_free(event);
}

/* Tells an answer the first time that it is given; returns its digest. */
static char *
tell_answer(Runner *runner, const char *xml)
{
    char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, xml, -1);
    if (g_hash_table_add(runner->answers, g_strdup(digest))) {
        CpEvent *event = cp_event_new(CP_EVENT_ANSWER);
        event->answer = g_strdup(digest);
        event->xml = g_strdup(xml);
        tell(runner, event);
    }
    return digest;
}

static void
account(Runner *runner, const CpOutcome *outcome)
{
    runner->libvirt_ns += outcome->return_ns - outcome->call_ns;
}

static gboolean
open_libvirt(Runner *runner, GError **error)
{
    g_auto(CpOutcome) outcome = { 0 };
    g_clear_pointer(&runner->open_error, g_free);
    if (!cp_connection_open(runner->connection, runner->plan->target, runner->host->root, &outcome, error))
        return FALSE;
    account(runner, &outcome);
    runner->open_error = g_steal_pointer(&outcome.error);
    return TRUE;
}

static void
close_libvirt(Runner *runner)
{
    g_auto(CpOutcome) outcome = { 0 };
    if (runner->open_error)
        cp_reaper_kill_all(&runner->reaper);
    cp_connection_close(runner->connection, &outcome);
    account(runner, &outcome);
}

static void
send_read(Runner *runner)
{
    cp_connection_send(runner->connection, CP_REQUEST_READ, runner->query->str, runner->query->len);
}

/* Lets time pass until `until_ns`, while what ends is reaped and a read under way may be answered. */
static void
idle(Runner *runner, gint64 until_ns)
{
    while (cp_now_ns() < until_ns) {
        if (runner->reading && !runner->answered) {
            runner->answered = cp_connection_wait(runner->connection, until_ns, -1, &runner->outcome);
        } else {
            struct pollfd fd = { runner->reaper.fd, POLLIN, 0 };
            if (poll(&fd, 1, (until_ns - cp_now_ns()) / CP_NS_PER_MS + 1) > 0)
                cp_reaper_reap(&runner->reaper);
        }
    }
}

/* Files are stamped with a coarse clock, which lags by a tick: the second has begun when that one says so. */
static void
align(Runner *runner)
{
    struct timespec now, coarse;
    clock_gettime(CLOCK_REALTIME, &now);
    idle(runner, cp_now_ns() + CP_NS_PER_S - now.tv_nsec);
    while (clock_gettime(CLOCK_REALTIME_COARSE, &coarse), coarse.tv_sec <= now.tv_sec)
        idle(runner, cp_now_ns() + CP_NS_PER_MS);
}

/* Waits until somebody opens the module. */
static gboolean
await_opened(Runner *runner, const CpStep *step, GError **error)
{
    g_autofree char *name = g_strconcat(step->args[0], ".so", NULL);
    char buffer[8192] __attribute__((aligned(__alignof__(struct inotify_event))));

    while (!runner->answered) {
        for (ssize_t n; (n = read(runner->opened_fd, buffer, sizeof(buffer))) > 0;) {
            for (char *at = buffer; at < buffer + n;) {
                const struct inotify_event *event = (const struct inotify_event *)at;
                if (event->len && g_str_equal(event->name, name))
                    return TRUE;
                at += sizeof(*event) + event->len;
            }
        }
        runner->answered = cp_connection_wait(runner->connection, 0, runner->opened_fd, &runner->outcome);
    }
    g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "no emulator opened %s during the read", step->args[0]);
    return FALSE;
}

static gboolean
run_block_while_reading(Runner *runner, const CpStep *step, GError **error)
{
    runner->opened_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    inotify_add_watch(runner->opened_fd, runner->host->module_dir, IN_OPEN);
    send_read(runner);

    runner->reading = TRUE;
    gboolean done = run_steps(runner, step->block, error);
    runner->reading = FALSE;
    close(runner->opened_fd);
    runner->opened_fd = -1;
    return done;
}

static gboolean
run_read(Runner *runner, const CpStep *step, GError **error)
{
    if (!runner->connection->pid && !open_libvirt(runner, error))
        return FALSE;

    CpReaper before = runner->reaper;
    gboolean done = TRUE;
    cp_reaper_forget_peak(&runner->reaper);
    runner->answered = FALSE;
    if (runner->open_error) {
        gint64 now_ns = cp_now_ns();
        runner->outcome = (CpOutcome){ NULL, g_strdup_printf("libvirt could not be started: %s", runner->open_error),
                                       now_ns, now_ns };
        runner->answered = TRUE;
        close_libvirt(runner);
    } else if (step->block) {
        done = run_block_while_reading(runner, step, error);
    } else {
        send_read(runner);
    }
    if (!runner->answered)
        cp_connection_wait(runner->connection, 0, -1, &runner->outcome);

    g_auto(CpOutcome) outcome = runner->outcome;
    account(runner, &outcome);
    CpEvent *event = cp_event_new(CP_EVENT_READ);
    event->line = step->line;
    event->name = g_strdup(step->operation->word);
    event->begin_ns = outcome.call_ns;
    event->end_ns = outcome.return_ns;
    event->answer = outcome.answer ? tell_answer(runner, outcome.answer) : NULL;
    event->error = g_steal_pointer(&outcome.error);
    event->emulators = runner->reaper.emulators - before.emulators;
    event->user_ns = runner->reaper.user_ns - before.user_ns;
    event->system_ns = runner->reaper.system_ns - before.system_ns;
    event->max_rss_kb = runner->reaper.max_rss_kb;
    tell(runner, event);
    return done;
}

/* Carries out an operation; what goes wrong with it is placed. */
static gboolean
operate(Runner *runner, const CpStep *step, GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (cp_operate(runner->host, step, &cause))
        return TRUE;
    g_set_error(error, CP_ERROR, cause->domain == CP_ERROR ? cause->code : CP_ERROR_FAILED, "%s:%u:%u: %s",
                runner->scenario->file, step->line, step->columns[0], cause->message);
    return FALSE;
}

/* Carries out a step by `act` and tells when that was and what the host is then. */
static gboolean
run_operation(Runner *runner, const CpStep *step, gboolean (*act)(Runner *, const CpStep *, GError **), GError **error)
{
    g_autoptr(CpEvent) event = cp_event_new(CP_EVENT_OPERATION);
    event->begin_ns = cp_now_ns();
    if (!act(runner, step, error))
        return FALSE;

    event->line = step->line;
    event->name = g_strdup(step->operation->word);
    event->args = g_strdupv(step->args);
    event->effect = g_strdup(cp_effect_name(step->operation->effect));
    event->end_ns = cp_now_ns();
    event->state = cp_host_state(runner->host);
    tell(runner, g_steal_pointer(&event));
    return TRUE;
}

static gboolean
restart(Runner *runner, const CpStep *step G_GNUC_UNUSED, GError **error)
{
    close_libvirt(runner);
    return open_libvirt(runner, error);
}

static gboolean
run_step(Runner *runner, const CpStep *step, GError **error)
{
    CpEvent *event;
    struct timespec times[2];
    gboolean done = TRUE;

    switch (step->operation->op) {
    case CP_OP_NEEDS:
        return TRUE;
    case CP_OP_CLOCK:
        runner->host->kernel_clock = g_str_equal(step->args[0], "kernel");
        return TRUE;
    case CP_OP_START:
        return open_libvirt(runner, error);
    case CP_OP_RESTART:
        return run_operation(runner, step, restart, error);
    case CP_OP_READ:
    case CP_OP_PRIME:
        return run_read(runner, step, error);
    case CP_OP_EXPECT:
        event = cp_event_new(CP_EVENT_EXPECT);
        event->line = step->line;
        event->args = g_strdupv(step->args);
        tell(runner, event);
        return TRUE;
    case CP_OP_REPEAT:
        for (gint64 i = 0; i < step->number && done; i++)
            done = run_steps(runner, step->block, error);
        return done;
    case CP_OP_KEEP_MTIME:
        if (!cp_operate_save_times(runner->host, times))
            return run_steps(runner, step->block, error);
        done = run_steps(runner, step->block, error);
        cp_operate_restore_times(runner->host, times);
        return done;
    case CP_OP_ALIGN:
        align(runner);
        return TRUE;
    case CP_OP_PAUSE:
        idle(runner, cp_now_ns() + step->number);
        return TRUE;
    case CP_OP_WHEN_OPENED:
        return await_opened(runner, step, error);
    default:
        return run_operation(runner, step, operate, error);
    }
}

static gboolean
run_steps(Runner *runner, const GPtrArray *steps, GError **error)
{
    for (guint i = 0; i < steps->len; i++) {
        if (!run_step(runner, steps->pdata[i], error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
run_round(Runner *runner, gint64 round, GError **error)
{
    CpEvent *event = cp_event_new(CP_EVENT_ROUND);
    event->begin_ns = cp_now_ns();
    if (!cp_host_reset(runner->host, error)) {
        cp_event_free(event);
        return FALSE;
    }
    event->scenario = g_strdup(runner->scenario->name);
    event->round = round;
    event->state = cp_host_state(runner->host);
    tell(runner, event);

    runner->libvirt_ns = 0;
    gboolean done = run_steps(runner, runner->scenario->steps, error);
    close_libvirt(runner);

    event = cp_event_new(CP_EVENT_ROUND_END);
    event->libvirt_ns = runner->libvirt_ns;
    event->end_ns = cp_now_ns();
    tell(runner, event);
    return done;
}

/* Asks a libvirt with an empty cache about the state as it is, unless that is known. */
static gboolean
learn_truth(Runner *runner, GError **error)
{
    g_autofree char *state = cp_host_state(runner->host);
    if (g_hash_table_contains(runner->truths, state))
        return TRUE;

    g_auto(CpOutcome) outcome = { 0 };
    if (!open_libvirt(runner, error))
        return FALSE;
    if (runner->open_error) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                    "libvirt cannot be started here: %s; 'capprobe doctor' says what this host lacks",
                    runner->open_error);
        return FALSE;
    }
    send_read(runner);
    cp_connection_wait(runner->connection, 0, -1, &outcome);
    close_libvirt(runner);
    if (!cp_host_forget_cache(runner->host, error))
        return FALSE;

    CpEvent *event = cp_event_new(CP_EVENT_TRUTH);
    event->state = g_strdup(state);
    event->answer = outcome.answer ? tell_answer(runner, outcome.answer) : NULL;
    event->error = g_steal_pointer(&outcome.error);
    tell(runner, event);
    g_hash_table_add(runner->truths, g_steal_pointer(&state));
    return TRUE;
}

/* Goes through the steps for the states that they lead to: nothing is read, awaited or cached. */
static gboolean
visit_states(Runner *runner, const GPtrArray *steps, GError **error)
{
    for (guint i = 0; i < steps->len; i++) {
        const CpStep *step = steps->pdata[i];
        gboolean state = cp_effect_is_state(step->operation->effect);
        if (state && (!operate(runner, step, error) || !learn_truth(runner, error)))
            return FALSE;
        /* Two times around is enough for whatever the end of a block leaves for its start. */
        gint64 times = step->operation->op == CP_OP_REPEAT ? MIN(step->number, 2) : 1;
        for (gint64 n = 0; step->block && n < times; n++) {
            if (!visit_states(runner, step->block, error))
                return FALSE;
        }
    }
    return TRUE;
}

static gboolean
learn_truths(Runner *runner, GError **error)
{
    return cp_host_reset(runner->host, error) && learn_truth(runner, error) &&
           visit_states(runner, runner->scenario->steps, error);
}

/* Every round of every scenario, shuffled, so that what drifts falls on all alike. */
static GArray *
shuffle_rounds(const CpPlan *plan)
{
    GArray *order = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GRand) rand = g_rand_new_with_seed(plan->seed);
    for (gint64 round = 0; round < plan->rounds; round++) {
        for (guint s = 0; s < plan->scenarios->len; s++) {
            g_array_append_val(order, s);
            guint other = g_rand_int_range(rand, round * plan->scenarios->len, order->len);
            guint *last = &g_array_index(order, guint, order->len - 1);
            *last = g_array_index(order, guint, other);
            g_array_index(order, guint, other) = s;
        }
    }
    return order;
}

/* A scenario that turns out not to be testable here is left out from then on; any other error ends the run. */
static gboolean
leave_out(Runner *runner, gboolean *left_out, GError **cause, GError **error)
{
    if (!g_error_matches(*cause, CP_ERROR, CP_ERROR_UNTESTABLE)) {
        g_propagate_error(error, g_steal_pointer(cause));
        return FALSE;
    }
    CpEvent *event = cp_event_new(CP_EVENT_SKIP);
    event->scenario = g_strdup(runner->scenario->name);
    event->error = g_strdup((*cause)->message);
    tell(runner, event);
    g_clear_error(cause);
    *left_out = TRUE;
    return TRUE;
}

static gboolean
run_scenarios(Runner *runner, GError **error)
{
    const GPtrArray *scenarios = runner->plan->scenarios;
    g_autofree gboolean *left_out = g_new0(gboolean, scenarios->len);
    g_autofree gint64 *round = g_new0(gint64, scenarios->len);
    g_autoptr(GError) cause = NULL;

    for (guint s = 0; s < scenarios->len; s++) {
        runner->scenario = scenarios->pdata[s];
        if (!learn_truths(runner, &cause) && !leave_out(runner, &left_out[s], &cause, error))
            return FALSE;
    }

    g_autoptr(GArray) order = shuffle_rounds(runner->plan);
    for (guint i = 0; i < order->len; i++) {
        guint s = g_array_index(order, guint, i);
        runner->scenario = scenarios->pdata[s];
        if (!left_out[s] && !run_round(runner, ++round[s], &cause) && !leave_out(runner, &left_out[s], &cause, error))
            return FALSE;
    }
    return TRUE;
}

static void
profile_line(const char *line, gint64 now_ns, gpointer profile)
{
    cp_profile_line(profile, line, now_ns);
}

/* One cold refresh under libvirt's debug log. */
static gboolean
run_profile(Runner *runner, GError **error)
{
    CpConnectionSpec spec = runner->plan->connection;
    spec.log_filter = CP_PROFILE_LOG_FILTER;
    g_autoptr(CpConnection) connection = cp_connection_new(&spec, &runner->reaper);
    g_auto(CpOutcome) opened = { 0 }, outcome = { 0 }, closed = { 0 };

    if (!cp_host_reset(runner->host, error) ||
        !cp_connection_open(connection, runner->plan->target, runner->host->root, &opened, error))
        return FALSE;

    CpProfile *profile = cp_profile_begin(runner->host->emulator, &runner->reaper.last_end_ns, cp_now_ns());
    connection->on_log = profile_line;
    connection->on_log_data = profile;
    CpEvent *event = cp_event_new(CP_EVENT_PROFILE);
    event->scenario = g_strdup("cold-probe");
    event->begin_ns = cp_now_ns();
    cp_connection_send(connection, CP_REQUEST_READ, runner->query->str, runner->query->len);
    cp_connection_wait(connection, 0, -1, &outcome);
    event->end_ns = cp_now_ns();
    connection->on_log = NULL;
    event->phases = cp_profile_end(profile, event->end_ns);
    tell(runner, event);
    cp_connection_close(connection, &closed);
    return TRUE;
}

static void
append_string(GString *query, const char *string)
{
    g_string_append_len(query, string, strlen(string) + 1);
}

static gboolean
run_plan(Runner *runner, GError **error)
{
    const CpPlan *plan = runner->plan;
    if (!cp_reaper_begin(&runner->reaper, plan->emulator, error) || !run_scenarios(runner, error))
        return FALSE;
    for (gint64 i = 0; i < plan->profile_rounds; i++) {
        if (!run_profile(runner, error))
            return FALSE;
    }
    return TRUE;
}

void
cp_runner_run(const CpPlan *plan, int fd)
{
    g_autofree char *query = g_strdup_printf("%s %s %s", plan->arch, plan->machine, plan->virttype);
    g_autoptr(GError) error = NULL;
    FILE *out = fdopen(fd, "w");
    if (!out)
        return; /* without an end event, the caller records that the sandbox ended too early */

    Runner runner = {
        .plan = plan,
        .out = out,
        .host = cp_host_new(plan->module_dir, plan->emulator, query, plan->kvm),
        .query = g_string_new(NULL),
        .answers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .truths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .opened_fd = -1,
    };
    append_string(runner.query, plan->emulator);
    append_string(runner.query, plan->arch);
    append_string(runner.query, plan->machine);
    append_string(runner.query, plan->virttype);
    runner.connection = cp_connection_new(&plan->connection, &runner.reaper);

    gboolean done = run_plan(&runner, &error);
    CpEvent *event = cp_event_new(CP_EVENT_END);
    event->status = done ? CP_EXIT_WELL : cp_error_exit(error);
    event->error = g_strdup(done ? "" : error->message);
    tell(&runner, event);

    cp_connection_free(runner.connection);
    cp_host_free(runner.host);
    g_string_free(runner.query, TRUE);
    g_hash_table_unref(runner.answers);
    g_hash_table_unref(runner.truths);
    g_free(runner.open_error);
    fclose(runner.out);
}
