/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The live host, which is only looked at. Runs in the caller. */
#pragma once

#include "history/host-times.h"
#include "run/find.h"

/** Looks at what the truth about `emulator` depends on, and at what libvirt keeps on disk about it in the folder `cache`. The caller owns the result. */
CpHostTimes *cp_live_host_look(const CpFound *found, const char *cache, const char *emulator);

/** Finds a module of the directory that needs a library which is missing. `*module` and `*library` are NULL if there is none or if
 * that cannot be told; else the caller owns them. The loader that tells it runs in a sandbox. */
void cp_live_host_find_missing_library(const char *directory, char **module, char **library);

/** The canonical document in `times`; NULL if it cannot be read or is not XML. The caller owns it. */
char *cp_live_host_document(const CpHostTimes *times);
