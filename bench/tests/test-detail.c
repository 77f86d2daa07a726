/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of show/detail.h. */
#include "show/detail.h"

#include "small.h"

/* Judges `text` and prints it in detail. */
static void
print_detail(const char *text, gboolean whole, FILE *out)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) history = events_of(text, &error);
    g_assert_no_error(error);
    g_autoptr(CpDetail) detail = cp_detail_new(whole, out);
    g_autoptr(CpJudgement) judgement = cp_judge(history, "H", FALSE, cp_detail_add, detail, &error);
    g_assert_no_error(error);
    cp_detail_finish(detail, judgement);
}

static void
test_small(void)
{
    Memory memory = { 0 };
    print_detail(SMALL, FALSE, memory_begin(&memory));
    memory_end(&memory,
               "t (t.scn)\n"
               "  cannot be tested here: no such module\n"
               "s (s.scn)\n"
               " round 1\n"
               "   0.000 s  line 4    prime                      400 ms  fresh   needed refresh, emulators: 2\n"
               "   0.400 s  line 4    read                      1.00 ms  fresh   no refresh\n"
               "   0.401 s  line 3    remove m                           truth changed\n"
               "   0.499 s  line 4    read                      2.00 ms  stale   no refresh\n"
               "                        - video\n"
               "                        + video qxl\n"
               "            line 5    expect lacks video qxl             does not hold, seen:\n"
               "                        video: qxl\n"
               "            line 5    expect answer                      holds\n"
               "   0.502 s  line 3    restart m\n"
               "   0.503 s  line 4    read                       400 ms  fresh   needed refresh, emulators: 1\n"
               "   0.904 s  line 4    read                       100 ms  fresh   spurious refresh, emulators: 1\n"
               "   1.005 s  line 4    read                      1.00 ms  failed  no refresh\n"
               "                        error: timed out (domain 10, code 1)\n"
               "   1.007 s  line 3    remove m                           truth unknown\n"
               "   1.009 s  line 4    read                      3.00 ms  unknown no refresh\n"
               "                        the history does not record the truth of this state\n"
               "\n"
               "7 reads: 4 fresh, 1 stale, 1 failed, 1 unknown; expectations that do not hold: 1; the run is not "
               "complete: interrupted\n");
}

static void
test_well(void)
{
    static const char text[] = HISTORY SCENARIO ANSWER("a", "<a/>") TRUTH("A", "a") ROUND("A", 0) READ(0, 5000, "a", 1)
        ROUND_END(9000, 1) END(0, "");
    Memory memory = { 0 };
    print_detail(text, FALSE, memory_begin(&memory));
    memory_end(&memory, "s (s.scn)\n"
                        " round 1\n"
                        "   0.000 s  line 4    read                     5.00 µs  fresh   needed refresh, emulators: 1\n"
                        "\n"
                        "1 read: 1 fresh\n");
}

#define DEFECTIVE_STEPS                                                                                                \
    "s (s.scn)\n"                                                                                                      \
    " round 1\n"                                                                                                       \
    "   0.000 s  line 4    prime                    1.00 µs  fresh   needed refresh, emulators: 1\n"                  \
    "   0.000 s  line 3    remove m                           truth changed\n"                                         \
    "   0.000 s  line 4    read                     1.00 µs  stale   no refresh\n"                                    \
    "                        - video\n"                                                                                \
    "                        + video qxl\n"                                                                            \
    "            line 5    expect verdict stale               the defect shows\n"                                      \
    "   0.000 s  line 4    read                     1.00 µs  fresh   needed refresh, emulators: 1\n"                  \
    "            line 5    expect verdict stale               the defect does not show, seen:\n"                       \
    "                        fresh\n"                                                                                  \
    "            line 5    expect cache fresh                 cannot be judged:\n"                                     \
    "                        what libvirt keeps on disk in this state is not known\n"

/* Expectations of each kind, and what is said at the end. */
static void
test_defect(void)
{
    Memory memory = { 0 }, mistaken = { 0 };
    print_detail(DEFECT, FALSE, memory_begin(&memory));
    memory_end(&memory, DEFECTIVE_STEPS "\n"
                                        "3 reads: 2 fresh, 1 stale\n"
                                        "s: reproduced in part (line 5: expected 'verdict stale', seen: fresh)\n");
    print_detail(MISTAKEN, FALSE, memory_begin(&mistaken));
    memory_end(&mistaken, DEFECTIVE_STEPS
               "            line 5    expect has vide qxl                is wrong:\n"
               "                        s.scn:5:1: no answer has an element 'vide', expected one of: video\n"
               "\n"
               "3 reads: 2 fresh, 1 stale\n"
               "the scenario is wrong: s.scn:5:1: no answer has an element 'vide', expected one of: video\n");
}

