/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where things are on this host: the client, the libvirt under test, the emulator, and the module directory that each
 * was built with.
 */
#pragma once

#include <glib.h>

typedef struct {
    char *client;              /* capprobe-client */
    char *libvirt_dir;         /* the folder with the libvirt build's libraries; NULL for the system's */
    guint64 libvirt_version;   /* as libvirt counts: 9000000 for 9.0.0 */
    char *library;             /* libvirt.so */
    char *driver;              /* libvirt's QEMU driver; NULL where none was found beside the library */
    char *emulator;            /* without symbolic links */
    char *libvirt_module_dir;  /* the one that libvirt's QEMU driver watches; NULL where it names none */
    char *emulator_module_dir; /* the one that the emulator loads modules from; NULL where it names none */
} CpFound;

/**
 * Finds them. `libvirt` is the folder of a libvirt build (or of its libraries), NULL for the system's; `emulator` is a
 * path, NULL for the one that libvirt would choose. CP_ERROR_UNTESTABLE, with what to do, where one is missing.
 */
CpFound *cp_find(const char *libvirt, const char *emulator, GError **error);
void cp_found_free(CpFound *found);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpFound, cp_found_free)

/** The directory that operations act on: where the emulator loads modules from. */
const char *cp_found_module_dir(const CpFound *found);

/** "9.0.0". The caller owns it. */
char *cp_found_libvirt_version(const CpFound *found);

/** The build id of an ELF file in hexadecimal, or "" where it has none. The caller owns it. */
char *cp_find_build_id(const char *path);

/** Whether this user may open /dev/kvm. */
gboolean cp_find_kvm_usable(void);
