/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A run: checks the scenarios, starts the runner in a sandbox, and collects its events. Runs in the caller. */
#include "run/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "run/cpu.h"
#include "run/environment.h"
#include "run/runner.h"
#include "run/sandbox/sandbox.h"
#include "run/tree.h"
#include "run/writable-root.h"

/* How much is read from the runner at once, in bytes. */
#define CHUNK 16384

typedef struct {
    GPtrArray *history;
    CpOnEvent *on_event;
    gpointer data;
} Recorder;

typedef struct {
    const CpPlan *plan;
    int fd; /* where the runner writes events */
} RunnerArguments;

typedef struct {
    const CpScenario *scenario;
    const CpFound *found;
    const char *module_dir;
    gboolean kvm;
    char *unmet; /* what the scenario needs and this host does not have */
    GError *error;
} Check;

/* --- signals --- */

static volatile sig_atomic_t interrupted;
static int interrupted_fd = -1; /* readable once `interrupted` is set */

static void
note_signal(int number G_GNUC_UNUSED)
{
    int saved = errno;
    guint64 one = 1;
    interrupted = TRUE;
    ssize_t written G_GNUC_UNUSED = write(interrupted_fd, &one, sizeof(one));
    errno = saved;
}

/* Without SA_RESTART, so that a signal also ends a write to a terminal that nobody reads. */
static gboolean
handle_signals(GError **error)
{
    static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };

    if (interrupted_fd < 0)
        interrupted_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (interrupted_fd < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make a descriptor for signals");
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        struct sigaction action = { .sa_handler = note_signal }, before;
        sigaction(numbers[i], NULL, &before);
        if (numbers[i] != SIGHUP || before.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
    }
    return TRUE;
}

/* --- recording --- */

static void
record(Recorder *recorder, CpEvent *event)
{
    g_ptr_array_add(recorder->history, event);
    if (recorder->on_event && !interrupted)
        recorder->on_event(event, recorder->history, recorder->data);
}

static void
record_skip(Recorder *recorder, const char *scenario, const char *why)
{
    CpEvent *event = cp_event_new(CP_EVENT_SKIP);
    event->scenario = g_strdup(scenario);
    event->error = g_strdup(why);
    event->needs = 1;
    record(recorder, event);
}

static void
record_end(Recorder *recorder, CpExit status, const char *why)
{
    CpEvent *event = cp_event_new(CP_EVENT_END);
    event->status = status;
    event->error = g_strdup(why);
    record(recorder, event);
}

gboolean
cp_run_has_complete_round(const GPtrArray *history)
{
    for (guint i = 0; i < history->len; i++) {
        const CpEvent *event = history->pdata[i];
        if (event->type == CP_EVENT_ROUND_END)
            return TRUE;
    }
    return FALSE;
}

/* --- checks before the run --- */

/* Where the sandbox looks for programs, which is not where this process does. */
static gboolean
has_command(const CpFound *found, const char *name)
{
    g_autofree char *path = cp_tree_find_program(found->tree ? found->tree : "/", name);
    return path != NULL;
}

static gboolean
check_step(const CpStep *step, gpointer data)
{
    Check *check = data;
    int arg;
    const char *module = cp_step_module(step, &arg);
    gboolean needs = step->operation->op == CP_OP_NEEDS;

    if (module) {
        g_autofree char *path = g_strdup_printf("%s/%s.so", check->module_dir, module);
        if (cp_tree_test(check->found->tree, path, G_FILE_TEST_IS_REGULAR))
            return TRUE;
        if (needs)
            check->unmet = g_strdup_printf("this host has no module %s in %s", module, check->module_dir);
        else
            cp_scenario_refuse(check->scenario, step, arg, &check->error,
                               "no module '%s' in %s, expected the name of a file there without '.so'", module,
                               check->module_dir);
        return FALSE;
    }
    if (needs && g_str_equal(step->args[0], "kvm") && !check->kvm)
        check->unmet = g_strdup("KVM is not usable in the sandbox");
    if (needs && g_str_equal(step->args[0], "emulator")) {
        g_autofree char *folder = g_path_get_dirname(check->found->emulator);
        g_autofree char *path =
            g_path_is_absolute(step->args[1]) ? g_strdup(step->args[1]) : g_build_filename(folder, step->args[1], NULL);
        if (!cp_tree_test(check->found->tree, path, G_FILE_TEST_IS_REGULAR))
            check->unmet = g_strdup_printf("this host has no emulator %s", path);
    }
    if (needs && g_str_equal(step->args[0], "command") && !has_command(check->found, step->args[1]))
        check->unmet = g_strdup_printf("this host has no command %s", step->args[1]);
    if (needs && g_str_equal(step->args[0], "writable-root"))
        check->unmet = cp_writable_root_refusal(check->found->tree);
    if (needs && g_str_equal(step->args[0], "root") && geteuid() != 0)
        check->unmet = g_strdup("not root");
    if (needs && g_str_equal(step->args[0], "cpus") && cp_cpu_count() < step->number)
        check->unmet = g_strdup_printf("fewer than %s CPUs", step->args[1]);
    if (needs && g_str_equal(step->args[0], "cpuid") && !cp_cpu_has_leaf(step->number))
        check->unmet = g_strdup_printf("this CPU has no CPUID leaf %s", step->args[1]);
    return !check->unmet;
}

