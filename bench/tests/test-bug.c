/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of catalogue/bug.h. */
#include "catalogue/bug.h"

#include <glib/gstdio.h>

#include "helper.h"

#define FIELDS                                                                                                         \
    "---\nid: x\nkind: stale\nsince: 9.0.0\nfixed: 11.3.0\nseen: 9.0.0 10.0.0\n"                                       \
    "shows: scenario repro.scn, target caps-load input.xml\n"
#define PAGE FIELDS "---\n# It is wrong\n\n# Not this\nid: y\n"

/* Reads `text` as a page. */
static CpBug *
load(const char *text, GError **error)
{
    g_autofree char *folder = folder_begin(), *file = folder_write(folder, "about.md", text);
    CpBug *bug = cp_bug_load(file, error);
    folder_end(folder);
    return bug;
}

static CpBug *
load_good(const char *text)
{
    g_autoptr(GError) error = NULL;
    CpBug *bug = load(text, &error);
    g_assert_no_error(error);
    return bug;
}

static void
test_fields(void)
{
    g_autoptr(CpBug) bug = load_good(PAGE);
    g_assert_cmpstr(bug->id, ==, "x");
    g_assert_cmpstr(bug->symptom, ==, "It is wrong");
    g_assert_cmpstr(bug->kind, ==, "stale");
    g_assert_cmpstr(bug->since, ==, "9.0.0");
    g_assert_cmpstr(bug->fixed, ==, "11.3.0");
    g_assert_cmpuint(g_strv_length(bug->seen), ==, 2);
    g_assert_true(g_str_has_suffix(bug->scenario, "/repro.scn"));
    g_assert_cmpstr(bug->target, ==, "caps-load");
    g_assert_true(g_str_has_suffix(bug->input, "/input.xml"));
    g_assert_null(bug->crash);
    g_assert_null(bug->qemu_fixed);
    g_assert_null(bug->made_for);
    g_assert_null(bug->not_on);
    g_assert_null(bug->deadline);
    g_assert_null(bug->steps);
    g_assert_null(bug->hidden);
}

static void
test_optional_fields(void)
{
    g_autoptr(CpBug) bug =
        load_good("---\nid: x\nkind: stale\nsince: 9.0.0\nfixed: no\nseen: 9.0.0\nshows: target t i\n"
                  "crash: null: pointer\nqemu-fixed: 10.0.0\nmade-for: 9.0.0 11.3.0\nnot-on: session embed\ndeadline: "
                  "5s\npublic: "
                  "s.sh\nhidden: it is\n---\n# S\n");
    g_assert_null(bug->fixed);
    g_assert_null(bug->scenario);
    g_assert_cmpstr(bug->target, ==, "t");
    g_assert_cmpstr(bug->crash, ==, "null: pointer");
    g_assert_cmpstr(bug->qemu_fixed, ==, "10.0.0");
    g_assert_cmpuint(g_strv_length(bug->made_for), ==, 2);
    g_assert_cmpuint(g_strv_length(bug->not_on), ==, 2);
    g_assert_cmpstr(bug->deadline, ==, "5s");
    g_assert_true(g_str_has_suffix(bug->steps, "/s.sh"));
    g_assert_cmpstr(bug->hidden, ==, "it is");
}

