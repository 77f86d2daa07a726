/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of judge/check.h, and of history/statement.h and history/host-times.h, which it is about. */
#include "judge/check.h"

#include "check-evidence.h"

static void
test_verdicts(void)
{
    static const char none[] = KEPT("", "");
    assert_judged(evidence_of(state(WITH, NULL), state(WITH, none), none), "fresh");
    /* The layout of an answer does not count. */
    assert_judged(evidence_of(state("<a>\n <b/>\n</a>", NULL), state("<a><b></b></a>", none), none), "fresh");
    assert_judged(evidence_of(state(WITH, NULL), state(WITH, none), KEPT("", QXL)),
                  "hidden [|+ flag qxl] -> touch '/lib/qemu'");
    assert_judged(stale(), "stale [+ video modelType qxl|+ flag qxl] -> touch '/lib/qemu'");
    assert_judged(evidence_of(state(WITHOUT, NULL), state(WITH, KEPT("", QXL)), none),
                  "stale [- video modelType qxl|- flag qxl] -> touch '/lib/qemu'");
    assert_judged(evidence_of(fail(1, 2, "no"), state(WITH, none), none),
                  "failed (libvirt fails, a fresh one does not: no) -> systemctl restart libvirtd");
    assert_judged(evidence_of(fail(1, 2, "no"), fail(1, 2, "not now"), none),
                  "unknown (libvirt fails, and a fresh one fails as well: no)");
    assert_judged(evidence_of(fail(1, 2, "no"), fail(1, 3, "not"), none),
                  "unknown (libvirt fails, and a fresh one fails otherwise: not) {a fresh libvirt keeps none}");
    assert_judged(evidence_of(state(WITH, NULL), fail(1, 3, "not"), none),
                  "unknown (a fresh libvirt fails: not) {a fresh libvirt keeps none}");
    assert_judged(evidence_of(lose("gone"), state(WITH, none), none), "unknown (libvirt did not answer: gone)");
    assert_judged(evidence_of(state(WITH, NULL), lose("gone"), none), "unknown (a fresh libvirt did not answer: gone)");
}

/* A fresh libvirt may fail because it is in a sandbox, unless the host shows the reason. */
static void
test_fresh_fails(void)
{
    CpCheckCase *evidence = evidence_of(state(WITH, NULL), fail(1, 3, "not"), KEPT("", ""));
    evidence->before->emulator.exists = evidence->after->emulator.exists = FALSE;
    assert_judged(evidence, "stale (libvirt answers, but the emulator is missing; a fresh libvirt fails: not) "
                            "{a fresh libvirt keeps none} -> touch '/lib/qemu'");
    evidence = evidence_of(state(WITH, NULL), fail(1, 3, "not"), KEPT("", ""));
    evidence->before->directory.exists = evidence->after->directory.exists = FALSE;
    assert_judged(evidence, "stale (libvirt answers, but the module directory is missing; a fresh libvirt fails: not) "
                            "{a fresh libvirt keeps none} directory-vanished -> systemctl stop libvirtd && rm -f "
                            "'/cache/1.xml' && systemctl start libvirtd");
}

static void
test_document_not_compared(void)
{
    CpCheckCase *evidence = evidence_of(state(WITH, NULL), state(WITH, KEPT("", "")), NULL);
    assert_judged(evidence, "fresh {it is not XML}");
    evidence = evidence_of(state(WITH, NULL), state(WITH, KEPT("", "")), NULL);
    g_clear_pointer(&evidence->after->cached, g_free);
    evidence->after->cached_problem = g_strdup("closed");
    assert_judged(evidence, "fresh {closed}");
}

