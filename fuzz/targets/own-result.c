/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * own-result: no text makes the reader of results crash, leak or hang. A text is refused with the place of its mistake,
 * or accepted. An accepted result can be shown, and does not change if it is written and read again.
 */

#include "measure/result.h"

#include "checks/own-format.h"
#include "show/table.h"
#include "driver/target.h"

static gpointer
parse(const char *text, gsize length, GError **error)
{
    return cp_result_parse(CP_OWN_FORMAT_FILE, text, length, error);
}

static char *
write_result(gconstpointer result)
{
    return cp_result_write(result);
}

static void
free_result(gpointer result)
{
    cp_result_free(result);
}

static const CpOwnFormat format = { .parse = parse, .write = write_result, .free = free_result };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(CpResult) result = cp_own_format_check(&format, (const char *)data, size);

    if (result)
        cp_table_print(result, cp_own_format_null_stream());
    return 0;
}
