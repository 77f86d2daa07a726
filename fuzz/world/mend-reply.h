/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines of an emulator that libvirt does not survive because of a known defect. */
#pragma once

#include "known/known.h"

/**
 * Returns the known defect because of which libvirt would crash, or take too long, if the emulator said `text`, and sets
 * `mended` to the line to pass to libvirt instead: NULL for none. Returns CP_KNOWN_LAST if there is no such defect. The
 * caller owns the line.
 */
CpKnown cp_mend_reply(const char *text, char **mended);

/**
 * Returns the reply `text` without those members "deprecated" in a list of objects that are not booleans, or NULL if there
 * are none. The caller owns it.
 */
char *cp_mend_reply_deprecated(const char *text);
