/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The private module directory. Runs in the sandbox's init. */
#include "run/host/module-directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/error.h"
#include "run/host/state.h"

/* 2020-01-01: times of `clock step` begin here, far enough in the past that none is ever the present time. */
#define CLOCK_START_S G_GINT64_CONSTANT(1577836800)

#define MODE_BITS 07777

char *
cp_module_path(const CpHost *host, const char *module)
{
    return g_strdup_printf("%s/%s.so", host->module_dir, module);
}

gboolean
cp_module_check_readable(const CpHost *host, const char *module, GError **error)
{
    g_autofree char *path = g_strdup_printf("%s/%s.so", host->pristine_dir, module);
    if (access(path, R_OK) < 0 && errno == EACCES) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "%s/%s.so: this user cannot read it, so it cannot be changed",
                    host->module_dir, module);
        return FALSE;
    }
    return TRUE;
}

/* Sets the mode of the new file `path` and remembers its digest. */
static gboolean
finish_file(CpHost *host, const char *path, mode_t mode, const char *digest, GError **error)
{
    struct stat st;
    if (chmod(path, mode) < 0 || stat(path, &st) < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s", path);
    cp_state_remember_content(host, &st, digest);
    return TRUE;
}

static gboolean
write_file(
    CpHost *host, const char *path, const char *content, gsize length, mode_t mode, const char *digest, GError **error)
{
    return g_file_set_contents_full(path, content, length, G_FILE_SET_CONTENTS_NONE, 0600, error) &&
           finish_file(host, path, mode, digest, error);
}

static gboolean
write_unreadable(CpHost *host, const char *path, off_t size, GError **error)
{
    return g_file_set_contents_full(path, "", 0, G_FILE_SET_CONTENTS_NONE, 0600, error) &&
           (truncate(path, size) == 0 || cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s", path)) &&
           finish_file(host, path, 0, CP_STATE_UNREADABLE, error);
}

/* Copies `name` of the real directory to `to`, which must not exist. */
static gboolean
copy_entry(CpHost *host, const char *name, const char *to, GError **error)
{
    g_autofree char *from = g_build_filename(host->pristine_dir, name, NULL);
    struct stat st;
    if (lstat(from, &st) < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s", from);

    if (S_ISLNK(st.st_mode)) {
        g_autofree char *target = g_file_read_link(from, error);
        return target && (symlink(target, to) == 0 || cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s", to));
    }
    if (!S_ISREG(st.st_mode))
        return TRUE;

    g_autoptr(GError) cause = NULL;
    g_autofree char *content = NULL;
    gsize length;
    if (g_file_get_contents(from, &content, &length, &cause)) {
        g_autofree char *digest = g_strdup(cp_state_content(host, from, &st));
        return write_file(host, to, content, length, st.st_mode & MODE_BITS, digest, error);
    }
    if (g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_ACCES))
        return write_unreadable(host, to, st.st_size, error);
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
}

/* Copies the whole real directory to `dir`, which must not exist. */
static gboolean
copy_all(CpHost *host, const char *dir, GError **error)
{
    if (g_mkdir_with_parents(dir, 0755) < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s: cannot be made", dir);

    g_auto(GStrv) names = cp_host_list(host->pristine_dir);
    for (char **name = names; name && *name; name++) {
        g_autofree char *to = g_build_filename(dir, *name, NULL);
        if (!copy_entry(host, *name, to, error))
            return FALSE;
    }
    return TRUE;
}

/* Puts `name` in place, from `bytes` or as the real host has it. */
static gboolean
put_entry(CpHost *host, const char *name, GBytes *bytes, GError **error)
{
    g_autofree char *path = g_build_filename(host->module_dir, name, NULL);
    g_autofree char *new = g_strconcat(host->module_dir, "/.new-", name, NULL);
    gsize length;
    const char *content = bytes ? g_bytes_get_data(bytes, &length) : NULL;

    g_autofree char *digest = bytes ? g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes) : NULL;
    if (!(bytes ? write_file(host, new, content, length, 0644, digest, error) : copy_entry(host, name, new, error)))
        return FALSE;
    cp_state_forget_content(host, path);
    return rename(new, path) == 0 || cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s", path);
}

gboolean
cp_module_put(CpHost *host, const char *module, GBytes *bytes, GError **error)
{
    g_autofree char *name = g_strconcat(module, ".so", NULL);
    return put_entry(host, name, bytes, error);
}

static gboolean
is_there(const CpHost *host)
{
    return g_file_test(host->pristine_dir, G_FILE_TEST_IS_DIR);
}

/* The digest of the emulator, which is large, stays. */
static void
forget_contents(CpHost *host, const char *dir)
{
    g_auto(GStrv) names = cp_host_list(dir);
    for (char **name = names; name && *name; name++) {
        g_autofree char *path = g_build_filename(dir, *name, NULL);
        cp_state_forget_content(host, path);
    }
}

gboolean
cp_module_dir_reset(CpHost *host, GError **error)
{
    if (host->modules_changed) {
        forget_contents(host, host->module_dir);
        forget_contents(host, host->away_dir);
        forget_contents(host, host->prepared_dir);
        if (!cp_host_remove_tree(host->module_dir, error) || !cp_host_remove_tree(host->away_dir, error) ||
            !cp_host_remove_tree(host->prepared_dir, error))
            return FALSE;
        if (is_there(host) && !copy_all(host, host->module_dir, error))
            return FALSE;
        host->modules_changed = FALSE;
    }
    host->kernel_clock = FALSE;
    host->start_cpu = 0;
    host->clock_s = CLOCK_START_S;
    return cp_module_dir_set_time(host, error);
}

gboolean
cp_module_dir_prepare(CpHost *host, GError **error)
{
    host->modules_changed = TRUE;
    return g_file_test(host->prepared_dir, G_FILE_TEST_IS_DIR) || copy_all(host, host->prepared_dir, error);
}

/* Whether `name` is in the directory what it is in the real one. */
static gboolean
is_pristine(CpHost *host, const char *name)
{
    g_autofree char *path = g_build_filename(host->module_dir, name, NULL);
    g_autofree char *pristine = g_build_filename(host->pristine_dir, name, NULL);
    struct stat st, wanted;
    if (lstat(pristine, &wanted) < 0)
        return FALSE;
    if (!S_ISREG(wanted.st_mode) && !S_ISLNK(wanted.st_mode))
        return TRUE;
    if (lstat(path, &st) < 0 || (st.st_mode & S_IFMT) != (wanted.st_mode & S_IFMT))
        return FALSE;

    if (S_ISLNK(wanted.st_mode)) {
        g_autofree char *target = g_file_read_link(path, NULL);
        g_autofree char *wanted_target = g_file_read_link(pristine, NULL);
        return g_strcmp0(target, wanted_target) == 0;
    }
    const char *digest = cp_state_content(host, pristine, &wanted);
    mode_t mode = g_str_equal(digest, CP_STATE_UNREADABLE) ? 0 : wanted.st_mode & MODE_BITS;
    return st.st_size == wanted.st_size && (st.st_mode & MODE_BITS) == mode &&
           g_str_equal(cp_state_content(host, path, &st), digest);
}

static gboolean
remove_foreign_entries(CpHost *host, GError **error)
{
    g_auto(GStrv) names = cp_host_list(host->module_dir);
    for (char **name = names; name && *name; name++) {
        g_autofree char *path = g_build_filename(host->module_dir, *name, NULL);
        g_autofree char *pristine = g_build_filename(host->pristine_dir, *name, NULL);
        struct stat st;
        if (lstat(pristine, &st) < 0) {
            cp_state_forget_content(host, path);
            if (!cp_host_remove_tree(path, error))
                return FALSE;
        }
    }
    return TRUE;
}

gboolean
cp_module_dir_restore(CpHost *host, GError **error)
{
    struct stat st;
    if (lstat(host->module_dir, &st) == 0 && S_ISLNK(st.st_mode) && unlink(host->module_dir) < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s", host->module_dir);
    if (g_file_test(host->away_dir, G_FILE_TEST_IS_DIR) && rename(host->away_dir, host->module_dir) < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s", host->away_dir);
    if (!is_there(host))
        return TRUE;

    g_auto(GStrv) names = cp_host_list(host->pristine_dir);
    if (!remove_foreign_entries(host, error))
        return FALSE;
    for (char **name = names; name && *name; name++) {
        if (!is_pristine(host, *name) && !put_entry(host, *name, NULL, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
set_times(const CpHost *host, const struct timespec times[2], GError **error)
{
    return utimensat(AT_FDCWD, host->module_dir, times, 0) == 0 || errno == ENOENT ||
           cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s: its time cannot be set", host->module_dir);
}

gboolean
cp_module_dir_set_time(const CpHost *host, GError **error)
{
    struct timespec times[] = { { .tv_sec = host->clock_s }, { .tv_sec = host->clock_s } };
    return set_times(host, times, error);
}

void
cp_module_dir_note(CpHost *host)
{
    struct stat st;
    if (stat(host->module_dir, &st) == 0)
        host->dir_seen = st;
}

gboolean
cp_module_dir_advance_time(CpHost *host, GError **error)
{
    struct stat st, seen = host->dir_seen;
    if (host->kernel_clock || stat(host->module_dir, &st) < 0 ||
        (st.st_ino == seen.st_ino && st.st_mtim.tv_sec == seen.st_mtim.tv_sec &&
         st.st_mtim.tv_nsec == seen.st_mtim.tv_nsec))
        return TRUE;
    host->clock_s++;
    return cp_module_dir_set_time(host, error);
}

gboolean
cp_module_dir_save_times(const CpHost *host, CpModuleDirTimes *times, GError **error)
{
    struct stat st;
    times->exists = stat(host->module_dir, &st) == 0;
    if (!times->exists)
        return errno == ENOENT || cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s", host->module_dir);
    times->times[0] = st.st_atim;
    times->times[1] = st.st_mtim;
    return TRUE;
}

gboolean
cp_module_dir_restore_times(const CpHost *host, const CpModuleDirTimes *times, GError **error)
{
    return !times->exists || set_times(host, times->times, error);
}
