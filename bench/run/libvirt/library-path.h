/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The environment that makes a program use the libvirt under test. Used in the caller and in the sandbox's init. */
#pragma once

#include <glib.h>

/** The characters that a folder in LD_LIBRARY_PATH cannot have: separators, and the start of a variable. */
#define CP_LIBRARY_PATH_SPECIAL ":;$"

/**
 * Returns `env` with the variables by which a program loads the libvirt in `folder`, and that libvirt its own drivers
 * and data. `folder` may be NULL for the system's libvirt, which needs no variable. Takes `env`; free with g_strfreev().
 */
GStrv cp_library_path_set(GStrv env, const char *folder);
