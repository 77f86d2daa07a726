/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of measure/repro.h, show/repro.h, show/junit-cases.h, show/proof.h and show/explain.h. */
#include "show/repro.h"

#include "show/explain.h"
#include "show/junit-cases.h"
#include "show/proof.h"
#include "small.h"

static char *const seen[] = { (char *)"9.0.0", NULL };

static const CpBug stale = { .id = (char *)"a",
                             .symptom = (char *)"It <lies>",
                             .kind = (char *)"stale",
                             .since = (char *)"9.0.0",
                             .seen = (GStrv)seen,
                             .scenario = (char *)"a.scn" };
static const CpBug crash = { .id = (char *)"b",
                             .symptom = (char *)"It dies",
                             .kind = (char *)"crash",
                             .since = (char *)"9.0.0",
                             .fixed = (char *)"11.3.0",
                             .seen = (GStrv)seen,
                             .target = (char *)"caps-load",
                             .input = (char *)"b.xml" };

/* Makes the outcome of `bug`: it showed in `hits` of `runs`. */
static CpRepro *
made(const CpBug *bug, gint64 hits, gint64 runs, const char *reason, const char *proof)
{
    CpRepro *repro = cp_repro_new(bug, CP_BUG_SHOWS);
    repro->hits = hits;
    repro->runs = runs;
    repro->wall_ns = runs * 500000000;
    if (reason)
        cp_repro_set_reason(repro, reason);
    g_string_append(repro->proof, proof);
    return repro;
}

static GPtrArray *
made_all(void)
{
    GPtrArray *repros = g_ptr_array_new_with_free_func((GDestroyNotify)cp_repro_free);
    g_ptr_array_add(repros, made(&stale, 3, 4, "timing", "  line 4: read is stale\n  \001]]>\n"));
    g_ptr_array_add(repros, made(&crash, 0, 10, NULL, ""));
    g_ptr_array_add(repros, made(&crash, 0, 0, "no \"targets\"", ""));
    return repros;
}

/* At most 10 runs, and no more once it has shown 3 times. */
static void
test_rule(void)
{
    static const struct {
        gint64 hits, runs, max, next;
    } cases[] = {
        { 0, 0, 10, 3 },  { 1, 3, 10, 2 },  { 2, 5, 10, 1 }, { 3, 6, 10, 0 }, { 0, 9, 10, 1 },
        { 0, 10, 10, 0 }, { 2, 10, 10, 0 }, { 0, 0, 1, 1 },  { 1, 1, 1, 0 },  { 0, 11, 10, 0 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CpRepro) repro = made(&stale, cases[i].hits, cases[i].runs, NULL, "");
        g_assert_cmpint(cp_repro_next(repro, cases[i].max), ==, cases[i].next);
    }
}

static void
assert_exit(gint64 hits, gint64 runs, const char *reason, CpExit broken, CpExit exit, const char *outcome)
{
    g_autoptr(CpRepro) repro = made(&stale, hits, runs, reason, "");
    repro->broken = broken;
    g_assert_cmpint(cp_repro_exit(repro), ==, exit);
    g_assert_cmpstr(cp_repro_outcome(repro), ==, outcome);
}

static void
test_exit(void)
{
    assert_exit(3, 3, NULL, 0, CP_EXIT_BAD, "reproduced");
    assert_exit(1, 10, "something else", 0, CP_EXIT_BAD, "reproduced");
    assert_exit(0, 10, NULL, 0, CP_EXIT_WELL, "not reproduced");
    assert_exit(0, 10, "something else", 0, CP_EXIT_UNTESTABLE, "untestable");
    assert_exit(0, 0, NULL, 0, CP_EXIT_UNTESTABLE, "untestable");
    assert_exit(1, 1, NULL, CP_EXIT_INTERRUPTED, CP_EXIT_INTERRUPTED, "interrupted");
    assert_exit(1, 1, NULL, CP_EXIT_FAILED, CP_EXIT_FAILED, "failed");
}

static void
test_exit_of_several(void)
{
    g_autoptr(GPtrArray) repros = made_all();
    g_assert_cmpint(cp_repros_exit(repros), ==, CP_EXIT_BAD);
    ((CpRepro *)repros->pdata[1])->broken = CP_EXIT_FAILED;
    g_assert_cmpint(cp_repros_exit(repros), ==, CP_EXIT_FAILED);
    g_ptr_array_remove_index(repros, 1);
    g_ptr_array_remove_index(repros, 0);
    g_ptr_array_add(repros, made(&stale, 0, 10, NULL, ""));
    g_assert_cmpint(cp_repros_exit(repros), ==, CP_EXIT_UNTESTABLE);
    g_ptr_array_remove_index(repros, 0);
    g_assert_cmpint(cp_repros_exit(repros), ==, CP_EXIT_WELL);
}

