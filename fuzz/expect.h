/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "caps.h"

/*
 * What a cache document says, found out without libvirt's loader: by a walk over libxml2's tree. A loader that refuses
 * everything, or loses what it reads, does so again with what it has saved itself; only a second opinion notices.
 *
 * About a few documents there is none: those with namespaces or a document type, those that are passed over for their
 * size, and where a number is written in a way that is a matter of taste.
 */

/*
 * Demands that @caps, loaded by a host of architecture @host from the @length bytes at @document with @verdict, are what
 * the document says, and that @own_verdict, where the loader looks at who wrote it, differs only as it may. Nothing may
 * have been made to fail on the way.
 */
void cp_expect(const char *document,
               size_t length,
               virArch host,
               CpCapsVerdict verdict,
               CpCapsVerdict own_verdict,
               virQEMUCaps *caps);
