/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes an input smaller while it keeps what matters. */
#include "triage/minimise.h"

#include <string.h>

#include "mutator/mutator.h"

typedef struct {
    GString *best;
    CpMinimiseTest same;
    gpointer user;
    gint64 deadline;
} Minimisation;

static gboolean
in_time(const Minimisation *minimisation)
{
    return g_get_monotonic_time() < minimisation->deadline;
}

/* Makes the candidate the best input if it is smaller and keeps what matters. */
static gboolean
try(Minimisation *minimisation, const char *data, gsize length)
{
    if (length >= minimisation->best->len || !minimisation->same(data, length, minimisation->user))
        return FALSE;
    g_string_truncate(minimisation->best, 0);
    g_string_append_len(minimisation->best, data, length);
    return TRUE;
}

static void
remove_parts(Minimisation *minimisation)
{
    g_autoptr(CpTrim) trim = cp_trim_new(minimisation->best->str, minimisation->best->len);
    g_autoptr(GString) candidate = g_string_new(NULL);

    while (in_time(minimisation) && cp_trim_next(trim, candidate))
        cp_trim_judge(trim, try(minimisation, candidate->str, candidate->len));
}

/* Returns the offsets at which the units of `text` begin, then its length. A unit is a line, or a byte. The caller owns
 * the array. */
static GArray *
find_units(const GString *text, gboolean lines)
{
    GArray *starts = g_array_new(FALSE, FALSE, sizeof(gsize));
    gsize at = 0;

    for (; at < text->len; at++) {
        if (!lines || at == 0 || text->str[at - 1] == '\n')
            g_array_append_val(starts, at);
    }
    g_array_append_val(starts, at);
    return starts;
}

/* Removes shorter and shorter runs of units, down to single ones. */
static void
remove_units(Minimisation *minimisation, gboolean lines)
{
    g_autoptr(GArray) starts = find_units(minimisation->best, lines);
    guint run = starts->len / 2;
    guint i = 0;

    while (run > 0 && in_time(minimisation)) {
        if (i + 1 >= starts->len) {
            run /= 2;
            i = 0;
        } else {
            g_autoptr(GString) candidate = g_string_new_len(minimisation->best->str, minimisation->best->len);
            gsize from = g_array_index(starts, gsize, i);
            gsize to = g_array_index(starts, gsize, MIN(i + run, starts->len - 1));

            g_string_erase(candidate, from, to - from);
            if (try(minimisation, candidate->str, candidate->len)) {
                g_array_unref(starts);
                starts = find_units(minimisation->best, lines);
            } else {
                i += run;
            }
        }
    }
}

GString *
cp_minimise(const char *data, gsize length, CpMinimiseTest same, gpointer user, gint64 deadline, gboolean *complete)
{
    Minimisation minimisation = {
        .best = g_string_new_len(data, length), .same = same, .user = user, .deadline = deadline
    };

    remove_parts(&minimisation);
    remove_units(&minimisation, TRUE);
    remove_units(&minimisation, FALSE);
    *complete = in_time(&minimisation);
    return minimisation.best;
}
