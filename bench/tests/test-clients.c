/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of clients that read beside each other: judge/order.h, judge/judge.h, measure/loads.h, show/loads.h. */
#include "show/loads.h"

#include "judge-events.h"
#include "measure/loads.h"
#include "show/detail.h"
#include "show/table.h"

#define CLIENTS_OF(n, begin)                                                                                           \
    "{`type`:`clients`,`line`:6,`clients`:" #n ",`rate`:5,`question`:`q`,`beside`:`r`,`begin_ns`:" #begin "}\n"
#define CLIENTS CLIENTS_OF(3, 10)
#define SPENT ",`emulators`:2,`user_ns`:5,`system_ns`:1,`max_rss_kb`:7,`libvirt_user_ns`:3,`libvirt_system_ns`:4}\n"
#define CLIENTS_END(end, reads, more) "{`type`:`clients-end`,`line`:6,`end_ns`:" #end ",`reads`:" #reads more SPENT
#define BY(line, client, planned, begin, end, more)                                                                    \
    "{`type`:`read`,`line`:" #line ",`question`:`q`,`name`:`clients`,`client`:" #client ",`planned_ns`:" #planned      \
    ",`begin_ns`:" #begin ",`end_ns`:" #end "," more                                                                   \
    ",`emulators`:0,`user_ns`:0,`system_ns`:0,`max_rss_kb`:0,`libvirt_user_ns`:0,`libvirt_system_ns`:0}\n"
#define CLIENT(client, planned, begin, end, id) BY(6, client, planned, begin, end, "`answer`:`" id "`")
#define PROBING(client, planned, begin, end, id) BY(6, client, planned, begin, end, "`probing`:true,`answer`:`" id "`")

static void
append_verdict(const CpFinding *finding, gpointer data)
{
    if (finding->event->type == CP_EVENT_READ)
        g_string_append_printf(data, "%s %s%s\n", cp_verdict_name(finding->verdict), cp_refresh_name(finding->refresh),
                               finding->fault ? " fault" : "");
}

static char *
verdicts_of(const char *history)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) events = events_of(history, &error);
    g_autoptr(GString) verdicts = g_string_new(NULL);
    g_assert_no_error(error);
    g_autoptr(CpJudgement) judgement = cp_judge(events, "H", FALSE, append_verdict, verdicts, &error);
    g_assert_no_error(error);
    return g_string_free(g_steal_pointer(&verdicts), FALSE);
}

