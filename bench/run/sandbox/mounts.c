/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mounts of a sandbox. Runs in the sandbox's init. */
#include "run/sandbox/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "run/sandbox/image-mount.h"
#include "run/sandbox/mounting.h"
#include "run/sandbox/private-files.h"
#include "run/sandbox/root.h"

/* From sys/mount.h, which older C libraries do not allow together with linux/mount.h. */
extern int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data);
#define MOUNT_READ_ONLY 1ul /* MS_RDONLY */

/* Where a build for coverage saves its counts, which stays writable. Defined by meson if there is such a build. */
#ifndef CP_COVERAGE_FOLDER
#define CP_COVERAGE_FOLDER NULL
#endif

gboolean
cp_sandbox_mount_proc(GError **error)
{
    static const char *const settings[] = { "/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus" };

    if (mount("capprobe", "/proc", "proc", 0, NULL) < 0)
        return cp_mounting_refuse(error, "mount a proc on", "/proc");
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++) {
        int tree = cp_mounting_clone(settings[i], TRUE);
        if (tree < 0 && errno == ENOENT)
            continue;
        if (tree < 0)
            return cp_mounting_refuse(error, "clone the mount of", settings[i]);
        if (!cp_mounting_set_read_only(tree, "", AT_EMPTY_PATH, error)) {
            close(tree);
            return FALSE;
        }
        if (!cp_mounting_place(tree, settings[i], error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
set_up_dev(GError **error)
{
    static const char *const nodes[] = { "null", "zero", "full", "random", "urandom", "tty" };
    int trees[G_N_ELEMENTS(nodes)];
    int kvm = cp_mounting_clone("/dev/kvm", TRUE);
    cp_image_mount_keep_devices();

    for (gsize i = 0; i < G_N_ELEMENTS(nodes); i++) {
        g_autofree char *path = g_build_filename("/dev", nodes[i], NULL);
        trees[i] = cp_mounting_clone(path, TRUE);
    }
    if (!cp_mounting_tmpfs("/dev", 0, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(nodes); i++) {
        g_autofree char *path = g_build_filename("/dev", nodes[i], NULL);
        if (trees[i] >= 0 && (!cp_mounting_make_empty_file(path, error) || !cp_mounting_place(trees[i], path, error)))
            return FALSE;
    }
    if (mkdir("/dev/shm", 0755) < 0 || chmod("/dev/shm", 01777) < 0 || symlink("/proc/self/fd", "/dev/fd") < 0)
        return cp_mounting_refuse(error, "fill", "/dev");
    return kvm < 0 || (cp_mounting_make_empty_file(CP_SANDBOX_HOST_KVM, error) &&
                       cp_mounting_place(kvm, CP_SANDBOX_HOST_KVM, error));
}

static gboolean
set_up_run(GError **error)
{
    return cp_mounting_tmpfs("/run", 0, error) && cp_mounting_make_folder(CP_SANDBOX_DIR, error) &&
           cp_mounting_make_folder(CP_SANDBOX_TMP, error) &&
           (chmod(CP_SANDBOX_TMP, 01777) == 0 || cp_mounting_refuse(error, "change the mode of", CP_SANDBOX_TMP));
}

static gboolean
set_up_client(GArray *client, GError **error)
{
    for (guint i = 0; i < client->len; i++) {
        CpKept *kept = &g_array_index(client, CpKept, i);
        g_free(kept->path);
        kept->path = g_strdup(CP_SANDBOX_CLIENT);
    }
    return cp_kept_place(client, NULL, error);
}

static gboolean
cover_folders(const char *const *folders, unsigned long flags, GError **error)
{
    for (; folders && *folders; folders++) {
        if (g_file_test(*folders, G_FILE_TEST_IS_DIR) && !cp_mounting_tmpfs(*folders, flags, error))
            return FALSE;
    }
    return TRUE;
}

/* Whether what is to be visible needs no mount: its path leads to it. */
static CpKeptIsThere *
visible_test(CpRoot root)
{
    return root == CP_ROOT_HOST ? cp_kept_is_same : cp_kept_exists;
}

gboolean
cp_sandbox_mount(const CpSandboxSpec *spec, GError **error)
{
    static const char *const coverage[] = { CP_COVERAGE_FOLDER, NULL };
    const char *const clients[] = { spec->client, NULL };
    const char *const emulator[] = { spec->tree ? NULL : spec->emulator, NULL };
    g_autoptr(GArray) writable = cp_kept_new();
    g_autoptr(GArray) visible = cp_kept_new();
    g_autoptr(GArray) client = cp_kept_new();
    g_autoptr(CpRootPlan) plan = NULL;
    CpRoot root;

    umask(022);
    return cp_mounting_make_private(error) && cp_kept_add(writable, spec->writable, error) &&
           cp_kept_add(writable, coverage, error) && cp_mounting_set_read_only(AT_FDCWD, "/", 0, error) &&
           cp_kept_add(visible, spec->visible, error) && cp_kept_add(visible, emulator, error) &&
           cp_kept_add(client, clients, error) && (plan = cp_root_plan(spec->tree, spec->changeable, error)) &&
           set_up_run(error) && set_up_client(client, error) && cp_sandbox_mount_proc(error) && set_up_dev(error) &&
           cp_root_enter(plan, &root, error) &&
           (!spec->module_dir || cp_private_modules_copy(spec->module_dir, error)) &&
           cp_root_cover_private_folders(error) &&
           (!spec->module_dir || cp_private_modules_set_up(spec->module_dir, error)) &&
           cp_kept_place(visible, visible_test(root), error) &&
           (!spec->emulator || cp_private_emulator_set_up(spec->emulator, error)) &&
           cp_kept_place(writable, NULL, error) && cover_folders(spec->hidden, MOUNT_READ_ONLY, error);
}