/* Nothing is said to be wrong that was not seen twice on a host that stayed as it was. */
static void
test_not_reliable(void)
{
    CpCheckCase *evidence = stale();
    evidence->after->newest.ctime_ns++;
    assert_judged(evidence, "unknown (the host changed while it was checked; check it again) [|+ flag qxl]");

    evidence = stale();
    cp_statement_free(evidence->fresh[1]);
    evidence->fresh[1] = state("<other/>", KEPT("", ""));
    assert_judged(evidence, "unknown (two fresh probes say different things) [|+ flag qxl]");

    evidence = stale();
    cp_statement_free(evidence->live[1]);
    evidence->live[1] = state("<other/>", NULL);
    assert_judged(evidence, "unknown (libvirt changed its answer while it was checked; check it again) [|+ flag qxl]");

    evidence = stale();
    cp_statement_free(evidence->live[1]);
    evidence->live[1] = lose("gone");
    assert_judged(evidence, "unknown (libvirt did not answer when it was asked again: gone) [|+ flag qxl]");

    evidence = stale();
    cp_statement_free(evidence->fresh[1]);
    evidence->fresh[1] = lose("gone");
    assert_judged(evidence, "unknown (a fresh libvirt did not answer when it was asked again: gone) [|+ flag qxl]");

    evidence = stale();
    evidence->before->driver.ctime_ns = evidence->after->driver.ctime_ns = 401 * CP_NS_PER_S;
    assert_judged(evidence, "unknown (the daemon still runs a libvirt that was replaced since; restart it, then check "
                            "again) [|+ flag qxl]");

    /* libvirt has noticed meanwhile. */
    evidence = stale();
    cp_statement_free(evidence->live[1]);
    evidence->live[1] = state(WITHOUT, NULL);
    g_free(evidence->cached);
    evidence->cached = g_strdup(KEPT("", ""));
    assert_judged(evidence, "fresh");

    /* The answer is right, whatever becomes of the document. */
    evidence = evidence_of(state(WITH, NULL), state(WITH, KEPT("", "")), KEPT("", QXL));
    evidence->after->newest.ctime_ns++;
    assert_judged(evidence, "fresh {the host changed while it was checked; check it again}");
}

static void
test_settled(void)
{
    static const char none[] = KEPT("", "");
    const struct {
        CpCheckCase *evidence;
        gboolean settled;
    } cases[] = {
        { evidence_of(state(WITH, NULL), state(WITH, none), none), TRUE },
        { evidence_of(state(WITH, NULL), state(WITH, none), NULL), TRUE },
        { evidence_of(state(WITH, NULL), state(WITH, none), KEPT("", QXL)), FALSE },
        { stale(), FALSE },
        { evidence_of(fail(1, 2, ""), state(WITH, none), none), FALSE },
        { evidence_of(fail(1, 2, ""), fail(2, 2, ""), none), FALSE },
        { evidence_of(lose(""), state(WITH, none), none), TRUE },
        { evidence_of(state(WITH, NULL), lose(""), none), TRUE },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %zu", i);
        g_assert_cmpint(cp_check_is_settled(cases[i].evidence), ==, cases[i].settled);
        /* Then it can be judged without a second statement. */
        for (int j = 0; j < 2 && cases[i].settled; j++) {
            CpStatement **second = j ? &cases[i].evidence->live[1] : &cases[i].evidence->fresh[1];
            g_clear_pointer(second, cp_statement_free);
        }
        g_autofree char *line = judge(cases[i].evidence);
        cp_check_case_free(cases[i].evidence);
    }
}

/* --- refusals --- */

