/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether scenarios can change the whole root file system. The function runs in the caller. */
#pragma once

#include <glib.h>

/** Tries it in a sandbox on `tree`, or on the host's root file system if that is NULL. Returns NULL if they can; else why not, to be
 * freed. */
char *cp_writable_root_refusal(const char *tree);
