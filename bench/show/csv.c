/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The samples of a result as comma-separated values. */
#include "show/csv.h"

#include <string.h>

#include "base/text.h"
#include "show/formats.h"

void
cp_csv_print_field(const char *text, const char *separator, FILE *out)
{
    g_autofree char *printable = cp_text_printable(text);
    g_autoptr(GString) field = g_string_new(printable);
    if (strpbrk(printable, ",\"")) {
        g_string_replace(field, "\"", "\"\"", 0);
        g_string_prepend_c(field, '"');
        g_string_append_c(field, '"');
    }
    fprintf(out, "%s%s", field->str, separator);
}

static void
print_sample(const CpScenarioResult *scenario, const CpSample *sample, FILE *out)
{
    cp_csv_print_field(scenario->name, ",", out);
    cp_csv_print_field(scenario->variant ? scenario->variant : "", ",", out);
    fprintf(out, "%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",", sample->round, sample->line);
    cp_csv_print_field(sample->label ? sample->label : "", ",", out);
    fprintf(out, "%s,%s,%" G_GINT64_FORMAT "\r\n", cp_verdict_name(sample->verdict), cp_refresh_name(sample->refresh),
            sample->ns);
}

void
cp_csv_print(const CpResult *result, FILE *out)
{
    fputs("scenario,variant,round,line,label,verdict,refresh,ns\r\n", out);
    for (guint i = 0; i < result->scenarios->len; i++) {
        const CpScenarioResult *scenario = result->scenarios->pdata[i];
        for (guint s = 0; s < scenario->samples->len; s++)
            print_sample(scenario, &g_array_index(scenario->samples, CpSample, s), out);
    }
}
