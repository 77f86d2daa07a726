/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The target `embed`. Runs in the sandbox's init. */
#include "run/libvirt/settings.h"
#include "run/libvirt/target.h"

static gboolean
prepare(const char *root, GError **error)
{
    g_autofree char *etc = g_build_filename(root, "etc", NULL);
    return cp_settings_write_qemu(etc, error);
}

static char *
uri(const char *root, const char *daemon G_GNUC_UNUSED)
{
    return g_strdup_printf("qemu:///embed?root=%s", root);
}

static char *
cache(const char *root)
{
    return g_build_filename(root, "cache", NULL);
}

const CpTarget cp_target_embed = {
    .name = "embed",
    .summary = "the QEMU driver in the client's own process",
    .prepare = prepare,
    .uri = uri,
    .cache = cache,
    .capabilities = "qemu/capabilities",
};
