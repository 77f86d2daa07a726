/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Adds facts to a CpReference. */
#include <config.h>

#include "checks/reference-lines.h"

void
cp_reference_add(CpReference *reference, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_string_append_vprintf(reference->text, format, arguments);
    va_end(arguments);
    g_string_append_c(reference->text, '\n');
}

void
cp_reference_add_number(CpReference *reference, const char *name, const char *value)
{
    gsize digits = value ? strspn(value, "0123456789") : 0;

    if (!value || strspn(value, "0123456789+- \t\n\v\f\r") < strlen(value) || !*value)
        reference->refused = TRUE;
    else if (value[digits] || strtoull(value, NULL, 10) > INT_MAX)
        reference->unsure = TRUE;
    else
        cp_reference_add(reference, "%s %llu", name, strtoull(value, NULL, 10));
}

void
cp_reference_add_yes_no(CpReference *reference, const char *name, const char *value)
{
    if (STRNEQ_NULLABLE(value, "yes") && STRNEQ_NULLABLE(value, "no"))
        reference->refused = TRUE;
    cp_reference_add(reference, "%s %s", name, value);
}

void
cp_reference_add_required(CpReference *reference, const char *name, const char *value)
{
    if (!value)
        reference->refused = TRUE;
    cp_reference_add(reference, "%s %s", name, value);
}

void
cp_reference_add_optional(CpReference *reference, const char *name, const char *value)
{
    if (value)
        cp_reference_add(reference, "%s %s", name, value);
}
