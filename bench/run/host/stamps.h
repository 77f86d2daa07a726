/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stamps: what libvirt compares to find out whether its cache is valid. Runs in the sandbox's init. */
#pragma once

#include <json-glib/json-glib.h>

#include "run/host/host.h"

/**
 * Describes what libvirt would compare now about `emulator`, a path. The object has the members `host`, what there is, and
 * `cached`, what the cache file says; the latter is null if there is no such file, or if it is not XML. Each has, as texts,
 *
 *   module_dir  the time of modification of the module directory, in s since 1970
 *   emulator    the change time of the emulator's file, in s since 1970
 *   libvirt     the same for libvirt's QEMU driver
 *   kvm         "usable", "absent", or on the host also "restricted": not everyone may open it
 *
 * A member that is missing on the host says that the file does not exist. The caller owns the object.
 */
JsonObject *cp_stamps_describe(const CpHost *host, const char *emulator);
