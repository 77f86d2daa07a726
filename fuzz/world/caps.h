/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Capabilities of an emulator as the libvirt under test loads them, and everything that libvirt says about them. */
#pragma once

#include <glib.h>

#include "internal.h"
#include "qemu/qemu_capabilities.h"

/** What virQEMUCapsLoadCache() returns. */
typedef enum {
    CP_CAPS_REFUSED = -1, /* the document is invalid */
    CP_CAPS_LOADED = 0,
    CP_CAPS_STALE = 1, /* another libvirt wrote the document; the emulator must be probed */
} CpCapsVerdict;

/** Which libvirt may have written the document. */
typedef enum {
    CP_CAPS_ANY_WRITER, /* any: the loader does not check it, as in libvirt's own tests */
    CP_CAPS_OWN_WRITER, /* only this one: the document is stale otherwise, as in the daemon */
} CpCapsWriter;

/**
 * Loads `length` bytes of `document` as a host of architecture `host` does for `emulator`; NULL means the emulator
 * that the document names. Always returns capabilities, which are meaningful only if `verdict` is CP_CAPS_LOADED. The
 * caller owns them.
 */
virQEMUCaps *cp_caps_load(const char *document,
                          gsize length,
                          const char *emulator,
                          virArch host,
                          CpCapsWriter writer,
                          CpCapsVerdict *verdict);

/**
 * Returns the architecture in `length` bytes of `document`, found without parsing it; if there is none, that of the
 * host.
 */
virArch cp_caps_arch(const char *document, gsize length);

/** Returns the cache document as which libvirt saves `caps`. The caller owns it. */
char *cp_caps_format(virQEMUCaps *caps);

/**
 * Returns the names of the first machines of `type`, at most 32, in capabilities that libvirt saves as `formatted`.
 * libvirt has no function for this. The caller owns the array, which owns the names.
 */
GPtrArray *cp_caps_machines(const char *formatted, virDomainVirtType type);

/**
 * Returns everything that libvirt says about `caps`, one answer per line. Equal capabilities give equal texts. Stamps
 * are left out, because libvirt does not copy them; cp_caps_format() has them. The caller owns the text.
 */
char *cp_caps_read_out(virQEMUCaps *caps);
