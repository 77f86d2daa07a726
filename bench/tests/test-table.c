/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "show/table.h"

#include "small.h"

static void
test_small(void)
{
    g_autoptr(CpJudgement) judgement = small_run();
    g_autoptr(CpResult) result = cp_result_new(judgement);
    Memory memory = { 0 };
    cp_table_print(result, memory_begin(&memory));
    memory_end(&memory, "libvirt 9.0.0 (embed), QEMU 7.2\n"
                        "3 modules in /lib/b, KVM usable, as root, seed 7\n"
                        "libvirt watches /lib/a, but this emulator loads its modules from elsewhere\n"
                        "some CPU, Linux 6.1\n"
                        "\n"
                        "scenario  n  fresh  stale  torn  failed  needed  spurious  emulators   median  95 % interval  "
                        "   p90     max  CPU each     peak\n"
                        "s         5      4      1     0       1       2         1          4  3.00 ms          n < 6  "
                        "280 ms  400 ms   5.25 ms  45.0 MB\n"
                        "\n"
                        "s, round 1, line 4: stale: - video; + video qxl\n"
                        "s, round 1, line 5: expected 'lacks video qxl': an answer; emulators started: 0\n"
                        "s, round 1, line 4: failed: timed out\n"
                        "s, round 1, line 4: unknown: the history does not record the truth of this state\n"
                        "s: no verdict on 1 reads, whose truth is unknown\n"
                        "\n"
                        "skipped t: no such module\n"
                        "\n"
                        "harness overhead: 1.117 of the time within libvirt's calls\n"
                        "\n"
                        "not carried out whole: interrupted\n"
                        "\n"
                        "Profile: mean of 2 cold refreshes in rounds of their own, under libvirt's debug log\n"
                        "\n"
                        "where a cold refresh spends its time  a refresh   share\n"
                        "QMP qom-list                             150 ms  50.0 %\n"
                        "work                                     125 ms  41.7 %\n"
                        "asleep                                  25.0 ms   8.3 %\n");
}

/* Six samples, for which there is an interval; and an environment that says nothing, or something of other kinds. */
static void
test_interval(void)
{
    g_autoptr(GPtrArray) history =
        events_of("{`type`:`history`,`schema`:`capprobe.history/"
                  "1`,`seed`:0,`environment`:{`libvirt`:7,`privileged`:`x`}}\n" SCENARIO ANSWER("a", "<a/>")
                      TRUTH("A", "a") ROUND("A", 0) READ(0, 1000, "a", 1) READ(0, 2000, "a", 0) READ(0, 3000, "a", 0)
                          READ(0, 4000, "a", 0) READ(0, 5000, "a", 0) READ(0, 6000, "a", 0) END(0, ""),
                  NULL);
    g_autoptr(CpJudgement) judgement = cp_judge(history, "H", NULL);
    g_autoptr(CpResult) result = cp_result_new(judgement);
    Memory memory = { 0 };
    cp_table_print(result, memory_begin(&memory));
    memory_end(&memory, "libvirt ? (?), ?\n"
                        "0 modules in ?, KVM ?, rootless, seed 0\n"
                        "?, ?\n"
                        "\n"
                        "scenario  n  fresh  stale  torn  failed  needed  spurious  emulators   median       95 % "
                        "interval      p90      max  CPU each     peak\n"
                        "s         6      6      0     0       0       1         0          1  3.50 µs  1.00 "
                        "µs .. 6.00 µs  5.50 µs  6.00 µs   18.0 ms  45.0 MB\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/table/small", test_small);
    g_test_add_func("/table/interval", test_interval);
    return g_test_run();
}
