/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON that libvirt does not survive because of a known defect: lines of an emulator, and firmware descriptors. */
#pragma once

#include "known/known.h"

/**
 * Returns the known defect because of which libvirt would crash, or take too long, if the emulator said `text`, and sets
 * `mended` to the line to pass to libvirt instead. Returns CP_KNOWN_LAST, and sets NULL, if there is no such defect. The
 * caller owns the line.
 */
CpKnown cp_mend_reply(const char *text, char **mended);

/**
 * Returns the reply `text` without those members "deprecated" in a list of objects that are not booleans, or NULL if there
 * are none. The caller owns it.
 */
char *cp_mend_reply_deprecated(const char *text);

/**
 * Returns what to pass to libvirt in place of a firmware descriptor of `length` bytes that makes it crash or leak, and notes
 * the defect; or NULL. The caller owns the text.
 */
char *cp_mend_descriptor(const char *content, gsize length);
