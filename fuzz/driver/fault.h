/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Failures on demand: libxml2 finds no memory, or the document cannot be read to its end. libvirt ends the process
 * where it finds no memory itself; what it makes of such failures in libxml2 is what can be asked.
 */

/* Has libxml2 allocate through here. Must come before its first use. */
void cp_fault_init(void);

/* From now on libxml2's allocation number @allocation fails, once, and so does any read that goes up to byte @read of the
 * document or beyond. Zero and a negative number, respectively, mean that none does. */
void cp_fault_plan(int64_t allocation, int64_t read);

/* What has failed. */
typedef enum {
    CP_FAULT_NONE,
    CP_FAULT_READ,
    CP_FAULT_PARSING, /* an allocation before the document was whole */
    CP_FAULT_ASKING,  /* one when it was, and was asked about */
} CpFault;

/* Ends the plan, and says what has failed under it. */
CpFault cp_fault_end(void);

/* What cp_fault_end() said last. */
CpFault cp_fault_last(void);

/* Whether a read that goes up to byte @end of the document fails. */
bool cp_fault_read(int64_t end);
