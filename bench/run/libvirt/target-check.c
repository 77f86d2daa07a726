/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The targets of `capprobe check`: the host's own daemon, and a libvirt with the daemon's settings. Runs in the sandbox's init. */
#include "run/libvirt/settings.h"
#include "run/libvirt/target.h"

#include <unistd.h>

#include "base/error.h"

static gboolean
prepare_nothing(const char *uri G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
    return TRUE;
}

static gboolean
prepare_as_daemon(const char *root, GError **error)
{
    g_autofree char *settings = NULL;
    g_autoptr(GError) cause = NULL;
    /* The system's daemon is checked by root, a user's own by that user. */
    g_autofree char *file = geteuid() == 0 ? g_strdup(CP_SETTINGS_FOLDER "/qemu.conf")
                                           : g_build_filename(g_get_user_config_dir(), "libvirt/qemu.conf", NULL);
    if (!cp_target_embed.prepare(root, error))
        return FALSE;
    if (!g_file_get_contents(file, &settings, NULL, &cause) &&
        !g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                    "the settings of libvirt's daemon, with which a fresh probe must be made: %s", cause->message);
        return FALSE;
    }
    g_autofree char *conf = g_build_filename(root, "etc", "qemu.conf", NULL);
    /* Of a setting that is there twice, libvirt takes the first. */
    g_autofree char *text = g_strconcat(CP_SETTINGS_OF_QEMU, settings, NULL);
    return g_file_set_contents(conf, text, -1, error);
}

static char *
uri_itself(const char *uri, const char *daemon G_GNUC_UNUSED)
{
    return g_strdup(uri);
}

const CpTarget cp_target_live = {
    .name = "live",
    .summary = "the daemon of the host, which runs already",
    .prepare = prepare_nothing,
    .uri = uri_itself,
    .cache = cp_settings_own_cache,
    .capabilities = "qemu/capabilities",
};

const CpTarget cp_target_as_daemon = {
    .name = "as-daemon",
    .summary = "the QEMU driver in the client's own process, with the settings of the host's daemon",
    .prepare = prepare_as_daemon,
    .uri = cp_settings_embed_uri,
    .cache = cp_settings_own_cache,
    .capabilities = "qemu/capabilities",
};
