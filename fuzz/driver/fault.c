/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Injects failures into libxml2. */
#include "driver/fault.h"

#include <libxml/parser.h>
#include <libxml/xmlmemory.h>
#include <libxml/xpath.h>
#include <stdlib.h>
#include <string.h>

#include "driver/progress-counters.h"
#include "driver/property.h"

/* The wrappers have the prototypes of the functions that they replace. */
extern typeof(xmlNewParserCtxt) __real_xmlNewParserCtxt;
extern typeof(xmlNewParserCtxt) __wrap_xmlNewParserCtxt;
/* The name by which libxml2 itself calls xmlParserInputGrow(). */
extern typeof(xmlParserInputGrow) __real_xmlParserInputGrow__internal_alias;
extern typeof(xmlParserInputGrow) __wrap_xmlParserInputGrow__internal_alias;
extern typeof(xmlXPathEval) __real_xmlXPathEval;
extern typeof(xmlXPathEval) __wrap_xmlXPathEval;
extern typeof(xmlXPathNewContext) __real_xmlXPathNewContext;
extern typeof(xmlXPathNewContext) __wrap_xmlXPathNewContext;

static gint64 allocations_left; /* the number of allocations up to and including the one that fails; 0: none fails */
static gint64 read_limit = -1;
static gboolean is_parsed;
static CpFault injected;
static CpFault last;

static gboolean
allocation_fails(void)
{
    if (allocations_left == 0 || --allocations_left > 0)
        return FALSE;
    injected = is_parsed ? CP_FAULT_QUERYING : CP_FAULT_PARSING;
    return TRUE;
}

static void *
allocate(size_t size)
{
    return allocation_fails() ? NULL : malloc(size);
}

static void *
reallocate(void *memory, size_t size)
{
    return allocation_fails() ? NULL : realloc(memory, size);
}

static char *
duplicate(const char *string)
{
    return allocation_fails() ? NULL : strdup(string);
}

void
cp_fault_init(void)
{
    xmlMemSetup(free, allocate, reallocate, duplicate);
}

void
cp_fault_plan(gint64 allocation, gint64 read)
{
    allocations_left = allocation;
    read_limit = read;
    is_parsed = FALSE;
    injected = CP_FAULT_NONE;
}

CpFault
cp_fault_end(void)
{
    last = injected;
    cp_fault_plan(0, -1);
    return last;
}

CpFault
cp_fault_last(void)
{
    return last;
}

gboolean
cp_fault_read(gint64 end)
{
    if (read_limit < 0 || end < read_limit)
        return FALSE;
    injected = CP_FAULT_READ;
    return TRUE;
}

/* --- libvirt ends the process if these functions find no memory, so no allocation fails in them --- */

xmlParserCtxtPtr
__wrap_xmlNewParserCtxt(void)
{
    gint64 left = allocations_left;

    allocations_left = 0;

    xmlParserCtxtPtr context = __real_xmlNewParserCtxt();

    allocations_left = left;
    return context;
}

/* libvirt calls this when it has parsed the document. */
xmlXPathContextPtr
__wrap_xmlXPathNewContext(xmlDocPtr document)
{
    gint64 left = allocations_left;

    allocations_left = 0;

    xmlXPathContextPtr context = __real_xmlXPathNewContext(document);

    allocations_left = left;
    is_parsed = TRUE;
    cp_progress_reach(CP_PROGRESS_PARSED);
    return context;
}

/* --- libxml2 crashes if an allocation fails in these functions, so something else fails, except with --provoke --- */

/* Lets all allocations succeed up to release_failure(). Returns the value to pass to it. */
static gint64
hold_failure(void)
{
    gint64 left = allocations_left;

    if (left == 0 || cp_property_provoke)
        return 0;
    allocations_left = G_MAXINT64;
    return left;
}

/* Returns whether one of the allocations since hold_failure() should have failed. */
static gboolean
release_failure(gint64 left)
{
    if (left == 0)
        return FALSE;

    gint64 made = G_MAXINT64 - allocations_left;

    allocations_left = MAX(left - made, 0);
    return left <= made;
}

/* The next allocation after it fails instead. */
int
__wrap_xmlParserInputGrow__internal_alias(xmlParserInputPtr input, int length)
{
    gint64 left = hold_failure();
    int result = __real_xmlParserInputGrow__internal_alias(input, length);

    if (release_failure(left))
        allocations_left = 1;
    return result;
}

/* The whole evaluation fails instead. */
xmlXPathObjectPtr
__wrap_xmlXPathEval(const xmlChar *expression, xmlXPathContextPtr context)
{
    gint64 left = hold_failure();
    xmlXPathObjectPtr object = __real_xmlXPathEval(expression, context);

    if (!release_failure(left))
        return object;
    injected = CP_FAULT_QUERYING;
    xmlXPathFreeObject(object);
    return NULL;
}
