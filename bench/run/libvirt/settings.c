/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What targets with daemons share: libvirt's settings and paths. Runs in the sandbox's init. */
#include "run/libvirt/settings.h"

#include <errno.h>

#include "base/error.h"
#include "run/sandbox/mounting.h"

#define OF_DAEMONS                                                                                                     \
    "auth_unix_ro = \"none\"\nauth_unix_rw = \"none\"\nauth_tcp = \"none\"\nlisten_tls = 0\nlisten_tcp = 1\n"          \
    "listen_addr = \"127.0.0.1\"\nlog_outputs = \"3:stderr\"\n"

gboolean
cp_settings_write_qemu(const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "qemu.conf", NULL);
    if (g_mkdir_with_parents(folder, 0755) < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make %s", folder);
    return g_file_set_contents(path, CP_SETTINGS_OF_QEMU, -1, error);
}

gboolean
cp_settings_write(const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, CP_SETTINGS_OF_DAEMONS, NULL);
    return cp_settings_write_qemu(folder, error) && g_file_set_contents(path, OF_DAEMONS, -1, error);
}

gboolean
cp_settings_limit_clients(const char *folder, gint64 n, GError **error)
{
    g_autofree char *path = g_build_filename(folder, CP_SETTINGS_OF_DAEMONS, NULL);
    /* Those that have not said who they are may not be more than all. */
    g_autofree char *limits =
        g_strdup_printf("max_clients = %" G_GINT64_FORMAT "\nmax_anonymous_clients = %" G_GINT64_FORMAT "\n", n, n);
    g_autofree char *text = g_strconcat(OF_DAEMONS, n > 0 ? limits : "", NULL);
    return g_file_set_contents(path, text, -1, error);
}

gboolean
cp_settings_prepare_system(const char *root G_GNUC_UNUSED, GError **error)
{
    static const char folder[] = CP_SETTINGS_FOLDER;
    if (g_file_test(CP_SETTINGS_FOLDER "/" CP_SETTINGS_OF_DAEMONS, G_FILE_TEST_EXISTS))
        return TRUE;
    if (g_mkdir_with_parents(folder, 0755) < 0)
        return cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "cannot make %s", folder);
    return cp_mounting_tmpfs(folder, 0, error) && cp_settings_write(folder, error);
}

char *
cp_settings_embed_uri(const char *root, const char *daemon G_GNUC_UNUSED)
{
    return g_strdup_printf("qemu:///embed?root=%s", root);
}

char *
cp_settings_own_cache(const char *root)
{
    return g_build_filename(root, "cache", NULL);
}

char *
cp_settings_system_sockets(const char *root G_GNUC_UNUSED)
{
    return g_strdup("/run/libvirt");
}

char *
cp_settings_system_uri(const char *root, const char *daemon)
{
    g_autofree char *folder = cp_settings_system_sockets(root);
    g_autofree char *socket = cp_settings_socket(folder, daemon);
    return g_strdup_printf("qemu+unix:///system?socket=%s", socket);
}

char *
cp_settings_system_cache(const char *root G_GNUC_UNUSED)
{
    return g_strdup("/var/cache/libvirt");
}

/* The proxy's sockets are those that libvirtd had. */
static const char *
socket_name(const char *daemon)
{
    return g_str_equal(daemon, "libvirtd") || g_str_equal(daemon, "virtproxyd") ? "libvirt" : daemon;
}

char *
cp_settings_socket(const char *folder, const char *daemon)
{
    g_autofree char *name = g_path_get_basename(daemon);
    return g_strdup_printf("%s/%s-sock", folder, socket_name(name));
}

char *
cp_settings_admin_uri(const char *folder, const char *daemon)
{
    g_autofree char *name = g_path_get_basename(daemon);
    return g_strdup_printf("libvirtd:///system?socket=%s/%s-admin-sock", folder, socket_name(name));
}
