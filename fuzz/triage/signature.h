/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signatures of crashes, which tell whether two crashes have the same cause. */
#pragma once

#include <glib.h>

/*
 * The rule is that of ClusterFuzz (crash_analysis/crash_comparer.py there), applied to what clang's sanitizers and the
 * targets print. A signature is a kind, a text and at most three frames.
 *
 * The kind is the sanitizer's word ("heap-use-after-free", "segv"), or one of undefined-behaviour, property, assertion,
 * leak, out-of-memory, timeout, known-defect (one that the target reports and survives), signal-N, exit-N.
 *
 * The text is the description of undefined behaviour, a property or an assertion in the report. Numbers are replaced by
 * N, and quoted values by empty quotes.
 *
 * The frames are the innermost ones of the first stack in the report that are functions of libvirt, libxml2 or capprobe,
 * that is, whose source has an absolute path. The sanitizers, the C library and GLib have no such paths. Wrappers of the
 * allocator, functions that report a property, and callers of the target do not count.
 *
 * Two signatures are similar if their kinds and texts are equal and either two frames occur in both in the same order, or
 * the average similarity of frames at the same depth is above 0.8. The similarity of two names is (sum of the lengths -
 * edit distance) / (sum of the lengths). If neither has frames, kind and text decide.
 */

/** The largest number of frames in a signature. */
#define CP_SIGNATURE_FRAMES 3

typedef struct {
    char *function;
    char *file; /* an absolute path without "." and ".." */
    guint line;
    guint column; /* 0 if not known */
} CpFrame;

typedef struct {
    char *kind;
    char *text;        /* "" if the kind has none */
    char *message;     /* the text as it is in the report, or the kind */
    GPtrArray *frames; /* of CpFrame, innermost first */
} CpSignature;

/**
 * Returns the signature of a process that printed `report`, ended with `status` (as from waitpid()), and was killed
 * because of the time limit if `timed_out`. Returns NULL if it did not crash. The caller owns the signature.
 */
CpSignature *cp_signature_read(const char *report, int status, gboolean timed_out);

void cp_signature_free(CpSignature *signature);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpSignature, cp_signature_free)

/** Returns whether two crashes probably have the same cause, by the rule above. */
gboolean cp_signature_similar(const CpSignature *one, const CpSignature *other);

/**
 * Returns whether kinds, texts and functions are equal. The functions of a timeout are not compared: where a process is
 * when its time is over is random.
 */
gboolean cp_signature_equal(const CpSignature *one, const CpSignature *other);

/**
 * Returns the ids of the known defects (folders of corpus/bugs/) that the target reported and survived, or NULL for any
 * other crash. The signature owns it.
 */
const char *cp_signature_known(const CpSignature *signature);

/**
 * Returns a short name of letters, digits, hyphens and underscores. Other signatures may have the same. The caller owns
 * it.
 */
char *cp_signature_name(const CpSignature *signature);

/** Returns the SHA-256 of the signature in hexadecimal digits. The caller owns it. */
char *cp_signature_digest(const CpSignature *signature);
