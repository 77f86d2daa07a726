/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The check of a live host: the verdict on an emulator. */
#include "judge/check.h"

#include <string.h>

#include "judge/answer.h"
#include "judge/check-causes.h"

void
cp_check_case_free(CpCheckCase *evidence)
{
    if (!evidence)
        return;
    for (int i = 0; i < 2; i++) {
        cp_statement_free(evidence->live[i]);
        cp_statement_free(evidence->fresh[i]);
    }
    cp_host_times_free(evidence->before);
    cp_host_times_free(evidence->after);
    g_free(evidence->emulator);
    g_free(evidence->arch);
    g_free(evidence->cached);
    g_free(evidence->missing_library);
    g_free(evidence->missing_for);
    g_free(evidence);
}

void
cp_check_finding_free(CpCheckFinding *finding)
{
    if (!finding)
        return;
    g_free(finding->emulator);
    g_free(finding->arch);
    g_free(finding->why);
    g_strfreev(finding->answer);
    g_strfreev(finding->document);
    g_free(finding->document_unknown);
    g_ptr_array_unref(finding->causes);
    g_free(finding->cure);
    g_free(finding);
}

const char *
cp_check_verdict_name(CpCheckVerdict verdict)
{
    static const char *const names[CP_CHECK_LAST] = { "fresh", "hidden", "stale", "failed", "unknown" };
    return names[verdict];
}

/* Whether two statements say the same. What was lost says nothing. */
static gboolean
agree(const CpStatement *a, const CpStatement *b)
{
    if (a->lost || b->lost || !a->answer != !b->answer)
        return FALSE;
    if (!a->answer)
        return a->domain == b->domain && a->code == b->code;
    g_autoptr(CpAnswer) of_a = cp_answer_new(a->answer);
    g_autoptr(CpAnswer) of_b = cp_answer_new(b->answer);
    return g_str_equal(of_a->canonical, of_b->canonical);
}

static gboolean
is_document_right(const CpCheckCase *evidence)
{
    const char *fresh = evidence->fresh[0]->document;
    return !evidence->cached || !fresh || g_str_equal(evidence->cached, fresh);
}

gboolean
cp_check_is_settled(const CpCheckCase *evidence)
{
    const CpStatement *live = evidence->live[0], *fresh = evidence->fresh[0];
    return live->lost || fresh->lost || (agree(live, fresh) && is_document_right(evidence));
}

/* --- the verdict --- */

static void
set_unknown(CpCheckFinding *finding, const char *what, const char *detail)
{
    finding->verdict = CP_CHECK_UNKNOWN;
    finding->why = detail ? g_strdup_printf("%s: %s", what, detail) : g_strdup(what);
}

/* Whether what differs can be relied on: both were asked twice, said the same both times, and the host stayed as it was. */
static gboolean
is_reliable(const CpCheckCase *evidence, CpCheckFinding *finding)
{
    const CpStatement *const *live = (const CpStatement *const *)evidence->live;
    const CpStatement *const *fresh = (const CpStatement *const *)evidence->fresh;
    if (live[1]->lost)
        set_unknown(finding, "libvirt did not answer when it was asked again", live[1]->lost);
    else if (fresh[1]->lost)
        set_unknown(finding, "a fresh libvirt did not answer when it was asked again", fresh[1]->lost);
    else if (!cp_host_times_equal(evidence->before, evidence->after))
        set_unknown(finding, "the host changed while it was checked; check it again", NULL);
    else if (!agree(fresh[0], fresh[1]) || g_strcmp0(fresh[0]->document, fresh[1]->document) != 0)
        set_unknown(finding, "two fresh probes say different things", NULL);
    else if (!agree(live[0], live[1]))
        set_unknown(finding, "libvirt changed its answer while it was checked; check it again", NULL);
    else if (cp_check_is_libvirt_replaced(evidence))
        set_unknown(finding, "the daemon still runs a libvirt that was replaced since; restart it, then check again",
                    NULL);
    else
        return TRUE;
    return FALSE;
}

static GStrv
difference(const char *truth, const char *text)
{
    g_autoptr(CpAnswer) of_truth = cp_answer_new(truth);
    g_autoptr(CpAnswer) of_text = cp_answer_new(text);
    return cp_answer_difference(of_truth, of_text);
}

/* What of the host is missing, so that a fresh libvirt fails for good reason; NULL if it may fail because of its sandbox. */
static const char *
find_missing(const CpHostTimes *host)
{
    return !host->emulator.exists                            ? "the emulator"
           : host->directory.path && !host->directory.exists ? "the module directory"
                                                             : NULL;
}

static void
set_difference(const CpCheckCase *evidence, const CpStatement *live, const CpStatement *fresh, CpCheckFinding *finding)
{
    const char *missing = find_missing(evidence->after);
    if (live->error && fresh->error) {
        set_unknown(finding, "libvirt fails, and a fresh one fails otherwise", fresh->error);
    } else if (fresh->error && !missing) {
        set_unknown(finding, "a fresh libvirt fails", fresh->error);
    } else if (live->error) {
        finding->verdict = CP_CHECK_FAILED;
        finding->why = g_strdup_printf("libvirt fails, a fresh one does not: %s", live->error);
    } else if (fresh->error) {
        finding->verdict = CP_CHECK_STALE;
        finding->why =
            g_strdup_printf("libvirt answers, but %s is missing; a fresh libvirt fails: %s", missing, fresh->error);
    } else {
        finding->verdict = CP_CHECK_STALE;
        g_strfreev(finding->answer);
        finding->answer = difference(fresh->answer, live->answer);
    }
}

