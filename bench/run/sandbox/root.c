/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The root file system of a sandbox. Runs in the sandbox's init. */
#include "run/sandbox/root.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "run/sandbox/mounting.h"
#include "run/sandbox/sandbox.h"

#define WORK CP_SANDBOX_LAYER "/work"

/* Where libvirt keeps what is its own. */
static const char *const private_folders[] = { "/var/lib/libvirt", "/var/cache/libvirt", "/var/log/libvirt" };

/* What belongs to a system even if it is a file system of its own. If so, it gets an overlay of its own, whose upper layer is that
 * folder in the upper layer of the root file system. */
static const char *const part_folders[] = { "/etc", "/opt", "/usr", "/var" };
static gboolean is_part[G_N_ELEMENTS(part_folders)];

/* Without redirect_dir no folder of the tree could be renamed. Without metacopy the upper layer has all contents. */
#define OPTIONS "redirect_dir=on,index=off,metacopy=off,xino=auto"

/* Where the new root is mounted before it is entered. Any folder that surely exists would do. */
#define STEP "/run"

struct _CpRootPlan {
    int tree;         /* a detached clone of the tree; -1 if the host's root stays */
    gboolean is_host; /* the tree is the host's own root */
    gboolean overlay; /* an overlay is wanted */
};

CpRootPlan *
cp_root_plan(const char *tree, gboolean changeable, GError **error)
{
    gboolean overlay = geteuid() == 0 && (changeable || tree);
    g_autoptr(CpRootPlan) plan = g_new0(CpRootPlan, 1);
    *plan = (CpRootPlan){ .tree = -1, .is_host = !tree, .overlay = overlay };
    if (!tree && !overlay)
        return g_steal_pointer(&plan);
    /* In a user namespace the mounts below must come along. */
    plan->tree = cp_mounting_clone(tree ? tree : "/", geteuid() != 0);
    if (plan->tree < 0 && tree) {
        cp_mounting_refuse(error, "clone the mount of", tree);
        return NULL;
    }
    plan->overlay &= plan->tree >= 0;
    return g_steal_pointer(&plan);
}

void
cp_root_plan_free(CpRootPlan *plan)
{
    if (!plan)
        return;
    if (plan->tree >= 0)
        close(plan->tree);
    g_free(plan);
}

/* --- what is mounted on the root --- */

/* Returns the number of the folder in part_folders, or -1. */
static int
part_number(const char *path)
{
    for (gsize i = 0; i < G_N_ELEMENTS(part_folders); i++) {
        if (g_str_equal(path, part_folders[i]))
            return i;
    }
    return -1;
}

const char *
cp_root_part(const char *path)
{
    for (gsize i = 0; i < G_N_ELEMENTS(part_folders); i++) {
        if (is_part[i] && g_str_has_prefix(path, part_folders[i]) && path[strlen(part_folders[i])] == '/')
            return part_folders[i];
    }
    return "";
}

/* Adds the mount points right below what is mounted on `below` to `paths`. */
static void
list_mounts(const char *below, GPtrArray *paths)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents("/proc/self/mountinfo", &text, NULL, NULL))
        return;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    const char *root = NULL;
    for (int pass = 0; pass < 2; pass++) {
        for (char **line = lines; *line; line++) {
            /* ID PARENT DEVICE ROOT MOUNT-POINT ... */
            g_auto(GStrv) fields = g_strsplit(*line, " ", 6);
            if (g_strv_length(fields) < 6)
                continue;
            /* Of several mounts on a folder the last one is the topmost. */
            if (pass == 0 && g_str_equal(fields[4], below))
                root = *line;
            gsize length = pass == 1 && root ? strcspn(root, " ") : 0;
            if (length && strncmp(root, fields[1], length) == 0 && !fields[1][length] && !g_str_equal(fields[4], below))
                g_ptr_array_add(paths, g_strcompress(fields[4]));
        }
    }
}

