/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "driver/target.h"

/* The targets under the names that meson.build gives them for an evaluation. */
int cp_eval_caps_load(const uint8_t *data, size_t size);
int cp_eval_caps_roundtrip(const uint8_t *data, size_t size);
