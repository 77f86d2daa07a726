/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of show/table.h. */
#include "show/table.h"

#include "small-result.h"

static void
test_small(void)
{
    g_autoptr(CpResult) result = small_result();
    Memory memory = { 0 };
    cp_table_print(result, memory_begin(&memory));
    memory_end(
        &memory,
        "libvirt 9.0.0 (embed), QEMU 7.2\n"
        "3 modules in /lib/b, KVM usable, as root, seed 7\n"
        "libvirt watches /lib/a, but this emulator loads its modules from another directory\n"
        "some CPU, Linux 6.1\n"
        "\n"
        "scenario  samples  fresh  stale  torn  failed  hidden  needed  spurious  emulators  median  95 % interval  "
        "   p90     max  CPU each     peak\n"
        "s               3      4      1     0       1       0       2         1          4  100 ms          n < 6  "
        "340 ms  400 ms   5.25 ms  45.0 MB\n"
        "samples: measured reads that were fresh; all other counts include 'prime'\n"
        "\n"
        "median cost of a read  libvirt CPU  emulator CPU  libvirt instructions  emulator instructions\n"
        "s:4                        0.00 ns       3.00 ms                     -                      -\n"
        "\n"
        "s, round 1, line 4: stale: - video; + video qxl\n"
        "s, round 1, line 5: expectation: 'lacks video qxl' does not hold: video: qxl\n"
        "s, round 1, line 4: failed: error: timed out (domain 10, code 1)\n"
        "s, round 1, line 4: unknown: the history does not record the truth of this state\n"
        "s: reads without a verdict, because the truth is unknown: 1\n"
        "\n"
        "skipped t: no such module\n"
        "\n"
        "harness overhead: the rounds took 1.117 times as long as libvirt's calls in them\n"
        "\n"
        "the run is not complete: interrupted\n"
        "\n"
        "Profile: mean of 2 cold refreshes, in extra rounds with libvirt's debug log\n"
        "\n"
        "where a cold refresh spends its time  per refresh   share\n"
        "QMP qom-list                               150 ms  50.0 %\n"
        "work                                       125 ms  41.7 %\n"
        "asleep                                    25.0 ms   8.3 %\n");
}

/* A sample, in a round of its own. */
#define SAMPLE(round, begin, end, duration)                                                                            \
    ROUND_NUMBER(round, "A", begin) READ(begin, end, "a", 1) ROUND_END(end, duration)

/* Six samples of six rounds, which are enough for an interval; the environment lacks members, or they are of the wrong type. */
static void
test_interval(void)
{
    g_autoptr(GPtrArray) history = events_of(
        "{`type`:`history`,`schema`:`capprobe.history/"
        "2`,`seed`:0,`environment`:{`libvirt`:7,`privileged`:`x`}}\n" SCENARIO ANSWER("a", "<a/>") TRUTH("A", "a")
            SAMPLE(1, 0, 1000, 1000) SAMPLE(2, 1000, 3000, 2000) SAMPLE(3, 3000, 6000, 3000)
                SAMPLE(4, 6000, 10000, 4000) SAMPLE(5, 10000, 15000, 5000) SAMPLE(6, 15000, 21000, 6000) END(0, ""),
        NULL);
    g_autoptr(CpResult) result = result_of(history);
    Memory memory = { 0 };
    cp_table_print(result, memory_begin(&memory));
    memory_end(&memory,
               "libvirt ? (?), ?\n"
               "0 modules in ?, KVM ?, rootless, seed 0\n"
               "?, ?\n"
               "\n"
               "scenario  samples  fresh  stale  torn  failed  hidden  needed  spurious  emulators   median       95 % "
               "interval      p90      max  CPU each     peak\n"
               "s               6      6      0     0       0       0       6         0          6  3.50 µs  1.00 "
               "µs .. 6.00 µs  5.50 µs  6.00 µs   3.00 ms  45.0 MB\n"
               "samples: measured reads that were fresh; all other counts include 'prime'\n"
               "\n"
               "median cost of a read  libvirt CPU  emulator CPU  libvirt instructions  emulator instructions\n"
               "s:4                        0.00 ns       3.00 ms                     -                      -\n"
               "\n"
               "harness overhead: the rounds took 1.000 times as long as libvirt's calls in them\n");
}

/* Six samples of one round are not enough. */
static void
test_one_round(void)
{
    g_autoptr(GPtrArray) history =
        events_of(HISTORY SCENARIO ANSWER("a", "<a/>") TRUTH("A", "a") ROUND("A", 0) READ(0, 1000, "a", 1)
                      READ(1000, 3000, "a", 0) READ(3000, 6000, "a", 0) READ(6000, 10000, "a", 0)
                          READ(10000, 15000, "a", 0) READ(15000, 21000, "a", 0) ROUND_END(21000, 21000) END(0, ""),
                  NULL);
    g_autoptr(CpResult) result = result_of(history);
    Memory memory = { 0 };
    cp_table_print(result, memory_begin(&memory));
    fclose(memory.stream);
    g_assert_nonnull(strstr(memory.text, "  3.50 µs     rounds < 6  5.50 µs  "));
    free(memory.text);
}

#define MORE                                                                                                           \
    "{`type`:`read`,`line`:6,`label`:`gone`,`question`:`q`,`name`:`read`,`begin_ns`:3000,`end_ns`:5000,`answer`:`a`,"  \
    "`emulators`:1,`user_ns`:0,`system_ns`:0,`max_rss_kb`:0,`libvirt_user_ns`:0,`libvirt_system_ns`:0}\n"

