/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The target `session`. Runs in the sandbox's init. */
#include "run/libvirt/settings.h"
#include "run/libvirt/target.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

static const char *const program[] = { "libvirtd", "virtqemud", NULL };
static const char *const *const daemons[] = { program, NULL };

/* The user's folders in `root`, and the variables that say so. */
static const struct {
    const char *variable, *folder;
} folders[] = {
    { "HOME", "home" },
    { "XDG_RUNTIME_DIR", "run" },
    { "XDG_CACHE_HOME", "cache" },
    { "XDG_CONFIG_HOME", "etc" },
};

static gboolean
give_to_user(const char *folder, GError **error)
{
    if (g_mkdir_with_parents(folder, 0700) == 0 &&
        (geteuid() != 0 || chown(folder, CP_TARGET_USER, CP_TARGET_USER) == 0) && chmod(folder, 0700) == 0)
        return TRUE;
    return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make %s", folder);
}

static gboolean
prepare(const char *root, GError **error)
{
    g_autofree char *settings = g_build_filename(root, "etc", "libvirt", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *folder = g_build_filename(root, folders[i].folder, NULL);
        if (!give_to_user(folder, error))
            return FALSE;
    }
    return cp_settings_write(settings, error) && give_to_user(settings, error);
}

static GStrv
environment(GStrv env, const char *root)
{
    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *folder = g_build_filename(root, folders[i].folder, NULL);
        env = g_environ_setenv(env, folders[i].variable, folder, TRUE);
    }
    return env;
}

static char *
sockets(const char *root)
{
    return g_build_filename(root, "run", "libvirt", NULL);
}

static char *
uri(const char *root, const char *daemon)
{
    g_autofree char *folder = sockets(root);
    g_autofree char *socket = cp_settings_socket(folder, daemon);
    return g_strdup_printf("qemu+unix:///session?socket=%s", socket);
}

const CpTarget cp_target_session = {
    .name = "session",
    .summary = "the daemon of an ordinary user; root runs it as nobody",
    .daemons = daemons,
    .unprivileged = TRUE,
    .prepare = prepare,
    .environment = environment,
    .uri = uri,
    .cache = cp_settings_own_cache,
    .sockets = sockets,
    .capabilities = "libvirt/qemu/cache/capabilities",
};
