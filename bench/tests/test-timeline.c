/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The judge's account of a watch, and the time line that shows it. */
#include "judge-events.h"

#include "judge/watched.h"
#include "show/timeline.h"

#define AT(ns) ",`ran_ns`:" #ns
#define WATCH(begin, end, state, log)                                                                                  \
    "{`type`:`operation`,`line`:1,`name`:`run`,`args`:[`apt`,`up`],`effect`:`any`,`state`:`" state                     \
    "`,`begin_ns`:" #begin ",`end_ns`:" #end log "}\n"
#define ENDED(status, ran) "{`type`:`round-end`,`end_ns`:9000,`libvirt_ns`:0,`status`:" #status ",`ran_ns`:" #ran "}\n"
#define LOG(lines) ",`log`:[" lines "]"

/* Judges a history, and returns its account. */
static CpWatched *
account(const char *text, CpExit status)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) history = events_of(text, &error);
    g_assert_no_error(error);
    g_autoptr(CpWatching) watching = cp_watching_new();
    g_autoptr(CpJudgement) judgement = cp_judge(history, "H", FALSE, cp_watching_add, watching, &error);
    g_assert_no_error(error);
    g_assert_cmpint(judgement->exit, ==, status);
    return cp_watching_finish(watching);
}

static const CpWatchedRow *
row_of(const CpWatched *watched, guint i)
{
    g_assert_cmpuint(i, <, watched->rows->len);
    return watched->rows->pdata[i];
}

/* A to B to C, and E, in which libvirt fails with an empty cache. */
#define STORY                                                                                                          \
    BEGIN READ_AS("read", 1, 2, "`answer`:`a`" AT(0), 1) READ_AS("read", 3, 4, "`answer`:`a`" AT(1000), 0) WATCH(      \
        5, 6, "E", LOG("`2026-01-01 10:00:00 upgrade qemu:amd64 1 2`,`2026-01-01 10:00:00 status unpacked qemu 2`"))   \
        READ_AS("read", 7, 8, "`answer`:`a`" AT(2000), 0)                                                              \
            READ_AS("read", 9, 10, "`error`:`timed out`,`domain`:10,`code`:1" AT(3000), 1) WATCH(11, 12, "B", "")      \
                READ_AS("read", 13, 14, "`answer`:`b`" AT(5000), 1)                                                    \
                    READ_AS("read", 15, 16, "`answer`:`b`" AT(6000), 0) ENDED(3, 5500) END(0, "")

static void
test_rows(void)
{
    g_autoptr(CpWatched) watched = account(STORY, CP_EXIT_BAD);
    g_assert_cmpuint(watched->rows->len, ==, 4);
    g_assert_cmpint(row_of(watched, 0)->verdict, ==, CP_VERDICT_FRESH);
    g_assert_cmpint(row_of(watched, 0)->reads, ==, 2);
    g_assert_cmpint(row_of(watched, 0)->to_ns, ==, 2000);
    g_assert_false(row_of(watched, 0)->between);
    g_assert_null(row_of(watched, 0)->changes);

    /* The answer is that of before, but libvirt with an empty cache fails. */
    g_assert_cmpint(row_of(watched, 1)->verdict, ==, CP_VERDICT_STALE);
    g_assert_cmpuint(row_of(watched, 1)->packages->len, ==, 1);
    g_assert_cmpstr(row_of(watched, 1)->packages->pdata[0], ==, "upgrade qemu:amd64 1 -> 2");
    g_assert_nonnull(row_of(watched, 1)->wrong);

    g_assert_cmpint(row_of(watched, 2)->verdict, ==, CP_VERDICT_FRESH);
    g_assert_true(row_of(watched, 2)->between);
    g_assert_cmpstr(row_of(watched, 2)->changes[0], ==, "error: timed out");

    g_assert_cmpint(row_of(watched, 3)->verdict, ==, CP_VERDICT_FRESH);
    g_assert_false(row_of(watched, 3)->between);
    g_assert_cmpstr(row_of(watched, 3)->changes[0], ==, "- e 1");
    g_assert_cmpstr(row_of(watched, 3)->changes[1], ==, "+ e 2");
}

