/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A mutator that knows what a cache document is made of. It adds, drops, moves and repeats elements and attributes,
 * gives them boundary values, words that libvirt knows and names that stand elsewhere in the document, has its say in
 * the options instruction (input-options.h), and changes bytes where the input is no XML; seldom also where it is. The same
 * seed makes the same of the same input.
 *
 * An input that begins with a brace is a conversation (conversation.h): there commands, answers and JSON values take the
 * place of elements.
 *
 * mutator-afl.c and mutator-libfuzzer.c offer it to the engines.
 */

/* What is kept from one mutation to the next, so that an input that is mutated many times in a row is read once. */
typedef struct CpMutator CpMutator;

CpMutator *cp_mutator_new(void);
void cp_mutator_free(CpMutator *mutator);

/* Mutates @input; @other, of which parts may be taken, and @mutator may be NULL. Appends at most @max bytes to the empty
 * @output. */
void cp_mutator_mutate(CpMutator *mutator,
                       const char *input,
                       size_t length,
                       const char *other,
                       size_t other_length,
                       size_t max,
                       uint64_t seed,
                       GString *output);

/* Puts elements of @other into @input. */
void cp_mutator_cross(const char *input,
                      size_t length,
                      const char *other,
                      size_t other_length,
                      size_t max,
                      uint64_t seed,
                      GString *output);

/*
 * Trimming: ever smaller runs of siblings are taken out, then attributes, so that what is left is a document still. Ask
 * for a candidate, say whether it will do, and go on until there is none.
 */
typedef struct CpTrim CpTrim;

CpTrim *cp_trim_new(const char *input, size_t length);

/* For whoever has the time: there is no limit to the candidates. */
void cp_trim_unlimited(CpTrim *trim);

/* The next candidate; FALSE where there is no further one. */
gboolean cp_trim_next(CpTrim *trim, GString *candidate);

/* Whether the engine keeps the last candidate. */
void cp_trim_judge(CpTrim *trim, gboolean kept);

/* How many candidates there are at most. */
guint cp_trim_steps(const CpTrim *trim);

/* Appends what is left to @output. */
void cp_trim_write(const CpTrim *trim, GString *output);

void cp_trim_free(CpTrim *trim);
