/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A document as the mutator sees it: a tree of elements with attributes, children and text. */
#pragma once

#include <glib.h>

/*
 * Names, values and text are kept as they are written, with references such as &amp; unresolved. So a mutation can
 * write what no XML library would write.
 */

/** An attribute. It owns both strings. */
typedef struct {
    char *name;
    char *value;
} CpAttribute;

/** An element. It owns everything but `parent`. */
typedef struct CpNode CpNode;

struct CpNode {
    char *name;
    char *text; /* the text between the tags, in one piece, without spaces at both ends; NULL: none */
    CpNode *parent;
    GPtrArray *attributes; /* of CpAttribute */
    GPtrArray *children;   /* of CpNode */
    CpNode *options; /* of a root: the options instruction (input-options.h), which has only attributes; or NULL */
};

/**
 * Parses `length` bytes of `data`. Comments and processing instructions are dropped. Input that begins with a brace
 * is parsed as a conversation (conversation-tree.h). Returns NULL if the input is not a document that a tree can
 * represent. The caller owns the tree.
 */
CpNode *cp_tree_parse(const char *data, gsize length);

/** Appends the document to `text`. */
void cp_tree_write(const CpNode *root, GString *text);

/** Appends to `text` what cp_tree_write() writes for `part`, a child of a root. */
void cp_tree_write_part(const CpNode *part, GString *text);

/** Returns a new element without a parent. The caller owns it. */
CpNode *cp_tree_new(const char *name);

/** The same, but takes ownership of `name`. */
CpNode *cp_tree_new_take(char *name);

/** Returns a deep copy without a parent. The caller owns it. */
CpNode *cp_tree_copy(const CpNode *node);

/** Frees `node` and everything below it. It must not have a parent. NULL is allowed. */
void cp_tree_free(CpNode *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpNode, cp_tree_free)

/**
 * Returns the options instruction of `root`, which is created if there is none. The tree keeps the ownership. An
 * instruction without attributes is not written.
 */
CpNode *cp_tree_options(CpNode *root);

/**
 * Inserts `child`, which must not have a parent, at `position`, or at the end if there are fewer children. Takes
 * ownership.
 */
void cp_tree_insert(CpNode *parent, guint position, CpNode *child);

/** Removes `node` from its parent and returns it. The caller then owns it. */
CpNode *cp_tree_take(CpNode *node);

/** Returns the value of an attribute, or NULL. The node keeps the ownership. */
const char *cp_tree_get(const CpNode *node, const char *name);

/** Sets an attribute to a copy of `value`. NULL removes the attribute. */
void cp_tree_set(CpNode *node, const char *name, const char *value);

/** Appends an attribute, which `node` must not have yet. Takes ownership of both strings. */
void cp_tree_add_attribute_take(CpNode *node, char *name, char *value);

/** Lists `node` and all elements below it in document order. The caller owns the array; the nodes stay in the tree. */
GPtrArray *cp_tree_list(CpNode *node);
