/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The environment that makes a program use the libvirt under test. Runs in the caller, the sandbox's init and its children. */
#include "run/libvirt/library-path.h"

GStrv
cp_library_path_set(GStrv env, const char *folder)
{
    if (!folder)
        return env;
    env = g_environ_setenv(env, "LD_LIBRARY_PATH", folder, TRUE);
    env = g_environ_setenv(env, "LIBVIRT_DRIVER_DIR", folder, TRUE);
    /* In a build tree, libvirt must use the tree's data instead of what is installed. */
    if (g_str_has_suffix(folder, "/src"))
        env = g_environ_setenv(env, "LIBVIRT_DIR_OVERRIDE", "1", TRUE);
    return env;
}
