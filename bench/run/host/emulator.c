/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The emulator's file and its change time. Runs in the sandbox's init. */
#include "run/host/emulator.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <time.h>

#include "base/error.h"
#include "run/host/state.h"
#include "run/sandbox/sandbox.h"

#define OTHER_EMULATOR CP_SANDBOX_DIR "/other-emulator"

/* The change time of `path` in s; 0 if it does not exist. */
static gint64
ctime_s(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? st.st_ctim.tv_sec : 0;
}

static void
note_ctime(CpHost *host)
{
    gint64 s = ctime_s(host->emulator);
    g_array_append_val(host->emulator_ctimes_s, s);
}

static gboolean
was_had(const CpHost *host, gint64 s)
{
    for (guint i = 0; i < host->emulator_ctimes_s->len; i++) {
        if (g_array_index(host->emulator_ctimes_s, gint64, i) == s)
            return TRUE;
    }
    return FALSE;
}

static gboolean
use_private(CpHost *host, GError **error)
{
    if (host->emulator_is_private)
        return TRUE;
    host->emulator_is_private = TRUE;
    host->emulator_is_other = FALSE;
    return umount2(host->emulator, MNT_DETACH) == 0 ||
           cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s: cannot be unmounted", host->emulator);
}

static gboolean
use_real(CpHost *host, GError **error)
{
    if (!cp_sandbox_bind(CP_SANDBOX_HOST_EMULATOR, host->emulator, error))
        return FALSE;
    host->emulator_is_private = FALSE;
    return TRUE;
}

/* Gives what is in place the present time as its change time. */
static gboolean
touch_present(CpHost *host, GError **error)
{
    return utimensat(AT_FDCWD, host->emulator, NULL, 0) == 0 ||
           cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s: its time cannot be set", host->emulator);
}

static gboolean
touch_private(CpHost *host, GError **error)
{
    return use_private(host, error) && touch_present(host, error);
}

void
cp_emulator_note_read(CpHost *host)
{
    g_array_set_size(host->emulator_ctimes_s, 0);
    note_ctime(host);
}

/* Makes the private copy what the host's file is, if a command has changed it. */
static gboolean
restore_copy(CpHost *host, GError **error)
{
    struct stat copy, real;
    if (!host->emulator_is_mounted)
        return TRUE;
    if (stat(CP_SANDBOX_EMULATOR, &copy) == 0 && stat(CP_SANDBOX_HOST_EMULATOR, &real) == 0 &&
        (copy.st_mode & 07777) == 0755 &&
        g_str_equal(cp_state_content(host, CP_SANDBOX_EMULATOR, &copy),
                    cp_state_content(host, CP_SANDBOX_HOST_EMULATOR, &real)))
        return TRUE;
    /* In place: what is mounted on the emulator is this file. */
    g_autoptr(GMappedFile) file = g_mapped_file_new(CP_SANDBOX_HOST_EMULATOR, FALSE, error);
    cp_state_forget_content(host, CP_SANDBOX_EMULATOR);
    return file &&
           g_file_set_contents_full(CP_SANDBOX_EMULATOR, g_mapped_file_get_contents(file),
                                    g_mapped_file_get_length(file), G_FILE_SET_CONTENTS_NONE, 0755, error) &&
           (chmod(CP_SANDBOX_EMULATOR, 0755) == 0 ||
            cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s: its mode cannot be set", CP_SANDBOX_EMULATOR));
}

gboolean
cp_emulator_reset(CpHost *host, GError **error)
{
    return use_private(host, error) && (!host->command_ran || restore_copy(host, error));
}

gboolean
cp_emulator_has_other_ctime(const CpHost *host)
{
    /* The kernel takes change times from the coarse clock. */
    struct timespec now;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (host->kernel_clock || !was_had(host, now.tv_sec))
        return TRUE;
    return host->emulator_is_mounted && !host->emulator_is_other &&
           (!was_had(host, ctime_s(CP_SANDBOX_HOST_EMULATOR)) || !was_had(host, ctime_s(CP_SANDBOX_EMULATOR)));
}

gboolean
cp_emulator_touch(CpHost *host, GError **error)
{
    gboolean done;
    if (host->emulator_is_other || !host->emulator_is_mounted)
        done = touch_present(host, error);
    else if (host->kernel_clock)
        done = touch_private(host, error);
    else if (!was_had(host, ctime_s(CP_SANDBOX_HOST_EMULATOR)))
        done = use_real(host, error);
    else if (!was_had(host, ctime_s(CP_SANDBOX_EMULATOR)))
        done = use_private(host, error);
    else
        done = touch_private(host, error);
    if (done)
        note_ctime(host);
    return done;
}

gboolean
cp_emulator_mount(CpHost *host, const char *path, GError **error)
{
    if (!use_private(host, error) || !cp_sandbox_bind(path, host->emulator, error))
        return FALSE;
    host->emulator_is_private = FALSE;
    host->emulator_is_other = TRUE;
    note_ctime(host);
    return TRUE;
}

gboolean
cp_emulator_replace(CpHost *host, const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(host->emulator);
    g_autofree char *source = g_path_is_absolute(path) ? g_strdup(path) : g_build_filename(folder, path, NULL);
    g_autoptr(GMappedFile) file = g_mapped_file_new(source, FALSE, error);
    if (!file || !use_private(host, error))
        return FALSE;
    /* The new file has a new inode, but the kernel may give it that of the last one. */
    cp_state_forget_content(host, OTHER_EMULATOR);
    unlink(OTHER_EMULATOR);
    if (!g_file_set_contents_full(OTHER_EMULATOR, g_mapped_file_get_contents(file), g_mapped_file_get_length(file),
                                  G_FILE_SET_CONTENTS_NONE, 0755, error) ||
        !cp_sandbox_bind(OTHER_EMULATOR, host->emulator, error))
        return FALSE;
    host->emulator_is_private = FALSE;
    host->emulator_is_other = TRUE;
    while (!host->kernel_clock && was_had(host, ctime_s(host->emulator))) {
        g_usleep(10 * 1000);
        if (!touch_present(host, error))
            return FALSE;
    }
    note_ctime(host);
    return TRUE;
}
