/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A sandbox: a process in namespaces of its own, for which the host is read-only and everything that a scenario changes
 * is private.
 *
 *   /             a root file system (root.h): the host with all its mounts, read-only; or an overlay over it or over a
 *                 tree, in which everything can be changed, while the mounts below stay read-only
 *   /run          a tmpfs; CP_SANDBOX_DIR is in it
 *   /dev          a tmpfs with the few devices that libvirt and QEMU need
 *   /proc         shows the private PID namespace; the kernel's settings are read-only
 *   /var          lib/libvirt, cache/libvirt and log/libvirt: a tmpfs each, if the host has that folder
 *
 * If the root file system is no overlay, also
 *
 *   the module directory's parent
 *                 a tmpfs with links to the host's files and mounts of the host's folders, but without the module
 *                 directory: whoever runs in the sandbox makes it, and can rename and replace it
 *   the emulator  a private copy, mounted on the host's file
 *
 * Root needs no user namespace; an ordinary user gets one, in which the user ID stays the same. If the process that
 * made the sandbox dies, for whatever reason, the kernel kills every process in it, and its mounts vanish.
 *
 * cp_sandbox_spawn() runs in the caller; `body` and the other functions run in the sandbox's init or in its children.
 */
#pragma once

#include <sys/types.h>
#include <glib.h>

#define CP_SANDBOX_DIR "/run/capprobe"
/** For temporary files; anyone may write there. */
#define CP_SANDBOX_TMP CP_SANDBOX_DIR "/tmp"
/** For packages and images that are made in the sandbox. */
#define CP_SANDBOX_PACKAGES CP_SANDBOX_DIR "/packages"
/** Copies of the regular files in the host's module directory; absent if the host does not have that directory. */
#define CP_SANDBOX_HOST_MODULES CP_SANDBOX_DIR "/host-modules"
/** The host's emulator and its private copy; either can be mounted on the emulator's path. */
#define CP_SANDBOX_HOST_EMULATOR CP_SANDBOX_DIR "/host-emulator"
#define CP_SANDBOX_EMULATOR CP_SANDBOX_DIR "/emulator"
/** The client, for which the root file system needs no folder. */
#define CP_SANDBOX_CLIENT CP_SANDBOX_DIR "/capprobe-client"
/** The root file system as it was before anything was changed, and the layer that has what was changed; absent if the root file
 * system is the host's, and the latter if it cannot be changed. */
#define CP_SANDBOX_TREE CP_SANDBOX_DIR "/tree"
#define CP_SANDBOX_LAYER CP_SANDBOX_DIR "/layer"
#define CP_SANDBOX_UPPER CP_SANDBOX_LAYER "/upper"
/** The host's /dev/kvm; absent if the host does not have it. */
#define CP_SANDBOX_HOST_KVM CP_SANDBOX_DIR "/host-kvm"

/** Where commands are looked for in the sandbox: the environment variable PATH. */
#define CP_SANDBOX_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/** What a sandbox is made for. Paths are absolute and borrowed; lists end with NULL, and may be NULL. */
typedef struct {
    const char *tree;            /* the folder that is the root file system; NULL for the host's */
    gboolean changeable;         /* root gets an overlay, in which everything can be changed, if the kernel allows it */
    const char *client;          /* what is mounted on CP_SANDBOX_CLIENT, or NULL */
    const char *module_dir;      /* NULL: the host's stays visible, read-only */
    const char *emulator;        /* NULL: as above */
    const char *const *visible;  /* paths to mount again, read-only, if they are below a folder that is covered */
    const char *const *writable; /* folders that stay as writable as they are for the caller */
    const char *const *hidden;   /* folders to cover with an empty, read-only file system */
    gboolean same_session;       /* stay in the caller's session, so that a terminal's signals arrive */
} CpSandboxSpec;

/**
 * Makes a sandbox and calls `body` in it, as the init of its PID namespace; when `body` returns, the sandbox ends with
 * status 0. Of the caller's descriptors `body` has 0 to 2 and those that are closed on exec. Returns the init's process ID, which the caller must wait for, or -1 with `error` set: CP_ERROR_UNTESTABLE
 * if this host does not allow it.
 */
pid_t cp_sandbox_spawn(const CpSandboxSpec *spec, void (*body)(gpointer data), gpointer data, GError **error);

/** Mounts a clone of `source` on `target`, which must exist. */
gboolean cp_sandbox_bind(const char *source, const char *target, GError **error);

/** Returns `env` with every folder for temporary or personal files set to CP_SANDBOX_TMP. Takes `env`; free with
 * g_strfreev(). */
GStrv cp_sandbox_environment(GStrv env);

/**
 * To be called before exec() of code under test: unblocks all signals, closes every descriptor above `last_fd`, makes
 * sure that no program gives privileges (no_new_privs) and, as root, gives up all capabilities but those that libvirt
 * needs to probe QEMU.
 */
void cp_sandbox_confine(int last_fd);

/** The same before exec() of what a scenario does as the host's administrator: root keeps what it takes to change files of
 * any kind. Neither mounts nor device nodes can be made: these would lead out of the sandbox. */
void cp_sandbox_confine_administrator(int last_fd);
