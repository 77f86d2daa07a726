/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The elements of a cache document that libvirt's loader looks for, and what their attributes and texts contain. */
#pragma once

#include <glib.h>

/** What a value is. The kinds before CP_KIND_WORDS_END are lists of words from libvirt: see vocabulary.h. */
typedef enum {
    CP_KIND_FLAG,
    CP_KIND_ARCH,
    CP_KIND_CPU_MODEL,
    CP_KIND_CPU_FEATURE,
    CP_KIND_USABLE,
    CP_KIND_PROPERTY_TYPE,
    CP_KIND_HYPERV,
    CP_KIND_WORDS_END, /* the number of lists */

    CP_KIND_ACCELERATOR, /* the type of a hostCPU, cpu or machine */
    CP_KIND_VIRT_TYPE,
    CP_KIND_HOST_STATE, /* the state of KVM or of the cache file: see checks/cache-lookup.h */
    CP_KIND_STEP,       /* see caps-sequence.c */
    CP_KIND_YES_NO,
    CP_KIND_TRUE_FALSE,
    CP_KIND_CPUDATA_ARCH,
    CP_KIND_MACHINE,
    CP_KIND_STRING,
    CP_KIND_NUMBER,
    CP_KIND_COUNT, /* a number of allocations or bytes, or a version of the microcode */
    CP_KIND_HEX,
    CP_KIND_STAMP,        /* a time, in seconds */
    CP_KIND_SELF_CTIME,   /* when the libvirt that wrote the document was installed, in seconds */
    CP_KIND_SELF_VERSION, /* its LIBVIR_VERSION_NUMBER */
    CP_KIND_NONE,         /* there is no value */
} CpKind;

/** An attribute of an element. */
typedef struct {
    const char *name; /* NULL after the last attribute */
    CpKind kind;
} CpSchemaAttribute;

/** An element. A new element of libvirt's is a new row in schema.c. */
typedef struct {
    const char *name;
    const char *parent; /* NULL: it is the root */
    CpKind text;
    const char *flag; /* the loader reads the element only if this flag is set; NULL: always */
    CpSchemaAttribute attributes[20];
} CpSchemaElement;

/** All elements, the root first. */
extern const CpSchemaElement cp_schema[];
extern const gsize cp_schema_length;

/** The options instruction (input-options.h), with the options of all targets as attributes. */
extern const CpSchemaElement cp_schema_options;

/**
 * Returns the row of the element `name` in `parent`, which is NULL for the root. Returns NULL if there is no such
 * row.
 */
const CpSchemaElement *cp_schema_find(const char *name, const char *parent);

/** Returns the number of attributes that `element` may have. */
guint cp_schema_width(const CpSchemaElement *element);

/** Returns the kind of an attribute of `element`: a string if the attribute is unknown or `element` is NULL. */
CpKind cp_schema_kind(const CpSchemaElement *element, const char *attribute);
