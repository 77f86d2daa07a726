/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reports properties that do not hold. */
#include "driver/property.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/difference.h"

#ifndef __has_feature /* gcc */
#define __has_feature(name) 0
#endif

gboolean cp_property_provoke;
gboolean cp_property_show;
gint cp_property_lines = 40;

#if defined(__AFL_COMPILER) && !__has_feature(address_sanitizer) && !__has_feature(memory_sanitizer) &&                \
    !__has_feature(undefined_behavior_sanitizer)
gboolean cp_property_thorough = FALSE;
#else
gboolean cp_property_thorough = TRUE;
#endif

static const char *seen;

void
cp_property_broken(const char *format, ...)
{
    va_list arguments;

    fputs("property does not hold: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    abort();
}

void
cp_property_fails(const char *id, const char *evidence, const char *format, ...)
{
    if (id)
        cp_property_known(id);
    if (id && !cp_property_show)
        return;

    g_autofree char *listing = evidence ? cp_difference_listing(evidence, cp_property_lines) : g_strdup("");
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    if (!id) {
        fputs(listing, stderr);
        cp_property_broken("%s", message);
    }
    g_print("known defect %s: %s\n%s", id, message, listing);
}

static char *
first_line(const char *text)
{
    return g_strndup(text, strcspn(text, "\n"));
}

void
cp_property_differs(const char *id, const char *what, const char *expected, const char *actual)
{
    if (id)
        cp_property_known(id);
    if (id && !cp_property_show)
        return;

    gsize line = 0;

    for (gsize i = 0; expected[i] && expected[i] == actual[i]; i++) {
        if (expected[i] == '\n')
            line = i + 1;
    }

    g_autofree char *difference = cp_difference(expected, actual, cp_property_lines);
    g_autofree char *expected_line = first_line(expected + line);
    g_autofree char *actual_line = first_line(actual + line);

    if (!id) {
        fprintf(stderr, "%s: - is expected, + is actual\n%s", what, difference);
        cp_property_broken("%s: was \"%s\", is \"%s\"", what, expected_line, actual_line);
    }
    g_print("known defect %s: %s: - is expected, + is actual\n%s", id, what, difference);
}

void
cp_property_equal(const char *what, const char *expected, const char *actual)
{
    if (!g_str_equal(expected, actual))
        cp_property_differs(NULL, what, expected, actual);
}

void
cp_property_known(const char *id)
{
    seen = id;
}

const char *
cp_property_seen(void)
{
    return g_steal_pointer(&seen);
}
