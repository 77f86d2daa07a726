/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "run/environment.h"
#include "run/runner.h"
#include "run/sandbox/sandbox.h"

typedef struct {
    GPtrArray *history;
    void (*on_event)(const CpEvent *event, gpointer data);
    gpointer data;
} Recorder;

typedef struct {
    const CpPlan *plan;
    int fd;
} Body;

typedef struct {
    const CpScenario *scenario;
    const char *module_dir;
    gboolean kvm;
    char *unmet; /* what the scenario needs and this host lacks */
    GError *error;
} Check;

static void
record(Recorder *recorder, CpEvent *event)
{
    g_ptr_array_add(recorder->history, event);
    if (recorder->on_event)
        recorder->on_event(event, recorder->data);
}

static void
record_skip(Recorder *recorder, const char *scenario, const char *why)
{
    CpEvent *event = cp_event_new(CP_EVENT_SKIP);
    event->scenario = g_strdup(scenario);
    event->error = g_strdup(why);
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

static gboolean
check_step(const CpStep *step, gpointer data)
{
    Check *check = data;
    int arg;
    const char *module = cp_step_module(step, &arg);
    gboolean needs = step->operation->op == CP_OP_NEEDS;

    if (module) {
        g_autofree char *path = g_strdup_printf("%s/%s.so", check->module_dir, module);
        if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
            return TRUE;
        if (needs)
            check->unmet = g_strdup_printf("this host has no module %s in %s", module, check->module_dir);
        else
            cp_scenario_refuse(check->scenario, step, arg, &check->error,
                               "no module '%s' in %s, expected one that is there", module, check->module_dir);
        return FALSE;
    }
    if (needs && g_str_equal(step->args[0], "kvm") && !check->kvm)
        check->unmet = g_strdup("no KVM that emulators could use");
    if (needs && g_str_equal(step->args[0], "root") && geteuid() != 0)
        check->unmet = g_strdup("not root");
    return !check->unmet;
}

/* Tells the scenarios; returns those that this host has all for. */
static GPtrArray *
check_scenarios(const CpRunSpec *spec, const CpPlan *plan, Recorder *recorder, GError **error)
{
    g_autoptr(GPtrArray) fit = g_ptr_array_new();
    for (guint i = 0; i < spec->scenarios->len; i++) {
        const CpScenario *scenario = spec->scenarios->pdata[i];
        Check check = { .scenario = scenario, .module_dir = plan->module_dir, .kvm = plan->kvm == CP_KVM_ON };
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

static gboolean
choose_kvm(const char *wanted, CpKvm *kvm, GError **error)
{
    if (!wanted)
        *kvm = cp_find_kvm_usable() ? CP_KVM_ON : CP_KVM_OFF;
    else if (!cp_kvm_parse(wanted, kvm) || *kvm == CP_KVM_ROOT_ONLY) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--kvm %s: expected usable, absent or host", wanted);
        return FALSE;
    }
    if (wanted && *kvm == CP_KVM_ON && !cp_find_kvm_usable()) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                    "--kvm usable: this user cannot open /dev/kvm; 'capprobe doctor' says what to do");
        return FALSE;
    }
    return TRUE;
}

static void
body(gpointer data)
{
    Body *body = data;
    cp_runner_run(body->plan, body->fd);
}

/* Takes the whole lines off `buffer`. An event that cannot be read would be our own fault. */
static void
take_lines(GString *buffer, Recorder *recorder)
{
    for (char *newline; (newline = memchr(buffer->str, '\n', buffer->len));) {
        gsize length = newline - buffer->str;
        g_autoptr(GError) error = NULL;
        CpEvent *event = cp_event_read("runner", 1, buffer->str, length, &error);
        if (!event)
            g_error("the runner told what is no event: %s", error->message);
        record(recorder, event);
        g_string_erase(buffer, 0, length + 1);
    }
}

