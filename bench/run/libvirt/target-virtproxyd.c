/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The targets `virtproxyd` and `virtproxyd-tcp`. Run in the sandbox's init. */
#include "run/libvirt/settings.h"
#include "run/libvirt/target.h"
#include "run/sandbox/loopback.h"

static const char *const driver[] = { "virtqemud", NULL }, *const proxy[] = { "virtproxyd", NULL };
static const char *const *const daemons[] = { driver, proxy, NULL };

static gboolean
prepare_tcp(const char *root, GError **error)
{
    return cp_settings_prepare_system(root, error) && cp_loopback_raise(error);
}

static char *
uri_by_tcp(const char *root G_GNUC_UNUSED, const char *daemon G_GNUC_UNUSED)
{
    return g_strdup("qemu+tcp://127.0.0.1/system");
}

const CpTarget cp_target_virtproxyd = {
    .name = "virtproxyd",
    .summary = "virtqemud behind the proxy, reached by its socket",
    .daemons = daemons,
    .prepare = cp_settings_prepare_system,
    .uri = cp_settings_system_uri,
    .sockets = cp_settings_system_sockets,
    .cache = cp_settings_system_cache,
    .capabilities = "qemu/capabilities",
};

const CpTarget cp_target_virtproxyd_tcp = {
    .name = "virtproxyd-tcp",
    .summary = "virtqemud behind the proxy, reached by TCP",
    .daemons = daemons,
    .prepare = prepare_tcp,
    .uri = uri_by_tcp,
    .sockets = cp_settings_system_sockets,
    .cache = cp_settings_system_cache,
    .capabilities = "qemu/capabilities",
};
