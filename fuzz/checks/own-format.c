/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The checks that the own-* targets share, and what replaces the file system for them. */
#include "checks/own-format.h"

#include <string.h>

#include "base/error.h"
#include "base/input.h"
#include "driver/no-slices.h"
#include "driver/property.h"
#include "driver/target.h"

gboolean __wrap_cp_input_read(const char *file, char **text, gsize *length, GError **error);

/* Replaces the function of bench/base, so that an input cannot make a target open files of the machine. */
gboolean
__wrap_cp_input_read(const char *file, char **text, gsize *length, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(file);

    if (!g_str_equal(folder, "/input")) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: cannot be read: not in the folder of the input", file);
        return FALSE;
    }
    *text = g_strdup("content");
    *length = strlen(*text);
    return TRUE;
}

int
LLVMFuzzerInitialize(int *argc G_GNUC_UNUSED, char ***argv G_GNUC_UNUSED)
{
    cp_no_slices();
    g_log_set_always_fatal(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
    return 0;
}

/* Reads a number above 0 and the colon after it. */
static guint64
read_number(const char **at)
{
    char *end = NULL;
    guint64 number = g_ascii_isdigit(**at) ? g_ascii_strtoull(*at, &end, 10) : 0;

    CP_PROPERTY(number > 0 && *end == ':', "refused without a place: expected a number and a colon at \"%s\"", *at);
    *at = end + 1;
    return number;
}

void
cp_own_format_refused(const GError *error, const char *data, gsize size)
{
    CP_PROPERTY(error, "refused without an error");
    CP_PROPERTY(g_error_matches(error, CP_ERROR, CP_ERROR_USAGE), "refused with error %d of %s: %s", error->code,
                g_quark_to_string(error->domain), error->message);
    CP_PROPERTY(g_str_has_prefix(error->message, CP_OWN_FORMAT_FILE ":"), "refused without the name of the file: %s",
                error->message);

    const char *at = error->message + strlen(CP_OWN_FORMAT_FILE ":");
    guint64 line = read_number(&at);

    read_number(&at);
    CP_PROPERTY(at[0] == ' ' && at[1], "refused without a reason: %s", error->message);
    CP_PROPERTY(g_utf8_validate(at, -1, NULL), "refused with a message that is not UTF-8: %s", error->message);
    for (; *at; at = g_utf8_next_char(at))
        CP_PROPERTY(!g_unichar_iscntrl(g_utf8_get_char(at)), "refused with a control character: %s", error->message);

    guint64 lines = 1;

    for (gsize i = 0; i < size; i++)
        lines += data[i] == '\n';
    CP_PROPERTY(line <= lines, "refused at a line beyond the last one, %" G_GUINT64_FORMAT ": %s", lines,
                error->message);
}

gpointer
cp_own_format_check(const CpOwnFormat *format, const char *data, gsize size)
{
    g_autoptr(GError) error = NULL;
    gpointer parsed = format->parse(data, size, &error);

    if (!parsed) {
        cp_own_format_refused(error, data, size);
        return NULL;
    }
    CP_PROPERTY(!error, "accepted, but with an error: %s", error->message);

    g_autofree char *text = format->write(parsed);
    gpointer again = format->parse(text, strlen(text), &error);
    CP_PROPERTY(again, "accepted, but refused when written and parsed again: %s", error->message);

    char *(*describe)(gconstpointer) = format->describe ?: format->write;
    g_autofree char *description = describe(parsed);
    g_autofree char *description_again = describe(again);
    cp_property_equal("written and parsed again", description, description_again);
    format->free(again);
    return parsed;
}

FILE *
cp_own_format_null_stream(void)
{
    static FILE *null_stream;

    if (!null_stream)
        null_stream = fopen("/dev/null", "w");
    g_assert(null_stream);
    return null_stream;
}
