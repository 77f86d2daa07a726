/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of show/check.h, and of the exit status in judge/check.h. */
#include "show/check.h"

#include <json-glib/json-glib.h>

#include "helper.h"

static char **
lines(const char *text)
{
    return g_strsplit(text, "\n", -1);
}

static void
add_cause(CpCheckFinding *finding, const char *id, const char *text)
{
    CpCheckCause *cause = g_new0(CpCheckCause, 1);
    cause->id = id;
    cause->text = g_strdup(text);
    g_ptr_array_add(finding->causes, cause);
}

static void
free_cause(gpointer data)
{
    g_free(((CpCheckCause *)data)->text);
    g_free(data);
}

static CpCheckFinding *
make(const char *emulator, CpCheckVerdict verdict, const char *answer, const char *document)
{
    CpCheckFinding *finding = g_new0(CpCheckFinding, 1);
    finding->emulator = g_strdup(emulator);
    finding->arch = g_strdup("x86_64");
    finding->verdict = verdict;
    finding->answer = lines(answer);
    finding->document = lines(document);
    finding->causes = g_ptr_array_new_with_free_func(free_cause);
    return finding;
}

/* One of each kind. */
static CpCheckReport
small_report(void)
{
    CpCheckReport report = { .findings = g_ptr_array_new_with_free_func((GDestroyNotify)cp_check_finding_free) };
    CpCheckFinding *fresh = make("/a", CP_CHECK_FRESH, "", "");
    fresh->document_unknown = g_strdup("closed");
    g_ptr_array_add(report.findings, fresh);
    g_ptr_array_add(report.findings, make("/b", CP_CHECK_HIDDEN, "", "+ flag x"));
    CpCheckFinding *stale =
        make("/c|\"\x1b", CP_CHECK_STALE, "- video modelType qxl\n+ graphics type spice", "+ flag qxl");
    add_cause(stale, "mtime-kept", "the time was put back");
    stale->cure = g_strdup("touch /m");
    g_ptr_array_add(report.findings, stale);
    CpCheckFinding *unknown = make("/d", CP_CHECK_UNKNOWN, "", "");
    unknown->why = g_strdup("libvirt did not answer: gone");
    g_ptr_array_add(report.findings, unknown);
    return report;
}

static void
test_text(void)
{
    g_autoptr(GPtrArray) findings = small_report().findings;
    const CpCheckReport report = { .findings = findings };
    Memory memory;
    cp_check_print_text(&report, FALSE, memory_begin(&memory));
    memory_end(&memory, "/a, x86_64: fresh: libvirt says what a fresh probe says\n"
                        "  what libvirt keeps on disk was not compared: closed\n"
                        "/b, x86_64: hidden: libvirt says what a fresh probe says, but keeps something else on disk\n"
                        "  on disk, but not true:\n"
                        "    flag x\n"
                        "/c|\"\\u001b, x86_64: stale: libvirt does not say what a fresh probe says\n"
                        "  true, but not said:\n"
                        "    video modelType qxl\n"
                        "  said, but not true:\n"
                        "    graphics type spice\n"
                        "  cause: the time was put back (mtime-kept)\n"
                        "  cure:  touch /m\n"
                        "/d, x86_64: unknown: that cannot be told\n"
                        "  libvirt did not answer: gone\n");
}

static void
test_text_cut_off(void)
{
    GString *facts = g_string_new("- fact");
    for (int i = 1; i < 22; i++)
        g_string_append_printf(facts, "\n- fact");
    CpCheckReport report = { .findings = g_ptr_array_new_with_free_func((GDestroyNotify)cp_check_finding_free) };
    g_ptr_array_add(report.findings, make("/a", CP_CHECK_STALE, facts->str, ""));
    for (int whole = 0; whole < 2; whole++) {
        Memory memory;
        cp_check_print_text(&report, whole, memory_begin(&memory));
        fclose(memory.stream);
        g_auto(GStrv) printed = lines(memory.text);
        /* A head, 20 facts and the note, or 22; before them two lines, after them one and the end. */
        g_assert_cmpuint(g_strv_length(printed), ==, 2 + (whole ? 22 : 21) + 2);
        g_assert_cmpint(strstr(memory.text, "    and 2 more, which --whole shows\n") != NULL, ==, !whole);
        g_assert_nonnull(strstr(memory.text, "  cause: not known; nothing that libvirt looks at"));
        free(memory.text);
    }
    g_string_free(facts, TRUE);
    g_ptr_array_unref(report.findings);
}

