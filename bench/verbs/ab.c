/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `capprobe ab`: tests two variants in one run and compares them. */
#include "base/output.h"
#include "base/text.h"
#include "measure/noise.h"
#include "measure/precision.h"
#include "run/variant-words.h"
#include "verbs/comparing.h"
#include "verbs/run-scenarios.h"
#include "verbs/suite.h"

#define DEFAULT_ROUNDS 30
#define DEFAULT_LIMIT 200
#define MAX_ROUNDS 100000
#define DEFAULT_PRECISION 0.02

/* What is to be done. */
typedef struct {
    const CpOptions *options;
    CpComparing comparing;
    CpVariantSpec variants[2];
    GStrv words[2]; /* what the variants point into */
    GPtrArray *scenarios;
    CpRunSpec spec;
    CpPrecision *precision; /* NULL if the number of rounds is given */
} Plan;

static void
plan_clear(Plan *plan)
{
    cp_comparing_clear(&plan->comparing);
    g_strfreev(plan->words[0]);
    g_strfreev(plan->words[1]);
    g_clear_pointer(&plan->scenarios, g_ptr_array_unref);
    cp_precision_free(plan->precision);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Plan, plan_clear)

static gboolean
read_variants(Plan *plan, GError **error)
{
    const CpOptions *options = plan->options;
    if (options->self ? options->b != NULL : !options->a || !options->b) {
        g_set_error_literal(error, CP_ERROR, CP_ERROR_USAGE,
                            options->self ? "--self compares --a with itself, expected no --b"
                                          : "expected --a and --b, or --self");
        return FALSE;
    }
    const char *a = options->a ? options->a : CP_VARIANT_INSTALLED;
    plan->words[0] = cp_variant_parse("a", a, &plan->variants[0], error);
    if (!plan->words[0])
        return FALSE;
    plan->words[1] =
        cp_variant_parse(options->self ? "a" : "b", options->self ? a : options->b, &plan->variants[1], error);
    if (!plan->words[1])
        return FALSE;
    if (options->self)
        plan->variants[0].name = plan->variants[1].name = NULL;
    if (plan->variants[0].name && g_strcmp0(plan->variants[0].name, plan->variants[1].name) == 0) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--a and --b have the same name, %s", plan->variants[0].name);
        return FALSE;
    }
    return TRUE;
}

static gboolean
read_rounds(Plan *plan, GError **error)
{
    CpOptions options = *plan->options;
    gboolean automatic = g_strcmp0(options.rounds, "auto") == 0;
    double precision;
    gint64 limit;
    if (!automatic && (options.precision || options.limit)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--%s is only for --rounds auto",
                    options.precision ? "precision" : "limit");
        return FALSE;
    }
    if (automatic)
        options.rounds = NULL;
    if (!cp_comparing_percent("precision", options.precision, DEFAULT_PRECISION, &precision, error) ||
        !cp_option_number("limit", options.limit, DEFAULT_ROUNDS, MAX_ROUNDS, DEFAULT_LIMIT, &limit, error) ||
        !cp_run_read_options(&options, automatic ? limit : DEFAULT_ROUNDS, &plan->spec, error))
        return FALSE;
    if (automatic) {
        plan->precision = cp_precision_new(precision, limit);
        plan->spec.enough = cp_precision_take;
        plan->spec.enough_data = plan->precision;
    }
    return TRUE;
}

static gboolean
read_plan(Plan *plan, GError **error)
{
    plan->scenarios = g_ptr_array_new_with_free_func((GDestroyNotify)cp_scenario_free);
    if (!read_variants(plan, error) || !cp_comparing_read(plan->options, &plan->comparing, error) ||
        !cp_suite_collect(plan->options, plan->scenarios, error) || !read_rounds(plan, error))
        return FALSE;
    plan->spec.scenarios = plan->scenarios;
    plan->spec.variants = plan->variants;
    plan->spec.n_variants = 2;
    const char *noise = plan->comparing.floor_file;
    return cp_output_check(plan->options->second, error) && (!plan->options->self || cp_noise_check(noise, error)) &&
           cp_output_check_distinct(plan->options->output, plan->options->second, error);
}

/* Runs and judges what `spec` says. Writes the history to `history` and the result to `output`, if these are not NULL. NULL
 * with `status` set, and `error` if there is something to say, if there is nothing to be compared. */
