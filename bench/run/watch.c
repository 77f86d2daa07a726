/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A watch: a command is carried out while libvirt is asked. Runs in the sandbox's init. */
#include "run/watch.h"

#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "base/duration.h"
#include "base/error.h"
#include "run/asker.h"
#include "run/host/moment.h"
#include "run/host/run-command.h"
#include "run/kept-libvirt.h"
#include "run/package-log.h"
#include "run/sandbox/hold.h"
#include "run/sandbox/sandbox.h"

#define READER_ROOT CP_SANDBOX_DIR "/reader"
#define SHADOW_ROOT CP_SANDBOX_DIR "/shadow"

/* How often the truth of a state is asked for if the state changes meanwhile. */
#define ATTEMPTS 3

/* For ever, but so that it can be added to the present time. */
#define NO_LIMIT_NS (G_MAXINT64 / 4)

typedef struct {
    const CpPlan *plan;
    CpHost *host;
    CpEventStream *events;
    CpConnectionSpec connection; /* of both askers */
    CpAsker *reader, *shadow;
    CpHold *hold;
    CpPackageLog *packages;
    GHashTable *known;     /* state to the digest of the answer that is its truth, or to "" */
    GHashTable *confirmed; /* the states whose truth was asked for again */
    char *state;           /* as the last event says */
    gboolean restarted;    /* libvirt is what is installed now: what is true of it is another thing */
    gint64 free_ns;        /* when the command last went on, or the truth was last asked for */
    gint64 hold_ns;        /* when it was last held */
    struct timespec clock; /* the kernel's clock then */
    gboolean held;         /* all of it */
    guint unheld;          /* how often it could not be held */
    gint64 begin_ns;       /* when the command was started; 0 before it */
    gint64 held_ns;        /* for how long it was held since then */
    gint64 next_ns;        /* when the next read is due, as ran_ns() counts */
    GError *error;         /* why it cannot be watched any more */
} Watch;

/* For how long the command has run. */
static gint64
ran_ns(const Watch *watch)
{
    return watch->begin_ns ? cp_now_ns() - watch->begin_ns - watch->held_ns : 0;
}

/* --- states and truths --- */

/* Notes the state of this moment. If it is another one, writes an event: the command has changed something meanwhile. */
static void
note_state(Watch *watch)
{
    g_autofree char *digest = cp_moment_digest(watch->host);
    g_autofree char *passing = watch->held ? NULL : g_strdup_printf(" in passing %u", watch->unheld++);
    g_autofree char *state = g_strconcat(digest, watch->restarted ? " restarted" : "", passing, NULL);
    if (g_strcmp0(state, watch->state) == 0)
        return;
    CpEvent *event = cp_event_new(CP_EVENT_OPERATION);
    event->line = 1;
    event->name = g_strdup(cp_operation(watch->restarted ? CP_OP_RESTART : CP_OP_RUN)->word);
    event->args = watch->restarted ? g_new0(char *, 1) : g_strdupv(watch->plan->watch->argv);
    event->effect = g_strdup(cp_effect_name(CP_EFFECT_ANY));
    event->begin_ns = watch->free_ns;
    event->end_ns = watch->free_ns = cp_now_ns();
    event->state = g_strdup(state);
    event->log = cp_package_log_take(watch->packages);
    cp_event_stream_write(watch->events, event);
    g_free(watch->state);
    watch->state = g_steal_pointer(&state);
}

/* Writes what was told, and with it the truth if it is that of the present state. */
static void
write_told(Watch *watch, GPtrArray *told, gboolean is_truth, gint64 pass)
{
    for (guint i = 0; i < told->len; i++) {
        CpEvent *event = g_steal_pointer(&told->pdata[i]);
        if (event->type != CP_EVENT_TRUTH) {
            cp_event_stream_forward(watch->events, event);
        } else if (is_truth) {
            g_free(event->state);
            event->state = g_strdup(watch->state);
            event->pass = pass;
            g_hash_table_replace(watch->known, g_strdup(watch->state), g_strdup(event->answer ? event->answer : ""));
            cp_event_stream_write(watch->events, event);
        } else {
            cp_event_free(event);
        }
    }
}

/* Asks for the truth of the present state while the command is held. If the state changes meanwhile, no truth is written. */
static gboolean
learn_truth(Watch *watch, gint64 pass, GError **error)
{
    for (int i = 0; i < ATTEMPTS; i++) {
        g_autofree char *state = g_strdup(watch->state);
        g_autoptr(GPtrArray) told = cp_asker_ask(watch->shadow, error);
        if (!told)
            return FALSE;
        note_state(watch);
        gboolean same = g_str_equal(state, watch->state);
        write_told(watch, told, same, pass);
        if (same || pass > 1)
            return TRUE;
    }
    return TRUE;
}