/* Checks what `print` prints of the three outcomes. */
static void
assert_prints(void (*print)(const CpRepros *, FILE *), gboolean tried, const char *expected)
{
    g_autoptr(GPtrArray) repros = made_all();
    Memory memory = { 0 };
    print(&(CpRepros){ repros, "9.0.0", "7.2.22", tried }, memory_begin(&memory));
    memory_end(&memory, expected);
}

#define HOST "libvirt 9.0.0, QEMU 7.2.22\n\n"

static void
test_list(void)
{
    assert_prints(cp_repros_print_list, FALSE,
                  HOST "defect  kind   shown by   since   fixed  here  symptom\n"
                       "a       stale  scenario   9.0.0      no  seen  It <lies>\n"
                       "b       crash  caps-load  9.0.0  11.3.0  seen  It dies\n"
                       "b       crash  caps-load  9.0.0  11.3.0  seen  It dies\n"
                       "\nhere: what is known of this libvirt, before anything is tried\n");
}

static void
test_table(void)
{
    assert_prints(cp_repros_print_table, TRUE,
                  HOST "defect  kind   shown by   here  outcome         shown     time  reason\n"
                       "a       stale  scenario   seen  reproduced        3/4   2.00 s  \n"
                       "b       crash  caps-load  seen  not reproduced   0/10   5.00 s  \n"
                       "b       crash  caps-load  seen  untestable          -  0.00 ns  no \"targets\"\n"
                       "\n1 reproduced, 1 not reproduced, 1 without an outcome\n");
}

static void
test_one(void)
{
    assert_prints(cp_repros_print_one, TRUE,
                  HOST "a: It <lies>\n  what is known of this libvirt: seen\n  line 4: read is stale\n  \\u0001]]>\n"
                       "reproduced 3/4\n");
}

static void
test_junit(void)
{
    assert_prints(
        cp_repros_print_junit, TRUE,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites tests=\"3\" failures=\"1\" errors=\"0\" disabled=\"0\" time=\"7.000\">\n"
        " <testsuite name=\"capprobe repro\" tests=\"3\" failures=\"1\" errors=\"0\" disabled=\"0\" skipped=\"1\" "
        "time=\"7.000\">\n"
        "  <testcase name=\"a\" classname=\"stale\" time=\"2.000\">\n"
        "   <failure type=\"failed\" message=\"reproduced 3/4: It &lt;lies&gt;\">  line 4: read is stale\n"
        "  \\u0001]]&gt;\n</failure>\n"
        "  </testcase>\n"
        "  <testcase name=\"b\" classname=\"crash\" time=\"5.000\"></testcase>\n"
        "  <testcase name=\"b\" classname=\"crash\">\n"
        "   <skipped type=\"skipped\" message=\"no &quot;targets&quot;\"></skipped>\n"
        "  </testcase>\n"
        " </testsuite>\n"
        "</testsuites>\n");
}

static void
test_json(void)
{
    g_autoptr(GPtrArray) repros = made_all();
    for (int tried = 0; tried < 2; tried++) {
        Memory memory = { 0 };
        cp_repros_print_json(&(CpRepros){ repros, "9.0.0", NULL, tried }, memory_begin(&memory));
        fclose(memory.stream);
        g_autoptr(JsonNode) root = json_from_string(memory.text, NULL);
        JsonObject *object = json_node_get_object(root);
        JsonArray *bugs = json_object_get_array_member(object, "bugs");
        JsonObject *first = json_array_get_object_element(bugs, 0), *last = json_array_get_object_element(bugs, 2);
        g_assert_cmpstr(json_object_get_string_member(object, "schema"), ==, "capprobe.repro/1");
        g_assert_cmpstr(json_object_get_string_member(object, "libvirt"), ==, "9.0.0");
        g_assert_true(json_object_get_null_member(object, "qemu"));
        g_assert_true(json_object_get_null_member(first, "fixed"));
        g_assert_cmpstr(json_object_get_string_member(last, "shown_by"), ==, "caps-load");
        g_assert_cmpstr(json_object_get_string_member(last, "expected"), ==, "seen");
        g_assert_cmpint(json_object_has_member(first, "outcome"), ==, tried);
        if (tried) {
            g_assert_cmpint(json_object_get_int_member(first, "hits"), ==, 3);
            g_assert_cmpint(json_object_get_int_member(first, "runs"), ==, 4);
            g_assert_cmpstr(json_object_get_string_member(last, "outcome"), ==, "untestable");
            g_assert_cmpstr(json_object_get_string_member(last, "reason"), ==, "no \"targets\"");
        }
        free(memory.text);
    }
}

