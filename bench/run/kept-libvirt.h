/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps the libvirt that was installed at first, to start it again when the files of the root file system have been replaced. Used by the
 * sandbox's init, and by askers. */
#pragma once

#include "run/libvirt/process.h"

/**
 * Fills in `connection` so that client and daemons are started with the files of the libvirt that runs now: the loader, the
 * libraries and the programs are those of the tree below the overlay. CP_ERROR_UNTESTABLE if no libvirt runs. To be cleared with
 * cp_kept_libvirt_clear(). Puts a file into the folder of libvirt's data, so that package managers do not remove it.
 */
gboolean cp_kept_libvirt_find(CpConnectionSpec *connection, GError **error);

/** Covers the folder of libvirt's data by those that it had at first. In the asker's own mount namespace. */
gboolean cp_kept_libvirt_cover_data(GError **error);

/** Checks that they still cover it. CP_ERROR_UNTESTABLE if not: a libvirt without its data answers something else. */
gboolean cp_kept_libvirt_check_data(GError **error);

/** Frees what cp_kept_libvirt_find() has filled in. */
void cp_kept_libvirt_clear(CpConnectionSpec *connection);