static void
test_refused(void)
{
    static const struct {
        const char *from, *to, *missing;
    } cases[] = {
        { "---\nid", "id", "the field 'id'" },
        { "id: x\n", "", "the field 'id'" },
        { "kind: ", "kinds: ", "the field 'kind'" },
        { "since: ", "since:", "the field 'since'" },
        { "fixed: ", "", "the field 'fixed'" },
        { "seen: ", "", "the field 'seen'" },
        { "scenario repro.scn, target caps-load", "both", "the field 'shows'" },
        { "# ", "", "a heading" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GString) text = g_string_new(PAGE);
        g_string_replace(text, cases[i].from, cases[i].to, 0);
        g_assert_null(load(text->str, &error));
        g_assert_error(error, CP_ERROR, CP_ERROR_USAGE);
        g_assert_nonnull(strstr(error->message, "about.md: expected "));
        g_assert_nonnull(strstr(error->message, cases[i].missing));
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(cp_bug_load("/no/such/page", &error));
    assert_refused(&error, "/no/such/page");
}

static void
test_forecast(void)
{
    static const struct {
        const char *libvirt, *qemu;
        CpBugForecast forecast;
    } cases[] = {
        { "8.10.0", NULL, CP_BUG_ABSENT }, { "9.0.0", NULL, CP_BUG_SHOWS },   { "9.0.0", "7.2.22", CP_BUG_SHOWS },
        { "9.10.0", NULL, CP_BUG_LIKELY }, { "10.0.0", NULL, CP_BUG_SHOWS },  { "11.2.9", NULL, CP_BUG_LIKELY },
        { "11.3.0", NULL, CP_BUG_ABSENT }, { "11.3", NULL, CP_BUG_LIKELY },   { "11.3.0.1", NULL, CP_BUG_ABSENT },
        { "12.0.0", NULL, CP_BUG_ABSENT }, { NULL, "7.2.0", CP_BUG_UNKNOWN }, { "9.0.0", "10.0.0", CP_BUG_ABSENT },
        { "9.0.0", "10.0", CP_BUG_SHOWS },
    };
    g_autoptr(CpBug) bug = load_good(FIELDS "qemu-fixed: 10.0.0\n---\n# S\n");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(cp_bug_forecast(bug, cases[i].libvirt, cases[i].qemu, NULL), ==, cases[i].forecast);
}

/* The target matters to the scenario alone: the input of a fuzz target does not use it. */
static void
test_forecast_of_target(void)
{
    g_autoptr(CpBug) bug = load_good(FIELDS "not-on: session virtproxyd\n---\n# S\n");
    g_assert_cmpint(cp_bug_forecast(bug, "9.0.0", NULL, "session"), ==, CP_BUG_ABSENT);
    g_assert_cmpint(cp_bug_forecast(bug, "9.10.0", NULL, "virtproxyd"), ==, CP_BUG_ABSENT);
    g_assert_cmpint(cp_bug_forecast(bug, "9.0.0", NULL, "virtproxyd-tcp"), ==, CP_BUG_SHOWS);
    g_assert_cmpint(cp_bug_forecast(bug, NULL, NULL, "session"), ==, CP_BUG_UNKNOWN);
    g_clear_pointer(&bug->scenario, g_free);
    g_assert_cmpint(cp_bug_forecast(bug, "9.0.0", NULL, "session"), ==, CP_BUG_SHOWS);
}

static void
test_catalogue(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = folder_begin();
    static const char *const names[] = { "b", "a", "c" };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *below = g_build_filename(folder, names[i], NULL);
        g_autoptr(GString) page = g_string_new(PAGE);
        g_string_replace(page, "id: x", names[i][0] == 'a' ? "id: a" : "id: b", 0);
        g_assert_cmpint(g_mkdir(below, 0700), ==, 0);
        /* A folder without a page is not a defect. */
        g_free(names[i][0] == 'c' ? NULL : folder_write(below, "about.md", page->str));
    }
    g_autoptr(GPtrArray) bugs = cp_bugs_load(folder, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(bugs->len, ==, 2);
    g_assert_cmpstr(((const CpBug *)bugs->pdata[0])->id, ==, "a");
    g_assert_true(cp_bugs_find(bugs, "b") == bugs->pdata[1]);
    g_assert_null(cp_bugs_find(bugs, "c"));
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *below = g_build_filename(folder, names[i], NULL);
        folder_end(below);
    }
    folder_end(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bug/fields", test_fields);
    g_test_add_func("/bug/optional-fields", test_optional_fields);
    g_test_add_func("/bug/refused", test_refused);
    g_test_add_func("/bug/forecast", test_forecast);
    g_test_add_func("/bug/forecast-of-target", test_forecast_of_target);
    g_test_add_func("/bug/catalogue", test_catalogue);
    return g_test_run();
}
