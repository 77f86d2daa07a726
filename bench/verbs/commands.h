/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers for the commands in commands.def, and sets of them. Plain C: the generator of the manual includes this, too. */
#pragma once

enum {
#define CP_COMMAND(name, ...) CP_COMMAND_##name,
#include "verbs/commands.def"
    CP_COMMAND_LAST
};

/** The set that holds this command alone. */
#define CP_ON(name) (1u << CP_COMMAND_##name)
