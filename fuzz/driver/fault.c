/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "driver/fault.h"

#include <libxml/parser.h>
#include <libxml/xmlmemory.h>
#include <libxml/xpath.h>
#include <stdlib.h>
#include <string.h>

#include "driver/progress-counters.h"
#include "driver/property.h"

/* The wrappers below get their prototypes from the functions that they stand in for. */
extern typeof(xmlNewParserCtxt) __real_xmlNewParserCtxt;
extern typeof(xmlNewParserCtxt) __wrap_xmlNewParserCtxt;
/* So libxml2 calls xmlParserInputGrow from within itself. */
extern typeof(xmlParserInputGrow) __real_xmlParserInputGrow__internal_alias;
extern typeof(xmlParserInputGrow) __wrap_xmlParserInputGrow__internal_alias;
extern typeof(xmlXPathEval) __real_xmlXPathEval;
extern typeof(xmlXPathEval) __wrap_xmlXPathEval;
extern typeof(xmlXPathNewContext) __real_xmlXPathNewContext;
extern typeof(xmlXPathNewContext) __wrap_xmlXPathNewContext;

static int64_t allocations_left; /* until the one that fails, that one included; 0: none does */
static int64_t read_limit = -1;
static bool document_is_whole;
static CpFault seen;
static CpFault last;

static bool
allocation_fails(void)
{
    if (allocations_left == 0 || --allocations_left > 0)
        return false;
    seen = document_is_whole ? CP_FAULT_ASKING : CP_FAULT_PARSING;
    return true;
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
cp_fault_plan(int64_t allocation, int64_t read)
{
    allocations_left = allocation;
    read_limit = read;
    document_is_whole = false;
    seen = CP_FAULT_NONE;
}

CpFault
cp_fault_end(void)
{
    last = seen;
    cp_fault_plan(0, -1);
    return last;
}

CpFault
cp_fault_last(void)
{
    return last;
}

bool
cp_fault_read(int64_t end)
{
    if (read_limit < 0 || end < read_limit)
        return false;
    seen = CP_FAULT_READ;
    return true;
}

/* --- where libvirt ends the process for want of memory, there is some --- */

xmlParserCtxtPtr
__wrap_xmlNewParserCtxt(void)
{
    int64_t left = allocations_left;
    xmlParserCtxtPtr context;

    allocations_left = 0;
    context = __real_xmlNewParserCtxt();
    allocations_left = left;
    return context;
}

xmlXPathContextPtr
__wrap_xmlXPathNewContext(xmlDocPtr document)
{
    int64_t left = allocations_left;
    xmlXPathContextPtr context;

    allocations_left = 0;
    context = __real_xmlXPathNewContext(document);
    allocations_left = left;
    document_is_whole = true;
    cp_progress_reach(CP_PROGRESS_PARSED);
    return context;
}

/* --- where libxml2 itself does not survive a failure, something else fails, unless it is to be provoked --- */

/* Between these no allocation fails. The latter says whether one should have. */
static int64_t
hold_failure(void)
{
    int64_t left = allocations_left;

    if (left == 0 || cp_property_provoke)
        return 0;
    allocations_left = INT64_MAX;
    return left;
}

static bool
release_failure(int64_t left)
{
    int64_t made = INT64_MAX - allocations_left;

    if (left == 0)
        return false;
    allocations_left = MAX(left - made, 0);
    return left <= made;
}

/* The next allocation fails instead. */
int
__wrap_xmlParserInputGrow__internal_alias(xmlParserInputPtr input, int length)
{
    int64_t left = hold_failure();
    int result = __real_xmlParserInputGrow__internal_alias(input, length);

    if (release_failure(left))
        allocations_left = 1;
    return result;
}

/* The evaluation fails as a whole. */
xmlXPathObjectPtr
__wrap_xmlXPathEval(const xmlChar *expression, xmlXPathContextPtr context)
{
    int64_t left = hold_failure();
    xmlXPathObjectPtr object = __real_xmlXPathEval(expression, context);

    if (!release_failure(left))
        return object;
    seen = CP_FAULT_ASKING;
    xmlXPathFreeObject(object);
    return NULL;
}