/* Compares what is on disk. */
static void
judge_document(const CpCheckCase *evidence, const CpStatement *fresh, CpCheckFinding *finding)
{
    if (!evidence->cached) {
        const char *problem = evidence->after->cached_problem;
        finding->document_unknown = g_strdup(problem ? problem : "it is not XML");
    } else if (!fresh->document) {
        finding->document_unknown = g_strdup("a fresh libvirt keeps none");
    } else if (!g_str_equal(evidence->cached, fresh->document)) {
        g_strfreev(finding->document);
        finding->document = difference(fresh->document, evidence->cached);
    }
}

static void
judge(const CpCheckCase *evidence, CpCheckFinding *finding)
{
    const CpStatement *live = evidence->live[0], *fresh = evidence->fresh[0];
    if (live->lost) {
        set_unknown(finding, "libvirt did not answer", live->lost);
        return;
    }
    if (fresh->lost) {
        set_unknown(finding, "a fresh libvirt did not answer", fresh->lost);
        return;
    }
    /* libvirt may have noticed meanwhile, by itself or because it was asked. */
    if (!agree(live, fresh) && agree(evidence->live[1], evidence->fresh[1])) {
        live = evidence->live[1];
        fresh = evidence->fresh[1];
    }
    gboolean same = agree(live, fresh);
    if (same && live->error) {
        /* Many errors have one number, and a wrong question is an error for both. */
        set_unknown(finding, "libvirt fails, and a fresh one fails as well", live->error);
        return;
    }
    judge_document(evidence, fresh, finding);
    if (same && !*finding->document)
        return;
    if (!is_reliable(evidence, finding)) {
        /* Whatever becomes of the document, the answer is right. */
        if (same) {
            finding->verdict = CP_CHECK_FRESH;
            finding->document_unknown = g_steal_pointer(&finding->why);
            g_strfreev(finding->document);
            finding->document = g_new0(char *, 1);
        }
        return;
    }
    if (same)
        finding->verdict = CP_CHECK_HIDDEN;
    else
        set_difference(evidence, live, fresh, finding);
}

CpCheckFinding *
cp_check_judge(const CpCheckCase *evidence, const CpLiveDaemon *daemon)
{
    CpCheckFinding *finding = g_new0(CpCheckFinding, 1);
    finding->emulator = g_strdup(evidence->emulator);
    finding->arch = g_strdup(evidence->arch);
    finding->answer = g_new0(char *, 1);
    finding->document = g_new0(char *, 1);
    finding->causes = cp_check_causes_new();
    judge(evidence, finding);
    cp_check_explain(evidence, daemon, finding);
    return finding;
}

/* --- all of a host --- */

guint
cp_check_count(const CpCheckReport *report, CpCheckVerdict verdict)
{
    guint n = 0;
    for (guint i = 0; i < report->findings->len; i++)
        n += ((const CpCheckFinding *)report->findings->pdata[i])->verdict == verdict;
    return n;
}

CpExit
cp_check_exit(const CpCheckReport *report, gboolean strict)
{
    if (cp_check_count(report, CP_CHECK_STALE) || cp_check_count(report, CP_CHECK_FAILED) ||
        (strict && cp_check_count(report, CP_CHECK_HIDDEN)))
        return CP_EXIT_BAD;
    return report->problem || cp_check_count(report, CP_CHECK_UNKNOWN) || report->findings->len == 0
               ? CP_EXIT_UNTESTABLE
               : CP_EXIT_WELL;
}

/* --- refusals --- */

/* libvirt's numbers of errors (virErrorNumber) that say that a right is missing. */
enum { OPERATION_DENIED = 29, AUTH_FAILED = 45, AUTH_CANCELLED = 79, ACCESS_DENIED = 88, AUTH_UNAVAILABLE = 94 };

static gboolean
is_denial(const CpStatement *statement)
{
    switch (statement->code) {
    case OPERATION_DENIED:
    case AUTH_FAILED:
    case AUTH_CANCELLED:
    case ACCESS_DENIED:
    case AUTH_UNAVAILABLE:
        return TRUE;
    default:
        return strstr(statement->error, "Permission denied") != NULL;
    }
}

char *
cp_check_explain_refusal(const CpStatement *statement, const CpLiveDaemon *daemon)
{
    const char *uri = daemon->asked;
    if (statement->lost)
        return g_strdup_printf("%s: the daemon does not answer: %s", uri, statement->lost);
    if (!statement->error)
        return NULL;
    if (daemon->of_user)
        return g_strdup_printf("%s: the daemon cannot be reached; 'virsh -c %s version' starts it (%s)", uri, uri,
                               statement->error);
    if (is_denial(statement))
        return g_strdup_printf(
            "%s: no right to open a read-write connection, without which libvirt tells no domain "
            "capabilities; auth_unix_rw in /etc/libvirt/%s.conf grants it to root if it is \"none\" or \"polkit\" (%s)",
            uri, daemon->front, statement->error);
    return g_strdup_printf("%s: the daemon cannot be reached; 'systemctl start %s' starts it (%s)", uri, daemon->front,
                           statement->error);
}
