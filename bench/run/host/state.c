/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The state of the private host, as a digest. Runs in the sandbox's init. */
#include "run/host/state.h"

#include <fcntl.h>
#include <linux/limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "run/host/changes.h"
#include "run/host/host-facts.h"
#include "run/sandbox/sandbox.h"

/* Who may execute a file, and as whom. The other bits of the private copy of the emulator are not those of the original. */
#define WHO_EXECUTES (S_ISUID | S_ISGID | 0111)

/* How much of a file is read at once, in bytes. A command may have made one that is larger than the memory. */
#define CHUNK 65536

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
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree guchar *chunk = g_malloc(CHUNK);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = -1;
    while (fd >= 0 && (n = TEMP_FAILURE_RETRY(read(fd, chunk, CHUNK))) > 0)
        g_checksum_update(sum, chunk, n);
    if (fd >= 0)
        close(fd);
    return g_strdup(n < 0 ? CP_STATE_UNREADABLE : g_checksum_get_string(sum));
}

/* Whether no command can have changed the content of this file. */
static gboolean
is_lasting(const CpHost *host, const char *path)
{
    return g_str_has_prefix(path, host->pristine_dir) || g_str_has_prefix(path, CP_SANDBOX_TREE "/") ||
           cp_changes_is_of_tree(path);
}

const char *
cp_state_content(CpHost *host, const char *path, const struct stat *st)
{
    g_autofree char *key = key_of(st);
    const char *known = g_hash_table_lookup(host->digests, key);
    if (known)
        return known;
    GHashTable *digests = is_lasting(host, path) ? host->lasting_digests : host->digests;
    known = g_hash_table_lookup(digests, key);
    if (!known) {
        char *digest = compute_digest(path);
        g_hash_table_insert(digests, g_steal_pointer(&key), digest);
        known = digest;
    }
    return known;
}

/* Appends everything about a device node that says who may do what with it. */
static void
describe_node(const char *path, GString *text)
{
    /* A buffer of 64 kB holds all names and any value of extended attributes. */
    g_autofree char *names = g_malloc(XATTR_LIST_MAX), *value = g_malloc(XATTR_SIZE_MAX);
    struct stat st = { 0 };
    if (stat(path, &st) < 0) {
        g_string_append_printf(text, "%s is missing\n", path);
        return;
    }
    g_string_append_printf(text, "%s %o %ju %u %u", path, st.st_mode, (uintmax_t)st.st_rdev, st.st_uid, st.st_gid);
    ssize_t length = listxattr(path, names, XATTR_LIST_MAX);
    for (const char *name = names; length > 0 && name < names + length; name += strlen(name) + 1) {
        ssize_t size = getxattr(path, name, value, XATTR_SIZE_MAX);
        g_autofree char *encoded = size > 0 ? g_base64_encode((const guchar *)value, size) : g_strdup("");
        g_string_append_printf(text, " %s=%s", name, encoded);
    }
    g_string_append_c(text, '\n');
}

static gboolean
have_same_content(const char *a, const char *b)
{
    g_autofree char *content = NULL, *other = NULL;
    gsize length, other_length;
    return g_file_get_contents(a, &content, &length, NULL) && g_file_get_contents(b, &other, &other_length, NULL) &&
           length == other_length && memcmp(content, other, length) == 0;
}

/* Returns the digest of the content of a module. After each command all have to be looked at again; to compare one with the
 * real one is much faster than to compute a digest. */
static const char *
module_content(CpHost *host, const char *name, const char *path, const struct stat *st)
{
    g_autofree char *pristine = g_build_filename(host->pristine_dir, name, NULL);
    g_autofree char *key = key_of(st);
    struct stat real;
    if (!g_hash_table_contains(host->digests, key) && lstat(pristine, &real) == 0 && S_ISREG(real.st_mode) &&
        real.st_size == st->st_size && have_same_content(path, pristine))
        cp_state_remember_content(host, st, cp_state_content(host, pristine, &real));
    return cp_state_content(host, path, st);
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
                               S_ISREG(st.st_mode) ? module_content(host, name, path, &st) : "");
}

char *
cp_host_state(CpHost *host)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_auto(GStrv) names = cp_host_list(host->module_dir);
    struct stat emulator = { 0 };

    gboolean exists = stat(host->emulator, &emulator) == 0;
    g_string_append_printf(text, "emulator %s %s %o\nquery %s\nmodules %s %s\n", host->emulator,
                           !exists                     ? "is missing"
                           : S_ISREG(emulator.st_mode) ? cp_state_content(host, host->emulator, &emulator)
                                                       : "is not a file",
                           emulator.st_mode & WHO_EXECUTES, host->query, host->module_dir,
                           names ? "exists" : "is missing");
    describe_node("/dev/kvm", text);
    describe_node("/dev/sev", text);
    cp_host_facts_describe(host, text);
    cp_changes_describe(host, text);
    for (char **name = names; name && *name; name++)
        describe_entry(host, *name, text);
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, text->len);
}
