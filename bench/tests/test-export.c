/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of export/export.h. */
#include "export/export.h"

#include "helper.h"

static const CpBug bug = { .id = (char *)"x",
                           .symptom = (char *)"It lies",
                           .seen = (char *[]){ (char *)"9.0.0", (char *)"11.3.0", NULL },
                           .target = (char *)"caps-load",
                           .input = (char *)"/a/input.xml",
                           .hidden = (char *)"nobody sees it",
                           .deadline = (char *)"4500ms" };

/* Exports a scenario; NULL with `error` set if it cannot be exported. */
static char *
exported(const char *text, GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autoptr(CpScenario) scenario = cp_scenario_parse("s.scn", text, strlen(text), &failure);
    g_assert_no_error(failure);
    return cp_export_script(scenario, &bug, error);
}

/* Checks the steps at the end of the script. */
static void
assert_steps(const char *text, const char *steps)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *script = exported(text, &error);
    g_assert_no_error(error);
    const char *begin = strstr(script, "# --- the steps ---\n\n");
    g_assert_nonnull(begin);
    g_assert_cmpstr(begin + strlen("# --- the steps ---\n\n"), ==, steps);
}

static void
test_steps(void)
{
    assert_steps("start\nask capabilities\nexpect defect probes 1\n",
                 "deadline=5\n"
                 "step 1 'start'\nop_start\n"
                 "step 2 'ask capabilities'\nop_ask 'capabilities'\n"
                 "step 3 'expect defect probes 1'\nop_expect 'defect' 'probes' '1'\n"
                 "conclude\n");
    assert_steps("start\npause 1500ms\nrun! echo \"it's\"\nread \"warm\"\nexpect verdict stale\n",
                 "deadline=5\n"
                 "step 1 'start'\nop_start\n"
                 "step 2 'pause 1500ms'\nop_pause 1.500\n"
                 "step 3 'run! echo it'\\''s'\nop_run_anyway 'echo' 'it'\\''s'\n"
                 "step 4 'read warm'\nop_read\n"
                 "step 5 'expect verdict stale'\nop_expect 'verdict' 'stale'\n"
                 "conclude\n");
}

static void
test_blocks(void)
{
    assert_steps("start\nrepeat 2 {\ntouch-dir\n}\nkeep-mtime {\nremove m\n}\nread {\nadd m\n}\n",
                 "deadline=5\n"
                 "step 1 'start'\nop_start\n"
                 "step 3 'touch-dir'\nop_touch_dir\n"
                 "step 3 'touch-dir'\nop_touch_dir\n"
                 "step 5 'keep-mtime'\nop_keep_mtime_begin\n"
                 "step 6 'remove m'\nop_remove 'm'\n"
                 "op_keep_mtime_end\n"
                 "step 8 'read'\nop_read_begin\n"
                 "step 9 'add m'\nop_add 'm'\n"
                 "op_read_end\n"
                 "conclude\n");
}

/* A defect of a parser has steps of its own, which need a made-up emulator. */
static void
test_parser(void)
{
    g_autofree char *script = cp_export_steps(&bug, "play_with\n");
    g_assert_nonnull(strstr(script, "\nplay_with() {\n"));
    g_assert_true(g_str_has_suffix(script, "# --- the steps ---\n\nplay_with\nconclude\n"));
    g_assert_cmpstr(cp_export_files()->name, ==, "emulator.c");
    g_assert_nonnull(strstr(cp_export_files()->text, "\nmain(int argc, char **argv)\n"));
}

/* The real programs of package managers and images are used by another script, which comes along. */
static void
test_deployments(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *without = exported("start\nread\n", &error);
    g_autofree char *with = exported("image tar with m\nstart\nread\n", &error);
    g_assert_no_error(error);
    g_assert_null(strstr(without, "\ndeploy_script='"));
    g_assert_nonnull(strstr(with, "\ndeploy_script='"));
    g_assert_true(g_str_has_prefix(with, "#!/bin/sh\n# x: It lies.\n"));
}

static void
assert_refuses(const char *text, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(exported(text, &error));
    assert_error(&error, CP_ERROR_UNTESTABLE, message);
}

static void
test_refused(void)
{
    assert_refuses("start\nask domcaps arch i686\n", "s.scn:2:1: 'ask' cannot be exported: only 'ask capabilities' is");
    assert_refuses("start\nread\nexpect cache stale\n",
                   "s.scn:3:1: 'expect' cannot be exported: what is on disk is not compared without capprobe");
    assert_refuses("start\nread\nedit-cache set /a b\nread\n",
                   "s.scn:3:1: 'edit-cache' cannot be exported: only 'edit-cache delete' is");
    assert_refuses("start\nread {\nkernel 2.6\n}\n", "s.scn:3:1: 'kernel' cannot be exported");
}

static void
test_text(void)
{
    static const char page[] = "---\nid: x\n---\n# It lies\n\nBecause.\n";
    g_autofree char *script = cp_export_text(&bug, page, TRUE), *input = cp_export_text(&bug, page, FALSE);
    g_assert_true(g_str_has_prefix(script, "# It lies\n\nBecause.\n\n**Seen** on libvirt 9.0.0, 11.3.0.\n"));
    g_assert_nonnull(strstr(script, "`sh reproduce.sh`"));
    g_assert_nonnull(strstr(input, "/targets/caps-load --runs 1 --show --expect x input.xml\n"));
    g_assert_true(g_str_has_suffix(input, "\nNothing shows it from the outside: nobody sees it.\n"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/export/steps", test_steps);
    g_test_add_func("/export/blocks", test_blocks);
    g_test_add_func("/export/deployments", test_deployments);
    g_test_add_func("/export/parser", test_parser);
    g_test_add_func("/export/refused", test_refused);
    g_test_add_func("/export/text", test_text);
    return g_test_run();
}