static CpResult *
measure(const CpRunSpec *spec, const char *history, const char *output, CpExit *status, GError **error)
{
    g_auto(CpRunRecord) run = { 0 };
    g_autoptr(CpProgress) progress = cp_progress_new(stderr, spec->rounds * spec->scenarios->len * spec->n_variants);
    *status = CP_EXIT_FAILED;
    if (!cp_run_recorded(spec, history, progress, &run, error))
        return NULL;
    g_autoptr(CpResult) result = cp_result_new();
    g_autoptr(CpJudgement) judgement = cp_judge_stream(run.history, FALSE, cp_result_add, result, error);
    if (!judgement)
        return NULL;
    cp_result_finish(result, judgement);
    if (cp_run_is_kept(&run, output) && !cp_result_save(result, output, error))
        return NULL;
    if (run.written)
        *status = judgement->exit;
    if (!run.written || *status == CP_EXIT_FAILED || *status == CP_EXIT_USAGE || *status == CP_EXIT_INTERRUPTED) {
        if (*judgement->reason)
            g_set_error_literal(error, CP_ERROR, CP_ERROR_FAILED, judgement->reason);
        return NULL;
    }
    return g_steal_pointer(&result);
}

/* Runs the scenarios in which something seems to be worse once more, in another order, and lets that decide. */
static gboolean
confirm(const Plan *plan, CpComparison *comparison, CpExit *status, GError **error)
{
    g_autoptr(GPtrArray) alarming = g_ptr_array_new();
    for (guint i = 0; i < plan->scenarios->len; i++) {
        CpScenario *scenario = plan->scenarios->pdata[i];
        if (cp_comparison_alarms(comparison, scenario->name))
            g_ptr_array_add(alarming, scenario);
    }
    CpRunSpec spec = plan->spec;
    spec.scenarios = alarming;
    spec.seed++;
    g_printerr("capprobe: something seems to be worse; running it once more: scenarios: %u\n", alarming->len);
    g_autoptr(CpResult) result = measure(&spec, NULL, plan->options->second, status, error);
    g_autoptr(CpComparison) second = result ? cp_comparing_variants(&plan->comparing, result, error) : NULL;
    if (second)
        cp_comparison_confirm(comparison, second);
    return second != NULL;
}

/* Says whether the rounds were enough, if their number was not given. */
static void
say_precision(const Plan *plan)
{
    gsize rounds;
    if (!plan->precision)
        return;
    if (cp_precision_is_reached(plan->precision, &rounds))
        g_printerr("capprobe: the precision is reached\n");
    else
        g_printerr("capprobe: the precision is not reached: it would take about %zu rounds, and the limit is "
                   "%" G_GINT64_FORMAT "; --limit changes that\n",
                   rounds, plan->spec.rounds);
}

/* Keeps what the comparison of a thing with itself has shown, and says it. */
static gboolean
keep_noise(const Plan *plan, const CpResult *result, GError **error)
{
    guint comparisons, alarms;
    g_autoptr(CpNoise) noise = cp_noise_record(plan->comparing.floor_file, result, &comparisons, &alarms, error);
    if (!noise)
        return FALSE;
    gint64 all, all_alarms;
    g_autofree char *machine = cp_noise_machine(result), *name = cp_text_printable(machine);
    cp_noise_count(noise, machine, &all, &all_alarms);
    g_printerr("capprobe: false alarms in comparisons of %d rounds: %u of %u; of all on this machine (%s): "
               "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT "\n",
               CP_NOISE_ROUNDS, alarms, comparisons, name, all_alarms, all);
    return TRUE;
}

CpExit
cp_verb_ab(const CpOptions *options, char **arguments G_GNUC_UNUSED, GError **error)
{
    g_auto(Plan) plan = { .options = options };
    CpExit status;
    if (!read_plan(&plan, error))
        return CP_EXIT_USAGE;
    g_autoptr(CpResult) result = measure(&plan.spec, options->history, options->output, &status, error);
    if (!result)
        return status;
    if (options->self && !keep_noise(&plan, result, error))
        return CP_EXIT_FAILED;
    g_autoptr(CpComparison) comparison = cp_comparing_variants(&plan.comparing, result, error);
    if (!comparison)
        return CP_EXIT_FAILED;
    say_precision(&plan);
    if (!options->once && !options->self && cp_comparison_alarms(comparison, NULL) &&
        !confirm(&plan, comparison, &status, error))
        return status;
    return cp_comparing_end(options, &plan.comparing, comparison);
}