static void
begin_hold(Watch *watch)
{
    watch->hold_ns = cp_now_ns();
    watch->held = cp_hold_begin(watch->hold);
    clock_gettime(CLOCK_REALTIME_COARSE, &watch->clock);
    cp_package_log_read(watch->packages);
    note_state(watch);
}

static void
end_hold(Watch *watch)
{
    cp_moment_await_tick(watch->host, &watch->clock);
    watch->free_ns = cp_now_ns();
    cp_hold_end(watch->hold);
    if (watch->begin_ns)
        watch->held_ns += watch->free_ns - watch->hold_ns;
}

static gboolean
settle(Watch *watch, GError **error)
{
    return !watch->held || g_hash_table_contains(watch->known, watch->state) || learn_truth(watch, 1, error);
}

/* --- reads --- */

/* Writes the events of a read. If it was during one state, but is not the truth that is known of it, asks for the truth again
 * first, so that no verdict hangs on one answer. */
static gboolean
finish_read(Watch *watch, GPtrArray *told, gint64 at_ns, gboolean one_state, GError **error)
{
    const CpEvent *read = told->len ? told->pdata[told->len - 1] : NULL;
    const char *truth = g_hash_table_lookup(watch->known, watch->state);
    gboolean differs = read && one_state && truth && g_strcmp0(read->answer ? read->answer : "", truth) != 0;
    if (differs && g_hash_table_add(watch->confirmed, g_strdup(watch->state)) && !learn_truth(watch, 2, error))
        return FALSE;
    for (guint i = 0; i < told->len; i++) {
        CpEvent *event = g_steal_pointer(&told->pdata[i]);
        if (event->type == CP_EVENT_READ)
            event->ran_ns = at_ns;
        cp_event_stream_forward(watch->events, event);
    }
    return TRUE;
}

/* Reads once, with the command held before and after it. */
static gboolean
read_once(Watch *watch, GError **error)
{
    begin_hold(watch);
    gboolean settled = settle(watch, error);
    g_autofree char *before = g_strdup(watch->state);
    end_hold(watch);
    if (!settled)
        return FALSE;

    gint64 at_ns = ran_ns(watch);
    g_autoptr(GPtrArray) told = cp_asker_ask(watch->reader, error);
    if (!told)
        return FALSE;
    begin_hold(watch);
    gboolean one_state = g_str_equal(before, watch->state);
    gboolean done = settle(watch, error) && finish_read(watch, told, at_ns, one_state, error);
    end_hold(watch);
    watch->next_ns = at_ns + watch->plan->watch->every_ns;
    return done;
}

/* Lets the command run on until the next read is due or its supervisor has ended. A CpWait. */
static void
wait_and_read(gpointer data, gint64 until_ns, int fd)
{
    Watch *watch = data;
    gint64 left_ns = watch->next_ns - ran_ns(watch);
    if (watch->error)
        cp_reaper_kill_all(watch->host->reaper);
    else if (left_ns <= 0)
        read_once(watch, &watch->error);
    else
        cp_reaper_poll(watch->host->reaper, MIN(until_ns, cp_now_ns() + left_ns), fd);
}

/* --- the round --- */

static void
begin_round(Watch *watch)
{
    const CpScenario *scenario = watch->plan->scenarios->pdata[0];
    CpEvent *begin = cp_event_new(CP_EVENT_ROUND);
    begin->begin_ns = watch->free_ns = cp_now_ns();
    begin->scenario = g_strdup(scenario->name);
    begin->round = 1;
    begin->state = cp_moment_digest(watch->host);
    watch->state = g_strdup(begin->state);
    cp_event_stream_write(watch->events, begin);
}

/* Finds out which libvirt there is, so that this one can be started again later. */
static gboolean
keep_libvirt(Watch *watch, GError **error)
{
    const CpPlan *plan = watch->plan;
    watch->connection = plan->connection;
    g_autoptr(CpAsker) scout = cp_asker_start(CP_ASKER_READS, plan, &plan->connection, READER_ROOT, error);
    g_autoptr(GPtrArray) told = scout ? cp_asker_ask(scout, error) : NULL;
    return told && cp_kept_libvirt_find(&watch->connection, error);
}

