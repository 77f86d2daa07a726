/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Known defects (corpus/bugs) that show in domain capabilities. */
#pragma once

/**
 * Returns the known defect because of which the domain capabilities `answer` are invalid or wrong, a folder of
 * corpus/bugs, or NULL if there is none. Sets `fixed` to what the answer would be without known defects; the caller
 * owns it.
 */
const char *cp_defects_of_answer(const char *answer, char **fixed);
