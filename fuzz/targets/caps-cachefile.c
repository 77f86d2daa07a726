/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * caps-cachefile: libvirt's lookup of an emulator answers, whatever the cache file contains. libvirt uses the file if and
 * only if it can be loaded and its stamps match the host (cache-validity.h). If not, libvirt probes the emulator, writes
 * what it learned to the file, and uses that file from then on. All of this is done again on a host on which no known
 * defect shows: there nothing is excused.
 *
 * The options instruction (input-options.h) describes the host:
 *
 *     emulator-ctime, module-mtime   times in seconds; module-mtime may be "none": there is no module directory
 *     kvm                            "usable", "absent", or "root-only": the probe can use it, guests cannot
 *     nested, secure-guest           "yes": KVM supports it
 *     microcode, signature           of the CPU
 *     kernel                         the kernel's release
 *     file                           "absent", or "read-only": it cannot be written
 *     signed                         "yes": <selfvers> is replaced by the version of the libvirt under test
 *
 * The defaults are those of cp_fake_installation_reset().
 */

#include <config.h>

#include "world/caps.h"
#include "input/input-options.h"
#include "known/known.h"
#include "known/shorten.h"
#include "world/fake-emulator.h"
#include "world/fake-host.h"
#include "world/fake-installation.h"
#include "driver/property.h"
#include "checks/cache-validity.h"
#include "driver/target.h"

/* --- the host --- */

/* An emulator with one machine and one CPU model. */
#define EMULATOR(kvm)                                                                                                  \
    "{\"execute\":\"qmp_capabilities\"}\n{\"return\":{}}\n"                                                            \
    "{\"execute\":\"query-version\"}\n{\"return\":{\"qemu\":{\"major\":7,\"minor\":2,\"micro\":0},\"package\":\"\"}}"  \
    "\n"                                                                                                               \
    "{\"execute\":\"query-target\"}\n{\"return\":{\"arch\":\"x86_64\"}}\n"                                             \
    "{\"execute\":\"query-qmp-schema\"}\n{\"return\":[]}\n"                                                            \
    "{\"execute\":\"query-commands\"}\n{\"return\":[{\"name\":\"query-cpu-definitions\"}]}\n"                          \
    "{\"execute\":\"query-kvm\"}\n{\"return\":{\"enabled\":" kvm ",\"present\":" kvm "}}\n"                            \
    "{\"execute\":\"qom-list-types\"}\n{\"return\":[]}\n"                                                              \
    "{\"execute\":\"device-list-properties\"}\n{\"return\":[]}\n"                                                      \
    "{\"execute\":\"qom-list-properties\"}\n{\"return\":[]}\n"                                                         \
    "{\"execute\":\"query-machines\"}\n{\"return\":[{\"name\":\"pc-q35-7.2\",\"cpu-max\":4,"                           \
    "\"hotpluggable-cpus\":true}]}\n"                                                                                  \
    "{\"execute\":\"query-cpu-definitions\"}\n{\"return\":[{\"name\":\"qemu64\",\"typename\":\"qemu64\"}]}\n"          \
    "{\"execute\":\"query-tpm-models\"}\n{\"return\":[]}\n"                                                            \
    "{\"execute\":\"query-tpm-types\"}\n{\"return\":[]}\n"                                                             \
    "{\"execute\":\"query-command-line-options\"}\n{\"return\":[]}\n"                                                  \
    "{\"execute\":\"query-migrate-capabilities\"}\n{\"return\":[]}\n"                                                  \
    "{\"execute\":\"query-cpu-model-expansion\"}\n{\"return\":{\"model\":{\"name\":\"base\",\"props\":{}}}}\n"

static const char with_kvm[] = EMULATOR("true");
static const char without_kvm[] = EMULATOR("false");

static gboolean
is(const CpInputOptions *options, const char *name, const char *value)
{
    g_autofree char *given = cp_input_options_string(options, name);

    return STREQ_NULLABLE(given, value);
}

/* Makes the fake host what the input says. `signature` and `kernel` must stay valid while it is used. */
static void
set_up_host(const CpInputOptions *options, const char *signature, const char *kernel)
{
    cp_fake_installation_reset();
    cp_fake_installation.emulator_ctime =
        cp_input_options_number(options, "emulator-ctime", cp_fake_installation.emulator_ctime);
    cp_fake_installation.module_mtime =
        cp_input_options_number(options, "module-mtime", cp_fake_installation.module_mtime);
    cp_fake_installation.module_directory = !is(options, "module-mtime", "none");
    if (is(options, "kvm", "absent"))
        cp_fake_installation.kvm = CP_FAKE_KVM_ABSENT;
    else if (is(options, "kvm", "root-only"))
        cp_fake_installation.kvm = CP_FAKE_KVM_ROOT_ONLY;
    cp_fake_installation.nested = is(options, "nested", "yes");
    cp_fake_installation.secure_guest = is(options, "secure-guest", "yes");
    cp_fake_installation.read_only = is(options, "file", "read-only");
    cp_fake_installation.microcode = cp_input_options_number(options, "microcode", cp_fake_installation.microcode);
    if (signature && *signature)
        cp_fake_installation.signature = signature;
    if (kernel)
        cp_fake_installation.kernel_release = kernel;
}

