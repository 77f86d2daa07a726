/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A second reader of cache documents, independent of libvirt's loader: it walks over libxml2's tree. */
#pragma once

#include "internal.h"
#include "qemu/qemu_capabilities.h"

/** The number of rows in cp_reference_accelerators. */
#define CP_REFERENCE_ACCELERATORS 3

/** An accelerator for which a document can contain CPU models and machines. */
typedef struct {
    virDomainVirtType type;
    const char *name; /* in the document */
    gint flag;        /* libvirt loads nothing for the accelerator without this flag; -1: always */
} CpReferenceAccelerator;

extern const CpReferenceAccelerator cp_reference_accelerators[];

/**
 * What a document says. Nothing certain is known about documents with namespaces or a document type, and about numbers
 * that the versions of libvirt read differently.
 */
typedef struct {
    gboolean well_formed; /* it is XML, and its root is <qemuCaps> */
    gboolean plain;       /* and it has no namespaces and no document type; the other members are valid only then */
    gboolean refused;     /* the loader must refuse it */
    gboolean unsure;      /* the loader may accept or refuse it, and what it loads is not known */
    gboolean stale;       /* another libvirt wrote it */
    char *emulator;       /* NULL if it does not name one */
    virArch arch;
    gboolean flags[QEMU_CAPS_LAST];
    GString *text;                                /* everything that libvirt must load, one fact per line */
    GPtrArray *models[CP_REFERENCE_ACCELERATORS]; /* the CPU models, as lines of cp_reference_model() */
} CpReference;

/** Reads `length` bytes of `document`. The caller owns the result. */
CpReference *cp_reference_read(const char *document, gsize length);
void cp_reference_free(CpReference *reference);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpReference, cp_reference_free)

/** Returns whether libvirt loads anything for an accelerator, a row of cp_reference_accelerators. */
gboolean cp_reference_has_accelerator(const CpReference *reference, gsize accelerator);

/**
 * Returns a line that describes a CPU model. `blockers` are names, each followed by a space. They are sorted and made
 * unique, because newer versions of libvirt do that. The caller owns the line.
 */
char *cp_reference_model(const char *name, gint usable, gboolean deprecated, const char *blockers);

/** Compares two lines, for g_ptr_array_sort(). */
gint cp_reference_compare(gconstpointer a, gconstpointer b);
