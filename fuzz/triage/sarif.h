/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Groups of crashes as SARIF 2.1.0, the OASIS format for exchanging the results of analysers. */
#pragma once

#include "triage/group.h"

/**
 * Returns the SARIF document about `groups`. Each group is a result: its rule is the kind of the signature, its location
 * the innermost frame. Paths in the folders `libvirt` and `capprobe` are written relative to these. The caller owns the
 * text.
 */
char *cp_sarif_write(const GPtrArray *groups, const char *libvirt, const char *capprobe);