/* Clones what is to be mounted on the new root as well. */
static gboolean
keep_mounts(const CpRootPlan *plan, GArray *kept, GError **error)
{
    static const char *const needed[] = { "/proc", "/dev", "/run", NULL };
    g_autoptr(GPtrArray) others = g_ptr_array_new_with_free_func(g_free);

    if (!cp_kept_add(kept, needed, error))
        return FALSE;
    if (plan->is_host)
        list_mounts("/", others);
    else
        g_ptr_array_add(others, g_strdup("/sys"));
    for (guint i = 0; i < others->len; i++) {
        /* One that cannot be cloned, such as an automounter's, is left out. */
        if (!g_strv_contains(needed, others->pdata[i]) && part_number(others->pdata[i]) < 0)
            cp_kept_add_one(kept, others->pdata[i]);
    }
    return TRUE;
}

/* --- the overlay --- */

/* Overlays need these attributes for folders that replace others; in a user namespace they are not to be had. */
static gboolean
has_attributes(const char *folder)
{
    return setxattr(folder, "trusted.capprobe", "", 0, 0) == 0 && removexattr(folder, "trusted.capprobe") == 0;
}

/* Clones what is mounted below the parts. */
static void
keep_mounts_of_parts(GArray *kept)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(part_folders); i++) {
        if (is_part[i])
            list_mounts(part_folders[i], paths);
    }
    for (guint i = 0; i < paths->len; i++)
        cp_kept_add_one(kept, paths->pdata[i]);
}

/* Mounts the file systems of the host that are parts of its system at their places in CP_SANDBOX_TREE. */
static gboolean
find_parts(GError **error)
{
    g_autoptr(GPtrArray) mounts = g_ptr_array_new_with_free_func(g_free);
    list_mounts("/", mounts);
    for (guint i = 0; i < mounts->len; i++) {
        int number = part_number(mounts->pdata[i]);
        int clone = number < 0 ? -1 : cp_mounting_clone(mounts->pdata[i], FALSE);
        g_autofree char *place = g_strconcat(CP_SANDBOX_TREE, mounts->pdata[i], NULL);
        if (clone >= 0 && !cp_mounting_place(clone, place, error))
            return FALSE;
        if (clone >= 0)
            is_part[number] = TRUE;
    }
    return TRUE;
}

/* A folder of the upper layer that an overlay is made of has the attributes of the tree's. */
static gboolean
copy_attributes(const char *from, const char *to)
{
    struct stat st;
    if (stat(from, &st) < 0 || chown(to, st.st_uid, st.st_gid) < 0 || chmod(to, st.st_mode & 07777) < 0)
        return FALSE;
    struct timespec times[] = { st.st_atim, st.st_mtim };
    return utimensat(AT_FDCWD, to, times, 0) == 0;
}

/* Mounts an overlay over `folder` of the tree on `target`. */
static gboolean
mount_overlay(const char *folder, const char *work, const char *target)
{
    g_autofree char *options = g_strdup_printf(
        "lowerdir=" CP_SANDBOX_TREE "%s,upperdir=" CP_SANDBOX_UPPER "%s,workdir=%s," OPTIONS, folder, folder, work);
    return mount("capprobe", target, "overlay", 0, options) == 0;
}

/* Mounts an overlay on each part, and on it what was mounted there. */
static gboolean
mount_parts(GArray *kept, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(part_folders); i++) {
        const char *folder = part_folders[i];
        g_autofree char *tree = g_strconcat(CP_SANDBOX_TREE, folder, NULL);
        g_autofree char *upper = g_strconcat(CP_SANDBOX_UPPER, folder, NULL);
        g_autofree char *work = g_strdup_printf(WORK "-%zu", i);
        if (is_part[i] && ((mkdir(upper, 0755) < 0 && errno != EEXIST) || !copy_attributes(tree, upper) ||
                           mkdir(work, 0755) < 0 || !mount_overlay(folder, work, folder)))
            return cp_mounting_refuse(error, "mount an overlay on", folder);
    }
    return cp_kept_place(kept, NULL, error);
}