static void
test_json(void)
{
    g_autoptr(GPtrArray) findings = small_report().findings;
    const CpCheckReport report = { .findings = findings };
    Memory memory;
    cp_check_print_json(&report, memory_begin(&memory));
    fclose(memory.stream);
    g_autoptr(JsonParser) parser = json_parser_new();
    g_assert_true(json_parser_load_from_data(parser, memory.text, -1, NULL));
    free(memory.text);
    JsonObject *root = json_node_get_object(json_parser_get_root(parser));
    JsonArray *emulators = json_object_get_array_member(root, "emulators");
    g_assert_cmpstr(json_object_get_string_member(root, "schema"), ==, "capprobe.check/1");
    g_assert_true(json_object_get_null_member(root, "problem"));
    g_assert_cmpuint(json_array_get_length(emulators), ==, 4);
    JsonObject *stale = json_array_get_object_element(emulators, 2);
    JsonArray *causes = json_object_get_array_member(stale, "causes");
    g_assert_cmpstr(json_object_get_string_member(stale, "verdict"), ==, "stale");
    g_assert_cmpstr(json_object_get_string_member(stale, "emulator"), ==, "/c|\"\x1b");
    g_assert_cmpuint(json_array_get_length(json_object_get_array_member(stale, "answer")), ==, 2);
    g_assert_cmpstr(json_object_get_string_member(json_array_get_object_element(causes, 0), "id"), ==, "mtime-kept");
    g_assert_cmpstr(json_object_get_string_member(stale, "cure"), ==, "touch /m");
}

static void
test_nagios(void)
{
    g_autoptr(GPtrArray) findings = small_report().findings, none = g_ptr_array_new();
    const CpCheckReport report = { .findings = findings }, problem = { none, (char *)"no\nway" };
    Memory memory;
    cp_check_print_nagios(&report, CP_EXIT_BAD, memory_begin(&memory));
    memory_end(&memory, "CAPPROBE CRITICAL: /b (x86_64) is hidden; /c/\"\\u001b (x86_64) is stale, cure: touch /m; /d "
                        "(x86_64) is unknown | 'emulators'=4;;;0 'stale'=1;;0;0 'hidden'=1;;;0 'unknown'=1;;;0\n");
    cp_check_print_nagios(&problem, CP_EXIT_UNTESTABLE, memory_begin(&memory));
    memory_end(&memory,
               "CAPPROBE UNKNOWN: no\\u000away | 'emulators'=0;;;0 'stale'=0;;0;0 'hidden'=0;;;0 'unknown'=0;;;0\n");
    g_ptr_array_set_size(findings, 1);
    cp_check_print_nagios(&report, CP_EXIT_WELL, memory_begin(&memory));
    memory_end(&memory, "CAPPROBE OK: 1 fresh | 'emulators'=1;;;0 'stale'=0;;0;0 'hidden'=0;;;0 'unknown'=0;;;0\n");
}

