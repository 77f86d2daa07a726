/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of judge/check.h and show/check.h, and of history/statement.h and history/host-times.h, which they are about. */
#include "judge/check.h"

#include "base/duration.h"
#include "helper.h"
#include "show/check.h"

#define ANSWER(models)                                                                                                 \
    "<domainCapabilities><video><enum name='modelType'>" models "</enum></video></domainCapabilities>"
#define WITHOUT ANSWER("<value>vga</value>")
#define WITH ANSWER("<value>qxl</value><value>vga</value>")

/* As libvirt keeps it, and in canonical form without stamps. */
#define KEPT(stamps, flags) "<qemuCaps>" stamps flags "</qemuCaps>"
#define STAMPS "<qemuctime>500</qemuctime><qemumoddirmtime>1000</qemumoddirmtime><selfctime>400</selfctime>"
#define QXL "<flag name=\"qxl\"></flag>"
#define KVM "<flag name=\"kvm\"></flag>"

static CpStatement *
state(const char *answer, const char *document)
{
    CpStatement *statement = g_new0(CpStatement, 1);
    statement->answer = g_strdup(answer);
    statement->document = g_strdup(document);
    statement->took_ns = CP_NS_PER_S;
    return statement;
}

static CpStatement *
fail(gint64 domain, gint64 code, const char *error)
{
    CpStatement *statement = g_new0(CpStatement, 1);
    statement->error = g_strdup(error);
    statement->domain = domain;
    statement->code = code;
    return statement;
}

static CpStatement *
lose(const char *lost)
{
    CpStatement *statement = g_new0(CpStatement, 1);
    statement->lost = g_strdup(lost);
    return statement;
}

/* A file of these times in s. */
static CpFileTimes
file(const char *path, gint64 mtime_s, gint64 ctime_s)
{
    return (CpFileTimes){ g_strdup(path), TRUE, mtime_s * CP_NS_PER_S, ctime_s * CP_NS_PER_S };
}

/* A host on which all is as libvirt has noted it long after the last change. */
static CpHostTimes *
look(void)
{
    CpHostTimes *times = g_new0(CpHostTimes, 1);
    times->directory = file("/lib/qemu", 1000, 1000);
    times->newest = file("/lib/qemu/m.so", 900, 950);
    times->emulator = file("/bin/qemu", 300, 500);
    times->driver = file("/lib/driver.so", 300, 400);
    times->cache = file("/cache/1.xml", 5000, 5000);
    times->cached = g_strdup(KEPT(STAMPS, ""));
    return times;
}

/* What was found out if all of them said this, each time. Takes the statements. */
static CpCheckCase *
evidence_of(CpStatement *live, CpStatement *fresh, const char *cached)
{
    CpCheckCase *evidence = g_new0(CpCheckCase, 1);
    evidence->emulator = g_strdup("/bin/qemu");
    evidence->arch = g_strdup("x86_64");
    for (int i = 0; i < 2; i++) {
        const CpStatement *said[] = { live, fresh };
        CpStatement **places[] = { &evidence->live[i], &evidence->fresh[i] };
        for (int j = 0; j < 2; j++) {
            CpStatement *copy = state(said[j]->answer, said[j]->document);
            copy->error = g_strdup(said[j]->error);
            copy->lost = g_strdup(said[j]->lost);
            copy->domain = said[j]->domain;
            copy->code = said[j]->code;
            *places[j] = copy;
        }
    }
    cp_statement_free(live);
    cp_statement_free(fresh);
    evidence->before = look();
    evidence->after = look();
    evidence->cached = g_strdup(cached);
    return evidence;
}

/* Returns the verdict, the reason, the differences and the IDs of the causes as one line. */
static char *
judge(const CpCheckCase *evidence)
{
    g_autoptr(CpCheckFinding) finding = cp_check_judge(evidence, "libvirtd");
    g_autofree char *answer = g_strjoinv(", ", finding->answer), *document = g_strjoinv(", ", finding->document);
    GString *line = g_string_new(cp_check_verdict_name(finding->verdict));
    g_assert_cmpstr(finding->emulator, ==, "/bin/qemu");
    g_assert_cmpstr(finding->arch, ==, "x86_64");
    if (finding->why)
        g_string_append_printf(line, " (%s)", finding->why);
    if (*answer || *document)
        g_string_append_printf(line, " [%s|%s]", answer, document);
    if (finding->document_unknown)
        g_string_append_printf(line, " {%s}", finding->document_unknown);
    for (guint i = 0; i < finding->causes->len; i++)
        g_string_append_printf(line, " %s", ((const CpCheckCause *)finding->causes->pdata[i])->id);
    if (finding->cure)
        g_string_append_printf(line, " -> %s", finding->cure);
    return g_string_free(line, FALSE);
}

/* Judges and frees the evidence. */
static void
assert_judged(CpCheckCase *evidence, const char *expected)
{
    g_autofree char *line = judge(evidence);
    g_assert_cmpstr(line, ==, expected);
    cp_check_case_free(evidence);
}

static CpCheckCase *
stale(void)
{
    return evidence_of(state(WITH, NULL), state(WITHOUT, KEPT("", "")), KEPT("", QXL));
}

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
    assert_judged(evidence_of(fail(1, 2, "no"), fail(1, 2, "not now"), none), "fresh {a fresh libvirt keeps none}");
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

/* --- causes and cures --- */

static void
assert_cause(CpCheckCase *evidence, const char *causes_and_cure)
{
    g_autofree char *expected = g_strconcat("stale [+ video modelType qxl|+ flag qxl] ", causes_and_cure, NULL);
    assert_judged(evidence, expected);
}

