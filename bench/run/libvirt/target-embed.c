/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The target `embed`. Runs in the sandbox's init. */
#include "run/libvirt/target.h"

#include <errno.h>
#include <unistd.h>

#include "base/error.h"

static gboolean
prepare(const char *root, GError **error)
{
    g_autofree char *etc = g_build_filename(root, "etc", NULL);
    g_autofree char *conf = g_build_filename(etc, "qemu.conf", NULL);

    if (g_mkdir_with_parents(etc, 0755) < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make %s", etc);
    return g_file_set_contents(conf, "security_driver = \"none\"\nstdio_handler = \"file\"\n", -1, error);
}

static char *
uri(const char *root)
{
    return g_strdup_printf("qemu:///embed?root=%s", root);
}

const CpTarget cp_target_embed = {
    .name = "embed",
    .summary = "the QEMU driver in the client's own process",
    .prepare = prepare,
    .uri = uri,
};
