/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * caps-sequence: one daemon is asked about the emulator again and again, while the host and the cache file change. Its
 * answer is always that of the newest document that matches the host: what it has in memory, else the cache file, else what
 * a new probe says. Nothing survives of documents that no longer match. All of this is done again on hosts on which no
 * known defect shows: there nothing is excused.
 *
 * The input is a sequence of steps (sequence.h). The options of each describe the host (cache-lookup.h), which changes to
 * that; then libvirt is asked. Besides:
 *
 *     step   "restart": the daemon is restarted before it is asked; only then do signature and kernel change
 *     file   "kept": the cache file stays as it is, also if there is a document; "absent": it is removed. Otherwise it is
 *            replaced by the document, if there is one.
 *
 * The emulator says in each step that it has another patch level, so that answers from different steps differ.
 */

#include <config.h>

#include "checks/cache-lookup.h"
#include "driver/property.h"
#include "driver/target.h"
#include "input/sequence.h"
#include "known/known.h"
#include "known/shorten.h"
#include "world/fake-host.h"
#include "world/fake-installation.h"

/* The daemon, and what it should know. It owns everything. */
typedef struct {
    virFileCache *cache;
    char *signature; /* of the host's CPU, and the kernel's release, when the daemon started */
    char *kernel;
    char *memory;  /* the document that it has in memory, or NULL */
    char *answer;  /* what it says if it uses that */
    GString *file; /* the cache file, or NULL */
    CpFakeKvm kvm;
    gint64 kvm_ctime;
    gboolean excused; /* whether a known defect has explained a failure */
    gboolean lost;    /* whether what it has in memory is not known */
} Daemon;

static void
clear_file(Daemon *daemon)
{
    if (daemon->file)
        g_string_free(daemon->file, TRUE);
    daemon->file = NULL;
}

static void
stop(Daemon *daemon)
{
    virObjectUnref(daemon->cache);
    daemon->cache = NULL;
    g_clear_pointer(&daemon->signature, g_free);
    g_clear_pointer(&daemon->kernel, g_free);
    g_clear_pointer(&daemon->memory, g_free);
    g_clear_pointer(&daemon->answer, g_free);
}

/* Makes the cache file what the step says. */
static void
change_file(Daemon *daemon, const CpInputOptions *options)
{
    GString *document = cp_cache_lookup_document(options);
    g_autofree char *shortened = cp_known_shorten(document->str, &document->len);
    gboolean absent = cp_cache_lookup_is(options, "file", "absent");

    if (shortened)
        g_string_assign(document, shortened);
    if (absent || (document->len > 0 && !cp_cache_lookup_is(options, "file", "kept"))) {
        clear_file(daemon);
        daemon->file = absent ? NULL : g_string_new_len(document->str, document->len);
    }
    g_string_free(document, TRUE);
}

/* Makes host, daemon and cache file what the step says. */
static void
begin_step(Daemon *daemon, const CpInputOptions *options, gboolean mended)
{
    gboolean starts = !daemon->cache || cp_cache_lookup_is(options, "step", "restart");

    if (starts) {
        stop(daemon);
        daemon->signature = cp_input_options_string(options, "signature");
        daemon->kernel = cp_input_options_string(options, "kernel");
    }
    cp_cache_lookup_set_up(options, daemon->signature, daemon->kernel);
    if (mended)
        cp_cache_lookup_mend();
    /* The kernel sets this time if the permissions of /dev/kvm change. */
    if (cp_fake_installation.kvm != daemon->kvm)
        daemon->kvm_ctime++;
    daemon->kvm = cp_fake_installation.kvm;
    cp_fake_installation.kvm_ctime += daemon->kvm_ctime;
    if (starts)
        daemon->cache = cp_cache_lookup_new();
    change_file(daemon, options);
}

/* --- what libvirt should say --- */

typedef enum {
    MEMORY,
    FILE_ON_DISK,
    PROBE,
} Source;

/* Notes what libvirt has in memory now, and what it has done to the cache file. */
static void
remember(Daemon *daemon, char *document, const char *answer)
{
    const char *written = cp_fake_installation_written();

    if (written || !cp_fake_host_has_document(CP_FAKE_HOST_DOCUMENT))
        clear_file(daemon);
    if (written)
        daemon->file = g_string_new(written);
    g_free(daemon->memory);
    daemon->memory = document;
    g_free(daemon->answer);
    daemon->answer = g_strdup(answer);
}

