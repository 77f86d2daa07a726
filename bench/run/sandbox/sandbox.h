/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The sandbox: a process in namespaces of its own, for which the whole host is read-only and what a scenario disturbs is
 * private.
 *
 *   /             the host, read-only, every mount of it
 *   /run          a tmpfs; CP_SANDBOX_DIR lies in it
 *   /dev          a tmpfs with the few devices that libvirt and QEMU need
 *   /proc         of the private PID namespace
 *   /var           a tmpfs for each of lib/libvirt, cache/libvirt and log/libvirt that the host has
 *   module directory's parent
 *                 a tmpfs with links to the host's files and mounts of its folders, but without the module directory:
 *                 the sandbox makes its own there, and can rename and replace it
 *   the emulator  a private copy, mounted over the host's file
 *
 * As root it takes plain namespaces, as anybody else a user namespace in which they stay who they are. When the process
 * that made it dies, however it dies, the kernel ends every process in it, and its mounts with them.
 */
#pragma once

#include <sys/types.h>
#include <glib.h>

#define CP_SANDBOX_DIR "/run/capprobe"
/** The host's module directory as it was, read-only; absent where the host has none. */
#define CP_SANDBOX_HOST_MODULES CP_SANDBOX_DIR "/host-modules"
/** The host's emulator and its private copy; either may be mounted at the emulator's own path. */
#define CP_SANDBOX_HOST_EMULATOR CP_SANDBOX_DIR "/host-emulator"
#define CP_SANDBOX_EMULATOR CP_SANDBOX_DIR "/emulator"
/** The host's /dev/kvm; absent where the host has none. */
#define CP_SANDBOX_HOST_KVM CP_SANDBOX_DIR "/host-kvm"

typedef struct {
    const char *module_dir; /* absolute */
    const char *emulator;   /* absolute */
} CpSandboxSpec;

/**
 * Makes a sandbox and calls `body` in it, as the init of its PID namespace. Returns its process, or -1 with `error`
 * set: CP_ERROR_UNTESTABLE where namespaces are not allowed here.
 */
pid_t cp_sandbox_spawn(const CpSandboxSpec *spec, void (*body)(gpointer data), gpointer data, GError **error);

/** Mounts a clone of `source` over `target`, which must exist. */
gboolean cp_sandbox_bind(const char *source, const char *target, GError **error);
