/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The private host in the sandbox: module directory, emulator, /dev/kvm and libvirt's cache. Runs in the sandbox's init. */
#pragma once

#include <sys/stat.h>
#include <glib.h>

#include "run/host/kvm.h"
#include "run/sandbox/supervised.h"

typedef struct {
    char *module_dir;   /* private, at the path of the real one; operations change it */
    char *prepared_dir; /* another with all modules, to be exchanged with it; absent until it is needed */
    char *away_dir;     /* where the module directory is while it is renamed */
    char *pristine_dir; /* the real one, read-only; absent if the real host has none */
    char *emulator;     /* the path at which libvirt finds it */
    char *query;        /* the arguments of the query, on which the truth depends as well */
    char *root;         /* of the target, for its own files */
    char *cache_mount;  /* a file system of its own that holds libvirt's cache */
    char *cache_dir;    /* libvirt's cache files */
    CpKvm initial_kvm;

    guint start_cpu;          /* `start-cpu N`: on which of its CPUs libvirt is opened, counted from 0 */
    gboolean kernel_clock;    /* `clock kernel`: the kernel sets the directory's times */
    gint64 clock_s;           /* `clock step`: the time last given to the module directory, s since 1970 */
    struct stat dir_seen;     /* the module directory as it last was before an operation */
    gboolean modules_changed; /* by operations since the last reset */

    gboolean emulator_is_mounted; /* a private copy is mounted on the emulator; else the file itself can be changed */
    gboolean emulator_is_private; /* the private copy is in place, not the real host's file */
    gboolean emulator_is_other;   /* another build is in place, mounted over the private copy */
    GArray *emulator_ctimes_s;    /* of gint64: change times that the emulator has had since the last read began */

    char *libvirt;     /* the folder of the libvirt under test, or NULL for the system's */
    GHashTable *facts; /* what operations have replaced of the host: name and value; see host-facts.h */

    CpReaper *reaper; /* for the commands of scenarios; borrowed */
    gint64 limit_ns;  /* how long such a command may take */
    CpWait *wait;     /* how to wait meanwhile if libvirt is at work; else NULL */
    gpointer wait_data;

    gboolean image_mounted; /* on the module directory */

    gboolean command_ran; /* since the last reset; it may have changed any file */
    char *changes;        /* digest of what is changed of the root file system, "" if nothing is; NULL: not known */

    GHashTable *digests;         /* of file contents, by device and inode; see state.h */
    GHashTable *lasting_digests; /* the same, of files while no command has changed them */
} CpHost;

/** The private host as the sandbox made it; cp_host_reset() makes it usable. */
CpHost *cp_host_new(const char *module_dir, const char *emulator, const char *query, CpKvm kvm);
void cp_host_free(CpHost *host);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpHost, cp_host_free)

/** Says where libvirt keeps what it caches: `mount`, a folder that becomes a file system of its own, and `dir` below it, the folder
 * with the files about emulators. At first these are the embedded driver's. */
void cp_host_set_cache(CpHost *host, const char *mount, const char *dir);

/** Makes everything what it was at first: all modules, no cache, KVM as at the start, `clock step`. */
gboolean cp_host_reset(CpHost *host, GError **error);

/** Removes what libvirt keeps on disk, whatever operations have done to it. */
gboolean cp_host_forget_cache(CpHost *host, GError **error);

/** Removes what a reboot removes: everything in /run, for temporary files and in /dev/shm. What libvirt has cached stays. */
gboolean cp_host_forget_volatile(CpHost *host, GError **error);

/** The names in the folder `dir`, sorted; NULL if it cannot be read. The caller owns them. */
GStrv cp_host_list(const char *dir);

/** Removes `path` and everything below it, if it exists. Does not enter mounts. */
gboolean cp_host_remove_tree(const char *path, GError **error);
