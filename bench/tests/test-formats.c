/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of show/formats.h. test-formats.sh has other programs read the formats. */
#include "show/formats.h"

#include "small-result.h"

/* Asserts that `result` is printed as `expected` in this format; backticks stand for double quotes. */
static void
assert_format(const CpResult *result, const char *name, const char *expected)
{
    Memory memory = { 0 };
    CpFormat *format = cp_format_find(name);
    g_autofree char *unquoted = unquote(expected);
    g_assert_nonnull(format);
    format(result, memory_begin(&memory));
    memory_end(&memory, unquoted);
}

#define PROBLEMS                                                                                                       \
    "round 1, line 4: stale: - video; + video qxl\n"                                                                   \
    "round 1, line 5: expectation: 'lacks video qxl' does not hold: video: qxl\n"                                      \
    "round 1, line 4: failed: error: timed out (domain 10, code 1)\n"                                                  \
    "round 1, line 4: unknown: the history does not record the truth of this state\n"

static void
test_junit(void)
{
    g_autoptr(CpResult) result = small_result();
    assert_format(result, "junit",
                  "<?xml version=`1.0` encoding=`UTF-8`?>\n"
                  "<testsuites tests=`3` failures=`1` errors=`1` disabled=`0` time=`1.013`>\n"
                  " <testsuite name=`capprobe` tests=`3` failures=`1` errors=`1` disabled=`0` skipped=`1` "
                  "time=`1.013`>\n"
                  "  <testcase name=`s`>\n"
                  "   <failure type=`failed` message=`1 stale read, 1 failed read, 1 expectation not met`>" PROBLEMS
                  "</failure>\n"
                  "  </testcase>\n"
                  "  <testcase name=`t`>\n"
                  "   <skipped type=`skipped` message=`no such module`></skipped>\n"
                  "  </testcase>\n"
                  "  <testcase name=`run`>\n"
                  "   <error type=`undecided` message=`interrupted`></error>\n"
                  "  </testcase>\n"
                  " </testsuite>\n"
                  "</testsuites>\n");
}

static void
test_tap(void)
{
    g_autoptr(CpResult) result = small_result();
    CpScenarioResult *scenario = result->scenarios->pdata[1];
    g_free(scenario->name);
    scenario->name = g_strdup("a#b \\ # SKIP");
    assert_format(result, "tap",
                  "TAP version 13\n"
                  "1..2\n"
                  "not ok 1 - s\n"
                  "# 1 stale read, 1 failed read, 1 expectation not met\n"
                  "# round 1, line 4: stale: - video; + video qxl\n"
                  "# round 1, line 5: expectation: 'lacks video qxl' does not hold: video: qxl\n"
                  "# round 1, line 4: failed: error: timed out (domain 10, code 1)\n"
                  "# round 1, line 4: unknown: the history does not record the truth of this state\n"
                  "ok 2 - a\\#b \\\\ \\# SKIP # SKIP no such module\n"
                  "Bail out! interrupted\n");
}

static void
test_csv(void)
{
    g_autoptr(CpResult) result = small_result();
    CpScenarioResult *scenario = result->scenarios->pdata[0];
    g_free(scenario->name);
    scenario->name = g_strdup("a,`b`\n");
    g_strdelimit(scenario->name, "`", '"');
    assert_format(result, "csv",
                  "scenario,variant,round,line,label,verdict,refresh,ns\r\n"
                  "`a,``b``\\u000a`,,1,4,,fresh,none,1000000\r\n"
                  "`a,``b``\\u000a`,,1,4,,stale,none,2000000\r\n"
                  "`a,``b``\\u000a`,,1,4,,fresh,needed,400000000\r\n"
                  "`a,``b``\\u000a`,,1,4,,fresh,spurious,100000000\r\n"
                  "`a,``b``\\u000a`,,1,4,,unknown,none,3000000\r\n");
}

static void
test_medians(void)
{
    g_autoptr(CpResult) result = small_result();
    json_object_set_string_member(result->environment, "date", "2026-11-26T14:00:00Z");
    assert_format(result, "otava",
                  "time,commit,s:4\n"
                  "2026-11-26T14:00:00Z,9.0.0,100.000000\n");
    assert_format(result, "bencher",
                  "{\n"
                  "  `s:4` : {\n"
                  "    `latency` : {\n"
                  "      `value` : 100000000.0\n"
                  "    }\n"
                  "  }\n"
                  "}\n");
    assert_format(result, "github-action-benchmark",
                  "[\n"
                  "  {\n"
                  "    `name` : `s:4`,\n"
                  "    `unit` : `ms`,\n"
                  "    `value` : 100.0,\n"
                  "    `extra` : `3 samples`\n"
                  "  }\n"
                  "]\n");
}

