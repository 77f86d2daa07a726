/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * The host as the libvirt under test sees it: always the same one. Files come from memory, the CPU is a fixed x86_64
 * one, nothing is logged. Every target is linked with it; the functions of libvirt that it replaces are named, for the
 * linker, in meson.build.
 */

/* To be called for each input: the first time it prepares libvirt and libxml2. Aborts where the libvirt under test does
 * not even start. */
void cp_fake_host_init(void);

/* Its architecture, for the loader's benefit. */
#define CP_FAKE_HOST_ARCH VIR_ARCH_X86_64

/* A directory with one document, which the parser finds under any name. Neither of them exists. */
#define CP_FAKE_HOST_DIRECTORY "/run/capprobe"
#define CP_FAKE_HOST_DOCUMENT CP_FAKE_HOST_DIRECTORY "/document.xml"

/* Makes @length bytes at @data the content of the document; with NULL there is none. The caller keeps them until the
 * next call. */
void cp_fake_host_set_document(const char *data, size_t length);

/* Whether @path is the document, and there is one. */
bool cp_fake_host_has_document(const char *path);

/* Its CPU, a virCPUData that stays the host's. */
struct _virCPUData *cp_fake_host_cpu(void);

/* When libvirt, as this host sees it, was installed: what a cache file must carry as <selfctime> to be believed. */
#define CP_FAKE_HOST_SELF_CTIME 1700000000

/* The identifiers that its CPU has for encrypted guests: from SEV_MIN on for such whose state is not encrypted. */
#define CP_FAKE_HOST_SEV_MIN 100
#define CP_FAKE_HOST_SEV_MAX 509

/* A file that is embedded at build time from the libvirt under test. The last one of an array has no name. */
typedef struct {
    const char *name;
    const char *data;
    const char *end;
} CpFakeHostFile;

extern const CpFakeHostFile cp_fake_host_cpu_map[];
extern const CpFakeHostFile cp_fake_host_schemas[]; /* RelaxNG */

/* The directory in which the parser finds the schemas, for what one includes is beside it. It does not exist either. */
#define CP_FAKE_HOST_SCHEMAS "/run/capprobe-schemas"
