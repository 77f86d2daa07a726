/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Evidence about made-up live hosts, for the tests of judge/check.h and judge/check-causes.h. */
#pragma once

#include "base/duration.h"
#include "helper.h"
#include "judge/check.h"

#define ANSWER(models)                                                                                                 \
    "<domainCapabilities><video><enum name='modelType'>" models "</enum></video></domainCapabilities>"
#define WITHOUT ANSWER("<value>vga</value>")
#define WITH ANSWER("<value>qxl</value><value>vga</value>")

/* As libvirt keeps it, and in canonical form without stamps. */
#define KEPT(stamps, flags) "<qemuCaps>" stamps flags "</qemuCaps>"
#define STAMPS "<qemuctime>500</qemuctime><qemumoddirmtime>1000</qemumoddirmtime><selfctime>400</selfctime>"
#define QXL "<flag name=\"qxl\"></flag>"
#define KVM "<flag name=\"kvm\"></flag>"

static inline CpStatement *
state(const char *answer, const char *document)
{
    CpStatement *statement = g_new0(CpStatement, 1);
    statement->answer = g_strdup(answer);
    statement->document = g_strdup(document);
    statement->took_ns = CP_NS_PER_S;
    return statement;
}

static inline CpStatement *
fail(gint64 domain, gint64 code, const char *error)
{
    CpStatement *statement = g_new0(CpStatement, 1);
    statement->error = g_strdup(error);
    statement->domain = domain;
    statement->code = code;
    return statement;
}

static inline CpStatement *
lose(const char *lost)
{
    CpStatement *statement = g_new0(CpStatement, 1);
    statement->lost = g_strdup(lost);
    return statement;
}

/* A file of these times in s. */
static inline CpFileTimes
file(const char *path, gint64 mtime_s, gint64 ctime_s)
{
    return (CpFileTimes){ g_strdup(path), TRUE, mtime_s * CP_NS_PER_S, ctime_s * CP_NS_PER_S };
}

/* A host on which all is as libvirt has noted it long after the last change. */
static inline CpHostTimes *
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
static inline CpCheckCase *
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
static inline char *
judge(const CpCheckCase *evidence)
{
    static const CpLiveDaemon daemon = { .service = "libvirtd", .front = "libvirtd" };
    g_autoptr(CpCheckFinding) finding = cp_check_judge(evidence, &daemon);
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
static inline void
assert_judged(CpCheckCase *evidence, const char *expected)
{
    g_autofree char *line = judge(evidence);
    g_assert_cmpstr(line, ==, expected);
    cp_check_case_free(evidence);
}

static inline CpCheckCase *
stale(void)
{
    return evidence_of(state(WITH, NULL), state(WITHOUT, KEPT("", "")), KEPT("", QXL));
}