/* Of the first round in which the defect shows, and of no other, each expectation about it is proved by its read. */
static void
test_proof(void)
{
    static const char history[] = DEFECTIVE ROUND_END(9000, 9000) ROUND_NUMBER(2, "A", 10000)
        READ_AS("prime", 10001, 10002, "`answer`:`a`", 1) CHANGE(10003, 10004, "B") READ(10005, 10006, "a", 0)
            EXPECT("`verdict`,`stale`") ROUND_END(20000, 9000) END(0, "");
    static const char expected[] = "  line 4: read is stale, no refresh, emulators: 0\n"
                                   "      - video\n"
                                   "      + video qxl\n"
                                   "  line 5: expect verdict stale: the defect shows\n";
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) events = events_of(history, &error);
    g_autoptr(GString) text = g_string_new(NULL);
    for (int again = 0; again < 2; again++) {
        g_autoptr(CpProof) proof = cp_proof_new(text);
        g_autoptr(CpJudgement) judgement = cp_judge(events, "H", FALSE, cp_proof_add, proof, &error);
        g_assert_no_error(error);
        g_assert_cmpint(judgement->shown, ==, 2);
        g_assert_cmpstr(text->str, ==, expected);
    }
}

#define STAMPED(host, cached)                                                                                          \
    HISTORY SCENARIO ROUND("A", 0) "{`type`:`read`,`line`:4,`question`:`q`,`name`:`read`,`begin_ns`:1,`end_ns`:2,"     \
                                   "`lost`:`x`,`emulators`:0,`user_ns`:0,`system_ns`:0,`max_rss_kb`:0,"                \
                                   "`libvirt_user_ns`:0,`libvirt_system_ns`:0,`stamps`:{`host`:{" host                 \
                                   "},`cached`:" cached "}}\n"

/* Checks what is printed of the stamps of a read. */
static void
assert_explained(const char *history, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) events = events_of(history, &error);
    g_assert_no_error(error);
    /* It is also read back from what is written. */
    g_autofree char *line = cp_event_write(events->pdata[events->len - 1]);
    g_autoptr(CpEvent) read = cp_event_read("H", 1, line, strlen(line), &error);
    g_assert_no_error(error);
    Memory memory = { 0 };
    cp_explain_read(read, memory_begin(&memory));
    memory_end(&memory, expected);
}

#define COLUMN "                          "

static void
test_explain(void)
{
    assert_explained(
        STAMPED("`module_dir`:`60`,`emulator`:`61`,`libvirt`:`62`,`kvm`:`usable`",
                "{`module_dir`:`60`,`emulator`:`60`,`libvirt`:`62`,`kvm`:`absent`}"),
        COLUMN
        "libvirt compares          on the host          in the cache file\n" COLUMN
        "module directory, mtime   1970-01-01 00:01:00  1970-01-01 00:01:00  same\n" COLUMN
        "libvirt's driver, ctime   1970-01-01 00:01:02  1970-01-01 00:01:02  same\n" COLUMN
        "emulator, ctime           1970-01-01 00:01:01  1970-01-01 00:01:00  differs: libvirt must probe\n" COLUMN
        "KVM                       usable               absent               differs: libvirt must probe\n");
    assert_explained(
        STAMPED("`emulator`:`61`,`kvm`:`restricted`", "{`module_dir`:`60`,`kvm`:`absent`}"), COLUMN
        "libvirt compares          on the host          in the cache file\n" COLUMN
        "module directory, mtime   -                    1970-01-01 00:01:00  not compared: it does not exist\n" COLUMN
        "libvirt's driver, ctime   -                    -                    not compared: it does not exist\n" COLUMN
        "emulator, ctime           1970-01-01 00:01:01  -                    differs: libvirt must probe\n" COLUMN
        "KVM                       restricted           absent               depends on the emulator's user\n");
    assert_explained(STAMPED("", "null"), COLUMN "there was no cache file\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/repro/rule", test_rule);
    g_test_add_func("/repro/exit", test_exit);
    g_test_add_func("/repro/exit-of-several", test_exit_of_several);
    g_test_add_func("/repro/list", test_list);
    g_test_add_func("/repro/table", test_table);
    g_test_add_func("/repro/one", test_one);
    g_test_add_func("/repro/junit", test_junit);
    g_test_add_func("/repro/json", test_json);
    g_test_add_func("/repro/proof", test_proof);
    g_test_add_func("/repro/explain", test_explain);
    return g_test_run();
}
