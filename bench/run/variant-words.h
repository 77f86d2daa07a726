/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A variant in one option: "libvirt=DIR,tree=DIR". */
#pragma once

#include "run/variant-options.h"

/**
 * Reads what was given to the option `option`: "installed", or any of libvirt=DIR, tree=DIR, emulator=PATH, target=NAME and name=NAME,
 * separated by commas. A comma that is not before one of these words belongs to the value.
 *
 * Returns the words, which the strings of `variant` point into; free with g_strfreev(). NULL with `error` set
 * (CP_ERROR_USAGE) if it is anything else.
 */
GStrv cp_variant_parse(const char *option, const char *text, CpVariantSpec *variant, GError **error);