static gboolean
start_askers(Watch *watch, GError **error)
{
    watch->reader = cp_asker_start(CP_ASKER_READS, watch->plan, &watch->connection, READER_ROOT, error);
    if (watch->reader)
        watch->shadow = cp_asker_start(CP_ASKER_TRUTH, watch->plan, &watch->connection, SHADOW_ROOT, error);
    return watch->shadow != NULL;
}

/* Carries out the command, with reads meanwhile. Returns its exit status. */
static gboolean
run_command(Watch *watch, int *status, GError **error)
{
    g_autofree char *cache = cp_target_capabilities(watch->plan->target, READER_ROOT);
    const char *const variables[] = { "CAPPROBE_CACHE", cache, NULL };
    g_auto(GStrv) env = cp_host_command_environment(watch->host, variables);
    const CpSupervisedSpec spec = {
        .argv = watch->plan->watch->argv,
        .env = env,
        .limit_ns = NO_LIMIT_NS,
        .copy = watch->plan->watch->log_fd,
        .reaper = watch->host->reaper,
        .wait = wait_and_read,
        .wait_data = watch,
    };
    watch->begin_ns = cp_now_ns();
    watch->next_ns = 0;
    g_autoptr(CpSupervisedEnd) end = cp_supervised_run(&spec, error);
    if (!end)
        return FALSE;
    if (watch->error) {
        g_propagate_error(error, g_steal_pointer(&watch->error));
        return FALSE;
    }
    if (end->exec_errno)
        return cp_error_set_errno(error, CP_ERROR_UNTESTABLE, end->exec_errno, "%s: cannot be executed", spec.argv[0]);
    *status = WIFSIGNALED(end->status) ? 128 + WTERMSIG(end->status) : WEXITSTATUS(end->status);
    return TRUE;
}

/* Reads once as it is, and once more when the second in which that was is over. */
static gboolean
read_twice(Watch *watch, GError **error)
{
    if (!read_once(watch, error))
        return FALSE;
    gint64 until_ns = cp_now_ns() + MAX(watch->plan->watch->every_ns, CP_NS_PER_S);
    while (cp_now_ns() < until_ns)
        cp_reaper_poll(watch->host->reaper, until_ns, -1);
    return read_once(watch, error);
}

/* Starts the libvirt that is installed now, with the cache of the one before, and reads. */
static gboolean
restart(Watch *watch, GError **error)
{
    cp_kept_libvirt_clear(&watch->connection);
    watch->connection = watch->plan->connection;
    watch->restarted = TRUE;
    return cp_asker_restart(watch->reader, error) && cp_asker_restart(watch->shadow, error) && read_twice(watch, error);
}

static gboolean
run_round(Watch *watch, GError **error)
{
    int status = 0;
    if (!cp_host_reset(watch->host, error))
        return FALSE;
    /* What follows may have changed any file. */
    watch->host->command_ran = TRUE;
    begin_round(watch);
    if (!keep_libvirt(watch, error) || !start_askers(watch, error) || !read_once(watch, error) ||
        !run_command(watch, &status, error))
        return FALSE;

    gint64 end_ns = ran_ns(watch);
    if (!read_twice(watch, error) || (watch->plan->watch->restart && !restart(watch, error)))
        return FALSE;

    CpEvent *end = cp_event_new(CP_EVENT_ROUND_END);
    end->end_ns = cp_now_ns();
    end->status = status;
    end->ran_ns = end_ns;
    cp_event_stream_write(watch->events, end);
    return TRUE;
}

gboolean
cp_watch_run(
    const CpPlan *plan, CpHost *host, CpReaper *reaper, CpEventStream *events, gboolean *left_out, GError **error)
{
    g_autoptr(CpHold) hold = cp_hold_new(reaper);
    g_autoptr(CpPackageLog) packages = cp_package_log_new();
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GHashTable) confirmed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GError) cause = NULL;
    Watch watch = { .plan = plan,
                    .host = host,
                    .events = events,
                    .hold = hold,
                    .packages = packages,
                    .known = known,
                    .confirmed = confirmed };

    gboolean done = run_round(&watch, &cause);
    cp_asker_end(watch.reader);
    cp_asker_end(watch.shadow);
    g_clear_error(&watch.error);
    cp_kept_libvirt_clear(&watch.connection);
    g_free(watch.state);
    return done || cp_event_stream_leave_out(events, plan->scenarios->pdata[0], FALSE, left_out, &cause, error);
}
