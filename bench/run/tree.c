/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tree: the folder that is the root file system under test. Runs in the caller. */
#include "run/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"
#include "run/elf-file.h"
#include "run/sandbox/sandbox.h"

gboolean
cp_tree_open(const char *dir, char **tree, GError **error)
{
    *tree = NULL;
    if (!dir)
        return TRUE;
    g_autofree char *real = realpath(dir, NULL);
    if (!real || !g_file_test(real, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--tree %s: %s, expected a folder that holds a root file system",
                    dir, real ? "not a folder" : g_strerror(errno));
        return FALSE;
    }
    if (!g_str_equal(real, "/"))
        *tree = g_steal_pointer(&real);
    return TRUE;
}

char *
cp_tree_path(const char *tree, const char *path)
{
    if (!tree)
        return g_strdup(path);

    struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT };
    int folder = open(tree, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int fd = folder < 0 ? -1 : syscall(SYS_openat2, folder, path, &how, sizeof(how));
    g_autofree char *link = g_strdup_printf("/proc/self/fd/%d", fd);
    char *real = fd < 0 ? NULL : g_file_read_link(link, NULL);
    if (fd >= 0)
        close(fd);
    if (folder >= 0)
        close(folder);
    return real;
}

char *
cp_tree_real_path(const char *tree, const char *path)
{
    if (!tree)
        return realpath(path, NULL);
    g_autofree char *real = cp_tree_path(tree, path);
    const char *below = real && g_str_has_prefix(real, tree) ? real + strlen(tree) : NULL;
    return below ? g_strdup(*below ? below : "/") : NULL;
}

gboolean
cp_tree_test(const char *tree, const char *path, GFileTest test)
{
    g_autofree char *real = cp_tree_path(tree, path);
    return real && g_file_test(real, test);
}

char *
cp_tree_find_program(const char *tree, const char *name)
{
    if (!tree)
        return g_find_program_in_path(name);
    g_auto(GStrv) folders = g_strsplit(strchr(name, '/') ? "/" : CP_SANDBOX_PATH, ":", -1);
    for (char **folder = folders; *folder; folder++) {
        g_autofree char *path = g_canonicalize_filename(name, *folder);
        if (cp_tree_test(tree, path, G_FILE_TEST_IS_REGULAR) && cp_tree_test(tree, path, G_FILE_TEST_IS_EXECUTABLE))
            return g_steal_pointer(&path);
    }
    return NULL;
}

/* --- checks --- */

/* Returns the path in the tree of a library of this name in `folder` or in a folder right below it, or NULL. */
static char *
find_library_in(const char *tree, const char *folder, const char *name)
{
    g_autofree char *direct = g_build_filename(folder, name, NULL);
    if (cp_tree_test(tree, direct, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&direct);
    g_autofree char *path = cp_tree_path(tree, folder);
    g_autoptr(GDir) dir = path ? g_dir_open(path, 0, NULL) : NULL;
    for (const char *below; dir && (below = g_dir_read_name(dir));) {
        g_autofree char *library = g_build_filename(folder, below, name, NULL);
        if (cp_tree_test(tree, library, G_FILE_TEST_EXISTS))
            return g_steal_pointer(&library);
    }
    return NULL;
}

static char *
find_library(const char *tree, const char *libvirt, const char *name)
{
    static const char *const folders[] = { "/usr/lib", "/usr/lib64",     "/lib",
                                           "/lib64",   "/usr/local/lib", "/usr/local/lib64" };
    if (libvirt)
        return find_library_in(tree, libvirt, name);
    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
        char *library = find_library_in(tree, folders[i], name);
        if (library)
            return library;
    }
    return NULL;
}

gboolean
cp_tree_check(const char *tree, const char *client, const char *libvirt, GError **error)
{
    if (!tree)
        return TRUE;
    g_autofree char *library = find_library(tree, libvirt, "libvirt.so.0");
    g_autofree char *file = library ? cp_tree_path(tree, library) : NULL;
    g_autofree char *machine = file ? cp_elf_machine(file) : NULL;
    g_autofree char *own_machine = cp_elf_machine(client);
    g_autofree char *loader = cp_elf_loader(client);

    if (!library)
        g_set_error(
            error, CP_ERROR, CP_ERROR_UNTESTABLE,
            "--tree %s: libvirt.so.0 is not in its folders for libraries, expected a root file system with libvirt",
            tree);
    else if (!machine)
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "--tree %s: %s is not a library, expected a complete tree",
                    tree, library);
    else if (g_strcmp0(machine, own_machine) != 0)
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "--tree %s: its libvirt is for %s, expected one for %s", tree,
                    machine, own_machine);
    else if (loader && !cp_tree_test(tree, loader, G_FILE_TEST_IS_REGULAR))
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                    "--tree %s: %s, which starts every program, is missing there, expected a complete tree", tree,
                    loader);
    else
        return TRUE;
    return FALSE;
}
