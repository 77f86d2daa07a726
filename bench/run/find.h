/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Finds what a run needs on this host: the client, the libvirt under test, the emulator, and the module directory that
 * was compiled into each. Runs in the caller.
 */
#pragma once

#include <glib.h>

/** All paths but the first two are paths in the tree. */
typedef struct {
    char *tree;                /* the folder that is the root file system under test; NULL for the host's own */
    char *client;              /* the path of capprobe-client on the host */
    char *libvirt_dir;         /* the folder of the libvirt build's libraries; NULL for the system's libvirt */
    guint64 libvirt_version;   /* as libvirt encodes it: 9000000 for 9.0.0 */
    char *library;             /* the path of libvirt.so */
    char *driver;              /* the path of libvirt's QEMU driver; NULL if it is not beside the library */
    char *emulator;            /* its path, without symbolic links */
    char *libvirt_module_dir;  /* the directory that libvirt's QEMU driver watches; NULL if it names none */
    char *emulator_module_dir; /* the directory that the emulator loads modules from; NULL if it has none */
    char *module_dir;          /* the directory that operations act on */
} CpFound;

/**
 * Finds everything. `tree` is the folder that is the root file system under test, with everything in it: the other paths
 * are paths in it then. It is NULL for the host's own. `libvirt` is the folder of a libvirt build, or of its libraries; NULL for the system's libvirt.
 * `emulator` is a path; NULL for the emulator that libvirt would choose.
 * `modules` is the module directory that operations act on: "emulator", "libvirt", or a folder; NULL for the emulator's
 * if it has one, else libvirt's. libvirt is loaded in a sandbox, and must say its
 * version within `deadline_ns`; 0 for CP_FIRST_LINE_DEADLINE_NS. CP_ERROR_UNTESTABLE, with what to do about it, if
 * something is missing or no sandbox can be made; CP_ERROR_USAGE if `libvirt` cannot be in LD_LIBRARY_PATH, if `tree` is
 * not a folder, or if `modules` has another value.
 */
CpFound *cp_find(const char *tree,
                 const char *libvirt,
                 const char *emulator,
                 const char *modules,
                 gint64 deadline_ns,
                 GError **error);
void cp_found_free(CpFound *found);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpFound, cp_found_free)

/** libvirt's version as text, such as "9.0.0". The caller owns it. */
char *cp_found_libvirt_version(const CpFound *found);

/** A version as libvirt encodes it, as text. The caller owns it. */
char *cp_libvirt_version_format(guint64 version);

/** The host's path of `path`, which is a path in the tree. The caller owns it. */
char *cp_found_path(const CpFound *found, const char *path);

/** Whether this user can open /dev/kvm. */
gboolean cp_find_kvm_usable(void);
