/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "internal.h"
#include "qemu/qemu_capabilities.h"

/*
 * Capabilities of an emulator as the libvirt under test loads them from a cache document, and everything that it
 * then says about them.
 */

typedef enum {
    CP_CAPS_REFUSED = -1, /* the document is in error */
    CP_CAPS_LOADED = 0,   /* it was believed */
    CP_CAPS_STALE = 1,    /* it was made by another libvirt, and is to be probed anew */
} CpCapsVerdict;

/* Whether the loader looks at who wrote the document. */
typedef enum {
    CP_CAPS_ANYBODYS, /* it does not, as libvirt's own tests have it */
    CP_CAPS_OWN,      /* it does, as the daemon has it */
} CpCapsOrigin;

/*
 * Loads @length bytes at @document as a host of architecture @host would that asks for @emulator; NULL stands for the one
 * that the document names. Returns capabilities in any case; they mean something where @verdict is CP_CAPS_LOADED. What is
 * known to take too long (defects.h) counts as refused.
 */
virQEMUCaps *cp_caps_load(const char *document,
                          size_t length,
                          const char *emulator,
                          virArch host,
                          CpCapsOrigin origin,
                          CpCapsVerdict *verdict);

/* The architecture that @length bytes at @document are for, as far as a glance tells; else that of the host. */
virArch cp_caps_arch(const char *document, size_t length);

/* As libvirt would save them. */
char *cp_caps_format(virQEMUCaps *caps);

/* The names of the first machines of @type in capabilities that are saved as @formatted. libvirt itself has no list to
 * offer. */
GPtrArray *cp_caps_machines(const char *formatted, virDomainVirtType type);

/* Whatever libvirt can be asked about them, as text: one answer a line, the same for the same capabilities. Stamps are
 * left out, for libvirt does not copy them: see cp_caps_format() for these. */
char *cp_caps_read_out(virQEMUCaps *caps);
