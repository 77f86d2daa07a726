/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lookups of an emulator through libvirt's cache, on the host that an input describes. */
#pragma once

#include <glib.h>

#include "internal.h"
#include "checks/cache-validity.h"
#include "input/input-options.h"
#include "util/virfilecache.h"

/*
 * The options instruction (input-options.h) describes the host:
 *
 *     emulator-ctime, module-mtime   times in seconds; module-mtime may be "none": there is no module directory
 *     kvm                            "usable", "absent", or "root-only": the probe can use it, guests cannot
 *     nested, secure-guest           "yes": KVM supports it
 *     microcode, signature           of the CPU
 *     kernel                         the kernel's release
 *     file                           "absent", or "read-only": it cannot be written
 *     signed                         "yes": <selfvers> is replaced by the version of the libvirt under test
 *
 * The defaults are those of cp_fake_installation_reset().
 */

/** Returns whether the option `name` has this value. */
gboolean cp_cache_lookup_is(const CpInputOptions *options, const char *name, const char *value);

/**
 * Makes the fake host what the options say, but for what they say about signature and kernel: these are given, or NULL for
 * the defaults, and must stay valid while the host is used. Forgets what libvirt has written.
 */
void cp_cache_lookup_set_up(const CpInputOptions *options, const char *signature, const char *kernel);

/** Changes the host so that no known defect shows, and mends those that are left, until cp_known_mend_none(). */
void cp_cache_lookup_mend(void);

/** Returns the document of an input, with the version of the libvirt under test if it is signed. The caller owns it. */
GString *cp_cache_lookup_document(const CpInputOptions *options);

/** Returns a new cache, as a daemon has when it has just started. The caller owns the reference. */
virFileCache *cp_cache_lookup_new(void);

/**
 * Returns what libvirt says about the emulator, or NULL if it reports an error; `starts` is how many times it started the
 * emulator, which says that it is QEMU 7.2 with patch level `patch`. The caller owns the text.
 */
char *cp_cache_lookup(virFileCache *cache, guint patch, guint *starts);

/** Returns what libvirt says when it has loaded `document`, or NULL if it does not load it. The caller owns the text. */
char *cp_cache_lookup_load(const char *document, gsize length);

/**
 * Demands that libvirt used a document if and only if it should: it can be loaded (`loads`), and `stamps` is how it compares
 * with the host. `what` says which document it is. Returns FALSE if that is not so because of a known defect, which is
 * noted.
 */
gboolean cp_cache_lookup_check_use(const char *what, gboolean loads, CpCacheValidity stamps, gboolean used);

/** Demands that a lookup that has failed did so because of a known defect, which is noted. */
void cp_cache_lookup_check_failure(guint starts);
