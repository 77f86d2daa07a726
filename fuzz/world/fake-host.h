/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host as the libvirt under test sees it: always the same, independent of the machine. */
#pragma once

#include <glib.h>

/*
 * Files come from memory, the CPU is a fixed x86_64 one, and nothing is logged. Every target is linked with this. The
 * functions that it replaces are listed for the linker in meson.build.
 */

/**
 * Begins an execution. To be called for each input; the first call initialises libvirt and libxml2. Aborts if that is
 * not possible.
 */
void cp_fake_host_init(void);

/** The architecture of the host. */
#define CP_FAKE_HOST_ARCH VIR_ARCH_X86_64

/** A folder with one document, which can be read under any name in it. Neither exists on the machine. */
#define CP_FAKE_HOST_DIRECTORY "/run/capprobe"
#define CP_FAKE_HOST_DOCUMENT CP_FAKE_HOST_DIRECTORY "/document.xml"

/**
 * Sets the content of the document to `length` bytes of `data`, or removes the document if `data` is NULL. The caller
 * keeps `data` until the next call.
 */
void cp_fake_host_set_document(const char *data, gsize length);

/** Returns whether `path` is a path of the document, and the document exists. */
gboolean cp_fake_host_has_document(const char *path);

/** Returns the CPU, a virCPUData that the host owns. */
struct _virCPUData *cp_fake_host_cpu(void);

/** When libvirt was installed on this host, in seconds: what a cache document must have as <selfctime> to be used. */
#define CP_FAKE_HOST_SELF_CTIME 1700000000

/**
 * The identifiers (ASIDs) that the CPU has for encrypted guests end with SEV_MAX. Those below SEV_MIN are for guests
 * whose state is encrypted, too.
 */
#define CP_FAKE_HOST_SEV_MIN 100
#define CP_FAKE_HOST_SEV_MAX 509

/** A file of the libvirt under test, embedded at build time (embed.sh). The last one of an array has no name. */
typedef struct {
    const char *name;
    const char *data;
    const char *end;
} CpFakeHostFile;

/** libvirt's CPU map, and its RelaxNG schemas. */
extern const CpFakeHostFile cp_fake_host_cpu_map[];
extern const CpFakeHostFile cp_fake_host_schemas[];

/** The folder in which the parser finds the schemas, which include each other. It does not exist on the machine. */
#define CP_FAKE_HOST_SCHEMAS "/run/capprobe-schemas"
