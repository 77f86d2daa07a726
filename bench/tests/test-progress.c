/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of show/progress.h. */
#include "show/progress.h"

#include "events.h"

/* Not on a terminal: one line for the truths, about ten lines for the rounds, one line for each profile. */
static void
test_elsewhere(void)
{
    FILE *out = tmpfile();
    g_autofree char *text = g_new0(char, 65536);
    g_autoptr(CpProgress) progress = cp_progress_new(out, 40);
    g_autoptr(GPtrArray) history =
        events_of(HISTORY TRUTH("A", "a") ROUND("A", 1) ROUND_END(2, 1) PROFILE(1, 2, "") END(0, ""), NULL);

    cp_progress_event(history->pdata[1], progress);
    cp_progress_event(history->pdata[1], progress);
    for (int i = 0; i < 40; i++) {
        cp_progress_event(history->pdata[2], progress);
        cp_progress_event(history->pdata[3], progress);
    }
    cp_progress_event(history->pdata[4], progress);
    rewind(out);
    g_assert_cmpuint(fread(text, 1, 65535, out), >, 0);
    fclose(out);

    /* The time that is left differs from run to run, so only the beginnings of the lines are compared. */
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    static const char *const expected[] = {
        "asking libvirt with an empty cache (truth 1)",
        "round 1 of 40, s",
        "round 6 of 40, s, about ",
        "round 11 of 40, s, about ",
        "round 16 of 40, s, about ",
        "round 21 of 40, s",
        "round 26 of 40, s, about ",
        "round 31 of 40, s, about ",
        "round 36 of 40, s, about ",
        "profiling",
        "",
    };
    g_assert_cmpuint(g_strv_length(lines), ==, G_N_ELEMENTS(expected));
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_test_message("%s", lines[i]);
        g_assert_true(g_str_has_prefix(lines[i], expected[i]));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/progress/elsewhere", test_elsewhere);
    return g_test_run();
}
