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

/**
 * What the plan does in place of a failure that libvirt or libxml2 does not survive, or does not report. All are off by
 * default.
 */
typedef struct {
    gboolean growth;  /* while libxml2 enlarges its input buffer, no allocation fails: the next one fails instead */
    gboolean xpath;   /* while XPath is evaluated, no allocation fails: the whole evaluation fails instead */
    gboolean nothing; /* neither an evaluation nor reading an attribute fails: they find nothing */
    const char *condition; /* but this condition is true */
} CpFaultInstead;

extern CpFaultInstead cp_fault_instead;

/** What the plan has done in place of a failure, since cp_fault_plan(). */
extern CpFaultInstead cp_fault_done;

/** Whether the failure since cp_fault_plan() was one of libxml2's allocations while it read an attribute or a text. */
extern gboolean cp_fault_in_value;

/** Ends the plan. Returns the last failure that was injected. */
CpFault cp_fault_end(void);

/** Returns what cp_fault_end() returned last. */
CpFault cp_fault_last(void);

/** Returns whether a read of the document from byte `start` up to byte `end` must fail; if so counts it as injected. */
gboolean cp_fault_read(gint64 start, gint64 end);

/** Returns how many bytes of the document were read before the last failure of a read. */
gint64 cp_fault_bytes_read(void);
