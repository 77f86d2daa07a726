/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What `ab` and `compare` share: their options, the noise of the machine, and what they print and exit with. */
#include "verbs/comparing.h"

#include <math.h>
#include <string.h>

#include "measure/noise.h"
#include "show/comparison.h"

#define GATE_THRESHOLD 0.05

void
cp_comparing_clear(CpComparing *comparing)
{
    g_clear_pointer(&comparing->floor_file, g_free);
}

gboolean
cp_comparing_percent(const char *name, const char *text, double value, double *ratio, GError **error)
{
    *ratio = value;
    if (!text)
        return TRUE;
    char *end;
    double number = g_ascii_strtod(text, &end);
    if (end > text && g_str_equal(end, "%") && number > 0 && number <= 1000) {
        *ratio = number / 100;
        return TRUE;
    }
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--%s %s: expected a percentage such as 5%%, at most 1000%%", name,
                text);
    return FALSE;
}

/* Returns the default file. The caller owns it. */
static char *
default_floor_file(void)
{
    const char *state = g_getenv("XDG_STATE_HOME");
    g_autofree char *home = g_build_filename(g_get_home_dir(), ".local", "state", NULL);
    return g_build_filename(state && g_path_is_absolute(state) ? state : home, "capprobe", "noise.json", NULL);
}

static gboolean
read_format(const char *format, CpComparing *comparing, GError **error)
{
    static const struct {
        const char *name;
        void (*print)(const CpComparison *comparison, FILE *out);
    } formats[] = { { "text", cp_comparison_print_text },
                    { "json", cp_comparison_print_json },
                    { "markdown", cp_comparison_print_markdown } };
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (g_str_equal(format, formats[i].name)) {
            comparing->print = formats[i].print;
            return TRUE;
        }
    }
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--format %s: expected text, json or markdown", format);
    return FALSE;
}

static gboolean
read_allowed(char **names, CpComparing *comparing, GError **error)
{
    for (char **name = names; name && *name; name++) {
        CpSame same = cp_same_parse(*name);
        comparing->allowed |= same;
        if (same)
            continue;
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                    "--allow %s: expected cpu, kvm, emulator, question, user or scenario", *name);
        return FALSE;
    }
    return TRUE;
}

gboolean
cp_comparing_read(const CpOptions *options, CpComparing *comparing, GError **error)
{
    comparing->rule = (CpComparisonRule)CP_COMPARISON_RULE;
    comparing->floor_file = options->floor ? g_strdup(options->floor) : default_floor_file();
    g_autoptr(CpNoise) noise = cp_noise_load(comparing->floor_file, error);
    return noise && read_format(options->format ? options->format : "text", comparing, error) &&
           read_allowed(options->allowed, comparing, error) &&
           cp_comparing_percent("threshold", options->threshold, options->gate ? GATE_THRESHOLD : 0,
                                &comparing->rule.threshold, error);
}

CpComparison *
cp_comparing_compare(const CpComparing *comparing, CpCompared a, CpCompared b, GError **error)
{
    g_autoptr(CpNoise) noise = cp_noise_load(comparing->floor_file, error);
    g_autoptr(CpComparison) comparison =
        noise ? cp_comparison_new(a, b, comparing->rule, comparing->allowed, error) : NULL;
    if (!comparison)
        return NULL;
    cp_noise_apply(noise, comparison);
    return g_steal_pointer(&comparison);
}

CpComparison *
cp_comparing_variants(const CpComparing *comparing, const CpResult *result, GError **error)
{
    const CpResultVariant *a = result->variants->pdata[0], *b = result->variants->pdata[1];
    return cp_comparing_compare(comparing, (CpCompared){ result, a->name }, (CpCompared){ result, b->name }, error);
}

/* --- the gate --- */

/* Whether something is worse for certain: a time only if a second run has seen it as well. */
static gboolean
is_certain(const CpComparison *comparison)
{
    for (guint i = 0; i < comparison->counts->len; i++) {
        const CpComparedCount *count = &g_array_index(comparison->counts, CpComparedCount, i);
        if (count->worse && count->second != CP_SECOND_REFUTED)
            return TRUE;
    }
    for (guint i = 0; i < comparison->lines->len; i++) {
        const CpComparedLine *line = &g_array_index(comparison->lines, CpComparedLine, i);
        if (line->change == CP_CHANGE_SLOWER && line->second == CP_SECOND_CONFIRMED)
            return TRUE;
    }
    return FALSE;
}

/* Says why it cannot be told whether a line is slower by more than the threshold. */
static void
say_undecided(const CpComparison *comparison)
{
    const CpComparedLine *line = cp_comparison_least_visible(comparison);
    double percent = 100 * comparison->rule.threshold;
    if (!comparison->complete || !line) {
        g_printerr("capprobe: gate: no decision: not everything could be compared\n");
        return;
    }
    g_printerr("capprobe: gate: no decision: %s:%" G_GINT64_FORMAT ": ", line->scenario, line->line);
    if (line->floor >= comparison->rule.threshold)
        g_printerr("the threshold of %.1f %% is not above the noise of this machine, %.1f %%\n", percent,
                   100 * line->floor);
    else if (line->rounds_needed > 0)
        g_printerr("the threshold of %.1f %% is below what this run can see; about %zu rounds would do\n", percent,
                   line->rounds_needed);
    else
        g_printerr("it has changed by %+.1f %%, which is too near the threshold of %.1f %%\n", 100 * line->ratio,
                   percent);
}

static CpExit
gate(const CpComparison *comparison)
{
    switch (comparison->overall) {
    case CP_OVERALL_UNCHANGED:
    case CP_OVERALL_IMPROVED:
        g_printerr("capprobe: gate: passed\n");
        return CP_EXIT_WELL;
    case CP_OVERALL_REGRESSED:
        if (is_certain(comparison)) {
            g_printerr("capprobe: gate: failed\n");
            return CP_EXIT_BAD;
        }
        g_printerr("capprobe: gate: no decision: no second run has confirmed that it is slower\n");
        return CP_EXIT_UNTESTABLE;
    case CP_OVERALL_MACHINE:
        g_printerr("capprobe: gate: no decision: the machine has changed\n");
        return CP_EXIT_UNTESTABLE;
    case CP_OVERALL_INCONCLUSIVE:
        say_undecided(comparison);
        return CP_EXIT_UNTESTABLE;
    case CP_OVERALL_LAST:
        break;
    }
    g_assert_not_reached();
}

CpExit
cp_comparing_end(const CpOptions *options, const CpComparing *comparing, const CpComparison *comparison)
{
    comparing->print(comparison, stdout);
    if (options->gate)
        return gate(comparison);
    return comparison->lines->len + comparison->counts->len > 0 ? CP_EXIT_WELL : CP_EXIT_UNTESTABLE;
}
