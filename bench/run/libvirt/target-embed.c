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

const CpTarget cp_target_embed = {
    .name = "embed",
    .summary = "the QEMU driver in the client's own process",
    .prepare = prepare,
    .uri = cp_settings_embed_uri,
    .cache = cp_settings_own_cache,
    .capabilities = "qemu/capabilities",
};
