/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * eval-ours, eval-bytes: caps-load and caps-roundtrip in one program, so that both share the time of a trial. The targets
 * are compiled again for it, under other names.
 */

#include "eval/targets.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cp_eval_caps_load(data, size);
    cp_eval_caps_roundtrip(data, size);
    return 0;
}
