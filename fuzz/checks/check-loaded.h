/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks what libvirt loaded against the reference reader. */
#pragma once

#include "world/caps.h"

/*
 * A loader that refuses everything, or loses something, does the same with what it has saved itself. Only another
 * reader notices.
 */

/**
 * Demands that libvirt loaded what the document says. `caps` is what a host of architecture `host` loaded from
 * `length` bytes of `document`, with the outcome `verdict`. `own_verdict` is the outcome if the loader checks which
 * libvirt wrote the document; it may only differ in that the document is stale. No failure may have been injected
 * while it was loaded.
 */
void cp_check_loaded(const char *document,
                     gsize length,
                     virArch host,
                     CpCapsVerdict verdict,
                     CpCapsVerdict own_verdict,
                     virQEMUCaps *caps);
