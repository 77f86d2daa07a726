/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The environment of a run: what one must know to judge its figures later. Runs in the caller. */
#pragma once

#include <json-glib/json-glib.h>

#include "run/find.h"
#include "run/plan.h"

/** Describes the host, libvirt, the emulator and the query, as `environment` in a history. The caller owns it. */
JsonObject *cp_environment_describe(const CpFound *found, const CpPlan *plan);

/** The number of modules in the module directory; links to modules count, broken ones do not. */
guint cp_environment_count_modules(const CpFound *found);
