/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The environment of a run: everything needed to judge its figures later.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "run/find.h"
#include "run/plan.h"

/** Describes host, libvirt, emulator and what was asked of them. */
JsonObject *cp_environment_describe(const CpFound *found, const CpPlan *plan);

/** The number of modules in `dir`. */
guint cp_environment_count_modules(const char *dir);
