/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "triage/group.h"

/*
 * Groups of crashes as SARIF 2.1.0, the OASIS format in which tools exchange what analysers found. The rule is the kind
 * of the signature, the place its innermost frame. Files of libvirt are named relative to @libvirt, those of capprobe
 * relative to @capprobe, which are folders.
 */
char *cp_sarif_write(const GPtrArray *groups, const char *libvirt, const char *capprobe);
