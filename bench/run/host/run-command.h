/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands on the private host. Run in the sandbox's init. */
#pragma once

#include "run/host/host.h"

/** The environment of a command that changes the private host: where things are in it. Free with g_strfreev(). */
GStrv cp_run_command_environment(const CpHost *host);
