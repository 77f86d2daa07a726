/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>

/*
 * What a cache document is made of: the elements that libvirt's loader looks for, where they belong, and what their
 * attributes and texts hold. New elements are one row in schema.c.
 */

/* What a value holds. The first ones are lists of words that vocabulary.h takes from libvirt. */
typedef enum {
    CP_KIND_FLAG,
    CP_KIND_ARCH,
    CP_KIND_CPU_MODEL,
    CP_KIND_CPU_FEATURE,
    CP_KIND_USABLE,
    CP_KIND_PROPERTY_TYPE,
    CP_KIND_HYPERV,
    CP_KIND_WORDS_END, /* how many lists there are */

    CP_KIND_ACCELERATOR, /* the types of hostCPU, cpu and machine */
    CP_KIND_VIRT_TYPE,
    CP_KIND_HOST_STATE, /* of KVM and of the cache's file, see caps-cachefile.c */
    CP_KIND_YES_NO,
    CP_KIND_TRUE_FALSE,
    CP_KIND_CPUDATA_ARCH,
    CP_KIND_MACHINE,
    CP_KIND_STRING,
    CP_KIND_NUMBER,
    CP_KIND_COUNT, /* of what happens while a document is loaded */
    CP_KIND_HEX,
    CP_KIND_STAMP,      /* a time */
    CP_KIND_SELF_CTIME, /* the time by which libvirt knows its own writing */
    CP_KIND_SELF_VERSION,
    CP_KIND_NONE, /* nothing at all */
} CpKind;

typedef struct {
    const char *name; /* NULL after the last */
    CpKind kind;
} CpSchemaAttribute;

typedef struct {
    const char *name;
    const char *parent; /* NULL for the root */
    CpKind text;
    const char *flag; /* that makes the loader look at it; NULL where it always does */
    CpSchemaAttribute attributes[20];
} CpSchemaElement;

extern const CpSchemaElement cp_schema[];
extern const size_t cp_schema_length;

/* The names that a target may look for in a options instruction (input-options.h). */
extern const CpSchemaElement cp_schema_options;

/* The row of an element; NULL where the loader does not know it. */
const CpSchemaElement *cp_schema_find(const char *name, const char *parent);

/* How many attributes it may have. */
unsigned int cp_schema_width(const CpSchemaElement *element);

/* What attribute @attribute of @element holds; a string, where it is not known. */
CpKind cp_schema_kind(const CpSchemaElement *element, const char *attribute);
