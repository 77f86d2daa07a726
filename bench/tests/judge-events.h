/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What histories for the judge's tests begin and end with. */
#pragma once

#include "events.h"

#define XML(value) "<domainCapabilities><enum name='e'><value>" value "</value></enum></domainCapabilities>"

/* The truth of state A is answer a, that of B is b, that of C is c. E and F have an error, the truth of U is not known.
 * Answer c says the same as a, in another layout. */
#define BEGIN                                                                                                          \
    HISTORY SCENARIO ANSWER("a", XML("1")) ANSWER("b", XML("2")) ANSWER("c", " " XML("1") "\\n") ANSWER("x", XML("9")) \
        ANSWER("text", "no XML") TRUTH("A", "a") TRUTH("B", "b") TRUTH("C", "c") TRUTH_ERROR("E") TRUTH_ERROR("F")     \
            ROUND("A", 0)
#define FINISH ROUND_END(1000, 500) END(0, "")

#define OTHER "{`type`:`scenario`,`scenario`:`t`,`file`:`t.scn`,`text`:``}\n"
#define SKIP_OTHER "{`type`:`skip`,`scenario`:`t`,`error`:`x`,`needs`:0}\n"
