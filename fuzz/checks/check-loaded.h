/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "world/caps.h"

/*
 * A second opinion on what a cache document says (reference-reader.h). A loader that refuses everything, or loses what it reads, does
 * so again with what it has saved itself; only another reader notices. There is none about documents that are passed over
 * for their size (defects.h).
 */

/*
 * Demands that @caps, loaded by a host of architecture @host from the @length bytes at @document with @verdict, are what
 * the document says, and that @own_verdict, where the loader looks at who wrote it, differs only as it may. Nothing may
 * have been made to fail on the way.
 */
void cp_check_loaded(const char *document,
                     size_t length,
                     virArch host,
                     CpCapsVerdict verdict,
                     CpCapsVerdict own_verdict,
                     virQEMUCaps *caps);
