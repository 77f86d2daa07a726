/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is changed of the root file system. Runs in the sandbox's init. */
#include "run/host/changes.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <linux/magic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "run/host/state.h"
#include "run/sandbox/root.h"
#include "run/sandbox/sandbox.h"

/* Where programs that install and remove software, and programs that note what happens on the host, write times or random
 * numbers, so that the same command would lead to another state each time; and what daemons of libvirt make for themselves:
 * sockets, tokens, folders, and the cache, which the history tells by itself. What libvirt and QEMU answer does not depend on
 * these. Each is one file, or the folder of one such program. */
static const char *const ignored[] = {
    "/etc/machine-id",
    "/run/capprobe/tmp/.rpmdb",
    "/run/libvirt",
    "/run/libvirtd.pid",
    "/run/virtproxyd.pid",
    "/run/virtqemud.pid",
    "/usr/lib/sysimage/libdnf5",
    "/usr/lib/sysimage/rpm",
    "/var/backups",
    "/var/cache/apt",
    "/var/cache/debconf",
    "/var/cache/dnf",
    "/var/cache/fontconfig",
    "/var/cache/ldconfig",
    "/var/cache/libdnf5",
    "/var/cache/libvirt/qemu",
    "/var/cache/man",
    "/var/lib/apt",
    "/var/lib/dbus/machine-id",
    "/var/lib/dnf",
    "/var/lib/dpkg",
    "/var/lib/libvirt/qemu",
    "/var/lib/rpm",
    "/var/lib/systemd/random-seed",
    "/var/log/alternatives.log",
    "/var/log/apt",
    "/var/log/dnf.librepo.log",
    "/var/log/dnf.log",
    "/var/log/dnf.rpm.log",
    "/var/log/dnf5.log",
    "/var/log/dpkg.log",
    "/var/log/fontconfig.log",
    "/var/log/hawkey.log",
    "/var/log/journal",
    "/var/log/lastlog",
    "/var/log/libvirt/qemu",
    NULL,
};

/* Folders of the sandbox's own, which are not in the upper layer; apart from what is_of_sandbox() says, they are empty at first. */
static const char *const own_folders[] = {
    "/dev", "/dev/shm", "/run", CP_SANDBOX_TMP, "/var/cache/libvirt", "/var/lib/libvirt", "/var/log/libvirt",
};

/* The extended attributes of the overlay itself. */
#define OVERLAY_PREFIX "trusted.overlay."

gboolean
cp_changes_are_possible(void)
{
    return access(CP_SANDBOX_UPPER, F_OK) == 0;
}

gboolean
cp_changes_are_ignored(const char *path)
{
    return g_strv_contains(ignored, path);
}

gboolean
cp_changes_is_of_tree(const char *path)
{
    struct statfs fs;
    struct stat st;
    g_autofree char *real = realpath(path, NULL);
    g_autofree char *upper = g_strconcat(CP_SANDBOX_UPPER, real, NULL);
    return real && statfs(real, &fs) == 0 && fs.f_type == OVERLAYFS_SUPER_MAGIC && lstat(upper, &st) < 0 &&
           errno == ENOENT;
}

gboolean
cp_changes_is_removal(const struct stat *st)
{
    return S_ISCHR(st->st_mode) && st->st_rdev == makedev(0, 0);
}

/* Whether the state describes `path` anyway. */
static gboolean
is_described(const CpHost *host, const char *path)
{
    return g_str_equal(path, host->module_dir) || g_str_equal(path, host->prepared_dir) ||
           g_str_equal(path, host->away_dir) || g_str_equal(path, host->emulator);
}

/* Whether the sandbox has put `path` into one of its own folders, or looks at it as such a folder. */
static gboolean
is_of_sandbox(const char *path, const struct stat *st)
{
    return g_str_equal(path, CP_SANDBOX_DIR) || g_str_equal(path, "/dev/shm") || g_str_equal(path, "/dev/fd") ||
           (S_ISCHR(st->st_mode) && g_str_has_prefix(path, "/dev/"));
}

/* Returns an extended attribute of the overlay as text, or NULL. */
static char *
overlay_attribute(const char *path, const char *name)
{
    char value[PATH_MAX];
    ssize_t length = lgetxattr(path, name, value, sizeof(value));
    return length < 0 ? NULL : g_strndup(value, length);
}

