/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the targets demand: properties, and the known defects because of which a property does not hold. */
#pragma once

#include <glib.h>

/*
 * If a property does not hold, the process aborts, so that every engine notices it. If a known defect is the reason, it
 * is noted instead, and the target continues with the next input.
 */

/** Prints "property does not hold: " and the message to standard error, and aborts. */
void G_GNUC_PRINTF(1, 2) G_GNUC_NORETURN cp_property_broken(const char *format, ...);

/** Demands that a condition is true. The other arguments are the message if it is not. */
#define CP_PROPERTY(condition, ...)                                                                                    \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            cp_property_broken(__VA_ARGS__);                                                                           \
    } while (0)

/** Demands that two texts are equal: see cp_property_differs(). */
void cp_property_equal(const char *what, const char *expected, const char *actual);

/**
 * Says that a property does not hold, for the reason in the message. `id` is the known defect that explains it, a
 * folder of corpus/bugs: it is noted. If `id` is NULL the process aborts. `evidence` is a text that shows what is
 * wrong, or NULL.
 */
void G_GNUC_PRINTF(3, 4) cp_property_fails(const char *id, const char *evidence, const char *format, ...);

/**
 * The same for two texts that should be equal. The message names the first line that differs; `what` says what they
 * are.
 */
void cp_property_differs(const char *id, const char *what, const char *expected, const char *actual);

/** Notes that the known defect `id` has shown itself at `place`, which may be NULL. Both are string constants. */
void cp_property_known(const char *id, const char *place);

/**
 * Returns the known defects that were noted since the previous call, each once, in the order of their first appearance,
 * separated by blanks; or NULL. The string is never freed.
 */
const char *cp_property_seen(void);

/** Whether to print the known defects and their places when they are noted, to standard output. Off by default. */
extern gboolean cp_property_places;

/** Whether to run into known defects that end the process, instead of avoiding them. Off by default. */
extern gboolean cp_property_provoke;

/** Whether to print the reason and the evidence also for known defects, to standard output. Off by default. */
extern gboolean cp_property_show;

/** How many lines of evidence to print (40); 0: all. */
extern gint cp_property_lines;

/**
 * Whether to make checks that take as long as the loader itself. On, except in AFL++'s instances without a sanitizer:
 * they are for speed, and leave these checks to the instances with one.
 */
extern gboolean cp_property_thorough;
