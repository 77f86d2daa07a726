/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libxml/tree.h>

/* The RelaxNG schema that the libvirt under test has for domain capabilities, embedded at build time. */

/* Reads it, once cp_fake_host_init() has been called; does nothing the second time. Aborts where libxml2 does not take it. */
void cp_relaxng_init(void);

/* What the schema has against @document, to be freed; NULL where it has nothing. */
char *cp_relaxng_complaint(xmlDoc *document);