/* Appends the extended attributes of `path`, in a fixed order. */
static void
describe_attributes(const char *path, GString *text)
{
    ssize_t length = llistxattr(path, NULL, 0);
    if (length <= 0)
        return;
    g_autofree char *list = g_malloc(length);
    g_autofree char *value = g_malloc(XATTR_SIZE_MAX);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    length = llistxattr(path, list, length);
    for (const char *name = list; length > 0 && name < list + length; name += strlen(name) + 1) {
        if (!g_str_has_prefix(name, OVERLAY_PREFIX))
            g_ptr_array_add(names, (gpointer)name);
    }
    g_ptr_array_sort(names, cp_text_compare);
    for (guint i = 0; i < names->len; i++) {
        ssize_t size = lgetxattr(path, names->pdata[i], value, XATTR_SIZE_MAX);
        g_autofree char *encoded = g_base64_encode((const guchar *)value, MAX(size, 0));
        g_string_append_printf(text, " %s=%s", (char *)names->pdata[i], encoded);
    }
}

/* Returns everything about a file or folder that counts, except for what is in the folder. */
static char *
describe_entry(CpHost *host, const char *path, const struct stat *st)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "%o %u %u", st->st_mode, st->st_uid, st->st_gid);
    if (S_ISREG(st->st_mode))
        g_string_append_printf(text, " %s", cp_state_content(host, path, st));
    else if (S_ISLNK(st->st_mode)) {
        g_autofree char *target = g_file_read_link(path, NULL);
        g_autofree char *escaped = g_strescape(target ? target : "", NULL);
        g_string_append_printf(text, " %s", escaped);
    } else if (!S_ISDIR(st->st_mode))
        g_string_append_printf(text, " %ju", (uintmax_t)st->st_rdev);
    describe_attributes(path, text);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Whether two files cannot be the same, which is seen without reading them. */
static gboolean
differ_at_sight(const struct stat *a, const struct stat *b)
{
    return a->st_mode != b->st_mode || a->st_uid != b->st_uid || a->st_gid != b->st_gid ||
           (S_ISREG(a->st_mode) && a->st_size != b->st_size);
}

static void
append_line(GString *text, const char *path, const char *what)
{
    g_autofree char *escaped = g_strescape(path, NULL);
    g_string_append_printf(text, "%s %s\n", escaped, what);
}

static gboolean
is_elf(const char *path)
{
    char magic[SELFMAG] = "";
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    gboolean is = fd >= 0 && read(fd, magic, SELFMAG) == SELFMAG && memcmp(magic, ELFMAG, SELFMAG) == 0;
    if (fd >= 0)
        close(fd);
    return is;
}

/* Appends the libraries and programs that `file` is or has below it, where changes are ignored otherwise: a library can be used
 * wherever it is. `path` is where the file is seen. */
static void
describe_code(CpHost *host, const char *file, const char *path, GString *text)
{
    struct stat st;
    if (lstat(file, &st) == 0 && S_ISREG(st.st_mode) && is_elf(file)) {
        g_autofree char *is = describe_entry(host, file, &st);
        append_line(text, path, is);
    }
    g_auto(GStrv) names = g_file_test(file, G_FILE_TEST_IS_SYMLINK) ? NULL : cp_host_list(file);
    for (char **name = names; name && *name; name++) {
        g_autofree char *file_below = g_build_filename(file, *name, NULL);
        g_autofree char *below = g_build_filename(path, *name, NULL);
        describe_code(host, file_below, below, text);
    }
}

static void describe_folder(CpHost *host, const char *path, const char *origin, GString *text);

/* Returns the path in the tree of what the folder `path` of the upper layer is laid over; NULL if it is new. `origin` is the same
 * for the folder that it is in. */
static char *
find_origin(const char *upper, const char *path, const char *origin)
{
    g_autofree char *moved = overlay_attribute(upper, OVERLAY_PREFIX "redirect");
    g_autofree char *name = g_path_get_basename(path);
    if (moved && *moved == '/')
        return g_strconcat(cp_root_part(path), moved, NULL);
    return origin ? g_build_filename(origin, moved ? moved : name, NULL) : NULL;
}

