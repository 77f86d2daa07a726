/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/*
 * A document as the mutator sees it: elements with attributes, children and text. Names, values and text are kept as
 * they are written, references and all, so that a mutation can write what no serialiser would.
 */

typedef struct CpNode CpNode;

typedef struct {
    char *name;
    char *value;
} CpAttribute;

struct CpNode {
    char *name;
    char *text; /* all that stands between the tags and is no element; blanks at its ends removed */
    CpNode *parent;
    GPtrArray *attributes; /* of CpAttribute */
    GPtrArray *children;   /* of CpNode */
    CpNode *control; /* before a root: the options instruction (input-options.h), which has attributes only; or NULL */
};

/* NULL where the bytes are no such document; comments and declarations are passed over. What begins with a brace is a
 * conversation: see conversation-tree.h. */
CpNode *cp_tree_parse(const char *data, size_t length);

/* Appends it to @text. */
void cp_tree_write(const CpNode *root, GString *text);

/* Appends what is written of a child of a root. */
void cp_tree_write_part(const CpNode *part, GString *text);

CpNode *cp_tree_new(const char *name);

CpNode *cp_tree_copy(const CpNode *node);

void cp_tree_free(CpNode *node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpNode, cp_tree_free)

/* The options instruction before @root; made where there is none. One without attributes is not written. */
CpNode *cp_tree_options(CpNode *root);

/* Makes @child, which must have no parent, the child of @parent at @position. */
void cp_tree_insert(CpNode *parent, guint position, CpNode *child);

/* Takes @node out of its parent; it is then the caller's. */
CpNode *cp_tree_take(CpNode *node);

const char *cp_tree_get(const CpNode *node, const char *attribute);

/* A @value of NULL removes the attribute. */
void cp_tree_set(CpNode *node, const char *attribute, const char *value);

/* All elements below @node, itself first, in the order of the document. The nodes stay where they are. */
GPtrArray *cp_tree_list(CpNode *node);
