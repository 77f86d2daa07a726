/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A run: checks the scenarios, starts the runner in a sandbox, and hands out its events. Runs in the caller. */
#include "run/run.h"

#include "base/error.h"
#include "run/find-daemons.h"
#include "run/interrupt.h"
#include "run/needs.h"
#include "run/sandbox/sandbox.h"
#include "run/schedule.h"
#include "run/tree.h"
#include "run/variant.h"

typedef struct {
    CpOnEvent *on_event;
    gpointer data;
    CpEnough *enough;
    gpointer enough_data;
    gboolean is_enough;      /* what it said last */
    gboolean round_complete; /* at least one round is */
} Recorder;

typedef struct {
    const CpRunSpec *spec;
    GPtrArray *variants; /* of CpVariant */
    Recorder recorder;
    CpVariant *turn;            /* whose runner has a task */
    const CpScenario *round_of; /* the scenario of its present round, or NULL */
} Run;

typedef struct {
    const CpScenario *scenario;
    const CpFound *found;
    const CpTarget *target;
    const char *module_dir;
    gboolean kvm;      /* it is usable */
    GPtrArray *others; /* of CpOtherTarget: what scenarios switch to */
    char *unmet;       /* what the scenario needs and this host does not have */
    GError *error;
} Check;

/* --- recording --- */

static void
record(Recorder *recorder, CpEvent *event)
{
    recorder->round_complete |= event->type == CP_EVENT_ROUND_END;
    if (recorder->enough)
        recorder->is_enough = recorder->enough(event, recorder->enough_data);
    recorder->on_event(event, recorder->data);
}

