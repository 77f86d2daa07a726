/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libvirt says about firmware, and a second reader of firmware descriptors, written without libvirt's code. */
#pragma once

#include <glib.h>

/** What libvirt says about the firmware for one machine. It owns the array. */
typedef struct {
    guint interfaces;    /* one bit per kind, as qemuFirmwareGetSupported() returns them */
    gboolean secure;     /* whether there is firmware with secure boot */
    GPtrArray *programs; /* of "PROGRAM", or "PROGRAM with TEMPLATE", each once, in the order of the descriptors */
} CpFirmwareAnswer;

/** Returns an answer that lists nothing. The caller owns it. */
CpFirmwareAnswer *cp_firmware_answer_new(void);
void cp_firmware_answer_free(CpFirmwareAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpFirmwareAnswer, cp_firmware_answer_free)

/** Adds a program, with the file that the guest's variables are copied from, or NULL, unless it is in the answer. */
void cp_firmware_answer_add(CpFirmwareAnswer *answer, const char *program, const char *variables);

/** Adds all that `other` lists. */
void cp_firmware_answer_join(CpFirmwareAnswer *answer, const CpFirmwareAnswer *other);

/** Returns the answer as text, one fact per line. Equal answers give equal texts. The caller owns it. */
char *cp_firmware_answer_text(const CpFirmwareAnswer *answer);

/**
 * Returns what a descriptor of `length` bytes adds for a machine of an architecture, both as QEMU names them; NULL if it is
 * not good. A good descriptor is one line of plain JSON, has all that QEMU's specification demands, and names only what
 * every version of libvirt knows. libvirt may accept others, too. The caller owns the answer.
 */
CpFirmwareAnswer *
cp_reference_firmware(const char *content, gsize length, const char *architecture, const char *machine);
