/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "world/caps.h"

/*
 * Demands that @caps, which libvirt loaded or probed on a host of architecture @host, can be copied, and can be saved
 * and loaded again, and that they say the same afterwards. Known defects are noted.
 */
void cp_roundtrip(virQEMUCaps *caps, virArch host);