/* Each read is judged by the states between its own call and return, in whatever order reads are told. */
static void
test_verdicts(void)
{
    static const struct {
        const char *history, *verdicts;
    } cases[] = {
        /* The second is told later, but began when A was live. */
        { CHANGE(20, 30, "B") CLIENT(1, 40, 40, 50, "b") CLIENT(2, 11, 12, 60, "a") CLIENTS_END(90, 2, ""),
          "fresh none\nfresh none\n" },
        { CHANGE(20, 30, "B") CLIENT(1, 40, 40, 50, "b") CLIENT(2, 31, 31, 60, "a") CLIENTS_END(90, 2, ""),
          "fresh none\nstale none\n" },
        /* It was called too late for A, though it was planned in time. */
        { CHANGE(20, 30, "B") CLIENT(1, 11, 31, 50, "a") CLIENTS_END(90, 1, ""), "stale none\n" },
        /* It had returned before B. */
        { CHANGE(20, 30, "B") CLIENT(1, 11, 11, 19, "b") CLIENTS_END(90, 1, ""), "torn none\n" },
        { CHANGE(20, 30, "B") CHANGE(40, 50, "A") CLIENT(1, 60, 60, 70, "a") CLIENT(2, 31, 31, 35, "b")
              CLIENT(3, 31, 31, 35, "a") CLIENTS_END(90, 3, ""),
          "fresh none\nfresh none\nstale none\n" },
        { BY(6, 1, 11, 11, 12, "`lost`:`it died`") CLIENTS_END(90, 1, ",`lost`:`it died`"), "failed none\n" },
        /* Nobody can tell whose refresh it was, nor what others had cached before. */
        { CHANGE(20, 30, "B") PROBING(1, 31, 31, 60, "b") CLIENT(2, 61, 61, 70, "b") CLIENTS_END(90, 2, "")
              READ(91, 95, "b", 0) READ(96, 99, "b", 1),
          "fresh unknown\nfresh none\nfresh none\nfresh unknown\n" },
        /* Afterwards states are forgotten again. */
        { CHANGE(20, 30, "B") CLIENT(1, 31, 31, 60, "b") CLIENTS_END(90, 1, "") READ(91, 95, "a", 0),
          "fresh none\nstale none\n" },
        /* From an empty cache, but not to the first of the readers. */
        { CLIENT(1, 11, 11, 20, "a") CLIENT(2, 11, 11, 21, "a") READ(25, 26, "a", 0) CLIENTS_END(90, 2, ""),
          "fresh none\nfresh none\nfresh none\n" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *history = g_strconcat(BEGIN CLIENTS, cases[i].history, FINISH, NULL);
        g_autofree char *verdicts = verdicts_of(history);
        g_test_message("%s", cases[i].history);
        g_assert_cmpstr(verdicts, ==, cases[i].verdicts);
    }
}

static void
test_refuse(void)
{
    static const struct {
        const char *history, *complaint;
    } refusals[] = {
        { CLIENT(1, 1, 1, 2, "a"), "H:14:1: the read of a client that is not there" },
        { CLIENTS CLIENT(4, 11, 11, 12, "a"), "H:15:1: the read of a client that is not there" },
        { CLIENTS BY(7, 1, 11, 11, 12, "`answer`:`a`"), "H:15:1: the read of a client of another step" },
        { CLIENTS CLIENT(1, 5, 9, 12, "a"), "H:15:1: began before the read of the same client before it had ended" },
        { CLIENTS CLIENT(1, 11, 11, 20, "a") CLIENT(1, 11, 19, 22, "a"), "H:16:1: began before the read of the same" },
        { CLIENTS CLIENTS, "H:15:1: clients that read while others do" },
        { CLIENTS_OF(0, 10), "H:14:1: too few or too many clients" },
        { READ(1, 12, "a", 1) CLIENTS, "H:15:1: clients that began before what is before them had ended" },
        { CHANGE(1, 12, "A") CLIENTS, "H:15:1: clients that began before what is before them had ended" },
        { CLIENTS_END(90, 0, ""), "H:14:1: a 'clients-end' without its 'clients'" },
        { CLIENTS CLIENT(1, 11, 11, 20, "a") CLIENTS_END(19, 1, ""),
          "H:16:1: clients that ended before what happened" },
        { CLIENTS CLIENT(1, 11, 11, 20, "a") CLIENTS_END(90, 2, ""), "H:16:1: another number of reads than clients" },
        { CLIENTS FINISH, "H:15:1: a round that ended while clients read" },
        { CLIENTS READ(11, 12, "a", 0) CLIENTS_END(90, 0, "") EXPECT("`answer`"), "H:17:1: an 'expect' without a" },
        { CLIENTS CLIENTS_END(90, 0, "") READ(80, 95, "a", 0), "H:16:1: began before the read before it had ended" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = g_strconcat(BEGIN, refusals[i].history, NULL);
        g_autoptr(GPtrArray) events = events_of(text, &error);
        g_assert_no_error(error);
        g_assert_null(cp_judge(events, "H", FALSE, NULL, NULL, &error));
        assert_refused(&error, refusals[i].complaint);
    }
}

/* A round that is given up takes its clients with it. */
static void
test_broken_off(void)
{
    g_autofree char *verdicts =
        verdicts_of(BEGIN CLIENTS CLIENT(1, 11, 11, 20, "a") BROKEN_OFF ROUND("A", 50) READ(51, 60, "a", 1) FINISH);
    g_assert_cmpstr(verdicts, ==, "fresh none\nfresh needed\n");
}

static void
test_events(void)
{
    static const struct {
        const char *event, *complaint;
    } refusals[] = {
        { BY(6, 0, 11, 11, 12, "`answer`:`a`"), "H:2:" },
        { BY(6, 1, 12, 11, 12, "`answer`:`a`"), "H:2:" },
        { "{`type`:`read`,`line`:6,`question`:`q`,`name`:`read`,`client`:1,`begin_ns`:1,`end_ns`:2,`lost`:`x`,"
          "`emulators`:0,`user_ns`:0,`system_ns`:0,`max_rss_kb`:0,`libvirt_user_ns`:0,`libvirt_system_ns`:0}\n",
          "H:2:" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = g_strconcat(HISTORY, refusals[i].event, NULL);
        g_assert_null(events_of(text, &error));
        assert_refused(&error, refusals[i].complaint);
    }
}

#define LOADED                                                                                                         \
    BEGIN CLIENTS CLIENT(1, 11, 15, 21, "a") CHANGE(22, 24, "B") PROBING(1, 25, 25, 125, "b")                          \
        PROBING(2, 26, 26, 226, "b") PROBING(3, 27, 100, 327, "b") CLIENT(2, 300, 300, 310, "a")                       \
            CLIENTS_END(400, 5, "") FINISH

/* Latency counts from the planned time, and only of what was right. */
static void
test_loads(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) events = events_of(LOADED, &error);
    g_assert_no_error(error);
    g_autoptr(CpResult) made = cp_result_new();
    g_autoptr(CpJudgement) judgement = cp_judge(events, "H", FALSE, cp_result_add, made, &error);
    g_assert_no_error(error);
    cp_result_finish(made, judgement);
    g_autofree char *text = cp_result_write(made);
    g_autoptr(CpResult) result = cp_result_parse("R", text, strlen(text), &error);
    g_assert_no_error(error);
    const CpScenarioResult *scenario = result->scenarios->pdata[0];
    g_assert_cmpint(scenario->counts.reads[CP_VERDICT_FRESH], ==, 4);
    g_assert_cmpint(scenario->counts.reads[CP_VERDICT_STALE], ==, 1);
    g_assert_cmpint(scenario->counts.emulators, ==, 2);
    g_assert_cmpint(scenario->counts.cpu_ns, ==, 6);
    g_assert_cmpint(scenario->counts.libvirt_cpu_ns, ==, 7);
    g_assert_cmpint(scenario->samples->len, ==, 0);

    g_autoptr(GArray) lines = cp_loads_lines(scenario);
    g_assert_cmpint(lines->len, ==, 1);
    const CpLoad *load = &g_array_index(lines, CpLoadLine, 0).typical;
    g_assert_cmpint(load->line, ==, 6);
    g_assert_cmpint(load->clients, ==, 3);
    g_assert_cmpint(load->rate, ==, 5);
    g_assert_cmpint(load->reads, ==, 5);
    g_assert_cmpint(load->emulators, ==, 2);
    g_assert_cmpint(load->changes, ==, 1);
    g_assert_cmpint(load->latency[CP_LOAD_OUTSIDE].n, ==, 1);
    g_assert_cmpint(load->latency[CP_LOAD_OUTSIDE].max_ns, ==, 10);
    g_assert_cmpint(load->latency[CP_LOAD_DURING].n, ==, 2);
    g_assert_cmpint(load->latency[CP_LOAD_DURING].p50_ns, ==, 150);
    g_assert_cmpint(load->latency[CP_LOAD_DURING].max_ns, ==, 200);
    g_assert_cmpint(load->latency[CP_LOAD_BESIDE_DURING].n, ==, 1);
    g_assert_cmpint(load->latency[CP_LOAD_BESIDE_DURING].max_ns, ==, 300);
    g_assert_cmpint(load->latency[CP_LOAD_BESIDE_OUTSIDE].n, ==, 0);

    Memory memory = { 0 };
    cp_loads_print(result, memory_begin(&memory));
    memory_end(&memory, "\ns:6: 3 clients that each read 5 times per second: reads 5, changes 1, emulators 2\n"
                        "clients  reads                             fresh      p50      p90      p99  longest\n"
                        "s:6      during a refresh                      2   150 ns   190 ns   199 ns   200 ns\n"
                        "s:6      outside                               1  10.0 ns  10.0 ns  10.0 ns  10.0 ns\n"
                        "s:6      other emulator, during a refresh      1   300 ns   300 ns   300 ns   300 ns\n"
                        "from the planned time to the return, of reads that were fresh\n");
}

/* Medians over the rounds; of the longest, the largest. */
static void
test_rounds(void)
{
    g_autoptr(CpResult) result = cp_result_new();
    CpScenarioResult *scenario = cp_result_add_scenario(result, "s", NULL, "s.scn");
    for (gint64 i = 0; i < 3; i++) {
        CpLoad load = { .round = i + 1, .line = 6, .reads = 10 * i };
        load.latency[CP_LOAD_DURING] = (CpLoadLatency){ 1, 100 * i, 0, 0, 1000 * i };
        g_array_append_val(scenario->loads, load);
    }
    g_autoptr(GArray) lines = cp_loads_lines(scenario);
    const CpLoadLine *line = &g_array_index(lines, CpLoadLine, 0);
    g_assert_cmpint(lines->len, ==, 1);
    g_assert_cmpint(line->rounds, ==, 3);
    g_assert_cmpint(line->typical.reads, ==, 10);
    g_assert_cmpint(line->typical.latency[CP_LOAD_DURING].p50_ns, ==, 100);
    g_assert_cmpint(line->typical.latency[CP_LOAD_DURING].max_ns, ==, 2000);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clients/verdicts", test_verdicts);
    g_test_add_func("/clients/refuse", test_refuse);
    g_test_add_func("/clients/broken-off", test_broken_off);
    g_test_add_func("/clients/events", test_events);
    g_test_add_func("/clients/loads", test_loads);
    g_test_add_func("/clients/rounds", test_rounds);
    return g_test_run();
}
