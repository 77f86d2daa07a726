/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes memory from libxml2, or gives it an error at the end of a file. To be preloaded into a libvirt.
 *
 *   FAIL_XPATH=EXPRESSION FAIL_AT=N   of the allocations for this XPath expression the Nth one fails, once in a process; memory that
 *                                     is freed after that is overwritten, so that its use shows
 *   FAIL_READ=TEXT                    files with TEXT in their path end with an error
 *
 * Each failure is told on standard error. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As libxml2 declares it. Programs without libxml2 do not have it. */
int xmlMemSetup(void (*release)(void *),
                void *(*allocate)(size_t),
                void *(*grow)(void *, size_t),
                char *(*copy)(const char *)) __attribute__((weak));
void *xmlXPathEval(const unsigned char *expression, void *context);

static int left;   /* allocations up to the one that fails; 0 if none shall fail */
static int failed; /* one has failed */

static int
fails(void)
{
    if (left == 0 || --left > 0)
        return 0;
    failed = 1;
    fputs("heap.c: an allocation failed\n", stderr);
    return 1;
}

static void *
allocate(size_t size)
{
    return fails() ? NULL : malloc(size);
}

static void *
grow(void *block, size_t size)
{
    return fails() ? NULL : realloc(block, size);
}

static char *
copy(const char *text)
{
    return fails() ? NULL : strdup(text);
}

static void
release(void *block)
{
    if (failed && block)
        memset(block, 0xff, malloc_usable_size(block));
    else
        free(block);
}

void *
xmlXPathEval(const unsigned char *expression, void *context)
{
    void *(*evaluate)(const unsigned char *, void *) = dlsym(RTLD_NEXT, "xmlXPathEval");
    const char *wanted = getenv("FAIL_XPATH"), *at = getenv("FAIL_AT");
    if (wanted && at && !failed && strcmp((const char *)expression, wanted) == 0) {
        xmlMemSetup(release, allocate, grow, copy);
        left = atoi(at);
    }
    void *value = evaluate(expression, context);
    left = 0;
    return value;
}

ssize_t
read(int fd, void *buffer, size_t size)
{
    ssize_t (*really)(int, void *, size_t) = dlsym(RTLD_NEXT, "read");
    char link[64], path[4096] = "";
    const char *text = getenv("FAIL_READ");
    ssize_t got = really(fd, buffer, size);
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    if (got != 0 || size == 0 || !text || readlink(link, path, sizeof(path) - 1) < 0 || !strstr(path, text))
        return got;
    fputs("heap.c: a file could not be read to its end\n", stderr);
    errno = EIO;
    return -1;
}
