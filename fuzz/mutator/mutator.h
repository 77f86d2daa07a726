/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mutator of the caps-* targets: makes new inputs from existing ones, and shortens inputs. */
#pragma once

#include <glib.h>

/*
 * The mutator knows the structure of cache documents. It adds, drops, moves and repeats elements and attributes. It sets
 * them to boundary values, to words that libvirt knows and to names from elsewhere in the document. It also changes the
 * options instruction (input-options.h). It changes bytes if the input is not XML, and seldom also if it is. The result
 * depends only on the input and the seed.
 *
 * An input that begins with a brace is a conversation (conversation.h). There the mutator changes commands, answers and
 * JSON values instead of elements. If its first line begins a firmware descriptor (descriptors.h), the mutator changes the
 * files and the JSON values in them. Of a sequence of steps (sequence.h) it changes the steps, and documents as above.
 *
 * mutator-afl.c and mutator-libfuzzer.c connect it to the engines.
 */

/** Keeps the parsed input between mutations, so that an input that is mutated many times in a row is parsed once. */
typedef struct CpMutator CpMutator;

/** Returns a new mutator. The caller owns it. */
CpMutator *cp_mutator_new(void);
void cp_mutator_free(CpMutator *mutator);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpMutator, cp_mutator_free)

/**
 * Mutates the `length` bytes of `input` and appends the result, at most `max` bytes, to the empty `output`. Parts of
 * `other` may be used. `mutator` and `other` may be NULL.
 */
void cp_mutator_mutate(CpMutator *mutator,
                       const char *input,
                       gsize length,
                       const char *other,
                       gsize other_length,
                       gsize max,
                       guint64 seed,
                       GString *output);

/** Inserts elements of `other` into `input` and appends the result, at most `max` bytes, to the empty `output`. */
void cp_mutator_cross(
    const char *input, gsize length, const char *other, gsize other_length, gsize max, guint64 seed, GString *output);

/**
 * Shortens an input: removes shorter and shorter runs of siblings, then attributes, so that the rest is still a
 * document. Get a candidate, say whether to keep it, and repeat until there is none.
 */
typedef struct CpTrim CpTrim;

/** Returns a trim of the `length` bytes of `input`. The caller owns it. */
CpTrim *cp_trim_new(const char *input, gsize length);
void cp_trim_free(CpTrim *trim);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpTrim, cp_trim_free)

/** Removes the limit on the number of candidates, for callers that have enough time. */
void cp_trim_unlimited(CpTrim *trim);

/** Writes the next candidate to `candidate`. Returns FALSE if there are no more. */
gboolean cp_trim_next(CpTrim *trim, GString *candidate);

/** Says whether to keep the last candidate. */
void cp_trim_judge(CpTrim *trim, gboolean kept);

/** Returns the largest possible number of candidates: 0 if the input is not a document. */
guint cp_trim_steps(const CpTrim *trim);

/** Appends the shortened document to `output`. */
void cp_trim_write(const CpTrim *trim, GString *output);