/* --- lookups --- */

/* Returns what libvirt says about the emulator, or NULL if it reports an error; `starts` is how many times it started the
 * emulator. With a new `cache` this is the first question to a daemon that has just started. The caller owns the text. */
static char *
look_up(virFileCache *cache, guint *starts)
{
    const char *emulator = cp_fake_installation.kvm == CP_FAKE_KVM_ABSENT ? without_kvm : with_kvm;
    g_autoptr(virQEMUCaps) caps = NULL;

    cp_fake_emulator_set(emulator, strlen(emulator));
    virResetLastError();
    caps = virQEMUCapsCacheLookup(cache, CP_FAKE_EMULATOR);
    *starts = cp_fake_emulator_unset();
    return caps ? cp_caps_read_out(caps) : NULL;
}

static virFileCache *
cache_new(void)
{
    virFileCache *cache = virQEMUCapsCacheNew(CP_FAKE_HOST_DIRECTORY, CP_FAKE_HOST_DIRECTORY, 0, 0);

    if (!cache)
        cp_property_broken("libvirt has no cache: %s", virGetLastErrorMessage());
    return cache;
}

static gboolean excused; /* whether a known defect has explained a failure */

/* Whether libvirt, once it has probed, finds that the file that it wrote matches the host. */
static gboolean
writes_valid_file(gpointer data G_GNUC_UNUSED)
{
    virFileCache *cache = cache_new();
    const char *written;
    guint starts;

    cp_fake_host_set_document(NULL, 0);
    g_autofree char *answer = look_up(cache, &starts);
    written = cp_fake_installation_written();
    virObjectUnref(cache);
    return answer && written && cp_cache_validity_compare(written, strlen(written)) == CP_CACHE_VALIDITY_MATCH;
}

/* Demands that what libvirt has written matches the host. Returns the known defects because of which it does not. */
static CpKnownSet
check_written(void)
{
    const char *written = cp_fake_installation_written();

    if (!written || cp_cache_validity_compare(written, strlen(written)) == CP_CACHE_VALIDITY_MATCH)
        return 0;

    g_autofree char *evidence = g_strdup(written);
    CpKnownSet explained = cp_known_is_mending() ? 0 : cp_known_explain(writes_valid_file, NULL);

    cp_property_fails(cp_known_show(explained), evidence, "libvirt writes a file that does not match the host");
    writes_valid_file(NULL); /* nothing is mended any more: the file is what it was */
    excused = TRUE;
    return explained;
}

/* Asks once more: the answer must be the same, and the emulator must not be started. */
static void
ask_again(virFileCache *cache, const char *who, const char *answer, CpKnownSet explained)
{
    guint starts;
    g_autofree char *again = look_up(cache, &starts);

    CP_PROPERTY(again, "%s gets no answer: %s", who, virGetLastErrorMessage());
    cp_property_equal(who, answer, again);
    if (starts == 0)
        return;
    cp_property_fails(cp_known_show(explained), cp_fake_installation_written(),
                      "%s makes libvirt probe the emulator again", who);
    excused = TRUE;
}

/* Returns what libvirt says when it has loaded `document`, or NULL if it does not load it. The caller owns the text. */
static char *
load(const char *document, gsize length)
{
    CpCapsVerdict verdict;
    g_autoptr(virQEMUCaps) caps = cp_caps_load(document, length, NULL, CP_FAKE_HOST_ARCH, CP_CAPS_ANY_WRITER, &verdict);

    return verdict == CP_CAPS_LOADED ? cp_caps_read_out(caps) : NULL;
}

/* Returns the known defect because of which libvirt uses the cache file, or does not use it, against the rule; or
 * CP_KNOWN_LAST. */
static CpKnown
explain_use(CpCacheValidity stamps, gboolean used)
{
    if (used && stamps == CP_CACHE_VALIDITY_VANISHED)
        return CP_KNOWN_DIRECTORY_VANISHED;
    if (used && stamps == CP_CACHE_VALIDITY_DENIED)
        return CP_KNOWN_KVM_UNSEEN;
    if (!used && stamps == CP_CACHE_VALIDITY_MATCH && cp_fake_installation.kvm == CP_FAKE_KVM_ROOT_ONLY)
        return CP_KNOWN_KVM_PERMISSION;
    return CP_KNOWN_LAST;
}

