/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "internal.h"
#include "qemu/qemu_capabilities.h"

/*
 * What a cache document says, found out without libvirt's loader: by a walk over libxml2's tree.
 *
 * About a few documents there is no saying: those with namespaces or a document type, and where a number is written in a
 * way that is a matter of taste.
 */

#define CP_REFERENCE_ACCELERATORS 3

typedef struct {
    virDomainVirtType type;
    const char *name; /* in the document */
    int flag;         /* without which nothing is loaded for it, or -1 */
} CpReferenceAccelerator;

extern const CpReferenceAccelerator cp_reference_accelerators[];

typedef struct {
    gboolean well_formed; /* it is XML, with the root that libvirt wants */
    gboolean plain;       /* and nothing is in it that makes it hard to read: only then the rest holds */
    gboolean refused;     /* the loader must not take it */
    gboolean unsure;      /* it may do so or not, and what it makes of it is its own affair */
    gboolean stale;       /* libvirt must take it for another libvirt's */
    char *emulator;       /* NULL where it names none */
    virArch arch;
    gboolean flags[QEMU_CAPS_LAST];
    GString *text;                                /* all that is to be kept, one fact a line */
    GPtrArray *models[CP_REFERENCE_ACCELERATORS]; /* the CPU models, as cp_reference_model() has them */
} CpReference;

/* Reads @length bytes at @document. */
CpReference *cp_reference_read(const char *document, size_t length);

void cp_reference_free(CpReference *facts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpReference, cp_reference_free)

/* Whether anything is loaded for an accelerator, a row of cp_reference_accelerators. */
gboolean cp_reference_has_accelerator(const CpReference *facts, size_t accelerator);

/* A CPU model in one line. @blockers have a blank behind each. They are a set: newer versions of libvirt sort them, and
 * drop what is there twice. */
char *cp_reference_model(const char *name, int usable, gboolean deprecated, const char *blockers);

/* Compares two such lines as qsort() wants it. */
int cp_reference_compare(const void *one, const void *other);
