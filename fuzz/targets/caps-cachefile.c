/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * caps-cachefile: libvirt's lookup of an emulator answers, whatever the cache file contains. libvirt uses the file if and
 * only if it can be loaded and its stamps match the host (cache-validity.h). If not, libvirt probes the emulator, writes
 * what it learned to the file, and uses that file from then on.
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
#include "known/defects.h"
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

/* Asks once more: the answer must be the same, and the emulator must not be started. */
static void
ask_again(virFileCache *cache, const char *who, const char *answer)
{
    guint starts;
    g_autofree char *again = look_up(cache, &starts);

    CP_PROPERTY(again, "%s gets no answer: %s", who, virGetLastErrorMessage());
    cp_property_equal(who, answer, again);
    if (starts == 0)
        return;
    const char *written = cp_fake_installation_written();
    const char *defect = written ? cp_defects_of_saved(written) : NULL;
    if (cp_fake_installation.kvm == CP_FAKE_KVM_ROOT_ONLY) {
        defect = "kvm-permission";
        written = NULL;
    }
    cp_property_fails(defect, written, "%s makes libvirt probe the emulator again", who);
}

/* Returns what libvirt says when it has loaded `document`, or NULL if it does not load it. The caller owns the text. */
static char *
load(const char *document, gsize length)
{
    CpCapsVerdict verdict;
    g_autoptr(virQEMUCaps) caps = cp_caps_load(document, length, NULL, CP_FAKE_HOST_ARCH, CP_CAPS_ANY_WRITER, &verdict);

    return verdict == CP_CAPS_LOADED ? cp_caps_read_out(caps) : NULL;
}

/* Demands that libvirt used the cache file if and only if it should. `loads` is whether it can be loaded. */
static void
check_use(gboolean loads, CpCacheValidity stamps, gboolean used)
{
    gboolean should = loads && stamps == CP_CACHE_VALIDITY_MATCH;

    if (used && loads && stamps == CP_CACHE_VALIDITY_VANISHED) {
        cp_property_fails("directory-vanished", NULL,
                          "libvirt uses the cache file, although the module directory no longer exists");
    } else if (used && loads && stamps == CP_CACHE_VALIDITY_DENIED) {
        cp_property_fails("kvm-unseen", NULL, "libvirt uses the cache file, although the emulator can use KVM now");
    } else if (!used && should && cp_fake_installation.kvm == CP_FAKE_KVM_ROOT_ONLY) {
        cp_property_fails("kvm-permission", NULL, "all stamps match, but libvirt probes the emulator");
    } else {
        CP_PROPERTY(used || !should, "all stamps match, but libvirt probes the emulator");
        CP_PROPERTY(!used || should, "libvirt uses a cache file %s",
                    loads ? "with stamps that do not match" : "that cannot be loaded");
    }
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

static void
play(const char *document, gsize length)
{
    g_autofree char *loaded = document ? load(document, length) : NULL;
    CpCacheValidity stamps = loaded ? cp_cache_validity_compare(document, length) : CP_CACHE_VALIDITY_DIFFER;
    virFileCache *cache = cache_new();
    virFileCache *restarted = cache_new();

    cp_fake_host_set_document(document, length);
    guint starts;
    g_autofree char *answer = look_up(cache, &starts);
    check_use(loaded != NULL, stamps, starts == 0);
    if (starts == 0 && answer)
        cp_property_equal("loaded from the cache file", loaded, answer);
    if (answer) {
        ask_again(cache, "the next lookup", answer);
        ask_again(restarted, "a lookup after a restart", answer);
    } else if (cp_fake_installation.read_only) {
        cp_property_fails("cache-unwritable", NULL, "the lookup fails: %s", virGetLastErrorMessage());
    } else {
        cp_property_broken("the lookup fails: %s", virGetLastErrorMessage());
    }
    virObjectUnref(cache);
    virObjectUnref(restarted);
    cp_fake_host_set_document(NULL, 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CpInputOptions options = cp_input_options_read(data, size);
    g_autofree char *signature = cp_input_options_string(&options, "signature");
    g_autofree char *kernel = cp_input_options_string(&options, "kernel");
    g_autoptr(GString) document = is(&options, "signed", "yes") ? sign(options.document, options.length)
                                                                : g_string_new_len(options.document, options.length);

    cp_fake_host_init();
    set_up_host(&options, signature, kernel);
    if (is(&options, "file", "absent"))
        play(NULL, 0);
    else
        play(document->str, document->len);
    return 0;
}
