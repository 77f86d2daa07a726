/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The private module directory and the private emulator of a sandbox. Runs in the sandbox's init. */
#include "run/sandbox/private-files.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"
#include "run/sandbox/mounting.h"
#include "run/sandbox/sandbox.h"

/* Copies one module. If this user cannot read it, the copy is empty and cannot be read either. */
static gboolean
copy_module(const char *from, const char *to, mode_t mode, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autofree char *content = NULL;
    gsize length = 0;

    if (!g_file_get_contents(from, &content, &length, &cause)) {
        if (!g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_ACCES)) {
            g_propagate_error(error, g_steal_pointer(&cause));
            return FALSE;
        }
        mode = 0;
    }
    return g_file_set_contents_full(to, content ? content : "", length, G_FILE_SET_CONTENTS_NONE, mode & 0777, error);
}

gboolean
cp_private_modules_copy(const char *module_dir, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(module_dir, 0, NULL);
    if (!dir)
        return TRUE;
    if (!cp_mounting_make_folder(CP_SANDBOX_HOST_MODULES, error))
        return FALSE;
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *from = g_build_filename(module_dir, name, NULL);
        g_autofree char *to = g_build_filename(CP_SANDBOX_HOST_MODULES, name, NULL);
        struct stat st;
        if (stat(from, &st) == 0 && S_ISREG(st.st_mode) && !copy_module(from, to, st.st_mode, error))
            return FALSE;
    }
    return TRUE;
}

/* Makes `name` available in `target` as it is in `source`: a folder by a mount, a link by the same link, any other file
 * by a link to it. */
static gboolean
mirror_entry(const char *source, const char *target, const char *name, GError **error)
{
    g_autofree char *from = g_build_filename(source, name, NULL);
    g_autofree char *to = g_build_filename(target, name, NULL);
    struct stat st;

    if (lstat(from, &st) < 0)
        return TRUE;
    if (S_ISDIR(st.st_mode))
        return cp_mounting_make_folder(to, error) && cp_sandbox_bind(from, to, error);

    g_autofree char *link = S_ISLNK(st.st_mode) ? g_file_read_link(from, error) : g_strdup(from);
    return link && (symlink(link, to) == 0 || cp_mounting_refuse(error, "make the link", to));
}

/* Returns the nearest folder above `path` that exists. `*below` becomes the path's next component below that folder. */
static char *
nearest_folder(const char *path, char **below)
{
    char *folder = g_path_get_dirname(path);
    *below = g_path_get_basename(path);
    while (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
        g_free(*below);
        *below = g_path_get_basename(folder);
        char *upper = g_path_get_dirname(folder);
        g_free(folder);
        folder = upper;
    }
    return folder;
}

/* Covers `parent` with a tmpfs that has everything that was in it, except for `left_out`. */
static gboolean
cover(const char *parent, const char *left_out, GError **error)
{
    static const char mirror[] = CP_SANDBOX_DIR "/host-parent";
    if (!cp_mounting_make_folder(mirror, error) || !cp_sandbox_bind(parent, mirror, error) ||
        !cp_mounting_tmpfs(parent, 0, error))
        return FALSE;

    g_autoptr(GDir) dir = g_dir_open(mirror, 0, error);
    if (!dir)
        return FALSE;
    for (const char *name; (name = g_dir_read_name(dir));) {
        if (!g_str_equal(name, left_out) && !mirror_entry(mirror, parent, name, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
cp_private_is_changeable(const char *path)
{
    g_autofree char *below = NULL;
    g_autofree char *folder = nearest_folder(path, &below);
    /* What is there may be a mount of its own, which is read-only. */
    return access(folder, W_OK) == 0 && (access(path, W_OK) == 0 || errno == ENOENT);
}

gboolean
cp_private_modules_set_up(const char *module_dir, GError **error)
{
    g_autofree char *left_out = NULL;
    g_autofree char *parent = nearest_folder(module_dir, &left_out);

    if (g_str_equal(parent, "/") || g_str_equal(parent, "/run") || g_str_has_prefix(parent, "/run/")) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                    "sandbox: cannot make %s private: expected a module directory below a folder other than / and /run",
                    module_dir);
        return FALSE;
    }
    return cp_private_is_changeable(module_dir) || cover(parent, left_out, error);
}

gboolean
cp_private_emulator_set_up(const char *emulator, GError **error)
{
    if (cp_private_is_changeable(emulator))
        return TRUE;
    g_autoptr(GMappedFile) file = g_mapped_file_new(emulator, FALSE, error);
    return file && cp_mounting_make_empty_file(CP_SANDBOX_HOST_EMULATOR, error) &&
           cp_sandbox_bind(emulator, CP_SANDBOX_HOST_EMULATOR, error) &&
           g_file_set_contents_full(CP_SANDBOX_EMULATOR, g_mapped_file_get_contents(file),
                                    g_mapped_file_get_length(file), G_FILE_SET_CONTENTS_NONE, 0755, error) &&
           cp_sandbox_bind(CP_SANDBOX_EMULATOR, emulator, error);
}
