/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looks an emulator up through libvirt's cache. */
#include <config.h>

#include "checks/cache-lookup.h"

#include "driver/property.h"
#include "known/known.h"
#include "world/caps.h"
#include "world/fake-emulator.h"
#include "world/fake-host.h"
#include "world/fake-installation.h"

/* --- the host --- */

/* An emulator with one machine and one CPU model. To be completed: patch level, and twice whether it can use KVM. */
static const char conversation[] =
    "{\"execute\":\"qmp_capabilities\"}\n{\"return\":{}}\n"
    "{\"execute\":\"query-version\"}\n{\"return\":{\"qemu\":{\"major\":7,\"minor\":2,\"micro\":%u},\"package\":\"\"}}"
    "\n"
    "{\"execute\":\"query-target\"}\n{\"return\":{\"arch\":\"x86_64\"}}\n"
    "{\"execute\":\"query-qmp-schema\"}\n{\"return\":[]}\n"
    "{\"execute\":\"query-commands\"}\n{\"return\":[{\"name\":\"query-cpu-definitions\"}]}\n"
    "{\"execute\":\"query-kvm\"}\n{\"return\":{\"enabled\":%s,\"present\":%s}}\n"
    "{\"execute\":\"qom-list-types\"}\n{\"return\":[]}\n"
    "{\"execute\":\"device-list-properties\"}\n{\"return\":[]}\n"
    "{\"execute\":\"qom-list-properties\"}\n{\"return\":[]}\n"
    "{\"execute\":\"query-machines\"}\n{\"return\":[{\"name\":\"pc-q35-7.2\",\"cpu-max\":4,"
    "\"hotpluggable-cpus\":true}]}\n"
    "{\"execute\":\"query-cpu-definitions\"}\n{\"return\":[{\"name\":\"qemu64\",\"typename\":\"qemu64\"}]}\n"
    "{\"execute\":\"query-tpm-models\"}\n{\"return\":[]}\n"
    "{\"execute\":\"query-tpm-types\"}\n{\"return\":[]}\n"
    "{\"execute\":\"query-command-line-options\"}\n{\"return\":[]}\n"
    "{\"execute\":\"query-migrate-capabilities\"}\n{\"return\":[]}\n"
    "{\"execute\":\"query-cpu-model-expansion\"}\n{\"return\":{\"model\":{\"name\":\"base\",\"props\":{}}}}\n";

gboolean
cp_cache_lookup_is(const CpInputOptions *options, const char *name, const char *value)
{
    g_autofree char *given = cp_input_options_string(options, name);

    return STREQ_NULLABLE(given, value);
}

void
cp_cache_lookup_set_up(const CpInputOptions *options, const char *signature, const char *kernel)
{
    cp_fake_installation_reset();
    cp_fake_installation.emulator_ctime =
        cp_input_options_number(options, "emulator-ctime", cp_fake_installation.emulator_ctime);
    cp_fake_installation.module_mtime =
        cp_input_options_number(options, "module-mtime", cp_fake_installation.module_mtime);
    cp_fake_installation.module_directory = !cp_cache_lookup_is(options, "module-mtime", "none");
    if (cp_cache_lookup_is(options, "kvm", "absent"))
        cp_fake_installation.kvm = CP_FAKE_KVM_ABSENT;
    else if (cp_cache_lookup_is(options, "kvm", "root-only"))
        cp_fake_installation.kvm = CP_FAKE_KVM_ROOT_ONLY;
    cp_fake_installation.nested = cp_cache_lookup_is(options, "nested", "yes");
    cp_fake_installation.secure_guest = cp_cache_lookup_is(options, "secure-guest", "yes");
    cp_fake_installation.read_only = cp_cache_lookup_is(options, "file", "read-only");
    cp_fake_installation.microcode = cp_input_options_number(options, "microcode", cp_fake_installation.microcode);
    if (signature && *signature)
        cp_fake_installation.signature = signature;
    if (kernel)
        cp_fake_installation.kernel_release = kernel;
}

/* --- lookups --- */

char *
cp_cache_lookup(virFileCache *cache, guint patch, guint *starts)
{
    const char *kvm = cp_fake_installation.kvm == CP_FAKE_KVM_ABSENT ? "false" : "true";
    g_autofree char *emulator = g_strdup_printf(conversation, patch, kvm, kvm);
    g_autoptr(virQEMUCaps) caps = NULL;

    cp_fake_emulator_set(emulator, strlen(emulator));
    virResetLastError();
    caps = virQEMUCapsCacheLookup(cache, CP_FAKE_EMULATOR);
    *starts = cp_fake_emulator_unset();
    return caps ? cp_caps_read_out(caps) : NULL;
}

virFileCache *
cp_cache_lookup_new(void)
{
    virFileCache *cache = virQEMUCapsCacheNew(CP_FAKE_HOST_DIRECTORY, CP_FAKE_HOST_DIRECTORY, 0, 0);

    if (!cache)
        cp_property_broken("libvirt has no cache: %s", virGetLastErrorMessage());
    return cache;
}

void
cp_cache_lookup_mend(void)
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

GString *
cp_cache_lookup_document(const CpInputOptions *options)
{
    static const char tag[] = "<selfvers>";
    GString *text = g_string_new_len(options->document, options->length);
    char *start = cp_cache_lookup_is(options, "signed", "yes") ? memmem(text->str, text->len, tag, strlen(tag)) : NULL;

    if (start) {
        gsize at = start + strlen(tag) - text->str;

        g_string_erase(text, at, strcspn(text->str + at, "<"));
        g_string_insert(text, at, G_STRINGIFY(LIBVIR_VERSION_NUMBER));
    }
    return text;
}

/* --- checks --- */

char *
cp_cache_lookup_load(const char *document, gsize length)
{
    CpCapsVerdict verdict;
    g_autoptr(virQEMUCaps) caps = cp_caps_load(document, length, NULL, CP_FAKE_HOST_ARCH, CP_CAPS_ANY_WRITER, &verdict);

    return verdict == CP_CAPS_LOADED ? cp_caps_read_out(caps) : NULL;
}

/* Returns the known defect because of which libvirt uses a document, or does not use it, against the rule; or
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

gboolean
cp_cache_lookup_check_use(const char *what, gboolean loads, CpCacheValidity stamps, gboolean used)
{
    gboolean should = loads && stamps == CP_CACHE_VALIDITY_MATCH;
    CpKnown row = loads && used != should ? explain_use(stamps, used) : CP_KNOWN_LAST;

    if (row != CP_KNOWN_LAST && cp_known_has(row)) {
        cp_property_fails(cp_known_shows(row), NULL, "libvirt %s the %s", used ? "uses" : "does not use", what);
        return FALSE;
    }
    CP_PROPERTY(used || !should, "all stamps of the %s match, but libvirt probes the emulator", what);
    CP_PROPERTY(!used || should, "libvirt uses a %s %s", what,
                loads ? "with stamps that do not match" : "that cannot be loaded");
    return TRUE;
}

void
cp_cache_lookup_check_failure(guint starts)
{
    gboolean known = cp_fake_installation.read_only && starts > 0 && cp_known_has(CP_KNOWN_CACHE_UNWRITABLE);

    cp_property_fails(known ? cp_known_shows(CP_KNOWN_CACHE_UNWRITABLE) : NULL, NULL, "the lookup fails: %s",
                      virGetLastErrorMessage());
}