#define RESTART(begin, end, state)                                                                                     \
    "{`type`:`operation`,`line`:1,`name`:`restart`,`args`:[],`effect`:`any`,`state`:`" state "`,`begin_ns`:" #begin    \
    ",`end_ns`:" #end "}\n"

/* What libvirt says after it was started again does not tell how the host was left, and is a row of its own. */
static void
test_restart(void)
{
    g_autoptr(CpWatched) watched =
        account(BEGIN READ_AS("read", 1, 2, "`answer`:`a`" AT(0), 1) WATCH(3, 4, "B", "")
                    READ_AS("read", 5, 6, "`answer`:`b`" AT(1000), 1) RESTART(7, 8, "C")
                        READ_AS("read", 9, 10, "`answer`:`c`" AT(2000), 1) ENDED(0, 1500) END(0, ""),
                CP_EXIT_WELL);
    g_assert_false(row_of(watched, 1)->restarted);
    g_assert_false(row_of(watched, 1)->between);
    g_assert_true(row_of(watched, 2)->restarted);
    g_assert_cmpint(watched->between_ns, ==, 0);

    g_autoptr(CpWatched) same = account(BEGIN READ_AS("read", 1, 2, "`answer`:`a`" AT(0), 1) RESTART(3, 4, "A")
                                            READ_AS("read", 5, 6, "`answer`:`a`" AT(1000), 0) END(0, ""),
                                        CP_EXIT_WELL);
    g_assert_cmpuint(same->rows->len, ==, 2);
    g_assert_true(row_of(same, 1)->restarted);
}

static void
test_totals(void)
{
    g_autoptr(CpWatched) watched = account(STORY, CP_EXIT_BAD);
    g_assert_cmpint(watched->ns[CP_VERDICT_FRESH], ==, 2000 + 2000 + 1000);
    g_assert_cmpint(watched->between_ns, ==, 2000);
    g_assert_cmpint(watched->ns[CP_VERDICT_STALE], ==, 1000);
    g_assert_cmpint(watched->ns[CP_VERDICT_FAILED], ==, 0);
    g_assert_true(watched->ended);
    g_assert_cmpint(watched->status, ==, 3);
    g_assert_cmpint(watched->ran_ns, ==, 5500);
    g_assert_cmpint(watched->reads, ==, 6);
    g_assert_cmpstr(watched->command[1], ==, "up");
}

/* What is asked while the command changes something is unknown, unless it is the truth of before or after. */
static void
test_unknown(void)
{
    g_autoptr(CpWatched) watched =
        account(BEGIN READ_AS("read", 1, 2, "`answer`:`a`", 1) WATCH(3, 9, "B", "")
                    READ_AS("read", 4, 5, "`answer`:`x`" AT(1000), 1) ENDED(0, 2000) END(0, ""),
                CP_EXIT_UNTESTABLE);
    g_assert_cmpint(row_of(watched, 1)->verdict, ==, CP_VERDICT_UNKNOWN);
    g_autoptr(CpWatched) right =
        account(BEGIN READ_AS("read", 1, 2, "`answer`:`a`", 1) WATCH(3, 9, "B", "")
                    READ_AS("read", 4, 5, "`answer`:`b`" AT(1000), 1) ENDED(0, 2000) END(0, ""),
                CP_EXIT_WELL);
    g_assert_cmpint(row_of(right, 1)->verdict, ==, CP_VERDICT_FRESH);
}

/* A history that was cut off is told up to there. */
static void
test_cut_off(void)
{
    g_autoptr(CpWatched) watched = account(BEGIN READ_AS("read", 1, 2, "`answer`:`a`", 1), CP_EXIT_UNTESTABLE);
    g_assert_cmpuint(watched->rows->len, ==, 1);
    g_assert_false(watched->ended);
    g_assert_null(watched->command);
    g_autoptr(CpWatched) nothing = account(HISTORY, CP_EXIT_UNTESTABLE);
    g_assert_cmpuint(nothing->rows->len, ==, 0);
}

