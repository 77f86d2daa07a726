/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Validates domain capabilities with the RelaxNG schema of the libvirt under test. */
#pragma once

#include <libxml/tree.h>

/**
 * Reads the schema, which is embedded at build time. To be called after cp_fake_host_init(); does nothing the second
 * time. Aborts if libxml2 does not accept the schema.
 */
void cp_relaxng_init(void);

/** Returns what is wrong with `document`, or NULL if it is valid. The caller owns the message. */
char *cp_relaxng_complaint(xmlDoc *document);
