/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the parts of the mutator: the input being mutated, random choices, values, and changes to any tree. */
#pragma once

#include <glib.h>

#include "input/schema.h"
#include "input/tree.h"
#include "input/vocabulary.h"

/** The largest number of changes in one mutation. */
#define CP_MUTATION_CHANGES_MAX 4

/** An input that is being mutated. */
typedef struct {
    guint64 state; /* of the random numbers */
    CpNode *root;
    const char *other; /* the text of the second input, or NULL */
    gsize other_length;
} CpMutation;

/* --- random choices --- */

/** Returns the next random number (splitmix64). */
static inline guint64
chance(CpMutation *mutation)
{
    guint64 z = mutation->state += 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

/** Returns a random number from 0 to `end` - 1, or 0 if `end` is 0. */
static inline guint
below(CpMutation *mutation, guint end)
{
    return end ? chance(mutation) % end : 0;
}

/** Returns TRUE with a probability of 1/`n`. */
static inline gboolean
one_in(CpMutation *mutation, guint n)
{
    return below(mutation, n) == 0;
}

/** A random element of `array`. */
#define ANY(mutation, array) ((array)[below(mutation, G_N_ELEMENTS(array))])

/** Returns a random node below `root`, or `root` if it has no children. The tree owns it. */
CpNode *cp_mutation_node(CpMutation *mutation, CpNode *root);

/* --- values: the caller owns what these return --- */

/** Returns a number, often a boundary value or one that is badly written. */
char *cp_mutation_number(CpMutation *mutation);

/** Returns a text, seldom one of up to 8192 characters. */
char *cp_mutation_string(CpMutation *mutation);

/** Returns a value that libvirt accepts as one of `kind`. */
char *cp_mutation_valid(CpMutation *mutation, CpKind kind);

/** Returns a value that resembles one of `kind`; libvirt may reject it. */
char *cp_mutation_doubtful(CpMutation *mutation, CpKind kind);

/** Returns a valid value (most often), a doubtful one, or one that is elsewhere in the document. */
char *cp_mutation_value(CpMutation *mutation, CpKind kind);

/* --- changes to any tree --- */

/** Removes a random node. */
void cp_mutation_drop(CpMutation *mutation);

/** Moves a random node to another position or parent. */
void cp_mutation_move(CpMutation *mutation);

/** Inserts copies of a random node beside it. */
void cp_mutation_repeat(CpMutation *mutation);

/** Copies a random node of the second input below a node like its parent. */
void cp_mutation_graft(CpMutation *mutation);

/* --- changes to JSON, with names from a vocabulary --- */

/** Replaces a random value, together with all that is in it. */
void cp_mutation_change_json(CpMutation *mutation, const CpVocabulary *vocabulary);

/** Adds to a list a copy of one of its entries, with other names. */
void cp_mutation_extend_list(CpMutation *mutation, const CpVocabulary *vocabulary);

/** Gives a random member the name of another one. */
void cp_mutation_rename_member(CpMutation *mutation);

/* --- changes to one kind of tree --- */

/** Makes one random change to a cache document. */
void cp_mutate_document(CpMutation *mutation);

/** Makes one random change to a conversation. */
void cp_mutate_conversation(CpMutation *mutation);

/** Makes one random change to folders with firmware descriptors. */
void cp_mutate_descriptors(CpMutation *mutation);

/**
 * Makes random changes to a sequence of steps, and appends the result, at most `max` bytes, to the empty `output`. Returns
 * FALSE, and does nothing, if the input is not a sequence. `mutation` needs no root.
 */
gboolean cp_mutate_sequence(CpMutation *mutation, const char *input, gsize length, gsize max, GString *output);

/** The same for one document with its options, or any other bytes. Sets the root, which is freed. */
void cp_mutation_document(CpMutation *mutation, const char *input, gsize length, gsize max, GString *output);

/** Returns a new cache document. The caller owns it. */
CpNode *cp_mutate_new_document(CpMutation *mutation);
