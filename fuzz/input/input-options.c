/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the options instruction of an input. */
#include "input/input-options.h"

#include <string.h>

CpInputOptions
cp_input_options_read(const guint8 *data, gsize size)
{
    static const char start[] = "<?capprobe ";
    static const char end[] = "?>";
    CpInputOptions options = { .words = "", .document = size > 0 ? (const char *)data : "", .length = size };

    if (size < strlen(start) || memcmp(data, start, strlen(start)) != 0)
        return options;

    const char *words_end = memmem(data, size, end, strlen(end));

    if (!words_end)
        return options;
    options.words = (const char *)data + strlen(start);
    options.words_length = words_end - options.words;
    options.document = words_end + strlen(end);
    options.length = size - (options.document - (const char *)data);
    return options;
}

char *
cp_input_options_string(const CpInputOptions *options, const char *name)
{
    g_autofree char *assignment = g_strdup_printf("%s='", name);
    const char *end = options->words + options->words_length;
    const char *at = options->words;

    while ((at = memmem(at, end - at, assignment, strlen(assignment)))) {
        const char *value = at + strlen(assignment);
        const char *quote = memchr(value, '\'', end - value);

        if (quote && (at == options->words || g_ascii_isspace(at[-1])))
            return g_strndup(value, quote - value);
        at = value;
    }
    return NULL;
}

gint64
cp_input_options_number(const CpInputOptions *options, const char *name, gint64 otherwise)
{
    g_autofree char *value = cp_input_options_string(options, name);
    guint64 number;

    if (!value || !g_ascii_string_to_unsigned(value, 10, 0, G_MAXINT64, &number, NULL))
        return otherwise;
    return number;
}
