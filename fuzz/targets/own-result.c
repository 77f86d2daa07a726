/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * result: no text makes the reader of results crash, leak or hang; what it refuses it places, and what it takes can be
 * shown, and is the same when written and read again.
 */

#include "measure/result.h"

#include <string.h>

#include "checks/own-format.h"
#include "driver/property.h"
#include "show/table.h"
#include "driver/target.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CpResult) result = cp_result_parse(CP_OWN_FORMAT_FILE, (const char *)data, size, &error);
    g_autoptr(CpResult) again = NULL;
    g_autofree char *text = NULL;
    g_autofree char *text_again = NULL;

    if (!result) {
        cp_own_format_refused(error, (const char *)data, size);
        return 0;
    }

    CP_PROPERTY(!error, "taken, but with an error: %s", error->message);
    text = cp_result_write(result);
    again = cp_result_parse(CP_OWN_FORMAT_FILE, text, strlen(text), &error);
    CP_PROPERTY(again, "taken, but refused as written: %s", error->message);
    text_again = cp_result_write(again);
    cp_property_equal("the result, written and read", text, text_again);
    cp_table_print(result, cp_own_format_nowhere());
    return 0;
}
