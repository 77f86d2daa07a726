/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The seeds that the tests of the mutator use. */
#include "tests/seeds.h"

#include "mutator/mutator.h"
#include "input/tree.h"

GPtrArray *cp_seeds;

void
cp_seeds_read(const char *path)
{
    g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);

    g_assert_nonnull(directory);
    cp_seeds = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    const char *name;
    while ((name = g_dir_read_name(directory))) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_autofree char *data = NULL;
        gsize length;

        g_assert_true(g_file_get_contents(file, &data, &length, NULL));
        if (length < 16384)
            g_ptr_array_add(cp_seeds, g_bytes_new_take(g_steal_pointer(&data), length));
    }
    g_assert_cmpuint(cp_seeds->len, >, 1);
}

const char *
cp_seeds_get(guint i, gsize *length)
{
    return g_bytes_get_data(g_ptr_array_index(cp_seeds, i % cp_seeds->len), length);
}

void
cp_seeds_mutate(guint round, gsize max, GString *output)
{
    gsize length;
    gsize other_length;
    const char *input = cp_seeds_get(round, &length);
    const char *other = cp_seeds_get(round / cp_seeds->len, &other_length);

    g_string_truncate(output, 0);
    if (round % 4)
        cp_mutator_mutate(NULL, input, length, other, other_length, max, round, output);
    else
        cp_mutator_cross(input, length, other, other_length, max, round, output);
}

void
cp_seeds_survive_the_tree(void)
{
    for (guint i = 0; i < cp_seeds->len; i++) {
        gsize length;
        const char *data = cp_seeds_get(i, &length);
        g_autoptr(CpNode) root = cp_tree_parse(data, length);
        g_autoptr(GString) written = g_string_new(NULL);
        g_autoptr(GString) written_again = g_string_new(NULL);

        g_assert_nonnull(root);
        cp_tree_write(root, written);
        g_autoptr(CpNode) again = cp_tree_parse(written->str, written->len);
        g_assert_nonnull(again);
        cp_tree_write(again, written_again);
        g_assert_cmpstr(written->str, ==, written_again->str);
        g_assert_cmpuint(written->len, <=, length);
    }
}
