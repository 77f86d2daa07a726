/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the daemon of a live host. Runs in the caller. */
#include "run/live-daemon.h"

#include <string.h>
#include <unistd.h>

#include "base/error.h"

/* Where the system's daemon has its sockets and its cache. */
#define SOCKETS "/run/libvirt"
#define CACHE "/var/cache/libvirt/qemu/capabilities"

/* Returns what follows the path of the URI, which is "" or a query; NULL for a URI of another kind. */
static const char *
parse(const char *uri, gboolean *of_user)
{
    static const struct {
        const char *begin;
        gboolean of_user;
    } kinds[] = {
        { "qemu:///system", FALSE },
        { "qemu+unix:///system", FALSE },
        { "qemu:///session", TRUE },
        { "qemu+unix:///session", TRUE },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        const char *rest = uri + strlen(kinds[i].begin);
        *of_user = kinds[i].of_user;
        if (g_str_has_prefix(uri, kinds[i].begin) && (!*rest || *rest == '?'))
            return rest;
    }
    return NULL;
}

static gboolean
refuse(const char *uri, GError **error)
{
    const char *host = strstr(uri, "://");
    gboolean is_remote = host && host[strlen("://")] != '/';
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                "--connect %s: expected a daemon of this host by its UNIX socket: qemu:///system, qemu:///session, or "
                "qemu+unix:///system?socket=PATH%s",
                uri,
                is_remote ? "; a daemon that is reached through a network is checked on its own host, where a fresh "
                            "probe can be made"
                          : "");
    return FALSE;
}

/* Whether this user can probe as the daemon does. */
static gboolean
check_user(const CpLiveDaemon *daemon, GError **error)
{
    if (daemon->of_user == (geteuid() != 0))
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "%s",
                daemon->of_user ? "only the user whose session it is can check it: libvirt runs as that user, and may "
                                  "have other rights than root; run it as that user"
                                : "only root can check: libvirt tells domain capabilities on read-write connections "
                                  "alone, and only root can probe as the system's libvirt does; run it as root, for "
                                  "example with sudo");
    return FALSE;
}

static gboolean
has_socket(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    return access(path, F_OK) == 0;
}

/* Finds out which daemons there are. libvirt takes the modular one if that has a socket. */
static void
name_daemons(CpLiveDaemon *daemon, const char *folder, const char *socket)
{
    g_autofree char *name = socket ? g_path_get_basename(socket) : g_strdup("");
    daemon->service = has_socket(folder, "virtqemud-sock") ? "virtqemud" : "libvirtd";
    /* The proxy's socket is the one that libvirtd had. */
    gboolean is_proxy = g_str_equal(daemon->service, "virtqemud") && g_str_equal(name, "libvirt-sock");
    daemon->front = is_proxy ? "virtproxyd" : daemon->service;
}

/* The paths of a user's own daemon. Without its environment, which a sandbox has not, a client does not find the socket. */
static void
set_user_paths(CpLiveDaemon *daemon, const char *folder, const char *socket)
{
    g_autofree char *settings = g_build_filename(g_get_user_config_dir(), "libvirt", NULL);
    if (g_file_test(settings, G_FILE_TEST_IS_DIR))
        daemon->settings_dir = g_steal_pointer(&settings);
    daemon->cache = g_build_filename(g_get_user_cache_dir(), "libvirt/qemu/cache/capabilities", NULL);
    if (socket)
        return;
    const char *name = g_str_equal(daemon->service, "virtqemud") ? "virtqemud-sock" : "libvirt-sock";
    g_free(daemon->uri);
    daemon->uri = g_strdup_printf("qemu+unix:///session?socket=%s/%s", folder, name);
}

gboolean
cp_live_daemon_find(const char *uri, CpLiveDaemon *daemon, GError **error)
{
    uri = uri ? uri : "qemu:///system";
    const char *rest = parse(uri, &daemon->of_user);
    if (!rest)
        return refuse(uri, error);
    if (!check_user(daemon, error))
        return FALSE;

    g_autoptr(GHashTable) query = *rest ? g_uri_parse_params(rest + 1, -1, "&", G_URI_PARAMS_NONE, NULL) : NULL;
    const char *socket = query ? g_hash_table_lookup(query, "socket") : NULL;
    g_autofree char *folder = socket            ? g_path_get_dirname(socket)
                              : daemon->of_user ? g_build_filename(g_get_user_runtime_dir(), "libvirt", NULL)
                                                : g_strdup(SOCKETS);
    daemon->asked = g_strdup(uri);
    daemon->uri = g_strdup(uri);
    name_daemons(daemon, folder, socket);
    if (daemon->of_user)
        set_user_paths(daemon, folder, socket);
    else
        daemon->cache = g_strdup(CACHE);
    /* Without it, libvirt says what is missing. */
    if (g_file_test(folder, G_FILE_TEST_IS_DIR))
        daemon->socket_dir = g_steal_pointer(&folder);
    return TRUE;
}
