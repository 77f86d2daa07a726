/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * trim-conversation FILE: prints what is left of a conversation when all is taken out that makes no difference to what
 * libvirt learns from it, on an x86_64 host and on one of the emulator's own architecture.
 */

#include <config.h>

#include "world/caps.h"
#include "world/fake-emulator.h"
#include "world/fake-host.h"
#include "mutator/mutator.h"

static virArch
learn(const char *conversation, gsize length, virArch host, GString *learned)
{
    g_autoptr(virQEMUCaps) caps = NULL;
    g_autofree char *saved = NULL;

    cp_fake_emulator_set(conversation, length);
    caps = cp_fake_emulator_probe(host);
    cp_fake_emulator_unset();
    if (!caps)
        return VIR_ARCH_NONE;
    saved = cp_caps_format(caps);
    g_string_append(learned, saved);
    return virQEMUCapsGetArch(caps);
}

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
    g_autoptr(GString) candidate = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *conversation = NULL;
    g_autofree char *all = NULL;
    gsize length;
    CpTrim *trim;

    if (argc != 2) {
        g_printerr("usage: trim-conversation FILE\n");
        return 254;
    }
    if (!g_file_get_contents(argv[1], &conversation, &length, &error)) {
        g_printerr("trim-conversation: %s\n", error->message);
        return 254;
    }
    cp_fake_host_init();
    if (!(all = learn_on_hosts(conversation, length))) {
        g_printerr("trim-conversation: %s: %s\n", argv[1], virGetLastErrorMessage());
        return 125;
    }

    trim = cp_trim_new(conversation, length);
    cp_trim_unlimited(trim);
    while (cp_trim_next(trim, candidate)) {
        g_autofree char *left = learn_on_hosts(candidate->str, candidate->len);

        cp_trim_judge(trim, g_strcmp0(left, all) == 0);
    }
    g_string_truncate(candidate, 0);
    cp_trim_write(trim, candidate);
    fputs(candidate->str, stdout);
    cp_trim_free(trim);
    return fflush(stdout) == 0 ? 0 : 255;
}
