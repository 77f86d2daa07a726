/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What targets with daemons share: libvirt's settings and paths. Used in the sandbox's init. */
#pragma once

#include <glib.h>

/** The system's folder of libvirt's settings. */
#define CP_SETTINGS_FOLDER "/etc/libvirt"

/** The name of the file with the daemons' settings, in that folder or another. A daemon that is told nothing else does not read it. */
#define CP_SETTINGS_OF_DAEMONS "capprobe.conf"

/** The settings of the QEMU driver: the log and the lock daemon are not there, nor is anything that would confine an emulator or a
 * client. */
#define CP_SETTINGS_OF_QEMU "security_driver = \"none\"\nstdio_handler = \"file\"\n"

/** Writes the settings of the QEMU driver to `folder`/qemu.conf. */
gboolean cp_settings_write_qemu(const char *folder, GError **error);

/** The same, and those of the daemons to `folder`/CP_SETTINGS_OF_DAEMONS. */
gboolean cp_settings_write(const char *folder, GError **error);

/** Writes the settings of the daemons again, so that each admits `n` clients at a time; 0: as many as libvirt thinks fit. */
gboolean cp_settings_limit_clients(const char *folder, gint64 n, GError **error);

/** The `prepare` of a privileged target: covers CP_SETTINGS_FOLDER with a file system that has only these settings. */
gboolean cp_settings_prepare_system(const char *root, GError **error);

/** The `uri` of a target with the embedded driver. */
char *cp_settings_embed_uri(const char *root, const char *daemon);

/** The `cache` of a target that keeps it in `root`. */
char *cp_settings_own_cache(const char *root);

/** The `uri` of a privileged target that is reached by its socket. */
char *cp_settings_system_uri(const char *root, const char *daemon);

/** The `sockets` of a privileged target. */
char *cp_settings_system_sockets(const char *root);

/** The `cache` of a privileged target. */
char *cp_settings_system_cache(const char *root);

/** Returns the path of the socket that the daemon whose program is `daemon` opens for clients in `folder`. The caller frees it. */
char *cp_settings_socket(const char *folder, const char *daemon);

/** Returns the URI of the interface for administrators that the daemon whose program is `daemon` has in `folder`. The caller frees it. */
char *cp_settings_admin_uri(const char *folder, const char *daemon);
