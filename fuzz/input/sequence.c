/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Splits an input into its steps. */
#include "input/sequence.h"

#include <string.h>

guint
cp_sequence_split(const char *text, gsize length, CpSequenceStep steps[CP_SEQUENCE_STEPS_MAX])
{
    static const char start[] = "<?capprobe ";
    const char *end = text + length;
    guint n = 0;

    if (length < strlen(CP_SEQUENCE_START) || memcmp(text, CP_SEQUENCE_START, strlen(CP_SEQUENCE_START)) != 0)
        return 0;
    while (text) {
        const char *next =
            n + 1 < CP_SEQUENCE_STEPS_MAX ? memmem(text + 1, end - text - 1, start, strlen(start)) : NULL;

        steps[n++] = (CpSequenceStep){ text, (next ? next : end) - text };
        text = next;
    }
    return n;
}
