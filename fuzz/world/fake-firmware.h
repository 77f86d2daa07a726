/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The folders of the fake host in which libvirt looks for firmware descriptors. They are in memory. */
#pragma once

#include <glib.h>
#include <sys/stat.h>

#include "input/descriptors.h"
#include "world/fake-host.h"

/**
 * Puts `descriptors`, an array of CpDescriptor that the caller keeps, into the folders. NULL empties them. While a row of
 * the known defects is mended, libvirt does not see what it would not survive: a link that leads nowhere is not listed,
 * and a descriptor that is refused (CpDescriptor.refused) is empty, so that it only hides others of its name.
 */
void cp_fake_firmware_set(const GPtrArray *descriptors);

/** From now on there is only this descriptor, which must be in the array; NULL: all of them. */
void cp_fake_firmware_show(const CpDescriptor *only);

/** The parts of the replaced functions of other files: whether `path` is a descriptor, and what it is. */
gboolean cp_fake_firmware_stat(const char *path, struct stat64 *status, int *result);

/** Sets `file` to the content; its data is NULL if it cannot be read. It is valid until the next call. */
gboolean cp_fake_firmware_find(const char *path, CpFakeHostFile *file);
