/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The targets that an evaluation puts into one program, under the names that meson.build gives them. */
#pragma once

#include "driver/target.h"

/** LLVMFuzzerTestOneInput() of caps-load. */
int cp_eval_caps_load(const uint8_t *data, size_t size);

/** LLVMFuzzerTestOneInput() of caps-roundtrip. */
int cp_eval_caps_roundtrip(const uint8_t *data, size_t size);
