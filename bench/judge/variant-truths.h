/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is true of each variant of a history: each has its own truths. */
#pragma once

#include "judge/truths.h"

typedef struct _CpVariantTruths CpVariantTruths;

CpVariantTruths *cp_variant_truths_new(void);
void cp_variant_truths_free(CpVariantTruths *all);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpVariantTruths, cp_variant_truths_free)

/** Returns the truths of a variant, which belong to `all`; NULL is the only variant of a history without names. */
CpTruths *cp_variant_truths_of(CpVariantTruths *all, const char *variant);

/** Returns how the two passes of truths differ, one line per truth, with the variant's name: of char *. The caller owns the
 * array. */
GPtrArray *cp_variant_truths_differences(const CpVariantTruths *all);