static void
record_skip(Recorder *recorder, const char *scenario, const char *variant, const char *why, gboolean needs)
{
    CpEvent *event = cp_event_new(CP_EVENT_SKIP);
    event->scenario = g_strdup(scenario);
    event->variant = g_strdup(variant);
    event->error = g_strdup(why);
    event->needs = needs;
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

/* --- checks before the run --- */

static gboolean
have_one_cache(const CpTarget *a, const CpTarget *b)
{
    g_autofree char *of_a = cp_target_capabilities(a, "/"), *of_b = cp_target_capabilities(b, "/");
    return g_str_equal(of_a, of_b);
}

/* Finds the daemons of the target that the step, a `switch-target`, switches to. */
static gboolean
find_other_target(Check *check, const CpStep *step)
{
    g_autoptr(GError) cause = NULL;
    const CpTarget *target = cp_target_find(step->args[0], NULL);
    if (!target)
        return cp_scenario_refuse(check->scenario, step, 0, &check->error,
                                  "'%s' is not a target, expected " CP_TARGET_NAMES, step->args[0]);
    if (!have_one_cache(check->target, target)) {
        check->unmet = g_strdup_printf("the target %s has another cache than %s", target->name, check->target->name);
        return FALSE;
    }
    GStrv daemons = cp_find_daemons(check->found, target, &cause);
    if (!daemons) {
        check->unmet = g_strdup(cause->message);
        return FALSE;
    }
    CpOtherTarget *other = g_new(CpOtherTarget, 1);
    *other = (CpOtherTarget){ target, daemons };
    g_ptr_array_add(check->others, other);
    return TRUE;
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
    if (needs)
        check->unmet = cp_need_refusal(step, check->found, check->kvm, check->target->daemons != NULL);
    if (step->operation->op == CP_OP_SWITCH_TARGET)
        return find_other_target(check, step);
    return !check->unmet;
}

/* Finds out whether this host has what the scenario needs for the variant, and records it if not. */
static gboolean
check_scenario(Run *run, CpVariant *variant, guint s, GError **error)
{
    const CpScenario *scenario = run->spec->scenarios->pdata[s];
    Check check = { .scenario = scenario,
                    .found = variant->found,
                    .target = variant->plan.target,
                    .module_dir = variant->plan.module_dir,
                    .others = variant->others,
                    .kvm = variant->plan.kvm == CP_KVM_ON };
    if (variant->found)
        cp_scenario_each(scenario, check_step, &check);
    if (check.error) {
        g_propagate_error(error, check.error);
        return FALSE;
    }
    variant->left_out[s] = check.unmet || !variant->found;
    if (variant->left_out[s])
        record_skip(&run->recorder, scenario->name, variant->name, check.unmet ? check.unmet : variant->error,
                    check.unmet != NULL);
    g_free(check.unmet);
    return TRUE;
}

/* Records the scenarios, and which of them are left out. */
static gboolean
check_scenarios(Run *run, GError **error)
{
    for (guint s = 0; s < run->spec->scenarios->len; s++) {
        const CpScenario *scenario = run->spec->scenarios->pdata[s];
        CpEvent *event = cp_event_new(CP_EVENT_SCENARIO);
        event->scenario = g_strdup(scenario->name);
        event->file = g_strdup(scenario->file);
        event->text = g_strdup(scenario->text);
        record(&run->recorder, event);
        for (guint v = 0; v < run->variants->len; v++) {
            if (!check_scenario(run, run->variants->pdata[v], s, error))
                return FALSE;
        }
    }
    return TRUE;
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

/* Notes which scenario begins a round or is skipped. */
static void
note_place(Run *run, const CpEvent *event)
{
    gboolean round = event->type == CP_EVENT_ROUND;
    run->round_of = NULL;
    for (guint s = 0; s < run->spec->scenarios->len; s++) {
        const CpScenario *scenario = run->spec->scenarios->pdata[s];
        if (!g_str_equal(scenario->name, event->scenario))
            continue;
        *(round ? &run->turn->tried[s] : &run->turn->left_out[s]) = TRUE;
        run->round_of = round ? scenario : NULL;
    }
}

/* Takes an event from the runner whose turn it is. */
static void
take_event(CpEvent *event, gpointer data)
{
    Run *run = data;
    CpVariant *variant = run->turn;
    if (event->type == CP_EVENT_END) {
        cp_variant_set_end(variant, event->status, event->error);
        variant->ended = TRUE;
        cp_event_free(event);
        return;
    }
    if (event->type == CP_EVENT_ROUND || event->type == CP_EVENT_SKIP)
        note_place(run, event);
    else if (event->type == CP_EVENT_ROUND_END || event->type == CP_EVENT_UNTESTABLE)
        run->round_of = NULL;
    if (cp_event_is_of_variant(event->type))
        event->variant = g_strdup(variant->name);
    record(&run->recorder, event);
}

/* Says of each scenario that has had no complete round why it will not have any. */
static void
skip_rest(Run *run, CpVariant *variant)
{
    if (run->round_of)
        record_skip(&run->recorder, run->round_of->name, variant->name, variant->error, FALSE);
    run->round_of = NULL;
    for (guint s = 0; s < run->spec->scenarios->len; s++) {
        const CpScenario *scenario = run->spec->scenarios->pdata[s];
        if (!variant->left_out[s] && !variant->tried[s])
            record_skip(&run->recorder, scenario->name, variant->name, variant->error, FALSE);
    }
}

/* Takes leave of a runner that has ended, or that told something which is not an event. */
static void
end_runner(Run *run, CpVariant *variant, const GError *invalid, gboolean complete)
{
    int status = cp_sandboxed_runner_end(variant->runner, invalid != NULL);
    g_clear_pointer(&variant->runner, cp_sandboxed_runner_free);
    if (invalid)
        cp_variant_set_end(variant, CP_EXIT_FAILED, invalid->message);
    else
        cp_variant_take_status(variant, status);
    if (variant->name && !(complete && variant->ended))
        skip_rest(run, variant);
}

/* Gives the variant a task, unless it has ended, and waits until that is done. */
static void
give(Run *run, CpVariant *variant, CpTask task)
{
    g_autoptr(GError) invalid = NULL;
    if (!variant->runner || cp_interrupted())
        return;
    run->turn = variant;
    CpRunnerProgress progress =
        cp_sandboxed_runner_run(variant->runner, &task, cp_interrupt_fd(), take_event, run, &invalid);
    if (progress == CP_RUNNER_ENDED || progress == CP_RUNNER_DISTURBED)
        end_runner(run, variant, invalid, task.kind == CP_TASK_END);
}

static void
give_all(Run *run, CpTask task)
{
    for (guint v = 0; v < run->variants->len; v++)
        give(run, run->variants->pdata[v], task);
}

static gboolean
has_work(const CpVariant *variant, guint scenarios)
{
    for (guint s = 0; s < scenarios; s++) {
        if (!variant->left_out[s])
            return TRUE;
    }
    return FALSE;
}

/* Starts the runners. FALSE with `error` set if that fails for the only one. */
static gboolean
start_runners(Run *run, GError **error)
{
    g_autoptr(GPtrArray) started = g_ptr_array_new();
    for (guint v = 0; v < run->variants->len; v++) {
        CpVariant *variant = run->variants->pdata[v];
        g_autoptr(GError) cause = NULL;
        if (!has_work(variant, run->spec->scenarios->len))
            continue;
        variant->runner = cp_sandboxed_runner_start(&variant->plan, variant->found, started, &cause);
        if (variant->runner) {
            g_ptr_array_add(started, variant->runner);
        } else if (variant->name) {
            cp_variant_set_end(variant, cp_error_exit(cause), cause->message);
            skip_rest(run, variant);
        } else {
            g_propagate_error(error, g_steal_pointer(&cause));
            return FALSE;
        }
    }
    return TRUE;
}

static void
run_all(Run *run)
{
    const CpRunSpec *spec = run->spec;
    g_autoptr(CpSchedule) schedule =
        cp_schedule_new(spec->scenarios->len, run->variants->len, spec->rounds, spec->seed);
    CpTask round = { .kind = CP_TASK_ROUND };
    gint64 last = 0;
    guint v;

    /* What a command leads to is learned when it is there. */
    if (!spec->watch)
        give_all(run, (CpTask){ .kind = CP_TASK_TRUTHS, .number = 1 });
    while (!cp_interrupted() && cp_schedule_next(schedule, &round.scenario, &v, &round.number)) {
        /* Only between two rounds with opposite orders and the next two. */
        if (round.number != last && round.number % 2 == 1 && run->recorder.is_enough)
            break;
        last = round.number;
        give(run, run->variants->pdata[v], round);
    }
    if (spec->confirm)
        give_all(run, (CpTask){ .kind = CP_TASK_TRUTHS, .number = 2 });
    for (gint64 i = 0; i < spec->profile_rounds; i++)
        give_all(run, (CpTask){ .kind = CP_TASK_PROFILE_ROUND });
    give_all(run, (CpTask){ .kind = CP_TASK_END });
}

static void
record_last(Run *run)
{
    g_autofree char *error = NULL;
    CpExit status = cp_variants_get_end(run->variants, &error);
    if (!cp_interrupted())
        record_end(&run->recorder, status, error);
    else
        record_end(&run->recorder, CP_EXIT_INTERRUPTED,
                   run->recorder.round_complete ? "interrupted" : "interrupted before a round was complete");
}

/* Records what is tested. */
static void
record_begin(Run *run)
{
    CpEvent *event = cp_event_new(CP_EVENT_HISTORY);
    event->schema = g_strdup(CP_HISTORY_SCHEMA);
    event->environment = cp_variants_describe_shared(run->variants);
    if (run->spec->shard)
        json_object_set_string_member(event->environment, "shard", run->spec->shard);
    event->seed = run->spec->seed;
    event->documents = TRUE;
    record(&run->recorder, event);

    for (guint v = 0; v < run->variants->len && run->variants->len > 1; v++) {
        const CpVariant *variant = run->variants->pdata[v];
        event = cp_event_new(CP_EVENT_VARIANT);
        event->variant = g_strdup(variant->name);
        event->environment = cp_variant_describe(variant);
        record(&run->recorder, event);
    }
}

gboolean
cp_run(const CpRunSpec *spec, CpOnEvent *on_event, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) variants = cp_variants_find(spec, error);
    Run run = { .spec = spec,
                .variants = variants,
                .recorder = { on_event, data, spec->enough, spec->enough_data, FALSE, FALSE } };
    if (!variants)
        return FALSE;

    record_begin(&run);
    if (!check_scenarios(&run, error) || !cp_interrupt_begin(error) || !start_runners(&run, error))
        return FALSE;
    run_all(&run);
    const CpVariant *first = variants->pdata[0];
    if (!first->name && first->died_late) {
        g_set_error_literal(error, CP_ERROR, CP_ERROR_FAILED, first->error);
        return FALSE;
    }
    record_last(&run);
    return TRUE;
}
