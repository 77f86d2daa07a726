/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A small history with events of every type and reads of every verdict but torn. */
#pragma once

#include "events.h"

#include "judge/judge.h"

#define SMALL                                                                                                          \
    "{`type`:`history`,`schema`:`capprobe.history/2`,`seed`:7,`environment`:{`target`:`embed`,`kvm`:`usable`,"         \
    "`privileged`:true,`libvirt`:{`version`:`9.0.0`,`module_dir`:`/lib/a`},`emulator`:{`version`:`QEMU 7.2`,"          \
    "`modules`:3,`module_dir`:`/lib/b`},`host`:{`cpu`:`some CPU`,`kernel`:`Linux 6.1`}}}\n" SCENARIO                   \
    "{`type`:`scenario`,`scenario`:`t`,`file`:`t.scn`,`text`:``}\n"                                                    \
    "{`type`:`skip`,`scenario`:`t`,`error`:`no such module`,`needs`:1}\n" ANSWER(                                      \
        "a", "<video><value>qxl</value></video>") ANSWER("b", "<video/>") TRUTH("A", "a") TRUTH("B", "b")              \
        ROUND("A", 1000000) READ_AS("prime", 1000000, 401000000, "`answer`:`a`", 2) READ(401000000, 402000000, "a", 0) \
            CHANGE(402000000, 403000000, "B") READ(500000000, 502000000, "a", 0) EXPECT("`lacks`,`video`,`qxl`")       \
                EXPECT("`answer`") OPERATION("restart", "process", 503000000, 504000000, "B")                          \
                    READ(504000000, 904000000, "b", 1) READ(905000000, 1005000000, "b", 1)                             \
                        READ_ERROR(1006000000, 1007000000, 0) CHANGE(1008000000, 1009000000, "U")                      \
                            READ(1010000000, 1013000000, "b", 0) ROUND_END(1014000000, 907000000)                      \
                                PROFILE(0, 400000000, "`QMP qom-list`:300000000,`work`:100000000")                     \
                                    PROFILE(0, 200000000, "`work`:150000000,`asleep`:50000000")                        \
                                        END(130, "interrupted")

/* A history of a scenario about a defect: a stale read, and one that is expected to be stale and is fresh. */
#define DEFECT DEFECTIVE ROUND_END(9000, 9000) END(0, "")

/* The same with a mistake in the scenario. */
#define MISTAKEN DEFECTIVE EXPECT("`has`,`vide`,`qxl`") ROUND_END(9000, 9000) END(0, "")

#define DEFECTIVE                                                                                                      \
    HISTORY SCENARIO ANSWER("a", "<video><value>qxl</value></video>") ANSWER("b", "<video/>") TRUTH("A", "a")          \
        TRUTH("B", "b") ROUND("A", 0) READ_AS("prime", 0, 1000, "`answer`:`a`", 1) CHANGE(2000, 3000, "B")             \
            READ(4000, 5000, "a", 0) EXPECT("`verdict`,`stale`") READ(6000, 7000, "b", 1) EXPECT("`verdict`,`stale`")  \
                EXPECT("`cache`,`fresh`")