/* Evidence of a stale answer on a host whose directory and newest module have these times, in s. */
static CpCheckCase *
stale_with(gint64 mtime_s, gint64 ctime_s, gint64 newest_ctime_s)
{
    CpCheckCase *evidence = stale();
    CpHostTimes *both[] = { evidence->before, evidence->after };
    for (int i = 0; i < 2; i++) {
        both[i]->directory.mtime_ns = mtime_s * CP_NS_PER_S;
        both[i]->directory.ctime_ns = ctime_s * CP_NS_PER_S;
        both[i]->newest.ctime_ns = newest_ctime_s * CP_NS_PER_S;
    }
    g_free(evidence->after->cached);
    evidence->after->cached = g_strdup_printf("<qemuCaps><qemuctime>500</qemuctime><qemumoddirmtime>%" G_GINT64_FORMAT
                                              "</qemumoddirmtime></qemuCaps>",
                                              mtime_s);
    return evidence;
}

static void
test_causes_in_directory(void)
{
    assert_cause(stale_with(1000, 1000, 1001), "content-changed -> touch '/lib/qemu'");
    assert_cause(stale_with(1000, 1002, 1001), "mtime-kept -> touch '/lib/qemu'");
    assert_cause(stale_with(1000, 1001, 950), "mtime-kept -> touch '/lib/qemu'");
    assert_cause(stale_with(1, 7000, 7000), "frozen-stamps -> touch '/lib/qemu'");
    assert_cause(stale_with(-1, 7000, 7000), "frozen-stamps -> touch '/lib/qemu'");
    /* The document was saved 3 s after the change, and a probe takes a second. */
    assert_cause(stale_with(4997, 4997, 950), "same-second -> touch '/lib/qemu'");
    assert_cause(stale_with(4996, 4996, 950), "-> touch '/lib/qemu'");
    assert_cause(stale_with(5001, 5001, 950), "-> touch '/lib/qemu'");

    CpCheckCase *evidence = stale();
    evidence->after->directory.mtime_ns = evidence->before->directory.mtime_ns = 1001 * CP_NS_PER_S;
    assert_cause(evidence, "outdated -> touch '/lib/qemu'");
}

static void
test_directory_missing(void)
{
    static const char cure[] = "systemctl stop libvirtd && rm -f '/cache/1.xml' && systemctl start libvirtd";
    g_autofree char *vanished = g_strconcat("directory-vanished -> ", cure, NULL);
    g_autofree char *never = g_strconcat("-> ", cure, NULL);
    for (int noted = 0; noted < 2; noted++) {
        CpCheckCase *evidence = stale();
        evidence->before->directory.exists = evidence->after->directory.exists = FALSE;
        if (!noted) {
            g_free(evidence->after->cached);
            evidence->after->cached = g_strdup("<qemuCaps><qemuctime>500</qemuctime></qemuCaps>");
        }
        assert_cause(evidence, noted ? vanished : never);
    }
    CpCheckCase *evidence = stale();
    evidence->after->directory_is_read_only = TRUE;
    assert_cause(evidence, never);
}

static void
test_other_causes(void)
{
    CpCheckCase *evidence = stale();
    evidence->missing_library = g_strdup("libspice.so.1");
    evidence->missing_for = g_strdup("ui-spice.so");
    assert_cause(evidence, "backing-library-changed -> touch '/lib/qemu'");

    evidence = stale();
    evidence->after->emulator_is_script = TRUE;
    assert_cause(evidence, "wrapper-emulator -> touch '/lib/qemu'");

    evidence = stale();
    evidence->after->emulator.ctime_ns = evidence->before->emulator.ctime_ns = 501 * CP_NS_PER_S;
    assert_cause(evidence, "outdated -> touch '/lib/qemu'");

    evidence = evidence_of(state(WITH, NULL), state(WITHOUT, KEPT("", "")), KEPT("", KVM));
    assert_judged(evidence, "stale [+ video modelType qxl|+ flag kvm] kvm-unseen -> touch '/lib/qemu'");

    evidence = evidence_of(state(WITH, NULL), state(WITHOUT, KEPT("", "")), KEPT("", ""));
    assert_judged(evidence, "stale [+ video modelType qxl|] memory -> touch '/lib/qemu'");
}

static void
test_cure_is_quoted(void)
{
    CpCheckCase *evidence = stale();
    g_free(evidence->after->directory.path);
    g_free(evidence->before->directory.path);
    evidence->after->directory.path = g_strdup("/it's a folder");
    evidence->before->directory.path = g_strdup("/it's a folder");
    assert_cause(evidence, "-> touch '/it'\\''s a folder'");
}

/* --- refusals --- */

static void
test_refusals(void)
{
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
        g_autofree char *explanation = cp_check_explain_refusal(said, "URI", "virtqemud");
        if (!cases[i].explanation)
            g_assert_null(explanation);
        else
            g_assert_true(g_str_has_prefix(explanation, cases[i].explanation));
    }
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
    g_test_add_func("/check/causes-in-directory", test_causes_in_directory);
    g_test_add_func("/check/directory-missing", test_directory_missing);
    g_test_add_func("/check/other-causes", test_other_causes);
    g_test_add_func("/check/cure-is-quoted", test_cure_is_quoted);
    g_test_add_func("/check/refusals", test_refusals);
    g_test_add_func("/check/statement", test_statement);
    return g_test_run();
}