static void
test_packages(void)
{
    static const struct {
        const char *line, *package;
    } cases[] = {
        { "2026-01-01 10:00:00 upgrade qemu:amd64 1 2", "upgrade qemu:amd64 1 -> 2" },
        { "2026-01-01 10:00:00 install qemu:amd64 <none> 2", "install qemu:amd64 2" },
        { "2026-01-01 10:00:00 remove qemu:amd64 1 <none>", "remove qemu:amd64 1" },
        { "2026-01-01 10:00:00 purge qemu:amd64 <none> <none>", "purge qemu:amd64" },
        { "2026-01-01 10:00:00 configure qemu:amd64 2 <none>", NULL },
        { "2026-01-01 10:00:00 status installed qemu:amd64 2", NULL },
        { "2026-01-01T10:00:00+0000 SUBDEBUG Installed: qemu-2.x86_64", "installed qemu-2.x86_64" },
        { "2026-01-01T10:00:00+0000 SUBDEBUG Cleanup: qemu-1.x86_64", NULL },
        { "a b :  c", NULL },
        { "", NULL },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *package = cp_watched_package(cases[i].line);
        g_assert_cmpstr(package, ==, cases[i].package);
    }
}

static char *
printed(const char *text, gboolean whole)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) history = events_of(text, &error);
    g_autoptr(CpWatching) watching = cp_watching_new();
    g_autoptr(CpJudgement) judgement = cp_judge(history, "H", FALSE, cp_watching_add, watching, &error);
    g_assert_no_error(error);
    g_autoptr(CpWatched) watched = cp_watching_finish(watching);
    char *content = NULL;
    size_t size;
    FILE *out = open_memstream(&content, &size);
    cp_timeline_print(watched, judgement, whole, out);
    fclose(out);
    return content;
}

#define SECOND_STORY                                                                                                   \
    BEGIN READ_AS("read", 1, 2, "`answer`:`a`" AT(0), 1)                                                               \
        WATCH(5, 6, "E", LOG("`2026-01-01 10:00:00 upgrade qemu:amd64 1 2`,`2026-01-01 10:00:00 upgrade other 1 2`"))  \
            READ_AS("read", 7, 8, "`answer`:`a`" AT(2000000000), 0)                                                    \
                READ_AS("read", 9, 10, "`error`:`timed\\nout`,`domain`:10,`code`:1" AT(3000000000), 1)                 \
                    ENDED(0, 4000000000) END(0, "")

static void
test_print(void)
{
    g_autofree char *text = printed(SECOND_STORY, FALSE);
    g_assert_cmpstr(
        text, ==,
        "apt up\n"
        "    0.0 ..    2.0 s   fresh, 1 read\n"
        "                     upgrade qemu:amd64 1 -> 2\n"
        "                     1 other package\n"
        "    2.0 ..    3.0 s   stale, 1 read\n"
        "                       not true:\n"
        "                         libvirt answered, but with an empty cache it fails: no emulator (domain 10, code 1)\n"
        "    3.0 ..    3.0 s   fresh, 1 read\n"
        "                       error: timed\n"
        "                         out\n"
        "\n"
        "the command ended with status 0 after 4.0 s; libvirt was asked 3 times and was\n"
        "    2.0 s  right\n"
        "    1.0 s  wrong, for it said what had been true (stale)\n");
    g_autofree char *whole = printed(SECOND_STORY, TRUE);
    g_assert_nonnull(strstr(whole, "upgrade other 1 -> 2"));
}

/* What a command prints in a log cannot control a terminal. */
static void
test_control(void)
{
    g_autofree char *text = printed(BEGIN READ_AS("read", 1, 2, "`answer`:`a`", 1)
                                        WATCH(5, 6, "A", LOG("`2026-01-01 10:00:00 upgrade qemu\\u001b[2J 1 2`"))
                                            READ_AS("read", 7, 8, "`answer`:`b`" AT(2000000000), 0) END(0, ""),
                                    TRUE);
    g_assert_null(strchr(text, '\033'));
    g_assert_nonnull(strstr(text, "qemu\\u001b[2J"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/timeline/rows", test_rows);
    g_test_add_func("/timeline/restart", test_restart);
    g_test_add_func("/timeline/totals", test_totals);
    g_test_add_func("/timeline/unknown", test_unknown);
    g_test_add_func("/timeline/cut-off", test_cut_off);
    g_test_add_func("/timeline/packages", test_packages);
    g_test_add_func("/timeline/print", test_print);
    g_test_add_func("/timeline/control", test_control);
    return g_test_run();
}
