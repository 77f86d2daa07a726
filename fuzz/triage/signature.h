/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/*
 * What makes two crashes the same. The rule is that of ClusterFuzz (crash_analysis/crash_comparer.py there), applied to
 * what clang's sanitizers and the targets print:
 *
 * A signature is a kind, a text and at most three frames.
 *
 * The kind is the sanitizer's word for it ("heap-use-after-free", "segv"), or one of undefined-behaviour, property,
 * assertion, leak, out-of-memory, timeout, known-defect (one that the target notes and survives), signal-N, exit-N.
 *
 * The text is what else the report says in words: of undefined behaviour, a property or an assertion. Numbers in it
 * become N, and quoted values lose what stands between the quotes.
 *
 * The frames are the innermost ones of the report's first stack, as far as they are functions of libvirt, libxml2 or
 * capprobe: those whose source is known by an absolute path. Neither sanitizers nor the C library and GLib, which come
 * without sources, count; nor do wrappers of the allocator, what reports a property, and whatever calls the target.
 *
 * Two signatures are similar if kind and text are equal and either two frames occur in both in the same order, or the
 * frames at the same depth are alike to more than 0.8 on average. Two strings are alike to (sum of the lengths - edit
 * distance) / (sum of the lengths). Where neither has frames, kind and text decide.
 */

#define CP_SIGNATURE_FRAMES 3

typedef struct {
    char *function;
    char *file; /* absolute, without dots */
    guint line;
    guint column;
} CpFrame;

typedef struct {
    char *kind;
    char *text;        /* "" where there is none */
    char *message;     /* the text as it stands in the report, or the kind */
    GPtrArray *frames; /* of CpFrame, innermost first */
} CpSignature;

/* The signature of a process that printed @report, whose @status is as waitpid() has it, and that ran out of time if
 * @timed_out. NULL where it went well. */
CpSignature *cp_signature_read(const char *report, int status, gboolean timed_out);

gboolean cp_signature_similar(const CpSignature *one, const CpSignature *other);

/* Whether nothing tells one from the other. Where a process is when it runs out of time is chance, and does not count. */
gboolean cp_signature_equal(const CpSignature *one, const CpSignature *other);

/* The known defect that the target noted and survived, a directory below corpus/bugs; NULL where it is another crash. */
const char *cp_signature_known(const CpSignature *signature);

/* A short name made of letters, digits, hyphens and underscores; other signatures may have the same. */
char *cp_signature_name(const CpSignature *signature);

/* A SHA-256 of it, in hexadecimal digits. */
char *cp_signature_digest(const CpSignature *signature);

void cp_signature_free(CpSignature *signature);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpSignature, cp_signature_free)
