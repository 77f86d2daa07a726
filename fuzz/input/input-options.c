/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/input-options.h"

#include <glib.h>
#include <string.h>

CpInputOptions
cp_input_options_read(const uint8_t *data, size_t size)
{
    static const char open[] = "<?capprobe ";
    static const char close[] = "?>";
    CpInputOptions control = { .words = "", .document = size > 0 ? (const char *)data : "", .length = size };
    const char *end;

    if (size < strlen(open) || memcmp(data, open, strlen(open)) != 0 ||
        !(end = memmem(data, size, close, strlen(close))))
        return control;
    control.words = (const char *)data + strlen(open);
    control.words_length = end - control.words;
    control.document = end + strlen(close);
    control.length = size - (control.document - (const char *)data);
    return control;
}

char *
cp_input_options_string(const CpInputOptions *control, const char *name)
{
    g_autofree char *assignment = g_strdup_printf("%s='", name);
    const char *end = control->words + control->words_length;
    const char *at = control->words;

    while ((at = memmem(at, end - at, assignment, strlen(assignment)))) {
        const char *value = at + strlen(assignment);
        const char *quote = memchr(value, '\'', end - value);

        if (quote && (at == control->words || g_ascii_isspace(at[-1])))
            return g_strndup(value, quote - value);
        at = value;
    }
    return NULL;
}

int64_t
cp_input_options_number(const CpInputOptions *control, const char *name, int64_t otherwise)
{
    g_autofree char *value = cp_input_options_string(control, name);
    guint64 number;

    if (!value || !g_ascii_string_to_unsigned(value, 10, 0, G_MAXINT64, &number, NULL))
        return otherwise;
    return number;
}
