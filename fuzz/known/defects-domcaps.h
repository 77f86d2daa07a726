/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The defects that corpus/bugs describes, as far as they show in domain capabilities.
 */

/* The defect, by the name of its directory, for which the domain capabilities @answer are not valid, or not what was
 * asked for; NULL where there is none. @mended, to be freed, is what they would be without the known defects. */
const char *cp_defects_of_answer(const char *answer, char **mended);
