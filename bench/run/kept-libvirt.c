/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps the libvirt that was installed at first. Runs in the sandbox's init, and in askers. */
#include "run/kept-libvirt.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "run/sandbox/mounts.h"
#include "run/sandbox/sandbox.h"

/* Where libvirt has its own data, such as its list of CPU models, and where those are that it had at first. */
#define DATA "/usr/share/libvirt"
#define FIRST_DATA CP_SANDBOX_TREE DATA

/* Returns what all processes with libvirt's library have mapped into their memory: the client, and the target's daemons. */
static char *
find_maps(void)
{
    g_autoptr(GString) all = g_string_new(NULL);
    g_autoptr(GDir) processes = g_dir_open("/proc", 0, NULL);
    for (const char *name; processes && (name = g_dir_read_name(processes));) {
        g_autofree char *path = g_build_filename("/proc", name, "maps", NULL);
        g_autofree char *maps = NULL;
        if (g_ascii_isdigit(*name) && g_file_get_contents(path, &maps, NULL, NULL) && strstr(maps, "/libvirt.so."))
            g_string_append(all, maps);
    }
    return g_string_free(g_steal_pointer(&all), FALSE);
}

/* Returns where `path` is in the tree below the overlay; itself if it is not there. */
static char *
path_below(const char *path)
{
    char *below = g_strconcat(CP_SANDBOX_TREE, path, NULL);
    if (access(below, F_OK) == 0)
        return below;
    g_free(below);
    return g_strdup(path);
}

static const char *const *
programs_below(const char *const *programs)
{
    g_autoptr(GStrvBuilder) below = g_strv_builder_new();
    for (; programs && *programs; programs++) {
        g_autofree char *path = path_below(*programs);
        g_strv_builder_add(below, path);
    }
    return (const char *const *)g_strv_builder_end(below);
}

/* Sees to it that no package manager removes the folder of libvirt's data: if it is removed, so is what covers it. They remove no
 * folder in which there is something that they have not brought. */
static gboolean
hold_data(GError **error)
{
    return !g_file_test(DATA, G_FILE_TEST_IS_DIR) || g_file_set_contents(DATA "/.capprobe", "", 0, error);
}

gboolean
cp_kept_libvirt_find(CpConnectionSpec *connection, GError **error)
{
    g_autofree char *maps = find_maps();
    g_auto(GStrv) lines = g_strsplit(maps, "\n", -1);
    g_autoptr(GPtrArray) folders = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *loader = NULL, *drivers = NULL;

    for (char **line = lines; *line; line++) {
        const char *path = strchr(*line, '/');
        if (!path || !strstr(path, ".so"))
            continue;
        g_autofree char *name = g_path_get_basename(path);
        g_autofree char *file = path_below(path);
        g_autofree char *folder = g_path_get_dirname(file);
        if (!loader && g_str_has_prefix(name, "ld"))
            loader = g_strdup(file);
        if (!drivers && g_str_has_prefix(name, "libvirt_driver_"))
            drivers = g_strdup(folder);
        else if (!g_ptr_array_find_with_equal_func(folders, folder, g_str_equal, NULL))
            /* Whatever else is in another folder, libvirt's own libraries come first. */
            g_ptr_array_insert(folders, g_str_has_prefix(name, "libvirt.so") ? 0 : -1, g_steal_pointer(&folder));
    }
    if (!loader || !drivers) {
        g_set_error_literal(error, CP_ERROR, CP_ERROR_UNTESTABLE, "libvirt was lost at its first read");
        return FALSE;
    }
    connection->loader = g_steal_pointer(&loader);
    g_ptr_array_add(folders, NULL);
    connection->libraries = g_strjoinv(":", (char **)folders->pdata);
    connection->drivers = g_steal_pointer(&drivers);
    connection->daemons = programs_below(connection->daemons);
    return hold_data(error);
}

gboolean
cp_kept_libvirt_cover_data(GError **error)
{
    return access(DATA "/.capprobe", F_OK) != 0 || access(FIRST_DATA, F_OK) != 0 ||
           cp_sandbox_bind(FIRST_DATA, DATA, error);
}

gboolean
cp_kept_libvirt_check_data(GError **error)
{
    GStatBuf first, here;

    if (g_stat(FIRST_DATA, &first) != 0 ||
        (g_stat(DATA, &here) == 0 && here.st_dev == first.st_dev && here.st_ino == first.st_ino))
        return TRUE;
    g_set_error_literal(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                        DATA
                        " was removed: expected that it stays, for the libvirt that was installed at first reads it");
    return FALSE;
}

void
cp_kept_libvirt_clear(CpConnectionSpec *connection)
{
    if (!connection->loader)
        return;
    g_free((char *)connection->loader);
    g_free((char *)connection->libraries);
    g_free((char *)connection->drivers);
    g_strfreev((GStrv)connection->daemons);
    connection->loader = connection->libraries = connection->drivers = NULL;
    connection->daemons = NULL;
}