/* Demands that libvirt used the cache file if and only if it should. `loads` is whether it can be loaded. */
static void
check_use(gboolean loads, CpCacheValidity stamps, gboolean used)
{
    gboolean should = loads && stamps == CP_CACHE_VALIDITY_MATCH;
    CpKnown row = loads && used != should ? explain_use(stamps, used) : CP_KNOWN_LAST;

    if (row != CP_KNOWN_LAST && cp_known_has(row)) {
        cp_property_fails(cp_known_shows(row), NULL, "libvirt %s",
                          used ? "uses the cache file" : "probes the emulator");
        excused = TRUE;
        return;
    }
    CP_PROPERTY(used || !should, "all stamps match, but libvirt probes the emulator");
    CP_PROPERTY(!used || should, "libvirt uses a cache file %s",
                loads ? "with stamps that do not match" : "that cannot be loaded");
}

/* Returns `document` with the version of the libvirt under test in <selfvers>. The caller owns it. */
static GString *
sign(const char *document, gsize length)
{
    static const char tag[] = "<selfvers>";
    GString *text = g_string_new_len(document, length);
    char *start = memmem(text->str, text->len, tag, strlen(tag));

    if (start) {
        gsize at = start + strlen(tag) - text->str;

        g_string_erase(text, at, strcspn(text->str + at, "<"));
        g_string_insert(text, at, G_STRINGIFY(LIBVIR_VERSION_NUMBER));
    }
    return text;
}

/* Looks the emulator up three times. */
static void
play(const char *document, gsize length)
{
    g_autofree char *loaded = document ? load(document, length) : NULL;
    CpCacheValidity stamps = loaded ? cp_cache_validity_compare(document, length) : CP_CACHE_VALIDITY_DIFFER;
    virFileCache *cache = cache_new();
    virFileCache *restarted = cache_new();
    CpKnownSet explained = 0;

    cp_fake_host_set_document(document, length);
    guint starts;
    g_autofree char *answer = look_up(cache, &starts);
    check_use(loaded != NULL, stamps, starts == 0);
    if (starts == 0 && answer)
        cp_property_equal("loaded from the cache file", loaded, answer);
    if (answer) {
        if (starts > 0)
            explained = check_written();
        if (cp_fake_installation.kvm == CP_FAKE_KVM_ROOT_ONLY && cp_known_has(CP_KNOWN_KVM_PERMISSION))
            explained = CP_KNOWN_BIT(CP_KNOWN_KVM_PERMISSION);
        ask_again(cache, "the next lookup", answer, explained);
        ask_again(restarted, "a lookup after a restart", answer, explained);
    } else if (cp_fake_installation.read_only && starts > 0 && cp_known_has(CP_KNOWN_CACHE_UNWRITABLE)) {
        cp_property_fails(cp_known_shows(CP_KNOWN_CACHE_UNWRITABLE), NULL, "the lookup fails: %s",
                          virGetLastErrorMessage());
        excused = TRUE;
    } else {
        cp_property_broken("the lookup fails: %s", virGetLastErrorMessage());
    }
    virObjectUnref(cache);
    virObjectUnref(restarted);
    cp_fake_host_set_document(NULL, 0);
}

/* Changes the host so that no known defect shows, and mends what is left. */
static void
mend_host(void)
{
    if (cp_fake_installation.kvm == CP_FAKE_KVM_ROOT_ONLY)
        cp_fake_installation.kvm = CP_FAKE_KVM_USABLE;
    if (!cp_fake_installation.module_directory) {
        cp_fake_installation.module_directory = TRUE;
        cp_fake_installation.module_mtime = 0;
    }
    cp_fake_installation.read_only = FALSE;
    cp_known_mend_all();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CpInputOptions options = cp_input_options_read(data, size);
    g_autofree char *signature = cp_input_options_string(&options, "signature");
    g_autofree char *kernel = cp_input_options_string(&options, "kernel");
    g_autoptr(GString) document = is(&options, "signed", "yes") ? sign(options.document, options.length)
                                                                : g_string_new_len(options.document, options.length);

    g_autofree char *shortened = cp_known_shorten(document->str, &document->len);
    const char *text = is(&options, "file", "absent") ? NULL : shortened ? shortened : document->str;
    gsize length = document->len;

    cp_fake_host_init();
    set_up_host(&options, signature, kernel);
    excused = FALSE;
    play(text, length);
    if (excused) {
        set_up_host(&options, signature, kernel);
        mend_host();
        play(text, length);
        cp_known_mend_none();
    }
    return 0;
}
