/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "internal.h"
#include "qemu/qemu_capabilities.h"

/*
 * The emulator that the libvirt under test probes. It is a conversation (conversation.h): there is no process, no
 * socket and no thread. libvirt's own code says what it asks, parses what it is told, and draws its conclusions.
 */

/* Makes @length bytes at @conversation what the emulator will say. The caller keeps them until the next call. */
void cp_fake_emulator_set(const char *conversation, gsize length);

/* Lets go of it; returns how many times the emulator was started since it was set. */
guint cp_fake_emulator_unset(void);

/* Lets libvirt probe the emulator on a host of architecture @host, with what cp_fake_installation holds; NULL where it
 * reports an error. */
virQEMUCaps *cp_fake_emulator_probe(virArch host);
