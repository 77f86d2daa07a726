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
gboolean cp_property_places;
gint cp_property_lines = 40;

#if defined(__AFL_COMPILER) && !__has_feature(address_sanitizer) && !__has_feature(memory_sanitizer) &&                \
    !__has_feature(undefined_behavior_sanitizer)
gboolean cp_property_thorough = FALSE;
#else
gboolean cp_property_thorough = TRUE;
#endif

static GPtrArray *seen; /* ids */

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
        cp_property_known(id, NULL);
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
        cp_property_known(id, NULL);
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
cp_property_known(const char *id, const char *place)
{
    if (cp_property_places && place)
        g_print("place of %s: %s\n", id, place);
    if (!seen)
        seen = g_ptr_array_new();
    if (!g_ptr_array_find_with_equal_func(seen, id, g_str_equal, NULL))
        g_ptr_array_add(seen, (gpointer)id);
}

const char *
cp_property_seen(void)
{
    if (!seen || seen->len == 0)
        return NULL;

    g_ptr_array_add(seen, NULL);

    g_autofree char *ids = g_strjoinv(" ", (char **)seen->pdata);

    g_ptr_array_set_size(seen, 0);
    return g_intern_string(ids);
}