/* Records the scenarios. Returns those whose needs this host meets. */
static GPtrArray *
check_scenarios(const CpRunSpec *spec, const CpPlan *plan, const CpFound *found, Recorder *recorder, GError **error)
{
    g_autoptr(GPtrArray) fit = g_ptr_array_new();
    for (guint i = 0; i < spec->scenarios->len; i++) {
        const CpScenario *scenario = spec->scenarios->pdata[i];
        Check check = {
            .scenario = scenario, .found = found, .module_dir = plan->module_dir, .kvm = plan->kvm == CP_KVM_ON
        };
        cp_scenario_each(scenario, check_step, &check);
        if (check.error) {
            g_propagate_error(error, check.error);
            return NULL;
        }

        CpEvent *event = cp_event_new(CP_EVENT_SCENARIO);
        event->scenario = g_strdup(scenario->name);
        event->file = g_strdup(scenario->file);
        event->text = g_strdup(scenario->text);
        record(recorder, event);
        if (check.unmet)
            record_skip(recorder, scenario->name, check.unmet);
        else
            g_ptr_array_add(fit, (gpointer)scenario);
        g_free(check.unmet);
    }
    return g_steal_pointer(&fit);
}

gboolean
cp_run_choose_kvm(const char *wanted, CpKvm *kvm, GError **error)
{
    if (!wanted)
        *kvm = cp_find_kvm_usable() ? CP_KVM_ON : CP_KVM_OFF;
    else if (!cp_kvm_parse(wanted, kvm) || *kvm == CP_KVM_ROOT_ONLY || *kvm == CP_KVM_DEAD) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--kvm %s: expected usable, absent or host", wanted);
        return FALSE;
    }
    if (wanted && *kvm == CP_KVM_ON && !cp_find_kvm_usable()) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                    "--kvm usable: this user cannot open /dev/kvm; 'capprobe doctor' says what to do about it");
        return FALSE;
    }
    return TRUE;
}

/* --- the run --- */

static void
start_runner(gpointer data)
{
    const RunnerArguments *arguments = data;
    cp_runner_run(arguments->plan, arguments->fd);
}

/* Takes the complete lines from `buffer`. Returns FALSE, with `error` set, if one is not an event. */
static gboolean
take_lines(GString *buffer, Recorder *recorder, GError **error)
{
    for (char *newline; (newline = memchr(buffer->str, '\n', buffer->len));) {
        gsize length = newline - buffer->str;
        CpEvent *event = cp_event_read("invalid event from the runner", 1, buffer->str, length, error);
        if (!event)
            return FALSE;
        record(recorder, event);
        g_string_erase(buffer, 0, length + 1);
    }
    return TRUE;
}

