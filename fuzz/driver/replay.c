/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * replay: the engine that does no fuzzing. It plays files through a target, each several times over, so that state
 * which leaks from one input into the next is noticed.
 */

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "driver/property.h"
#include "driver/target.h"

enum {
    STATUS_WELL = 0,
    STATUS_FOUND = 1,
    STATUS_USAGE = 254,
};

static int runs = 3;
static char *expected;
static char **files;

static const GOptionEntry options[] = {
    { "runs", 'n', 0, G_OPTION_ARG_INT, &runs, "Play each file N times (3)", "N" },
    { "expect", 0, 0, G_OPTION_ARG_STRING, &expected, "Fail unless each file shows the known defect ID", "ID" },
    { "quick", 0, G_OPTION_FLAG_REVERSE, G_OPTION_ARG_NONE, &cp_property_thorough,
      "Check no more than AFL++'s fast instances do", NULL },
    { "provoke", 0, 0, G_OPTION_ARG_NONE, &cp_property_provoke, "Walk into known defects that end the process", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, NULL, "FILE|DIRECTORY..." },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
add(GPtrArray *inputs, const char *path)
{
    g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
    const char *name;

    if (!directory) {
        g_ptr_array_add(inputs, g_strdup(path));
        return;
    }
    while ((name = g_dir_read_name(directory))) {
        g_autofree char *below = g_build_filename(path, name, NULL);

        add(inputs, below);
    }
}

static int
compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The input gets memory of exactly its size, so that a sanitizer sees a read past its end. */
static const char *
play(const char *data, size_t size)
{
    g_autofree uint8_t *copy = g_memdup2(data, size);

    LLVMFuzzerTestOneInput(copy, size);
    return cp_property_seen();
}

static int
play_file(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *data = NULL;
    const char *seen = NULL;
    gsize size;
    int i;

    if (!g_file_get_contents(path, &data, &size, &error)) {
        g_printerr("%s: %s\n", g_get_prgname(), error->message);
        return STATUS_USAGE;
    }
    for (i = 0; i < runs; i++) {
        const char *before = seen;

        seen = play(data, size);
        if (i > 0 && g_strcmp0(before, seen) != 0)
            cp_property_broken("%s: run %d differs from the one before", path, i + 1);
    }

    if (g_strcmp0(seen, expected) == 0) {
        g_print("%s: %s\n", path, seen ? seen : "well");
        return STATUS_WELL;
    }
    if (seen)
        g_print("%s: shows the known defect %s\n", path, seen);
    else
        g_print("%s: does not show %s: has libvirt mended it?\n", path, expected);
    return STATUS_FOUND;
}

static int
worse(int a, int b)
{
    return MAX(a, b);
}

int
main(int argc, char **argv)
{
    g_autoptr(GOptionContext) context = g_option_context_new("- play files through a fuzz target");
    g_autoptr(GPtrArray) inputs = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    int status = STATUS_WELL;
    size_t i;

    g_option_context_add_main_entries(context, options, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        g_printerr("%s: %s; see --help\n", g_get_prgname(), error->message);
        return STATUS_USAGE;
    }
    for (i = 0; files && files[i]; i++)
        add(inputs, files[i]);
    if (inputs->len == 0 || runs < 1) {
        g_printerr("%s: nothing to play: name files, or directories with files in them\n", g_get_prgname());
        return STATUS_USAGE;
    }

    g_ptr_array_sort(inputs, compare);
    LLVMFuzzerInitialize(&argc, &argv);
    for (i = 0; i < inputs->len && status != STATUS_USAGE; i++)
        status = worse(status, play_file(g_ptr_array_index(inputs, i)));

    g_strfreev(files);
    g_free(expected);
    return status;
}
