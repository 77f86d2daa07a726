/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The seeds that the tests of the mutator use. */
#pragma once

#include <glib.h>

/** The seeds, as GBytes. */
extern GPtrArray *cp_seeds;

/** Reads the files of the folder `path` into cp_seeds, except large ones. There must be at least two. */
void cp_seeds_read(const char *path);

/** Returns seed `i`, modulo the number of seeds, and its length in bytes. The array owns it. */
const char *cp_seeds_get(guint i, gsize *length);

/** Sets `output` to a mutation of seed `round`, at most `max` bytes. Every fourth is a crossing with another seed. */
void cp_seeds_mutate(guint round, gsize max, GString *output);

/** A test: each seed can be parsed, and what is written then can be parsed and written again; it is not longer. */
void cp_seeds_survive_the_tree(void);