/* Takes events until the runner ends or a signal comes. Returns the signal, or 0. */
static int
follow(int events_fd, int signal_fd, Recorder *recorder)
{
    g_autoptr(GString) buffer = g_string_new(NULL);
    struct pollfd fds[] = { { events_fd, POLLIN, 0 }, { signal_fd, POLLIN, 0 } };

    for (;;) {
        if (poll(fds, G_N_ELEMENTS(fds), -1) < 0)
            continue;
        if (fds[1].revents) {
            struct signalfd_siginfo info;
            return read(signal_fd, &info, sizeof(info)) == sizeof(info) ? (int)info.ssi_signo : SIGINT;
        }

        char chunk[65536];
        ssize_t n = read(events_fd, chunk, sizeof(chunk));
        if (n <= 0)
            return 0;
        g_string_append_len(buffer, chunk, n);
        take_lines(buffer, recorder);
    }
}

static gboolean
has_ended(const Recorder *recorder)
{
    const CpEvent *last = recorder->history->pdata[recorder->history->len - 1];
    return last->type == CP_EVENT_END;
}

/* Runs the plan in a sandbox and records what it tells. Signals end the sandbox, not us. */
static gboolean
run_plan(const CpPlan *plan, Recorder *recorder, GError **error)
{
    CpSandboxSpec sandbox = { plan->module_dir, plan->emulator };
    int events[2];
    sigset_t mask, old;

    if (pipe2(events, O_CLOEXEC) < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "no pipe");
    sigemptyset(&mask);
    sigaddset(&mask, SIGINT);
    sigaddset(&mask, SIGTERM);
    sigaddset(&mask, SIGHUP);
    sigprocmask(SIG_BLOCK, &mask, &old);
    int signal_fd = signalfd(-1, &mask, SFD_CLOEXEC);

    Body argument = { plan, events[1] };
    pid_t pid = cp_sandbox_spawn(&sandbox, body, &argument, error);
    close(events[1]);
    if (pid > 0) {
        int number = follow(events[0], signal_fd, recorder);
        int status = 0;
        if (number)
            kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
        if (number)
            record_end(recorder, CP_EXIT_INTERRUPTED, "interrupted");
        else if (!has_ended(recorder))
            record_end(recorder, CP_EXIT_FAILED,
                       WIFSIGNALED(status) ? "the sandbox was killed" : "the sandbox ended before its time");
    }
    close(events[0]);
    close(signal_fd);
    sigprocmask(SIG_SETMASK, &old, NULL);
    return pid > 0;
}

GPtrArray *
cp_run(const CpRunSpec *spec, void (*on_event)(const CpEvent *event, gpointer data), gpointer data, GError **error)
{
    g_autoptr(GPtrArray) history = g_ptr_array_new_with_free_func((GDestroyNotify)cp_event_free);
    g_autoptr(CpFound) found = cp_find(spec->libvirt, spec->emulator, error);
    Recorder recorder = { history, on_event, data };
    if (!found)
        return NULL;

    /* If the module directory is a link, the link stays and the directory that it leads to is made private. */
    g_autofree char *module_dir = realpath(cp_found_module_dir(found), NULL);
    CpPlan plan = {
        .rounds = spec->rounds,
        .profile_rounds = spec->profile_rounds,
        .seed = spec->seed,
        .target = &cp_target_embed,
        .connection = { .client = found->client, .libvirt = found->libvirt_dir, .deadline_ns = spec->deadline_ns },
        .module_dir = module_dir ? module_dir : cp_found_module_dir(found),
        .emulator = found->emulator,
        .arch = spec->arch ? spec->arch : "",
        .machine = spec->machine ? spec->machine : "",
        .virttype = spec->virttype ? spec->virttype : "",
    };
    if (!choose_kvm(spec->kvm, &plan.kvm, error))
        return NULL;

    CpEvent *event = cp_event_new(CP_EVENT_HISTORY);
    event->schema = g_strdup(CP_HISTORY_SCHEMA);
    event->environment = cp_environment_describe(found, &plan);
    event->seed = spec->seed;
    record(&recorder, event);

    g_autoptr(GPtrArray) fit = check_scenarios(spec, &plan, &recorder, error);
    plan.scenarios = fit;
    if (!fit)
        return NULL;
    if (fit->len == 0)
        record_end(&recorder, CP_EXIT_WELL, "");
    else if (!run_plan(&plan, &recorder, error))
        return NULL;
    return g_steal_pointer(&history);
}