/* Makes the layers of an overlay over CP_SANDBOX_TREE. FALSE if the kernel does not allow that. */
static gboolean
make_layers(void)
{
    return (mkdir(CP_SANDBOX_LAYER, 0700) == 0 || errno == EEXIST) &&
           mount("capprobe", CP_SANDBOX_LAYER, "tmpfs", 0, "mode=700," CP_MOUNTING_SIZE) == 0 &&
           mkdir(CP_SANDBOX_UPPER, 0755) == 0 && mkdir(WORK, 0755) == 0 &&
           copy_attributes(CP_SANDBOX_TREE, CP_SANDBOX_UPPER) && has_attributes(CP_SANDBOX_UPPER);
}

/* --- entering --- */

/* Makes what is mounted on STEP the root of this process, and of its mount namespace. FALSE with errno set if the kernel
 * does not allow that; then nothing is mounted there any more. */
static gboolean
pivot(void)
{
    if (chdir(STEP) == 0 && syscall(SYS_pivot_root, ".", ".") == 0)
        return umount2(".", MNT_DETACH) == 0 && chdir("/") == 0;
    int number = errno;
    umount2(STEP, MNT_DETACH);
    errno = number;
    return FALSE;
}

gboolean
cp_root_enter(CpRootPlan *plan, CpRoot *root, GError **error)
{
    g_autoptr(GArray) kept = cp_kept_new();
    g_autoptr(GArray) kept_of_parts = cp_kept_new();
    int tree = plan->tree;
    *root = CP_ROOT_HOST;
    if (tree < 0)
        return TRUE;

    plan->tree = -1;
    if (!cp_mounting_make_folder(CP_SANDBOX_TREE, error) || !cp_mounting_place(tree, CP_SANDBOX_TREE, error))
        return FALSE;
    gboolean overlay = plan->overlay && make_layers();
    if (overlay && plan->is_host && !find_parts(error))
        return FALSE;
    keep_mounts_of_parts(kept_of_parts);
    /* What is mounted on /run now comes along, and with it the layers. */
    if (!keep_mounts(plan, kept, error))
        return FALSE;
    if (overlay && mount_overlay("", WORK, STEP) && pivot())
        *root = CP_ROOT_OVERLAY;
    else if (plan->is_host)
        return TRUE;
    else if (!cp_sandbox_bind(CP_SANDBOX_TREE, STEP, error))
        return FALSE;
    else if (!pivot())
        return cp_mounting_refuse(error, "enter", "the tree");
    else
        *root = CP_ROOT_TREE;
    return cp_kept_place(kept, NULL, error) && mount_parts(kept_of_parts, error);
}

gboolean
cp_root_cover_private_folders(GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(private_folders); i++) {
        if (g_file_test(private_folders[i], G_FILE_TEST_IS_DIR) && !cp_mounting_tmpfs(private_folders[i], 0, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
cp_root_renew(GError **error)
{
    const CpRootPlan plan = { .is_host = TRUE };
    g_autoptr(GArray) kept = cp_kept_new();
    g_autoptr(GArray) kept_of_parts = cp_kept_new();

    /* The overlay keeps its layers until it is left. */
    for (gsize i = 0; i < G_N_ELEMENTS(private_folders); i++) {
        /* There may be another on it. */
        while (umount2(private_folders[i], MNT_DETACH) == 0)
            ;
    }
    keep_mounts_of_parts(kept_of_parts);
    for (gsize i = 0; i < G_N_ELEMENTS(part_folders); i++) {
        if (is_part[i])
            umount2(part_folders[i], MNT_DETACH);
    }
    if (umount2(CP_SANDBOX_LAYER, MNT_DETACH) < 0 || !make_layers())
        return cp_mounting_refuse(error, "make again", CP_SANDBOX_LAYER);
    if (!keep_mounts(&plan, kept, error))
        return FALSE;
    if (!mount_overlay("", WORK, STEP) || !pivot())
        return cp_mounting_refuse(error, "make again", "the root file system");
    return cp_kept_place(kept, NULL, error) && mount_parts(kept_of_parts, error) &&
           cp_root_cover_private_folders(error);
}