#define EIGHT "<b>1</b><b>2</b><b>3</b><b>4</b><b>5</b><b>6</b><b>7</b><b>8</b>"

/* Of a difference of 25 lines, 20 are shown, unless all are asked for. */
static void
test_long(void)
{
    static const char text[] = HISTORY SCENARIO ANSWER("a", "<a>" EIGHT EIGHT EIGHT "</a>") ANSWER("b", "<a><c/></a>")
        TRUTH("A", "a") ROUND("A", 0) READ(0, 5000, "b", 1) ROUND_END(9000, 1) END(0, "");

    for (int whole = 0; whole <= 1; whole++) {
        g_autoptr(GString) expected = g_string_new(
            "s (s.scn)\n"
            " round 1\n"
            "   0.000 s  line 4    read                     5.00 µs  torn    needed refresh, emulators: 1\n");
        Memory memory = { 0 };
        for (int line = 0; line < (whole ? 24 : 20); line++)
            g_string_append_printf(expected, "                        - a b %d\n", line / 3 + 1);
        g_string_append(expected, whole ? "                        + a c\n"
                                        : "                        and 5 more, which --whole shows\n");
        g_string_append(expected, "\n1 read: 1 torn\n");
        print_detail(text, whole, memory_begin(&memory));
        memory_end(&memory, expected->str);
    }
}

static void
test_no_reads(void)
{
    static const char text[] = HISTORY SCENARIO SKIP END(130, "interrupted");
    Memory memory = { 0 };
    print_detail(text, FALSE, memory_begin(&memory));
    memory_end(&memory, "s (s.scn)\n"
                        "  cannot be tested here: no KVM\n"
                        "\n"
                        "no reads; the run is not complete: interrupted\n");
}

/* Nothing that a history holds reaches a terminal as a control character. */
static void
test_control(void)
{
#define ESCAPE "\\u001b[31m\\n\\r"
#define ESCAPED "\\u001b[31m\\u000a\\u000d"
    static const char text[] = HISTORY "{`type`:`scenario`,`scenario`:`s" ESCAPE "`,`file`:`f" ESCAPE "`,`text`:``}\n"
                                       "{`type`:`round`,`scenario`:`s" ESCAPE "`,`round`:1,`state`:`A`,`begin_ns`:0}\n"
                                       "{`type`:`operation`,`line`:3,`name`:`o" ESCAPE "`,`args`:[`" ESCAPE
                                       "`],`effect`:`time`,`state`:`A`,`begin_ns`:0,`end_ns`:1}\n" READ_AS(
                                           "n" ESCAPE, 1, 2, "`error`:`e" ESCAPE "`,`domain`:1,`code`:1", 0)
                                           EXPECT("`has`,`" ESCAPE "`,`b`") END(255, ESCAPE);
    Memory memory = { 0 };
    FILE *out = memory_begin(&memory);
    print_detail(text, FALSE, out);
    fflush(out);
    for (const char *at = memory.text; *at; at++)
        g_assert_true(*at == '\n' || !g_ascii_iscntrl(*at));
    memory_end(&memory, "s" ESCAPED " (f" ESCAPED ")\n"
                        " round 1\n"
                        "   0.000 s  line 3    o" ESCAPED " \\u001b[31m\n"
                        "   0.000 s  line 4    n" ESCAPED "                  1.00 ns  unknown no refresh\n"
                        "                        error: e" ESCAPED " (domain 1, code 1)\n"
                        "                        the history does not record the truth of this state\n"
                        "            line 5    expect has " ESCAPED " b               does not hold, seen:\n"
                        "                        error: e" ESCAPED "\n\n"
                        "1 read: 1 unknown; expectations that do not hold: 1; the run is not complete: " ESCAPED "\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/detail/small", test_small);
    g_test_add_func("/detail/well", test_well);
    g_test_add_func("/detail/defect", test_defect);
    g_test_add_func("/detail/long", test_long);
    g_test_add_func("/detail/no-reads", test_no_reads);
    g_test_add_func("/detail/control", test_control);
    return g_test_run();
}
