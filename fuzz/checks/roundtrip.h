/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks that capabilities survive being copied, and being saved and loaded. */
#pragma once

#include "world/caps.h"

/**
 * Demands that `caps` can be copied, saved and loaded, and that libvirt says the same about the result. `host` is the
 * architecture of the host on which libvirt loaded or probed them. Known defects are noted.
 */
void cp_roundtrip(virQEMUCaps *caps, virArch host);
