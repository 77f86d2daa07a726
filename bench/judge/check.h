/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The check of a live host: whether its libvirt says of an emulator what a fresh probe says. */
#pragma once

#include "base/exit.h"
#include "history/host-times.h"
#include "history/live-daemon.h"
#include "history/statement.h"

/** What was found out about one emulator. It owns all of it. */
typedef struct {
    char *emulator, *arch;
    CpStatement *live[2];  /* of the host's daemon; the second, of both, may be NULL only if cp_check_is_settled() */
    CpStatement *fresh[2]; /* of a libvirt with an empty cache */
    char *cached; /* the document that libvirt keeps on disk, as Canonical XML without stamps; NULL if it cannot be
                              read or is not XML */
    CpHostTimes *before, *after; /* the host before the first was asked and after the last */
    char *missing_library;       /* that a module needs; NULL if not known of any */
    char *missing_for;           /* the module */
} CpCheckCase;

void cp_check_case_free(CpCheckCase *evidence);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpCheckCase, cp_check_case_free)

typedef enum {
    CP_CHECK_FRESH,   /* libvirt says what a fresh probe says */
    CP_CHECK_HIDDEN,  /* so it does, but what it keeps on disk differs from what a fresh one would keep */
    CP_CHECK_STALE,   /* it says something else */
    CP_CHECK_FAILED,  /* it fails although a fresh probe succeeds */
    CP_CHECK_UNKNOWN, /* that cannot be told */
    CP_CHECK_LAST
} CpCheckVerdict;

/** Why libvirt is wrong. */
typedef struct {
    const char *id; /* the name of a known defect in corpus/bugs, or a word for another cause */
    char *text;
} CpCheckCause;

typedef struct {
    char *emulator, *arch;
    CpCheckVerdict verdict;
    char *why;              /* of UNKNOWN and FAILED: what happened; else NULL */
    GStrv answer, document; /* "- FACT": true, but missing; "+ FACT": not true. Empty if there is no difference */
    char *document_unknown; /* why the document was not compared; NULL if it was */
    GPtrArray *causes;      /* of CpCheckCause: those that the host's files show */
    char *cure;             /* the mildest commands that help; NULL if none is known */
} CpCheckFinding;

/** Returns "fresh", "hidden", "stale", "failed" or "unknown". */
const char *cp_check_verdict_name(CpCheckVerdict verdict);

/** Whether the two first statements, and the documents, agree: then there is no need to ask again. */
gboolean cp_check_is_settled(const CpCheckCase *evidence);

/** Judges. The cure is for `daemon`. The caller owns the result. */
CpCheckFinding *cp_check_judge(const CpCheckCase *evidence, const CpLiveDaemon *daemon);
void cp_check_finding_free(CpCheckFinding *finding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpCheckFinding, cp_check_finding_free)

/** Returns, if `statement` is that the daemon refuses or cannot be reached, one line that says what to do about it; else NULL.
 * The caller owns it. */
char *cp_check_explain_refusal(const CpStatement *statement, const CpLiveDaemon *daemon);

/** Returns the command that has the daemon started anew. The caller owns it. */
char *cp_check_restart(const CpLiveDaemon *daemon);

/** All that a check of a host found. */
typedef struct {
    GPtrArray *findings; /* of CpCheckFinding, owned */
    char *problem;       /* why nothing could be told; NULL if there are findings */
} CpCheckReport;

/** Returns the exit status: 1 if an emulator is stale or failed, else 125 if one is unknown or there is a problem, else 0. With
 * `strict` a hidden one counts as stale. */
CpExit cp_check_exit(const CpCheckReport *report, gboolean strict);

/** How many findings have this verdict. */
guint cp_check_count(const CpCheckReport *report, CpCheckVerdict verdict);
