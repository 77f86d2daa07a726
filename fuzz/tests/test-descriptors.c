/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of inputs with firmware descriptors: how they are read, and how the mutator changes them. */

#include <glib.h>
#include <string.h>

#include "input/descriptors.h"
#include "input/tree.h"
#include "mutator/mutator.h"
#include "tests/seeds.h"

#define ROUNDS 1000

static void
assert_descriptor(GPtrArray *descriptors,
                  guint i,
                  CpDescriptorFolder folder,
                  CpDescriptorKind kind,
                  const char *name,
                  const char *content)
{
    const CpDescriptor *descriptor = g_ptr_array_index(descriptors, i);

    g_assert_cmpint(descriptor->folder, ==, folder);
    g_assert_cmpint(descriptor->kind, ==, kind);
    g_assert_cmpstr(descriptor->name, ==, name);
    g_assert_cmpmem(descriptor->content, descriptor->length, content, strlen(content));
}

static void
test_reading(void)
{
    static const char text[] = "ignored\n"
                               "{\"descriptor\":\"usr/a\"}\n{}\n[\n"
                               "{\"descriptor\":\"etc/b\",\"is\":\"dangling\"}\n"
                               "{\"descriptor\": \"home/a\", \"is\": \"unreadable\"}\nx\n"
                               "{\"descriptor\":\"usr/a\"}\nsame name\n"
                               "{\"descriptor\":\"var/a\"}\nanother folder\n"
                               "{\"descriptor\":\"usr/a/b\"}\nnot a name\n"
                               "{\"descriptor\":\"usr/..\"}\n{\"descriptor\":\"usr/\"}\n{\"descriptor\"\n"
                               "{\"descriptor\":\"usr/c\",\"is\":\"folder\"}\ny";
    g_autoptr(GPtrArray) descriptors = cp_descriptors_read(text, strlen(text));

    g_assert_cmpuint(descriptors->len, ==, 4);
    assert_descriptor(descriptors, 0, CP_DESCRIPTOR_USR, CP_DESCRIPTOR_FILE, "a", "{}\n[");
    assert_descriptor(descriptors, 1, CP_DESCRIPTOR_ETC, CP_DESCRIPTOR_DANGLING, "b", "");
    assert_descriptor(descriptors, 2, CP_DESCRIPTOR_HOME, CP_DESCRIPTOR_UNREADABLE, "a", "x");
    assert_descriptor(descriptors, 3, CP_DESCRIPTOR_USR, CP_DESCRIPTOR_IS_FOLDER, "c", "y");
}

static void
test_mutations_are_descriptors(void)
{
    g_autoptr(GString) output = g_string_new(NULL);
    guint changed = 0;
    guint with_files = 0;
    guint more = 0;

    for (guint round = 0; round < ROUNDS; round++) {
        gsize length;
        const char *input = cp_seeds_get(round, &length);
        g_autoptr(CpNode) root = cp_tree_parse(input, length);
        g_autoptr(GString) written = g_string_new(NULL);
        g_autoptr(GPtrArray) before = cp_descriptors_read(input, length);

        g_assert_true(cp_descriptors_tree_is(root));
        cp_tree_write(root, written);
        cp_seeds_mutate(round, 1 << 20, output);
        g_autoptr(GPtrArray) after = cp_descriptors_read(output->str, output->len);
        changed += !g_string_equal(output, written);
        with_files += after->len > 0;
        more += after->len > before->len;
    }
    g_test_message("%u of %u inputs changed, %u have files, %u more than before", changed, ROUNDS, with_files, more);
    g_assert_cmpuint(changed, >, ROUNDS / 10 * 8);
    g_assert_cmpuint(with_files, >, ROUNDS / 10 * 9);
    g_assert_cmpuint(more, >, ROUNDS / 20);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(argc, ==, 2);
    cp_seeds_read(argv[1]);
    g_test_add_func("/descriptors/reading", test_reading);
    g_test_add_func("/descriptors/seeds-survive-the-tree", cp_seeds_survive_the_tree);
    g_test_add_func("/descriptors/mutations-are-descriptors", test_mutations_are_descriptors);
    int status = g_test_run();
    g_ptr_array_unref(cp_seeds);
    return status;
}
