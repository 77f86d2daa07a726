/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `capprobe compare`: compares two results, or the two variants of one. */
#include "measure/environment-text.h"
#include "verbs/comparing.h"

/* The results of one run of each side; `b` is NULL if both are variants of `a`. */
typedef struct {
    CpResult *a, *b;
} Pair;

static void
pair_clear(Pair *pair)
{
    cp_result_free(pair->a);
    cp_result_free(pair->b);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pair, pair_clear)

static gboolean
check_variants(const CpResult *result, const char *file, guint expected, GError **error)
{
    guint n = MAX(result->variants->len, 1);
    if (n == expected)
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                "%s: variants: %u, expected two if it is the only result, or one if there is another", file, n);
    return FALSE;
}

/* Loads one or two files. */
static gboolean
load(Pair *pair, char *const *files, guint n, GError **error)
{
    pair->a = cp_result_load(files[0], error);
    if (!pair->a || !check_variants(pair->a, files[0], n == 1 ? 2 : 1, error))
        return FALSE;
    if (n == 1)
        return TRUE;
    pair->b = cp_result_load(files[1], error);
    return pair->b && check_variants(pair->b, files[1], 1, error);
}

/* A second run confirms something only if it is another one. */
static gboolean
check_other_run(const CpResult *first, const CpResult *second, const char *file, GError **error)
{
    if (!first || !cp_environment_is_same_run(first->environment, first->seed, second->environment, second->seed))
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                "--second %s: it is of the same run as the first result, expected one with another seed or date", file);
    return FALSE;
}

static CpComparison *
compare(const CpComparing *comparing, const Pair *pair, GError **error)
{
    return pair->b
               ? cp_comparing_compare(comparing, (CpCompared){ pair->a, NULL }, (CpCompared){ pair->b, NULL }, error)
               : cp_comparing_variants(comparing, pair->a, error);
}

CpExit
cp_verb_compare(const CpOptions *options, char **arguments, GError **error)
{
    g_auto(CpComparing) comparing = { 0 };
    g_auto(Pair) first = { 0 }, second = { 0 };
    g_autoptr(CpComparison) comparison = NULL, again = NULL;
    guint n = g_strv_length(arguments), n_second = options->seconds ? g_strv_length(options->seconds) : 0;
    if (!cp_comparing_read(options, &comparing, error))
        return CP_EXIT_USAGE;
    if (n_second > 0 && n_second != n) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                    "--second was given %u times, expected as many results as first: %u", n_second, n);
        return CP_EXIT_USAGE;
    }
    if (!load(&first, arguments, n, error) || (n_second > 0 && !load(&second, options->seconds, n, error)))
        return CP_EXIT_USAGE;
    comparison = compare(&comparing, &first, error);
    if (!comparison)
        return CP_EXIT_USAGE;
    if (n_second > 0) {
        if (check_other_run(first.a, second.a, options->seconds[0], error) &&
            check_other_run(first.b, second.b, options->seconds[n - 1], error))
            again = compare(&comparing, &second, error);
        if (!again)
            return CP_EXIT_USAGE;
        cp_comparison_confirm(comparison, again);
    }
    return cp_comparing_end(options, &comparing, comparison);
}