/* A scenario with two measured lines has a row for each; one that was broken off keeps its row. */
static void
test_lines(void)
{
    g_autoptr(GPtrArray) history =
        events_of(HISTORY SCENARIO "{`type`:`scenario`,`scenario`:`t`,`file`:`t.scn`,`text`:``}\n" ANSWER("a", "<a/>")
                      TRUTH("A", "a") ROUND("A", 0) READ(0, 1000, "a", 1) MORE ROUND_END(9000, 9000) ROUND("A", 9000)
                          UNTESTABLE(9001) "{`type`:`skip`,`scenario`:`t`,`error`:`slow`,`needs`:0}\n" END(0, ""),
                  NULL);
    g_autoptr(CpResult) result = result_of(history);
    Memory memory = { 0 };
    cp_table_print(result, memory_begin(&memory));
    memory_end(&memory,
               "libvirt ? (?), ?\n"
               "0 modules in ?, KVM ?, rootless, seed 7\n"
               "?, ?\n"
               "\n"
               "scenario  samples  fresh  stale  torn  failed  hidden  needed  spurious  emulators   median  "
               "95 % interval      p90      max  CPU each     peak\n"
               "s               2      2      0     0       0       0       1         1          2        -   "
               "           -        -        -   1.50 ms  45.0 MB\n"
               "s:4             1                                                                   1.00 µs   "
               "       n < 6  1.00 µs  1.00 µs                   \n"
               "s:6 gone        1                                                                   2.00 µs   "
               "       n < 6  2.00 µs  2.00 µs                   \n"
               "t               0      0      0     0       0       0       0         0          0        -   "
               "           -        -        -         -        -\n"
               "samples: measured reads that were fresh; all other counts include 'prime'\n"
               "\n"
               "median cost of a read  libvirt CPU  emulator CPU  libvirt instructions  emulator instructions\n"
               "s:4                        0.00 ns       3.00 ms                     -                      -\n"
               "s:6 gone                   0.00 ns       0.00 ns                     -                      -\n"
               "s: rounds that do not count, because their timing did not come about: 1\n"
               "\n"
               "not carried out to its end: t: slow\n"
               "\n"
               "harness overhead: the rounds took 1.000 times as long as libvirt's calls in them\n"
               "\n"
               "undecided: the timing of s did not come about: a second passed\n");
}

/* Sums of phases beyond 32 bits are printed in full, and sums beyond 64 bits are limited. */
/* Whether a defect shows, and why nothing can be said on the whole. */
static void
test_notes(void)
{
    static const char *const histories[] = { DEFECT, MISTAKEN }, *const texts[] = {
        "\n\ns: reproduced in part (line 5: ",
        "\n\nundecided: s.scn:5:1: no answer has an element 'vide', ",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(histories); i++) {
        g_autoptr(GPtrArray) history = events_of(histories[i], NULL);
        g_autoptr(CpResult) result = result_of(history);
        Memory memory = { 0 };
        cp_table_print(result, memory_begin(&memory));
        fflush(memory.stream);
        g_assert_nonnull(strstr(memory.text, texts[i]));
        fclose(memory.stream);
        free(memory.text);
    }
}

static void
test_huge_phases(void)
{
    g_autoptr(GPtrArray) history = events_of(HISTORY SCENARIO PROFILE(0, 6000000000000, "`big`:5000000000000,`small`:1")
                                                 PROFILE(0, 6000000000000, "`big`:5000000000002") END(0, ""),
                                             NULL);
    g_autoptr(CpResult) result = result_of(history);
    Memory memory = { 0 };
    cp_table_print(result, memory_begin(&memory));
    fflush(memory.stream);
    g_assert_nonnull(strstr(memory.text, "\nbig                                        5000 s  83.3 %\n"
                                         "small                                     0.50 ns   0.0 %\n"));
    fclose(memory.stream);
    free(memory.text);
}

/* Nothing that a result holds reaches a terminal as a control character. */
static void
test_control(void)
{
#define BAD "\x1b[31m\n\r"
    g_autoptr(CpResult) result = small_result();
    JsonObject *libvirt = json_object_get_object_member(result->environment, "libvirt");
    CpScenarioResult *scenario = result->scenarios->pdata[0], *skipped = result->scenarios->pdata[1];
    JsonObject *phases = json_object_get_object_member(json_array_get_object_element(result->profile, 0), "phases");

    json_object_set_string_member(libvirt, "version", BAD);
    json_object_set_string_member(libvirt, "module_dir", BAD);
    json_object_set_int_member(phases, BAD, 7);
    g_free(scenario->name);
    g_free(skipped->skipped);
    g_free(result->error);
    scenario->name = g_strdup(BAD);
    skipped->skipped = g_strdup(BAD);
    result->error = g_strdup(BAD);
    char *bad[] = { BAD, NULL };
    cp_scenario_result_add_problem(scenario, (CpProblem){ 1, 1, BAD, bad });

    Memory memory = { 0 };
    cp_table_print(result, memory_begin(&memory));
    fflush(memory.stream);
    for (const char *at = memory.text; *at; at++)
        g_assert_true(*at == '\n' || !g_ascii_iscntrl(*at));
    g_assert_nonnull(strstr(memory.text, "the run is not complete: \\u001b[31m\\u000a\\u000d\n"));
    fclose(memory.stream);
    free(memory.text);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/table/small", test_small);
    g_test_add_func("/table/interval", test_interval);
    g_test_add_func("/table/one-round", test_one_round);
    g_test_add_func("/table/lines", test_lines);
    g_test_add_func("/table/notes", test_notes);
    g_test_add_func("/table/huge-phases", test_huge_phases);
    g_test_add_func("/table/control", test_control);
    return g_test_run();
}