/* Records events until the runner ends or a signal arrives. Returns FALSE, with `error` set, if an event is invalid. */
static gboolean
follow(int events_fd, Recorder *recorder, GError **error)
{
    g_autoptr(GString) buffer = g_string_new(NULL);
    struct pollfd fds[] = { { events_fd, POLLIN, 0 }, { interrupted_fd, POLLIN, 0 } };

    while (!interrupted) {
        if (poll(fds, G_N_ELEMENTS(fds), -1) < 0 || !fds[0].revents)
            continue;
        char chunk[CHUNK];
        ssize_t n = read(events_fd, chunk, sizeof(chunk));
        if (n <= 0)
            break;
        g_string_append_len(buffer, chunk, n);
        if (!take_lines(buffer, recorder, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
has_ended(const Recorder *recorder)
{
    const CpEvent *last = recorder->history->pdata[recorder->history->len - 1];
    return last->type == CP_EVENT_END;
}

/* Records how a run ended that did not reach its own `end` event. */
static void
record_early_end(Recorder *recorder, const GError *invalid, int status)
{
    if (invalid)
        record_end(recorder, CP_EXIT_FAILED, invalid->message);
    else if (interrupted)
        record_end(recorder, CP_EXIT_INTERRUPTED,
                   cp_run_has_complete_round(recorder->history) ? "interrupted"
                                                                : "interrupted before a round was complete");
    else
        record_end(recorder, CP_EXIT_FAILED,
                   WIFSIGNALED(status) ? "the sandbox was killed" : "the sandbox ended too early");
}

/* A run that is told as complete must also have ended well: its sandbox cleans up after the last event. */
static gboolean
check_late_end(int status, GError **error)
{
    if (WIFSIGNALED(status))
        g_set_error(error, CP_ERROR, CP_ERROR_FAILED, "the sandbox died after its last event: %s",
                    g_strsignal(WTERMSIG(status)));
    else if (status)
        g_set_error(error, CP_ERROR, CP_ERROR_FAILED, "the sandbox ended with status %d after its last event",
                    WEXITSTATUS(status));
    return status == 0;
}

/* Runs the plan in a sandbox and records its events. */
static gboolean
run_plan(const CpPlan *plan, const CpFound *found, Recorder *recorder, GError **error)
{
    const char *const visible[] = { found->tree ? NULL : plan->connection.libvirt, NULL };
    CpSandboxSpec sandbox = { .tree = found->tree,
                              .changeable = TRUE,
                              .client = found->client,
                              .module_dir = plan->module_dir,
                              .emulator = plan->emulator,
                              .visible = visible };
    int events[2];

    if (!handle_signals(error))
        return FALSE;
    if (pipe2(events, O_CLOEXEC) < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make a pipe");

    RunnerArguments arguments = { plan, events[1] };
    pid_t pid = cp_sandbox_spawn(&sandbox, start_runner, &arguments, error);
    gboolean well = pid > 0;
    close(events[1]);
    if (pid > 0) {
        g_autoptr(GError) invalid = NULL;
        int status = 0;
        if (!follow(events[0], recorder, &invalid) || interrupted)
            kill(pid, SIGKILL);
        TEMP_FAILURE_RETRY(waitpid(pid, &status, 0));
        if (!has_ended(recorder))
            record_early_end(recorder, invalid, status);
        else
            well = interrupted || check_late_end(status, error);
    }
    close(events[0]);
    return well;
}

GPtrArray *
cp_run(const CpRunSpec *spec, CpOnEvent *on_event, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) history = g_ptr_array_new_with_free_func((GDestroyNotify)cp_event_free);
    g_autoptr(CpFound) found =
        cp_find(spec->tree, spec->libvirt, spec->emulator, spec->modules, spec->deadline_ns, error);
    Recorder recorder = { history, on_event, data };
    if (!found)
        return NULL;

    /* If the module directory is a link, the link stays and the directory that it leads to is made private. */
    g_autofree char *module_dir = cp_tree_real_path(found->tree, found->module_dir);
    CpPlan plan = {
        .rounds = spec->rounds,
        .profile_rounds = spec->profile_rounds,
        .confirm = spec->confirm,
        .seed = spec->seed,
        .target = &cp_target_embed,
        .connection = { .client = CP_SANDBOX_CLIENT, .libvirt = found->libvirt_dir, .deadline_ns = spec->deadline_ns },
        .module_dir = module_dir ? module_dir : found->module_dir,
        .emulator = found->emulator,
        .arch = spec->arch ? spec->arch : "",
        .machine = spec->machine ? spec->machine : "",
        .virttype = spec->virttype ? spec->virttype : "",
    };
    if (!cp_run_choose_kvm(spec->kvm, &plan.kvm, error))
        return NULL;

    CpEvent *event = cp_event_new(CP_EVENT_HISTORY);
    event->schema = g_strdup(CP_HISTORY_SCHEMA);
    event->environment = cp_environment_describe(found, &plan);
    event->seed = spec->seed;
    event->documents = TRUE;
    record(&recorder, event);

    g_autoptr(GPtrArray) fit = check_scenarios(spec, &plan, found, &recorder, error);
    plan.scenarios = fit;
    if (!fit)
        return NULL;
    if (fit->len == 0)
        record_end(&recorder, CP_EXIT_WELL, "");
    else if (!run_plan(&plan, found, &recorder, error))
        return NULL;
    return g_steal_pointer(&history);
}
