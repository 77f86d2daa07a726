/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Executes the program again with G_SLICE=always-malloc. */
#include "driver/no-slices.h"

#include <glib.h>
#include <string.h>
#include <unistd.h>

#ifndef __has_feature /* gcc */
#define __has_feature(name) 0
#endif

void
cp_no_slices(void)
{
#if __has_feature(address_sanitizer)
    g_autofree char *line = NULL;
    gsize length;

    if (!glib_check_version(2, 76, 0) || g_getenv("G_SLICE") ||
        !g_file_get_contents("/proc/self/cmdline", &line, &length, NULL))
        return;

    g_autoptr(GPtrArray) arguments = g_ptr_array_new();

    for (gsize at = 0; at < length; at += strlen(line + at) + 1)
        g_ptr_array_add(arguments, line + at);
    g_ptr_array_add(arguments, NULL);
    g_setenv("G_SLICE", "always-malloc", TRUE);
    execv("/proc/self/exe", (char **)arguments->pdata);
#endif
}
