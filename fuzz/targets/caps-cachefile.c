/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * caps-cachefile: libvirt's lookup of an emulator answers, whatever the cache file contains. libvirt uses the file if and
 * only if it can be loaded and its stamps match the host (cache-validity.h). If not, libvirt probes the emulator, writes
 * what it learned to the file, and uses that file from then on. All of this is done again on a host on which no known
 * defect shows: there nothing is excused. The options instruction describes the host (cache-lookup.h).
 */

#include <config.h>

#include "checks/cache-lookup.h"
#include "driver/property.h"
#include "driver/target.h"
#include "known/known.h"
#include "known/shorten.h"
#include "world/fake-host.h"
#include "world/fake-installation.h"

static gboolean excused; /* whether a known defect has explained a failure */

/* Whether libvirt, once it has probed, finds that the file that it wrote matches the host. */
static gboolean
writes_valid_file(gpointer data G_GNUC_UNUSED)
{
    virFileCache *cache = cp_cache_lookup_new();
    const char *written;
    guint starts;

    cp_fake_host_set_document(NULL, 0);
    g_autofree char *answer = cp_cache_lookup(cache, 0, &starts);
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
    g_autofree char *again = cp_cache_lookup(cache, 0, &starts);

    CP_PROPERTY(again, "%s gets no answer: %s", who, virGetLastErrorMessage());
    cp_property_equal(who, answer, again);
    if (starts == 0)
        return;
    cp_property_fails(cp_known_show(explained), cp_fake_installation_written(),
                      "%s makes libvirt probe the emulator again", who);
    excused = TRUE;
}

/* Looks the emulator up three times. */
static void
play(const char *document, gsize length)
{
    g_autofree char *loaded = document ? cp_cache_lookup_load(document, length) : NULL;
    CpCacheValidity stamps = loaded ? cp_cache_validity_compare(document, length) : CP_CACHE_VALIDITY_DIFFER;
    virFileCache *cache = cp_cache_lookup_new();
    virFileCache *restarted = cp_cache_lookup_new();
    CpKnownSet explained = 0;

    cp_fake_host_set_document(document, length);
    guint starts;
    g_autofree char *answer = cp_cache_lookup(cache, 0, &starts);
    if (!cp_cache_lookup_check_use("cache file", loaded != NULL, stamps, starts == 0))
        excused = TRUE;
    if (starts == 0 && answer)
        cp_property_equal("loaded from the cache file", loaded, answer);
    if (answer) {
        if (starts > 0)
            explained = check_written();
        if (cp_fake_installation.kvm == CP_FAKE_KVM_ROOT_ONLY && cp_known_has(CP_KNOWN_KVM_PERMISSION))
            explained = CP_KNOWN_BIT(CP_KNOWN_KVM_PERMISSION);
        ask_again(cache, "the next lookup", answer, explained);
        ask_again(restarted, "a lookup after a restart", answer, explained);
    } else {
        cp_cache_lookup_check_failure(starts);
        excused = TRUE;
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
    g_autoptr(GString) document = cp_cache_lookup_document(&options);

    g_autofree char *shortened = cp_known_shorten(document->str, &document->len);
    const char *text = cp_cache_lookup_is(&options, "file", "absent") ? NULL : shortened ? shortened : document->str;
    gsize length = document->len;

    cp_fake_host_init();
    cp_cache_lookup_set_up(&options, signature, kernel);
    excused = FALSE;
    play(text, length);
    if (excused) {
        cp_cache_lookup_set_up(&options, signature, kernel);
        cp_cache_lookup_mend();
        play(text, length);
        cp_known_mend_none();
    }
    return 0;
}
