/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What /dev/kvm is in the sandbox. The names serve both processes; the rest runs in the sandbox's init. */
#include "run/host/kvm.h"

#include <errno.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/error.h"
#include "run/sandbox/sandbox.h"

static const struct {
    const char *name;
    const char *argument; /* of the step `kvm`, or NULL */
} table[CP_KVM_LAST] = {
    [CP_KVM_OFF] = { "absent", "off" },
    [CP_KVM_ON] = { "usable", "on" },
    [CP_KVM_ROOT_ONLY] = { "root-only", "root-only" },
    [CP_KVM_DEAD] = { "dead", "dead" },
    [CP_KVM_HOST] = { "host", NULL },
};

const char *
cp_kvm_name(CpKvm kvm)
{
    return table[kvm].name;
}

gboolean
cp_kvm_parse(const char *name, CpKvm *kvm)
{
    for (CpKvm i = 0; i < CP_KVM_LAST; i++) {
        if (g_str_equal(table[i].name, name)) {
            *kvm = i;
            return TRUE;
        }
    }
    return FALSE;
}

CpKvm
cp_kvm_from_step(const char *argument)
{
    for (CpKvm i = 0; i < CP_KVM_LAST; i++) {
        if (g_strcmp0(table[i].argument, argument) == 0)
            return i;
    }
    g_assert_not_reached();
}

/* A node of the null device, which can be opened and does not know what KVM is asked. */
static gboolean
make_dead_node(const char *node, GError **error)
{
    return (mknod(node, S_IFCHR, makedev(1, 3)) == 0 && chmod(node, 0666) == 0) ||
           cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "'kvm dead' needs root: %s", node);
}

gboolean
cp_kvm_set_up(CpKvm kvm, GError **error)
{
    const char *node = "/dev/kvm";
    struct stat st;

    while (umount2(node, MNT_DETACH) == 0)
        ;
    unlink(node);
    if (kvm == CP_KVM_OFF)
        return TRUE;
    if (kvm == CP_KVM_DEAD)
        return make_dead_node(node, error);
    if (stat(CP_SANDBOX_HOST_KVM, &st) < 0) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "the host has no /dev/kvm");
        return FALSE;
    }

    mode_t mode = kvm == CP_KVM_ON ? 0666 : kvm == CP_KVM_ROOT_ONLY ? 0600 : st.st_mode & 0777;
    if (geteuid() == 0 && mknod(node, S_IFCHR, st.st_rdev) == 0)
        return (chmod(node, mode) == 0 && chown(node, st.st_uid, st.st_gid) == 0) ||
               cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s: cannot be made", node);

    /* Without root a device node cannot be made, but the host's own can be mounted. */
    if (kvm == CP_KVM_ROOT_ONLY) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "'kvm root-only' needs root");
        return FALSE;
    }
    return g_file_set_contents(node, "", 0, error) && cp_sandbox_bind(CP_SANDBOX_HOST_KVM, node, error);
}
