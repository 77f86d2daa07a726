/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks that capabilities survive being copied, and being saved and loaded. */
#pragma once

#include "world/caps.h"

/** Makes the capabilities again, exactly as before. The caller owns them. Returns NULL if libvirt reports an error. */
typedef virQEMUCaps *(*CpRoundtripMake)(gpointer data, virArch host);

/**
 * Demands that `caps` can be copied, saved and loaded, and that libvirt says the same about the result. `host` is the
 * architecture of the host on which libvirt loaded or probed them. If something differs, it is done again with all known
 * defects mended: with capabilities that `make` returns for `data`. What still differs then is reported; if nothing does,
 * the defects that explain it are noted.
 */
void cp_roundtrip(virQEMUCaps *caps, virArch host, CpRoundtripMake make, gpointer data);
