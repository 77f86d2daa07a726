/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Known defects (corpus/bugs) that show in domain capabilities. */
#pragma once

#include "known/known.h"

/**
 * Returns the known defects because of which the domain capabilities `answer` are invalid or wrong. Sets `fixed` to what
 * the answer would be without them; the caller owns it.
 */
CpKnownSet cp_defects_of_answer(const char *answer, char **fixed);
