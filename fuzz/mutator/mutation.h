/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "input/schema.h"
#include "input/tree.h"

/*
 * What the parts of the mutator share: an input in the making, chance, values, and the changes that any tree takes. Texts
 * are the caller's to free.
 */

typedef struct {
    uint64_t state; /* of chance */
    CpNode *root;
    const char *other; /* the text of the other input, NULL where there is none */
    size_t other_length;
} CpMutation;

/* --- chance --- */

/* splitmix64 */
static inline uint64_t
chance(CpMutation *mutation)
{
    uint64_t z = mutation->state += 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static inline guint
below(CpMutation *mutation, guint end)
{
    return end ? chance(mutation) % end : 0;
}

static inline gboolean
one_in(CpMutation *mutation, guint n)
{
    return below(mutation, n) == 0;
}

#define ANY(mutation, array) ((array)[below(mutation, G_N_ELEMENTS(array))])

/* A node below @root, or @root where there is no other. */
CpNode *cp_mutation_node(CpMutation *mutation, CpNode *root);

/* --- values --- */

char *cp_mutation_number(CpMutation *mutation);
char *cp_mutation_string(CpMutation *mutation);

/* A value that libvirt takes for one of @kind; one of the same sort that it may not take; and either, or one that stands
 * elsewhere. */
char *cp_mutation_fitting(CpMutation *mutation, CpKind kind);
char *cp_mutation_misfit(CpMutation *mutation, CpKind kind);
char *cp_mutation_value(CpMutation *mutation, CpKind kind);

/* --- changes that any tree takes --- */

void cp_mutation_drop(CpMutation *mutation);
void cp_mutation_move(CpMutation *mutation);
void cp_mutation_repeat(CpMutation *mutation);

/* Puts a part of the other input where its like are. */
void cp_mutation_graft(CpMutation *mutation);

/* --- changes that one sort of tree takes --- */

/* Change a cache document, and a conversation, in one way. */
void cp_mutate_document(CpMutation *mutation);
void cp_mutate_conversation(CpMutation *mutation);

/* A new document. */
CpNode *cp_mutate_new_document(CpMutation *mutation);
