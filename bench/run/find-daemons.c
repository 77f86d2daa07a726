/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the daemons of a target. Runs in the caller. */
#include "run/find-daemons.h"

#include <unistd.h>

#include "base/error.h"
#include "run/tree.h"

/* Where the daemons of a build are, seen from the folder of its libraries. */
static const char *const places[] = { ".", "../sbin", "../../sbin" };

/* Returns the path of a program of the libvirt under test, or NULL. The caller owns it. */
static char *
find_program(const CpFound *found, const char *name)
{
    if (!found->libvirt_dir)
        return cp_tree_find_program(found->tree ? found->tree : "/", name);
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *folder = g_canonicalize_filename(places[i], found->libvirt_dir);
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (cp_tree_test(found->tree, path, G_FILE_TEST_IS_EXECUTABLE) &&
            cp_tree_test(found->tree, path, G_FILE_TEST_IS_REGULAR))
            return g_steal_pointer(&path);
    }
    return NULL;
}

static char *
find_first(const CpFound *found, const CpTarget *target, const char *const *names, GError **error)
{
    for (const char *const *name = names; *name; name++) {
        char *path = find_program(found, *name);
        if (path)
            return path;
    }
    g_autofree char *wanted = g_strjoinv(" or ", (GStrv)names);
    if (found->libvirt_dir)
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                    "--target %s: the libvirt in %s has no %s; expected a build with daemons, such as that of "
                    "'scripts/build-libvirt daemons'",
                    target->name, found->libvirt_dir, wanted);
    else
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                    "--target %s: %s%s has no %s; install it, or give a build that has it with --libvirt "
                    "('scripts/build-libvirt daemons' makes one)",
                    target->name, found->tree ? "the tree " : "this host", found->tree ? found->tree : "", wanted);
    return NULL;
}

GStrv
cp_find_daemons(const CpFound *found, const CpTarget *target, GError **error)
{
    g_autoptr(GStrvBuilder) paths = g_strv_builder_new();
    if (target->daemons && !target->unprivileged && geteuid() != 0) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                    "--target %s needs root; an ordinary user can test the "
                    "targets embed and session",
                    target->name);
        return NULL;
    }
    for (guint i = 0; target->daemons && target->daemons[i]; i++) {
        g_autofree char *path = find_first(found, target, target->daemons[i], error);
        if (!path)
            return NULL;
        g_strv_builder_add(paths, path);
    }
    return g_strv_builder_end(paths);
}
