/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replaces the functions with which libvirt lists the folders of firmware descriptors. */
#include <config.h>

#include "world/fake-firmware.h"

#include <dirent.h>

#include "configmake.h"
#include "internal.h"
#include "known/known.h"
#include "util/virfile.h"
#include "util/virutil.h"
#include "world/mend-reply.h"

/* The wrappers have the prototypes of the functions that they replace. */
extern typeof(virDirClose) __real_virDirClose;
extern typeof(virDirClose) __wrap_virDirClose;
extern typeof(virDirOpenIfExists) __real_virDirOpenIfExists;
extern typeof(virDirOpenIfExists) __wrap_virDirOpenIfExists;
extern typeof(virDirRead) __real_virDirRead;
extern typeof(virDirRead) __wrap_virDirRead;
extern typeof(virFileLength) __real_virFileLength;
extern typeof(virFileLength) __wrap_virFileLength;
extern typeof(virGetUserDirectory) __wrap_virGetUserDirectory;

/* The folder of the user whose session libvirt is in. It does not exist on the machine. */
#define HOME "/run/capprobe-home"

static const char *const folders[CP_DESCRIPTOR_FOLDERS] = {
    [CP_DESCRIPTOR_USR] = QEMU_DATADIR "/firmware",
    [CP_DESCRIPTOR_ETC] = SYSCONFDIR "/qemu/firmware",
    [CP_DESCRIPTOR_HOME] = HOME "/.config/qemu/firmware",
};

static const GPtrArray *all;
static const CpDescriptor *shown; /* or NULL: all */

/* The folder that libvirt is reading. It reads one at a time. */
static struct {
    CpDescriptorFolder folder;
    guint next;
    struct dirent entry;
} reading;

void
cp_fake_firmware_set(const GPtrArray *descriptors)
{
    all = descriptors;
    shown = NULL;
}

void
cp_fake_firmware_show(const CpDescriptor *only)
{
    shown = only;
}

static gboolean
exists(const CpDescriptor *descriptor)
{
    return !shown || descriptor == shown;
}

static CpDescriptor *
find(const char *path)
{
    const char *name = strrchr(path, '/');

    for (guint i = 0; name && all && i < all->len; i++) {
        CpDescriptor *descriptor = g_ptr_array_index(all, i);
        const char *folder = folders[descriptor->folder];

        if (exists(descriptor) && STREQ(name + 1, descriptor->name) && strlen(folder) == (gsize)(name - path) &&
            STRPREFIX(path, folder))
            return descriptor;
    }
    return NULL;
}

/* --- folders --- */

char *
__wrap_virGetUserDirectory(void)
{
    return g_strdup(HOME);
}

int
__wrap_virDirOpenIfExists(DIR **directory, const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
        if (STREQ(name, folders[i])) {
            reading.folder = i;
            reading.next = 0;
            *directory = (DIR *)&reading;
            return 1;
        }
    }
    return __real_virDirOpenIfExists(directory, name);
}

int
__wrap_virDirRead(DIR *directory, struct dirent **entry, const char *name)
{
    if (directory != (DIR *)&reading)
        return __real_virDirRead(directory, entry, name);
    while (all && reading.next < all->len) {
        const CpDescriptor *descriptor = g_ptr_array_index(all, reading.next++);

        if (descriptor->folder != reading.folder || !exists(descriptor))
            continue;
        if (descriptor->kind == CP_DESCRIPTOR_DANGLING && cp_known_is_mended(CP_KNOWN_FIRMWARE_DANGLING)) {
            cp_known_mended(CP_KNOWN_FIRMWARE_DANGLING);
            continue;
        }
        g_strlcpy(reading.entry.d_name, descriptor->name, sizeof(reading.entry.d_name));
        *entry = &reading.entry;
        return 1;
    }
    return 0;
}

void
__wrap_virDirClose(DIR *directory)
{
    if (directory != (DIR *)&reading)
        __real_virDirClose(directory);
}

/* --- files --- */

gboolean
cp_fake_firmware_stat(const char *path, struct stat64 *status, int *result)
{
    const CpDescriptor *descriptor = find(path);

    if (!descriptor)
        return FALSE;
    *result = 0;
    if (descriptor->kind == CP_DESCRIPTOR_DANGLING) {
        errno = ENOENT;
        *result = -1;
        return TRUE;
    }
    memset(status, 0, sizeof(*status));
    status->st_mode = descriptor->kind == CP_DESCRIPTOR_IS_FOLDER ? S_IFDIR : S_IFREG;
    status->st_size = descriptor->length;
    return TRUE;
}

off_t
__wrap_virFileLength(const char *path, int fd)
{
    const CpDescriptor *descriptor = find(path);

    if (!descriptor)
        return __real_virFileLength(path, fd);
    if (descriptor->refused && cp_known_is_mended(CP_KNOWN_FIRMWARE_BROKEN)) {
        cp_known_mended(CP_KNOWN_FIRMWARE_BROKEN);
        return 0;
    }
    /* What cannot be opened has a length nevertheless. */
    return descriptor->kind == CP_DESCRIPTOR_UNREADABLE ? MAX(descriptor->length, 1) : descriptor->length;
}

gboolean
cp_fake_firmware_find(const char *path, CpFakeHostFile *file)
{
    static char *replacement;
    const CpDescriptor *descriptor = find(path);

    if (!descriptor)
        return FALSE;
    file->name = descriptor->name;
    file->data = file->end = NULL;
    if (descriptor->kind == CP_DESCRIPTOR_FILE) {
        g_free(replacement);
        replacement = cp_mend_descriptor(descriptor->content, descriptor->length);
        file->data = replacement ? replacement : descriptor->content;
        file->end = file->data + (replacement ? strlen(replacement) : descriptor->length);
    }
    return TRUE;
}
