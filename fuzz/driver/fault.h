/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Injects failures: an allocation in libxml2 fails, or the document cannot be read to its end. */
#pragma once

#include <glib.h>

/*
 * libvirt ends the process if one of its own allocations fails, so only failures in libxml2 are interesting: libvirt
 * must report them.
 */

/** Which failure was injected. */
typedef enum {
    CP_FAULT_NONE,
    CP_FAULT_READ,
    CP_FAULT_PARSING,  /* an allocation while the document was parsed */
    CP_FAULT_QUERYING, /* an allocation while the parsed document was queried with XPath */
} CpFault;

/** Makes libxml2 allocate through this file. Must be called before any other function of libxml2. */
void cp_fault_init(void);

/**
 * From now on fails libxml2's allocation number `allocation`, counted from 1, once, and each read that reaches byte
 * `read` of the document, counted from 0. Zero and a negative number, respectively, mean that none fails.
 */
void cp_fault_plan(gint64 allocation, gint64 read);

/** Ends the plan. Returns the last failure that was injected. */
CpFault cp_fault_end(void);

/** Returns what cp_fault_end() returned last. */
CpFault cp_fault_last(void);

/** Returns whether a read of the document up to byte `end` must fail, and if so counts it as injected. */
gboolean cp_fault_read(gint64 end);
