/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The private host within a sandbox: its module directory, emulator, /dev/kvm and libvirt's cache; and its state, as a
 * digest.
 */
#pragma once

#include <glib.h>

typedef enum {
    CP_KVM_OFF,       /* there is no /dev/kvm */
    CP_KVM_ON,        /* usable by anybody */
    CP_KVM_ROOT_ONLY, /* there, but for root alone; needs root */
    CP_KVM_HOST,      /* as the host has it */
} CpKvm;

typedef struct {
    char *module_dir; /* where it belongs */
    char *emulator;
    char *query;     /* what else the truth depends on: the query's arguments */
    char *root;      /* of the embedded driver */
    char *cache_dir; /* where libvirt keeps its cache files; a file system of its own is mounted at or above it */
    char *cache_mount;
    CpKvm initial_kvm, kvm;
    gboolean kernel_clock;      /* leave directory times to the kernel */
    gint64 clock_s;             /* the last time given to the module directory, s since 1970 */
    gboolean modules_disturbed; /* since the last reset */
    gboolean emulator_is_private;
    GHashTable *digests; /* memo: path of a module file to its digest */
} CpHost;

/** A host as the sandbox left it; cp_host_reset() makes it usable. */
CpHost *cp_host_new(const char *module_dir, const char *emulator, const char *query, CpKvm kvm);
void cp_host_free(CpHost *host);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpHost, cp_host_free)

/** Makes everything what it was at first: all modules, no cache, KVM as at the start, `clock step`. */
gboolean cp_host_reset(CpHost *host, GError **error);

/** Removes what libvirt keeps on disk, whatever was done to it. */
gboolean cp_host_forget_cache(CpHost *host, GError **error);

/** A digest of all that the truth depends on. The caller owns it. */
char *cp_host_state(CpHost *host);

/** The path of a module's file, and of the file that the real host has. The caller owns them. */
char *cp_host_module_path(const CpHost *host, const char *module);
char *cp_host_pristine_path(const char *module);

/** Puts a copy of all the real host's modules into `dir`, which must not exist. */
gboolean cp_host_copy_modules(const char *dir, GError **error);

/** Gives the module directory the time of `clock step`. */
void cp_host_stamp(const CpHost *host);

gboolean cp_host_set_kvm(CpHost *host, CpKvm kvm, GError **error);

/** Removes `path` and all below it, if it exists; no mount is followed. */
gboolean cp_host_remove_tree(const char *path, GError **error);
