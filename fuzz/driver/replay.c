/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The driver that replays files through a target, instead of a fuzzing engine. */

#include <glib.h>
#include <string.h>

#include "base/exit.h"
#include "driver/property.h"
#include "driver/target.h"

static gint runs = 3;
static gboolean show;
static char *expected;
static char **files;

static const char description[] =
    "Exit status:\n"
    "  0     every file is fine, or shows the known defect of --expect\n"
    "  1     a file shows known defects, but not the expected one; or a sanitizer found something\n"
    "  254   wrong usage, or a file cannot be read\n"
    "A property that does not hold aborts the process.";

static const GOptionEntry options[] = {
    { "runs", 'n', 0, G_OPTION_ARG_INT, &runs, "Run each file N times (3); all runs must have the same outcome", "N" },
    { "expect", 0, 0, G_OPTION_ARG_STRING, &expected, "Fail unless each file shows the known defect ID", "ID" },
    { "show", 0, 0, G_OPTION_ARG_NONE, &show, "Print how a known defect shows: the reason, and lines before and after",
      NULL },
    { "places", 0, 0, G_OPTION_ARG_NONE, &cp_property_places, "Print in which places known defects show", NULL },
    { "lines", 0, 0, G_OPTION_ARG_INT, &cp_property_lines,
      "Print at most N lines of a text or a difference (40); 0: all", "N" },
    { "quick", 0, G_OPTION_FLAG_REVERSE, G_OPTION_ARG_NONE, &cp_property_thorough,
      "Make only the checks that AFL++'s fast instances make", NULL },
    { "provoke", 0, 0, G_OPTION_ARG_NONE, &cp_property_provoke,
      "Run into known defects that end the process, instead of avoiding them", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, NULL, "FILE|FOLDER..." },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* Sanitizers call these when the process starts. The options apply unless the environment sets others: every finding,
 * and a property that does not hold, gets a stack. */
const char *__asan_default_options(void);
const char *__msan_default_options(void);
const char *__ubsan_default_options(void);

const char *
__asan_default_options(void)
{
    return "handle_abort=1";
}

const char *
__msan_default_options(void)
{
    return "handle_abort=1";
}

const char *
__ubsan_default_options(void)
{
    return "print_stacktrace=1";
}

/* Adds `path`, or all files below it if it is a folder. */
static void
add_inputs(GPtrArray *inputs, const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);

    if (!folder) {
        g_ptr_array_add(inputs, g_strdup(path));
        return;
    }

    const char *name;

    while ((name = g_dir_read_name(folder))) {
        g_autofree char *below = g_build_filename(path, name, NULL);

        add_inputs(inputs, below);
    }
}

static gint
compare_paths(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Runs the target once. Returns the known defects that it noted, or NULL. The input is copied to memory of exactly its
 * size, so that a sanitizer notices a read beyond its end. */
static const char *
run_once(const char *data, gsize size)
{
    g_autofree guint8 *copy = g_memdup2(data, size);

    LLVMFuzzerTestOneInput(copy, size);
    return cp_property_seen();
}

/* Whether `seen` is what --expect asks for. One defect may bring others with it. */
static gboolean
is_expected(const char *seen)
{
    if (!seen || !expected)
        return !seen && !expected;

    g_auto(GStrv) ids = g_strsplit(seen, " ", -1);

    return g_strv_contains((const char *const *)ids, expected);
}

static CpExit
replay(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *data = NULL;
    gsize size;

    if (!g_file_get_contents(path, &data, &size, &error)) {
        g_printerr("%s: %s\n", g_get_prgname(), error->message);
        return CP_EXIT_USAGE;
    }

    const char *seen = NULL;

    for (gint i = 0; i < runs; i++) {
        const char *before = seen;

        cp_property_show = show && i == 0;
        seen = run_once(data, size);
        if (i > 0 && g_strcmp0(before, seen) != 0)
            cp_property_broken("%s: run %d has another outcome than the run before it", path, i + 1);
    }

    if (is_expected(seen)) {
        g_print("%s: %s\n", path, seen ? seen : "well");
        return CP_EXIT_WELL;
    }
    if (seen)
        g_print("%s: shows the known defect%s %s\n", path, strchr(seen, ' ') ? "s" : "", seen);
    else
        g_print("%s: does not show the known defect %s; has libvirt fixed it?\n", path, expected);
    return CP_EXIT_BAD;
}

int
main(int argc, char **argv)
{
    g_autoptr(GOptionContext) context = g_option_context_new("- replay files through a fuzz target");
    g_autoptr(GError) error = NULL;

    g_option_context_add_main_entries(context, options, NULL);
    g_option_context_set_description(context, description);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        g_printerr("%s: %s; see --help\n", g_get_prgname(), error->message);
        return CP_EXIT_USAGE;
    }

    g_autoptr(GPtrArray) inputs = g_ptr_array_new_with_free_func(g_free);

    for (gsize i = 0; files && files[i]; i++)
        add_inputs(inputs, files[i]);
    if (inputs->len == 0 || runs < 1) {
        g_printerr("%s: nothing to play: give files, or folders that contain files, and at least one run; see --help\n",
                   g_get_prgname());
        return CP_EXIT_USAGE;
    }
    if (cp_property_lines < 0) {
        g_printerr("%s: --lines %d: expected a number from 0; see --help\n", g_get_prgname(), cp_property_lines);
        return CP_EXIT_USAGE;
    }

    CpExit status = CP_EXIT_WELL;

    g_ptr_array_sort(inputs, compare_paths);
    LLVMFuzzerInitialize(&argc, &argv);
    for (guint i = 0; i < inputs->len && status != CP_EXIT_USAGE; i++) {
        CpExit outcome = replay(g_ptr_array_index(inputs, i));

        status = MAX(status, outcome);
    }

    g_strfreev(files);
    g_free(expected);
    return status;
}
