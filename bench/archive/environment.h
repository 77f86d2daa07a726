/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the environment of a result says: what was tested, and on what. */
#pragma once

#include "measure/environment-text.h"

/** Returns the name of the machine, by its processors: "2 x Intel(R) Xeon(R) Processor". The caller owns it. */
char *cp_environment_machine(JsonObject *environment);

/**
 * Returns what was asked of what, for figures of one population: the name of the variant, if it is not NULL, then what `environment`
 * says of target, KVM and question, separated by blanks: "9.0.0 embed kvm=usable arch=s390x". The caller owns it.
 */
char *cp_environment_variant(JsonObject *environment, const char *name);

/** Returns the version of the emulator, without what distributions add: "7.2.22". The caller owns it. */
char *cp_environment_emulator(JsonObject *environment);

/** Returns the environment as JSON without what differs from run to run: its time and the load of the host. The caller owns it. */
char *cp_environment_lasting(JsonObject *environment);

/**
 * Returns what differs between two environments, given as JSON, as lines such as "libvirt.version: 9.0.0 -> 11.3.0",
 * NULL-terminated. The caller owns it.
 */
GStrv cp_environment_differences(const char *before, const char *after);
