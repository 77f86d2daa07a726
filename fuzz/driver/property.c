/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "driver/property.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef __has_feature /* gcc */
#define __has_feature(name) 0
#endif

gboolean cp_property_provoke;

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
cp_property_equal(const char *what, const char *expected, const char *actual)
{
    const char *line = expected;
    size_t i;

    for (i = 0; expected[i] && expected[i] == actual[i]; i++) {
        if (expected[i] == '\n')
            line = expected + i + 1;
    }
    if (expected[i] != actual[i]) {
        cp_property_broken("%s: was \"%.*s\", is \"%.*s\"", what, (int)strcspn(line, "\n"), line,
                           (int)strcspn(actual + (line - expected), "\n"), actual + (line - expected));
    }
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
