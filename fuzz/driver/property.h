/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/*
 * What the targets demand of libvirt. A property that does not hold ends the process as a crash does, so that any
 * engine notices it; except where the defect is a known one, which is noted down, and the target goes on to the next
 * input.
 */

/* Aborts, with one line that says what does not hold. */
void G_GNUC_PRINTF(1, 2) G_GNUC_NORETURN cp_property_broken(const char *format, ...);

#define CP_PROPERTY(condition, ...)                                                                                    \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            cp_property_broken(__VA_ARGS__);                                                                           \
    } while (0)

/* Demands that two readings of capabilities are the same; the message names the first line that is not. */
void cp_property_equal(const char *what, const char *expected, const char *actual);

/* Notes down that the defect @id, a directory below corpus/bugs, has shown itself. */
void cp_property_known(const char *id);

/* Whether to walk into known defects that end the process, rather than around them. Off, but for their own tests. */
extern gboolean cp_property_provoke;

/* Whether to check what takes as long as the loader itself, too. On, but where AFL++ runs without a sanitizer: these
 * instances are there to be fast, and leave that to those which have one. */
extern gboolean cp_property_thorough;

/* The known defect seen since the last call, or NULL. */
const char *cp_property_seen(void);
