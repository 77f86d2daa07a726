/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Injects failures into libxml2. */
#include "driver/fault.h"

#include <libxml/parser.h>
#include <libxml/xmlmemory.h>
#include <libxml/xpathInternals.h>
#include <stdlib.h>
#include <string.h>

#include "driver/progress-counters.h"

/* The wrappers have the prototypes of the functions that they replace. */
extern typeof(xmlNewParserCtxt) __real_xmlNewParserCtxt;
extern typeof(xmlNewParserCtxt) __wrap_xmlNewParserCtxt;
/* The name by which libxml2 itself calls xmlParserInputGrow(). */
extern typeof(xmlParserInputGrow) __real_xmlParserInputGrow__internal_alias;
extern typeof(xmlParserInputGrow) __wrap_xmlParserInputGrow__internal_alias;
extern typeof(xmlGetProp) __real_xmlGetProp;
extern typeof(xmlGetProp) __wrap_xmlGetProp;
extern typeof(xmlNodeGetContent) __real_xmlNodeGetContent;
extern typeof(xmlNodeGetContent) __wrap_xmlNodeGetContent;
extern typeof(xmlXPathEval) __real_xmlXPathEval;
extern typeof(xmlXPathEval) __wrap_xmlXPathEval;
extern typeof(xmlXPathNewContext) __real_xmlXPathNewContext;
extern typeof(xmlXPathNewContext) __wrap_xmlXPathNewContext;

static gint64 allocations_left; /* the number of allocations up to and including the one that fails; 0: none fails */
static gint64 read_limit = -1;
static gint64 bytes_read;
static gboolean is_parsed;
static CpFault injected;
static CpFault last;

CpFaultInstead cp_fault_instead;
CpFaultInstead cp_fault_done;
gboolean cp_fault_in_value;

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
    cp_fault_done = (CpFaultInstead){ FALSE };
    cp_fault_in_value = FALSE;
}

CpFault
cp_fault_end(void)
{
    last = injected;
    allocations_left = 0;
    read_limit = -1;
    return last;
}

CpFault
cp_fault_last(void)
{
    return last;
}

gboolean
cp_fault_read(gint64 start, gint64 end)
{
    if (read_limit < 0 || end < read_limit)
        return FALSE;
    bytes_read = start;
    injected = CP_FAULT_READ;
    return TRUE;
}

gint64
cp_fault_bytes_read(void)
{
    return bytes_read;
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

/* --- libxml2 crashes if an allocation fails in these functions, so something else may fail instead --- */

/* Lets all allocations succeed up to release_failure(). Returns the value to pass to it. */
static gint64
hold_failure(gboolean instead)
{
    gint64 left = allocations_left;

    if (left == 0 || !instead)
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

int
__wrap_xmlParserInputGrow__internal_alias(xmlParserInputPtr input, int length)
{
    gint64 left = hold_failure(cp_fault_instead.growth);
    int result = __real_xmlParserInputGrow__internal_alias(input, length);

    if (release_failure(left)) {
        cp_fault_done.growth = TRUE;
        allocations_left = 1;
    }
    return result;
}

/* Returns an object of the same type as `object` that says that nothing was found; but the planned condition is true. */
static xmlXPathObject *
find_nothing(const xmlXPathObject *object, const xmlChar *expression)
{
    switch (object->type) {
    case XPATH_BOOLEAN:
        return xmlXPathNewBoolean(g_strcmp0((const char *)expression, cp_fault_instead.condition) == 0);
    case XPATH_STRING:
        return xmlXPathNewCString("");
    case XPATH_NUMBER:
        return xmlXPathNewFloat(xmlXPathNAN);
    default:
        return xmlXPathNewNodeSet(NULL);
    }
}

xmlXPathObjectPtr
__wrap_xmlXPathEval(const xmlChar *expression, xmlXPathContextPtr context)
{
    gint64 left = hold_failure(cp_fault_instead.xpath);
    xmlXPathObjectPtr object = __real_xmlXPathEval(expression, context);

    if (!release_failure(left))
        return object;
    cp_fault_done.xpath = TRUE;
    injected = CP_FAULT_QUERYING;

    xmlXPathObject *nothing = object && cp_fault_instead.nothing ? find_nothing(object, expression) : NULL;

    xmlXPathFreeObject(object);
    return nothing;
}

/* --- values --- */

/* Takes a value that libvirt has asked for since hold_failure() returned `left`, when there were `before` allocations to
 * go. Returns it, or NULL if it is not to be found. */
static xmlChar *
take_value(xmlChar *value, gint64 left, gint64 before)
{
    if (release_failure(left)) {
        injected = CP_FAULT_QUERYING;
        xmlFree(value);
        return NULL;
    }
    cp_fault_in_value |= !left && before > 0 && allocations_left == 0;
    return value;
}

xmlChar *
__wrap_xmlGetProp(const xmlNode *node, const xmlChar *name)
{
    gint64 before = allocations_left;
    gint64 left = hold_failure(cp_fault_instead.nothing);

    return take_value(__real_xmlGetProp(node, name), left, before);
}

xmlChar *
__wrap_xmlNodeGetContent(const xmlNode *node)
{
    gint64 before = allocations_left;
    gint64 left = hold_failure(cp_fault_instead.nothing);

    return take_value(__real_xmlNodeGetContent(node), left, before);
}
