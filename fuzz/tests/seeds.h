/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* The seeds that tests of the mutator begin with. */

extern GPtrArray *cp_seeds; /* of GBytes */

/* Fills the array with the files of a directory, the large ones left out; there must be more than one. */
void cp_seeds_read(const char *path);

/* Seed @i, counted around, and its length in bytes. */
const char *cp_seeds_get(guint i, gsize *length);

/* Puts a mutation of seed @round into @output, of at most @max bytes; every fourth is a crossing with another seed. */
void cp_seeds_mutate(guint round, size_t max, GString *output);

/* A test: what a seed reads as is written, read and written again the same, and no longer than it was. */
void cp_seeds_survive_the_tree(void);