static void
test_prometheus(void)
{
    g_autoptr(GPtrArray) findings = small_report().findings, none = g_ptr_array_new();
    const CpCheckReport report = { .findings = findings }, problem = { none, (char *)"no" };
    Memory memory;
    g_ptr_array_remove_index(findings, 3);
    g_ptr_array_remove_range(findings, 0, 2);
    cp_check_print_prometheus(&report, memory_begin(&memory));
    memory_end(&memory, "# HELP capprobe_check_possible Whether the host could be checked.\n"
                        "# TYPE capprobe_check_possible gauge\n"
                        "capprobe_check_possible 1\n"
                        "# HELP capprobe_check_stale Whether libvirt says something else than a fresh probe.\n"
                        "# TYPE capprobe_check_stale gauge\n"
                        "capprobe_check_stale{emulator=\"/c|\\\"\x1b\",arch=\"x86_64\"} 1\n"
                        "# HELP capprobe_check_failed Whether libvirt fails although a fresh probe succeeds.\n"
                        "# TYPE capprobe_check_failed gauge\n"
                        "capprobe_check_failed{emulator=\"/c|\\\"\x1b\",arch=\"x86_64\"} 0\n"
                        "# HELP capprobe_check_hidden Whether only what libvirt keeps on disk differs.\n"
                        "# TYPE capprobe_check_hidden gauge\n"
                        "capprobe_check_hidden{emulator=\"/c|\\\"\x1b\",arch=\"x86_64\"} 0\n"
                        "# HELP capprobe_check_unknown Whether that could not be told.\n"
                        "# TYPE capprobe_check_unknown gauge\n"
                        "capprobe_check_unknown{emulator=\"/c|\\\"\x1b\",arch=\"x86_64\"} 0\n");
    cp_check_print_prometheus(&problem, memory_begin(&memory));
    memory_end(&memory, "# HELP capprobe_check_possible Whether the host could be checked.\n"
                        "# TYPE capprobe_check_possible gauge\n"
                        "capprobe_check_possible 0\n");
}

static void
test_exit(void)
{
    static const struct {
        CpCheckVerdict first, second;
        CpExit exit, strict;
    } cases[] = {
        { CP_CHECK_FRESH, CP_CHECK_FRESH, CP_EXIT_WELL, CP_EXIT_WELL },
        { CP_CHECK_FRESH, CP_CHECK_HIDDEN, CP_EXIT_WELL, CP_EXIT_BAD },
        { CP_CHECK_FRESH, CP_CHECK_UNKNOWN, CP_EXIT_UNTESTABLE, CP_EXIT_UNTESTABLE },
        { CP_CHECK_STALE, CP_CHECK_UNKNOWN, CP_EXIT_BAD, CP_EXIT_BAD },
        { CP_CHECK_UNKNOWN, CP_CHECK_FAILED, CP_EXIT_BAD, CP_EXIT_BAD },
        { CP_CHECK_HIDDEN, CP_CHECK_UNKNOWN, CP_EXIT_UNTESTABLE, CP_EXIT_BAD },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        CpCheckReport report = { .findings = g_ptr_array_new_with_free_func((GDestroyNotify)cp_check_finding_free) };
        g_ptr_array_add(report.findings, make("/a", cases[i].first, "", ""));
        g_ptr_array_add(report.findings, make("/b", cases[i].second, "", ""));
        g_assert_cmpint(cp_check_exit(&report, FALSE), ==, cases[i].exit);
        g_assert_cmpint(cp_check_exit(&report, TRUE), ==, cases[i].strict);
        report.problem = (char *)"one";
        g_assert_cmpint(cp_check_exit(&report, FALSE), ==,
                        cases[i].exit == CP_EXIT_WELL ? CP_EXIT_UNTESTABLE : cases[i].exit);
        g_ptr_array_unref(report.findings);
    }
    const CpCheckReport empty = { .findings = g_ptr_array_new() };
    g_assert_cmpint(cp_check_exit(&empty, FALSE), ==, CP_EXIT_UNTESTABLE);
    g_ptr_array_unref(empty.findings);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/check-formats/text", test_text);
    g_test_add_func("/check-formats/text-cut-off", test_text_cut_off);
    g_test_add_func("/check-formats/json", test_json);
    g_test_add_func("/check-formats/nagios", test_nagios);
    g_test_add_func("/check-formats/prometheus", test_prometheus);
    g_test_add_func("/check-formats/exit", test_exit);
    return g_test_run();
}
