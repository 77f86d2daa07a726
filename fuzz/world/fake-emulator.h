/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The emulator that the libvirt under test probes: it replays a conversation (conversation.h). */
#pragma once

#include <glib.h>

#include "internal.h"
#include "qemu/qemu_capabilities.h"

/*
 * There is no process, no socket and no thread. The commands that are sent, and what is made of the replies, is all
 * libvirt's own code.
 */

/** Sets what the emulator says, `length` bytes. The caller keeps them until cp_fake_emulator_unset(). */
void cp_fake_emulator_set(const char *conversation, gsize length);

/** Forgets the conversation. Returns how many times libvirt has started the emulator since it was set. */
guint cp_fake_emulator_unset(void);

/**
 * Makes libvirt probe the emulator on a host of architecture `host`; the rest of the host is cp_fake_installation.
 * Returns NULL if libvirt reports an error. The caller owns the result.
 */
virQEMUCaps *cp_fake_emulator_probe(virArch host);

/**
 * Makes the answer to libvirt's next command the last reply again, without the members "deprecated" of another type than
 * boolean. Returns FALSE, and changes nothing, if it has none.
 */
gboolean cp_fake_emulator_repeat_without_deprecated(void);