/* Demands that a probe, without any cache, gives the same answer. */
static void
check_probe(const char *answer, guint patch)
{
    virFileCache *cache = cp_cache_lookup_new();
    guint starts;

    cp_fake_host_set_document(NULL, 0);
    g_autofree char *fresh = cp_cache_lookup(cache, patch, &starts);
    virObjectUnref(cache);
    CP_PROPERTY(fresh, "a probe without a cache fails: %s", virGetLastErrorMessage());
    cp_property_equal("probed again", fresh, answer);
}

/* Returns where the answer comes from. `loaded` is what libvirt says if it uses the cache file, or NULL. */
static Source
source_of(const Daemon *daemon, const char *answer, guint starts, const char *loaded, gboolean memory_is_valid)
{
    gboolean is_memory = g_strcmp0(answer, daemon->answer) == 0;
    gboolean is_file = g_strcmp0(answer, loaded) == 0;

    if (starts > 0)
        return PROBE;
    CP_PROPERTY(is_memory || is_file, "the answer is neither what is in memory nor what the cache file says");
    return is_memory && (memory_is_valid || !is_file) ? MEMORY : FILE_ON_DISK;
}

static void
ask(Daemon *daemon, guint patch)
{
    const char *text = daemon->file ? daemon->file->str : NULL;
    gsize length = daemon->file ? daemon->file->len : 0;
    g_autofree char *loaded = text ? cp_cache_lookup_load(text, length) : NULL;
    CpCacheValidity file_stamps = loaded ? cp_cache_validity_compare(text, length) : CP_CACHE_VALIDITY_DIFFER;
    CpCacheValidity memory_stamps =
        daemon->memory ? cp_cache_validity_compare(daemon->memory, strlen(daemon->memory)) : CP_CACHE_VALIDITY_DIFFER;
    guint starts;

    cp_fake_host_set_document(text, length);
    g_autofree char *answer = cp_cache_lookup(daemon->cache, patch, &starts);
    if (!answer) {
        cp_cache_lookup_check_failure(starts);
        remember(daemon, NULL, NULL);
        daemon->excused = TRUE;
        return;
    }

    Source source = source_of(daemon, answer, starts, loaded, memory_stamps == CP_CACHE_VALIDITY_MATCH);

    if (!cp_cache_lookup_check_use("document in memory", daemon->memory != NULL, memory_stamps, source == MEMORY))
        daemon->excused = TRUE;
    if (source == MEMORY)
        return;
    if (!cp_cache_lookup_check_use("cache file", loaded != NULL, file_stamps, source == FILE_ON_DISK))
        daemon->excused = TRUE;
    if (source == FILE_ON_DISK) {
        remember(daemon, g_strndup(text, length), answer);
        return;
    }
    remember(daemon, g_strdup(cp_fake_installation_written()), answer);
    check_probe(answer, patch);
    /* caps-cachefile says why; here it would only be unknown what the daemon has in memory. */
    if (cp_cache_validity_compare(daemon->memory, strlen(daemon->memory)) != CP_CACHE_VALIDITY_MATCH) {
        CP_PROPERTY(!cp_known_is_mending(), "libvirt writes a file that does not match the host");
        daemon->excused = daemon->lost = TRUE;
    }
}

/* Plays all steps. Returns FALSE if a known defect has explained a failure. */
static gboolean
play(const CpSequenceStep *steps, guint n, gboolean mended)
{
    Daemon daemon = { .kvm = CP_FAKE_KVM_USABLE };

    for (guint i = 0; i < n && !daemon.lost; i++) {
        CpInputOptions options = cp_input_options_read((const guint8 *)steps[i].text, steps[i].length);

        begin_step(&daemon, &options, mended);
        ask(&daemon, i);
    }
    stop(&daemon);
    clear_file(&daemon);
    cp_fake_host_set_document(NULL, 0);
    cp_known_mend_none();
    return !daemon.excused;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CpSequenceStep steps[CP_SEQUENCE_STEPS_MAX];
    guint n = cp_sequence_split((const char *)data, size, steps);

    cp_fake_host_init();
    if (!play(steps, n, FALSE))
        play(steps, n, TRUE);
    return 0;
}