static void
test_tmt(void)
{
    g_autoptr(CpResult) result = small_result();
    g_ptr_array_set_size(((CpScenarioResult *)result->scenarios->pdata[0])->problems, 1);
    assert_format(result, "tmt",
                  "[\n"
                  "  {\n"
                  "    `name` : `/s`,\n"
                  "    `result` : `fail`,\n"
                  "    `note` : [\n"
                  "      `1 stale read, 1 failed read, 1 expectation not met`,\n"
                  "      `round 1, line 4: stale: - video; + video qxl`\n"
                  "    ]\n"
                  "  },\n"
                  "  {\n"
                  "    `name` : `/t`,\n"
                  "    `result` : `skip`,\n"
                  "    `note` : [\n"
                  "      `no such module`\n"
                  "    ]\n"
                  "  },\n"
                  "  {\n"
                  "    `name` : `/run`,\n"
                  "    `result` : `error`,\n"
                  "    `note` : [\n"
                  "      `interrupted`\n"
                  "    ]\n"
                  "  }\n"
                  "]\n");
}

/* Asserts that `result` is printed in this format with `expected` in it; backticks stay what they are. */
static void
assert_has(const CpResult *result, const char *name, const char *expected)
{
    Memory memory = { 0 };
    cp_format_find(name)(result, memory_begin(&memory));
    fclose(memory.stream);
    if (!strstr(memory.text, expected))
        g_error("%s lacks: %s", memory.text, expected);
    free(memory.text);
}

static void
test_openmetrics(void)
{
    g_autoptr(CpResult) result = small_result();
    assert_has(result, "openmetrics", "capprobe_environment{libvirt=\"9.0.0\",emulator=\"QEMU 7.2\"} 1\n");
    assert_has(result, "openmetrics", "capprobe_outcome{scenario=\"s\",outcome=\"failed\"} 1\n");
    assert_has(result, "openmetrics", "capprobe_outcome{scenario=\"t\",outcome=\"failed\"} 0\n");
    assert_has(result, "openmetrics", "capprobe_run_outcome{outcome=\"undecided\"} 1\n");
    assert_has(result, "openmetrics", "capprobe_reads{scenario=\"s\",verdict=\"stale\"} 1\n");
    assert_has(result, "openmetrics", "capprobe_refreshes{scenario=\"s\",refresh=\"spurious\"} 1\n");
    assert_has(result, "openmetrics",
               "capprobe_read_seconds{scenario=\"s\",line=\"4\",label=\"\",quantile=\"0.5\"} 0.100000000\n"
               "capprobe_read_seconds{scenario=\"s\",line=\"4\",label=\"\",quantile=\"0.9\"} 0.340000000\n"
               "capprobe_read_seconds{scenario=\"s\",line=\"4\",label=\"\",quantile=\"0.99\"} 0.394000000\n"
               "capprobe_read_seconds{scenario=\"s\",line=\"4\",label=\"\",quantile=\"1\"} 0.400000000\n"
               "capprobe_read_seconds_count{scenario=\"s\",line=\"4\",label=\"\"} 3\n"
               "# EOF\n");
}

static void
test_markdown(void)
{
    g_autoptr(CpResult) result = small_result();
    CpScenarioResult *scenario = result->scenarios->pdata[1];
    g_free(scenario->name);
    scenario->name = g_strdup("a | `` <b> @all");
    assert_has(result, "markdown",
               "### capprobe: no decision is possible\n\n` interrupted `\n\n"
               "* libvirt ` 9.0.0 `, emulator ` QEMU 7.2 `\n");
    assert_has(result, "markdown",
               "| ` s ` | **failed** | ` 1 stale read, 1 failed read, 1 expectation not met ` |\n"
               "| ``` a \\| `` <b> @all ``` | **skipped** | ` no such module ` |\n"
               "| ` run ` | **undecided** | ` interrupted ` |\n");
    assert_has(result, "markdown", "| ` s:4 ` | 3 | 100 ms | - | 340 ms | 400 ms |\n");
    assert_has(result, "markdown", "\n* ` round 1, line 4: stale: - video; + video qxl `\n");
}

static void
test_names(void)
{
    g_autofree char *list = cp_format_list();
    g_assert_cmpstr(list, ==,
                    "table, junit, tap, markdown, csv, openmetrics, bencher, github-action-benchmark, otava or tmt");
    g_assert_null(cp_format_find("none"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/formats/junit", test_junit);
    g_test_add_func("/formats/tap", test_tap);
    g_test_add_func("/formats/csv", test_csv);
    g_test_add_func("/formats/medians", test_medians);
    g_test_add_func("/formats/tmt", test_tmt);
    g_test_add_func("/formats/openmetrics", test_openmetrics);
    g_test_add_func("/formats/markdown", test_markdown);
    g_test_add_func("/formats/names", test_names);
    return g_test_run();
}
