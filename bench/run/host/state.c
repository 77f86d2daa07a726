/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The state of the private host, as a digest. Runs in the sandbox's init. */
#include "run/host/state.h"

#include <stdint.h>

#include "run/host/host-facts.h"

static char *
key_of(const struct stat *st)
{
    return g_strdup_printf("%ju %ju", (uintmax_t)st->st_dev, (uintmax_t)st->st_ino);
}

void
cp_state_remember_content(CpHost *host, const struct stat *st, const char *digest)
{
    g_hash_table_replace(host->digests, key_of(st), g_strdup(digest));
}

void
cp_state_forget_content(CpHost *host, const char *path)
{
    struct stat st;
    if (stat(path, &st) < 0)
        return;
    g_autofree char *key = key_of(&st);
    g_hash_table_remove(host->digests, key);
}

static char *
compute_digest(const char *path)
{
    g_autofree char *content = NULL;
    gsize length;
    return g_file_get_contents(path, &content, &length, NULL)
               ? g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)content, length)
               : g_strdup(CP_STATE_UNREADABLE);
}

const char *
cp_state_content(CpHost *host, const char *path, const struct stat *st)
{
    g_autofree char *key = key_of(st);
    const char *known = g_hash_table_lookup(host->digests, key);
    if (!known) {
        char *digest = compute_digest(path);
        g_hash_table_insert(host->digests, g_steal_pointer(&key), digest);
        known = digest;
    }
    return known;
}

/* Appends one line: everything about a file that can change what an emulator says. */
static void
describe_entry(CpHost *host, const char *name, GString *text)
{
    g_autofree char *path = g_build_filename(host->module_dir, name, NULL);
    g_autofree char *target = g_file_read_link(path, NULL);
    struct stat st;
    g_string_append_printf(text, "%s -> %s ", name, target ? target : "");
    if (stat(path, &st) < 0)
        g_string_append(text, "leads nowhere\n");
    else
        g_string_append_printf(text, "%o %s\n", st.st_mode,
                               S_ISREG(st.st_mode) ? cp_state_content(host, path, &st) : "");
}

char *
cp_host_state(CpHost *host)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_auto(GStrv) names = cp_host_list(host->module_dir);
    struct stat emulator, kvm = { 0 };

    stat("/dev/kvm", &kvm);
    g_string_append_printf(text, "emulator %s %s\nkvm %o\nquery %s\nmodules %s %s\n", host->emulator,
                           stat(host->emulator, &emulator) == 0 ? cp_state_content(host, host->emulator, &emulator)
                                                                : "is missing",
                           kvm.st_mode, host->query, host->module_dir, names ? "exists" : "is missing");
    cp_host_facts_describe(host, text);
    for (char **name = names; name && *name; name++)
        describe_entry(host, *name, text);
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, text->len);
}
