/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * trim-conversation FILE: prints a conversation without the parts that make no difference to what libvirt learns from it,
 * on an x86_64 host and on a host of the emulator's own architecture.
 */

#include <config.h>

#include "base/error.h"
#include "world/caps.h"
#include "world/fake-emulator.h"
#include "world/fake-host.h"
#include "mutator/mutator.h"

/* Appends what libvirt learns to `learned`. Returns the architecture of the emulator, or VIR_ARCH_NONE if the probe
 * fails. */
static virArch
learn(const char *conversation, gsize length, virArch host, GString *learned)
{
    cp_fake_emulator_set(conversation, length);
    g_autoptr(virQEMUCaps) caps = cp_fake_emulator_probe(host);
    cp_fake_emulator_unset();
    if (!caps)
        return VIR_ARCH_NONE;
    g_autofree char *saved = cp_caps_format(caps);
    g_string_append(learned, saved);
    return virQEMUCapsGetArch(caps);
}

/* Returns what libvirt learns on both hosts, or NULL if a probe fails. The caller owns the text. */
static char *
learn_on_hosts(const char *conversation, gsize length)
{
    g_autoptr(GString) learned = g_string_new(NULL);
    virArch guest = learn(conversation, length, CP_FAKE_HOST_ARCH, learned);

    if (guest != VIR_ARCH_NONE && guest != CP_FAKE_HOST_ARCH)
        guest = learn(conversation, length, guest, learned);
    return guest != VIR_ARCH_NONE ? g_string_free(g_steal_pointer(&learned), FALSE) : NULL;
}

int
main(int argc, char **argv)
{
    if (argc != 2) {
        g_printerr("usage: trim-conversation FILE\n");
        return CP_EXIT_USAGE;
    }
    g_autofree char *conversation = NULL;
    gsize length;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(argv[1], &conversation, &length, &error)) {
        g_printerr("trim-conversation: %s\n", error->message);
        return CP_EXIT_USAGE;
    }
    cp_fake_host_init();
    g_autofree char *all = learn_on_hosts(conversation, length);
    if (!all) {
        g_printerr("trim-conversation: %s: %s\n", argv[1], virGetLastErrorMessage());
        return CP_EXIT_UNTESTABLE;
    }

    g_autoptr(CpTrim) trim = cp_trim_new(conversation, length);
    g_autoptr(GString) candidate = g_string_new(NULL);
    cp_trim_unlimited(trim);
    while (cp_trim_next(trim, candidate)) {
        g_autofree char *left = learn_on_hosts(candidate->str, candidate->len);

        cp_trim_judge(trim, g_strcmp0(left, all) == 0);
    }
    g_string_truncate(candidate, 0);
    cp_trim_write(trim, candidate);
    fputs(candidate->str, stdout);
    return fflush(stdout) == 0 ? CP_EXIT_WELL : CP_EXIT_FAILED;
}
