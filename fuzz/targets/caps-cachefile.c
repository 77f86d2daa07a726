/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * caps-cachefile: whatever is in the cache's file, libvirt's lookup of an emulator answers. What is in it is believed if
 * and only if it loads and its stamps are those of the host (cache-validity.h); else the emulator is probed anew, and what that
 * gives is in the file afterwards, and is believed by whoever comes next.
 *
 * The instruction at the input's start (input-options.h) says how the host is:
 *
 *     emulator-ctime, module-mtime   times; for the latter also "none": there is no module directory
 *     kvm                            "usable", "absent", or "root-only": the probe can use it, a guest's user cannot
 *     nested, secure-guest           "yes": what KVM can
 *     microcode, kernel, signature   of the CPU, and the kernel's release
 *     file                           "absent", or "read-only": nothing can be written
 *     signed                         "yes": <selfvers> is taken to be that of the libvirt under test, whichever it is
 *
 * What it does not mention is as cp_fake_installation_reset() has it.
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

static bool
is(const CpInputOptions *control, const char *name, const char *value)
{
    g_autofree char *said = cp_input_options_string(control, name);

    return STREQ_NULLABLE(said, value);
}

static void
install(const CpInputOptions *control, const char *signature, const char *kernel)
{
    cp_fake_installation_reset();
    cp_fake_installation.emulator_ctime =
        cp_input_options_number(control, "emulator-ctime", cp_fake_installation.emulator_ctime);
    cp_fake_installation.module_mtime =
        cp_input_options_number(control, "module-mtime", cp_fake_installation.module_mtime);
    cp_fake_installation.module_directory = !is(control, "module-mtime", "none");
    if (is(control, "kvm", "absent"))
        cp_fake_installation.kvm = CP_FAKE_KVM_ABSENT;
    else if (is(control, "kvm", "root-only"))
        cp_fake_installation.kvm = CP_FAKE_KVM_ROOT_ONLY;
    cp_fake_installation.nested = is(control, "nested", "yes");
    cp_fake_installation.secure_guest = is(control, "secure-guest", "yes");
    cp_fake_installation.read_only = is(control, "file", "read-only");
    cp_fake_installation.microcode = cp_input_options_number(control, "microcode", cp_fake_installation.microcode);
    if (signature && *signature)
        cp_fake_installation.signature = signature;
    if (kernel)
        cp_fake_installation.kernel_release = kernel;
}

/* --- lookups --- */

/* What libvirt says of the emulator, asked by a daemon that has just started if @cache is a new one; NULL where it
 * reports an error. */
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
        cp_property_broken("there is no cache: %s", virGetLastErrorMessage());
    return cache;
}

/* Whoever asks next gets the same answer, and nothing is started for it. */
static void
ask_again(virFileCache *cache, const char *who, const char *answer)
{
    guint starts;
    g_autofree char *again = look_up(cache, &starts);
    const char *defect = NULL;

    CP_PROPERTY(again, "%s gets no answer: %s", who, virGetLastErrorMessage());
    cp_property_equal(who, answer, again);
    if (starts == 0)
        return;
    if (cp_fake_installation.kvm == CP_FAKE_KVM_ROOT_ONLY)
        defect = "kvm-permission";
    else if (cp_fake_installation_written())
        defect = cp_defects_of_saved(cp_fake_installation_written());
    CP_PROPERTY(defect, "%s makes libvirt probe once more", who);
    cp_property_known(defect);
}

/* What the document says where it loads; else NULL. */
static char *
said_by(const char *document, size_t length)
{
    CpCapsVerdict verdict;
    g_autoptr(virQEMUCaps) caps = cp_caps_load(document, length, NULL, CP_FAKE_HOST_ARCH, CP_CAPS_ANYBODYS, &verdict);

    return verdict == CP_CAPS_LOADED ? cp_caps_read_out(caps) : NULL;
}

static void
judge(const char *said, CpCacheValidity stamps, bool believed)
{
    bool wanted = said && stamps == CP_CACHE_VALIDITY_MATCH;

    if (believed && said && stamps == CP_CACHE_VALIDITY_VANISHED) {
        cp_property_known("directory-vanished");
    } else if (believed && said && stamps == CP_CACHE_VALIDITY_DENIED) {
        cp_property_known("kvm-unseen");
    } else if (!believed && wanted && cp_fake_installation.kvm == CP_FAKE_KVM_ROOT_ONLY) {
        cp_property_known("kvm-permission");
    } else {
        CP_PROPERTY(believed || !wanted, "stamps match, and the emulator is probed anew");
        CP_PROPERTY(!believed || wanted, "%s, and is believed", said ? "stamps differ" : "does not load");
    }
}

/* @document with this libvirt's version in it. */
static GString *
sign(const char *document, size_t length)
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
play(const char *document, size_t length)
{
    g_autofree char *said = document ? said_by(document, length) : NULL;
    CpCacheValidity stamps = said ? cp_cache_validity_compare(document, length) : CP_CACHE_VALIDITY_DIFFER;
    virFileCache *cache = cache_new();
    virFileCache *restarted = cache_new();
    g_autofree char *answer = NULL;
    guint starts;

    cp_fake_host_set_document(document, length);
    answer = look_up(cache, &starts);
    judge(said, stamps, starts == 0);
    if (starts == 0 && answer)
        cp_property_equal("believed", said, answer);
    if (answer) {
        ask_again(cache, "the next query", answer);
        ask_again(restarted, "a restart", answer);
    } else if (cp_fake_installation.read_only) {
        cp_property_known("cache-unwritable");
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
    CpInputOptions control = cp_input_options_read(data, size);
    g_autofree char *signature = cp_input_options_string(&control, "signature");
    g_autofree char *kernel = cp_input_options_string(&control, "kernel");
    g_autoptr(GString) document = is(&control, "signed", "yes") ? sign(control.document, control.length)
                                                                : g_string_new_len(control.document, control.length);

    cp_fake_host_init();
    install(&control, signature, kernel);
    if (is(&control, "file", "absent"))
        play(NULL, 0);
    else
        play(document->str, document->len);
    return 0;
}