static void
test_refusals(void)
{
    const CpLiveDaemon daemon = { .asked = (char *)"URI", .service = "virtqemud", .front = "virtqemud" };
    static const struct {
        const char *error, *lost;
        gint64 code;
        const char *explanation;
    } cases[] = {
        { NULL, NULL, 0, NULL },
        { NULL, "no answer within 2 s", 0, "URI: the daemon does not answer: no answer within 2 s" },
        { "No such file", NULL, 38,
          "URI: the daemon cannot be reached; 'systemctl start virtqemud' starts it (No such file)" },
        { "x: Permission denied", NULL, 38, "URI: no right to open a read-write connection" },
        { "denied", NULL, 29, "URI: no right" },
        { "denied", NULL, 45, "URI: no right" },
        { "denied", NULL, 79, "URI: no right" },
        { "denied", NULL, 88, "URI: no right" },
        { "denied", NULL, 94, "URI: no right" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CpStatement) said = cases[i].lost    ? lose(cases[i].lost)
                                      : cases[i].error ? fail(38, cases[i].code, cases[i].error)
                                                       : state("9000000", NULL);
        g_autofree char *explanation = cp_check_explain_refusal(said, &daemon);
        if (!cases[i].explanation)
            g_assert_null(explanation);
        else
            g_assert_true(g_str_has_prefix(explanation, cases[i].explanation));
    }
}

/* A proxy's settings grant the right to connect, and it is what must be started. A user's daemon is started by any client. */
static void
test_refusals_of_others(void)
{
    const CpLiveDaemon proxy = { .asked = (char *)"URI", .service = "virtqemud", .front = "virtproxyd" };
    const CpLiveDaemon user = { .asked = (char *)"URI", .service = "virtqemud", .front = "virtqemud", .of_user = TRUE };
    g_autoptr(CpStatement) absent = fail(38, 38, "No such file");
    g_autoptr(CpStatement) denied = fail(38, 45, "denied");
    g_autofree char *of_proxy = cp_check_explain_refusal(absent, &proxy);
    g_autofree char *by_proxy = cp_check_explain_refusal(denied, &proxy);
    g_autofree char *of_user = cp_check_explain_refusal(absent, &user);
    g_assert_cmpstr(of_proxy, ==,
                    "URI: the daemon cannot be reached; 'systemctl start virtproxyd' starts it (No such file)");
    g_assert_nonnull(strstr(by_proxy, "auth_unix_rw in /etc/libvirt/virtproxyd.conf grants it"));
    g_assert_cmpstr(of_user, ==, "URI: the daemon cannot be reached; 'virsh -c URI version' starts it (No such file)");
}

/* --- statements --- */

static void
test_statement(void)
{
    static const char history[] =
        "{`type`:`answer`,`answer`:`1111111111111111111111111111111111111111111111111111111111111111`,`xml`:`<a/>`}\n"
        "{`type`:`document`,`document`:`1111111111111111111111111111111111111111111111111111111111111111`,`xml`:`<d/"
        ">`}\n"
        "{`type`:`truth`,`state`:``,`question`:`q`,`pass`:1,`answer`:"
        "`1111111111111111111111111111111111111111111111111111111111111111`,`document`:"
        "`1111111111111111111111111111111111111111111111111111111111111111`,`emulators`:2}";
    g_autofree char *text = unquote(history);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func((GDestroyNotify)cp_event_free);
    g_assert_null(cp_statement_new(events));
    for (char **line = lines; *line; line++) {
        GError *error = NULL;
        g_ptr_array_add(events, cp_event_read("test", 1, *line, strlen(*line), &error));
        g_assert_no_error(error);
    }
    g_autoptr(CpStatement) statement = cp_statement_new(events);
    g_assert_cmpstr(statement->answer, ==, "<a/>");
    g_assert_cmpstr(statement->document, ==, "<d/>");
    g_assert_null(statement->error);
    g_assert_null(statement->lost);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/check/verdicts", test_verdicts);
    g_test_add_func("/check/fresh-fails", test_fresh_fails);
    g_test_add_func("/check/document-not-compared", test_document_not_compared);
    g_test_add_func("/check/not-reliable", test_not_reliable);
    g_test_add_func("/check/settled", test_settled);
    g_test_add_func("/check/refusals", test_refusals);
    g_test_add_func("/check/refusals-of-others", test_refusals_of_others);
    g_test_add_func("/check/statement", test_statement);
    return g_test_run();
}