/* Appends what is changed at `path`, a path in the root file system that is in the upper layer, and below it. */
static void
describe_path(CpHost *host, const char *path, const char *folder_origin, GString *text)
{
    g_autofree char *upper = g_strconcat(CP_SANDBOX_UPPER, path, NULL);
    g_autofree char *origin = find_origin(upper, path, folder_origin);
    g_autofree char *tree = g_strconcat(CP_SANDBOX_TREE, origin, NULL);
    struct stat now, before;

    if (is_described(host, path) || lstat(upper, &now) < 0)
        return;
    if (cp_changes_are_ignored(path)) {
        describe_code(host, upper, path, text);
        return;
    }
    gboolean was_there = origin && lstat(tree, &before) == 0;
    if (cp_changes_is_removal(&now)) {
        if (was_there)
            append_line(text, path, "is removed");
        return;
    }

    if (was_there && !g_str_equal(origin, path)) {
        g_autofree char *escaped = g_strescape(origin, NULL);
        g_autofree char *what = g_strconcat("was ", escaped, NULL);
        append_line(text, path, what);
    }
    g_autofree char *is = describe_entry(host, upper, &now);
    g_autofree char *was = was_there && !differ_at_sight(&now, &before) ? describe_entry(host, tree, &before) : NULL;
    if (g_strcmp0(is, was) != 0)
        append_line(text, path, is);
    if (S_ISDIR(now.st_mode))
        describe_folder(host, path, was_there && S_ISDIR(before.st_mode) ? origin : NULL, text);
}

/* Appends what is changed in the folder `path`. */
static void
describe_folder(CpHost *host, const char *path, const char *origin, GString *text)
{
    g_autofree char *upper = g_strconcat(CP_SANDBOX_UPPER, path, NULL);
    g_autofree char *tree = g_strconcat(CP_SANDBOX_TREE, origin, NULL);
    g_autofree char *opaque = overlay_attribute(upper, OVERLAY_PREFIX "opaque");
    g_auto(GStrv) names = cp_host_list(upper);
    g_auto(GStrv) hidden = origin && g_strcmp0(opaque, "y") == 0 ? cp_host_list(tree) : NULL;

    for (char **name = hidden; name && *name; name++) {
        g_autofree char *below = g_build_filename(path, *name, NULL);
        if (!is_described(host, below) && !cp_changes_are_ignored(below) &&
            !(names && g_strv_contains((const char *const *)names, *name)))
            append_line(text, below, "is removed");
    }
    for (char **name = names; name && *name; name++) {
        g_autofree char *below = g_build_filename(path, *name, NULL);
        describe_path(host, below, origin, text);
    }
}

/* Appends what is below `folder`, which is the sandbox's own. */
static void
describe_own_folder(CpHost *host, const char *folder, GString *text)
{
    g_auto(GStrv) names = cp_host_list(folder);
    for (char **name = names; name && *name; name++) {
        g_autofree char *path = g_build_filename(folder, *name, NULL);
        struct stat st;
        if (is_described(host, path) || lstat(path, &st) < 0 || is_of_sandbox(path, &st))
            continue;
        if (cp_changes_are_ignored(path)) {
            describe_code(host, path, path, text);
            continue;
        }
        g_autofree char *is = describe_entry(host, path, &st);
        append_line(text, path, is);
        if (S_ISDIR(st.st_mode))
            describe_own_folder(host, path, text);
    }
}

void
cp_changes_describe(CpHost *host, GString *text)
{
    if (!host->changes) {
        g_autoptr(GString) all = g_string_new(NULL);
        if (cp_changes_are_possible())
            describe_folder(host, "/", "/", all);
        for (gsize i = 0; host->command_ran && i < G_N_ELEMENTS(own_folders); i++)
            describe_own_folder(host, own_folders[i], all);
        host->changes = all->len ? g_compute_checksum_for_string(G_CHECKSUM_SHA256, all->str, all->len) : g_strdup("");
    }
    if (*host->changes)
        g_string_append_printf(text, "changes %s\n", host->changes);
}

void
cp_changes_note_command(CpHost *host)
{
    g_hash_table_remove_all(host->digests);
    g_clear_pointer(&host->changes, g_free);
    host->command_ran = TRUE;
}

/* Removes what is in the folder `dir`, which is the sandbox's own. */
static gboolean
clear_own_folder(const char *dir, GError **error)
{
    g_auto(GStrv) names = cp_host_list(dir);
    for (char **name = names; name && *name; name++) {
        g_autofree char *path = g_build_filename(dir, *name, NULL);
        struct stat st;
        if (lstat(path, &st) == 0 && !is_of_sandbox(path, &st) && !cp_host_remove_tree(path, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
cp_changes_reset(CpHost *host, GError **error)
{
    if (!host->command_ran)
        return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(own_folders); i++) {
        if (!clear_own_folder(own_folders[i], error))
            return FALSE;
    }
    if (!cp_host_remove_tree(CP_SANDBOX_PACKAGES, error) || (cp_changes_are_possible() && !cp_root_renew(error)))
        return FALSE;
    g_hash_table_remove_all(host->digests);
    g_hash_table_remove_all(host->lasting_digests);
    g_clear_pointer(&host->changes, g_free);
    host->modules_changed = TRUE;
    host->command_ran = FALSE;
    return TRUE;
}
