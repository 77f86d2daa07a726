/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Steps one after the other: the input format of caps-sequence. */
#pragma once

#include <glib.h>

/*
 * Each step begins with an options instruction (input-options.h), the first one at the very start of the input. What
 * follows it is the step's document, if there is one.
 *
 *     <?capprobe step='ask' signed='yes'?><qemuCaps>...</qemuCaps>
 *     <?capprobe step='restart' emulator-ctime='1700000001'?>
 *
 * What steps do is said in targets/caps-sequence.c.
 */

/** What the input begins with. */
#define CP_SEQUENCE_START "<?capprobe step='"

/** How many steps there can be. The last one then contains the rest of the input. */
#define CP_SEQUENCE_STEPS_MAX 8

/** A step: its instruction and its document. It owns nothing. */
typedef struct {
    const char *text; /* not NUL-terminated */
    gsize length;     /* bytes */
} CpSequenceStep;

/** Splits an input. Sets `steps`, and returns their number: 0 if the input does not begin as it must. */
guint cp_sequence_split(const char *text, gsize length, CpSequenceStep steps[CP_SEQUENCE_STEPS_MAX]);
