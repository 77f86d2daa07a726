/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Facts of the host that libvirt compares with its cache: its own file, the CPU, the kernel, KVM's parameters. Operations
 * replace what the sandbox shows of them. Runs in the sandbox's init.
 */
#pragma once

#include "run/host/host.h"

/** Undoes what operations have replaced. */
gboolean cp_host_facts_reset(CpHost *host, GError **error);

/** Appends a line per replaced fact, in a fixed order. Change times are left out: truths do not depend on them. */
void cp_host_facts_describe(const CpHost *host, GString *text);

/** Returns the path of the QEMU driver of the libvirt under test. The caller owns it. CP_ERROR_UNTESTABLE if it is not found. */
char *cp_host_facts_find_driver(const CpHost *host, GError **error);

/** Mounts `file` in place of the QEMU driver of the libvirt under test. */
gboolean cp_host_facts_cover_driver(CpHost *host, const char *file, GError **error);

/** Gives libvirt's QEMU driver a change time that it has not had, in seconds. Waits up to a second for that. */
gboolean cp_host_facts_touch_libvirt(CpHost *host, GError **error);

/** Gives the field `field` of all CPUs in /proc/cpuinfo the value `value`. */
gboolean cp_host_facts_set_cpuinfo(CpHost *host, const char *field, const char *value, GError **error);

/** Chooses which release of the kernel processes see that this process starts: 2.6.N or the kernel's own. */
gboolean cp_host_facts_set_kernel(CpHost *host, gboolean old, GError **error);

/** Sets KVM's parameter `name`, "nested" or "sev", as /sys/module shows it. */
gboolean cp_host_facts_set_kvm_parameter(CpHost *host, const char *name, gboolean on, GError **error);
