/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tries patches of libvirt on known defects. */
#include "verbs/repro-patch.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* Sets `error` if an option was given that says what is tested, or where outcomes go: both follow from --patch. */
static gboolean
check_options(const CpOptions *options, GError **error)
{
    const struct {
        const char *name;
        gboolean given;
    } refused[] = {
        { "tree", !!options->tree }, { "libvirt", !!options->libvirt }, { "fuzz", !!options->fuzz },
        { "keep", !!options->keep }, { "exit", !!options->exit },
    };
    for (guint i = 0; i < G_N_ELEMENTS(refused); i++) {
        if (refused[i].given) {
            g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--%s: expected none with --patch, which builds what it tests",
                        refused[i].name);
            return FALSE;
        }
    }
    return TRUE;
}

/* Adds the options that say how a defect is tried, as they were given. */
static void
add_options(GPtrArray *argv, const CpOptions *options)
{
    const struct {
        const char *name, *value;
    } passed[] = {
        { "--rounds", options->rounds },     { "--emulator", options->emulator }, { "--target", options->target },
        { "--arch", options->arch },         { "--machine", options->machine },   { "--modules", options->modules },
        { "--virttype", options->virttype }, { "--kvm", options->kvm },           { "--deadline", options->deadline },
        { "--seed", options->seed },         { "--confirm", options->confirm },
    };
    for (guint i = 0; i < G_N_ELEMENTS(passed); i++) {
        if (passed[i].value) {
            g_ptr_array_add(argv, g_strdup(passed[i].name));
            g_ptr_array_add(argv, g_strdup(passed[i].value));
        }
    }
}

CpExit
cp_repro_patch(const CpOptions *options, const char *id, const char *corpus, const char *release, GError **error)
{
    if (!check_options(options, error))
        return CP_EXIT_USAGE;
    g_autofree char *source = realpath(corpus, NULL), *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *script = g_strdup_printf("%s/../scripts/try-patch", source ? source : corpus);
    g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(argv, g_strdup(script));
    g_ptr_array_add(argv, g_strdup(id));
    g_ptr_array_add(argv, g_canonicalize_filename(options->patch, NULL));
    if (options->src || release) {
        g_ptr_array_add(argv, g_strdup(options->src ? "--src" : "--release"));
        g_ptr_array_add(argv, options->src ? g_canonicalize_filename(options->src, NULL) : g_strdup(release));
    }
    if (options->cost)
        g_ptr_array_add(argv, g_strdup("--cost"));
    g_ptr_array_add(argv, g_strdup("--"));
    add_options(argv, options);
    g_ptr_array_add(argv, NULL);
    g_setenv("CAPPROBE", self ? self : "", TRUE);
    execv(script, (char **)argv->pdata);
    g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "--patch needs the source tree of capprobe: %s: %s", script,
                g_strerror(errno));
    return CP_EXIT_UNTESTABLE;
}
