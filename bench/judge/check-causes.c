/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why the libvirt of a live host is wrong, as far as the host's files show it. */
#include "judge/check-causes.h"

#include <string.h>

#include <libxml/parser.h>

#include "base/duration.h"

/* A directory with such a time or an earlier one, in s since 1970, comes from an image that gives all files the same. */
#define IMAGE_TIME_MAX_S 1

/* By what the cached document says it is valid; 0 if it does not say. Times are in s. */
typedef struct {
    gint64 emulator_ctime_s, directory_mtime_s, driver_ctime_s;
} Stamps;

static Stamps
read_stamps(const CpCheckCase *evidence)
{
    const char *text = evidence->after->cached;
    Stamps stamps = { 0 };
    xmlDoc *document =
        text ? xmlReadMemory(text, strlen(text), NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING)
             : NULL;
    xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;
    for (xmlNode *node = root ? xmlFirstElementChild(root) : NULL; node; node = xmlNextElementSibling(node)) {
        xmlChar *content = xmlNodeGetContent(node);
        gint64 value = g_ascii_strtoll(content ? (const char *)content : "", NULL, 10);
        if (xmlStrEqual(node->name, BAD_CAST "qemuctime"))
            stamps.emulator_ctime_s = value;
        else if (xmlStrEqual(node->name, BAD_CAST "qemumoddirmtime"))
            stamps.directory_mtime_s = value;
        else if (xmlStrEqual(node->name, BAD_CAST "selfctime"))
            stamps.driver_ctime_s = value;
        xmlFree(content);
    }
    xmlFreeDoc(document);
    return stamps;
}

static void
cause_free(gpointer data)
{
    CpCheckCause *cause = data;
    g_free(cause->text);
    g_free(cause);
}

GPtrArray *
cp_check_causes_new(void)
{
    return g_ptr_array_new_with_free_func(cause_free);
}

static void add(CpCheckFinding *finding, const char *id, const char *text, ...) G_GNUC_PRINTF(3, 4);

static void
add(CpCheckFinding *finding, const char *id, const char *text, ...)
{
    CpCheckCause *cause = g_new0(CpCheckCause, 1);
    va_list args;
    va_start(args, text);
    cause->id = id;
    cause->text = g_strdup_vprintf(text, args);
    va_end(args);
    g_ptr_array_add(finding->causes, cause);
}

static gint64
seconds(gint64 ns)
{
    return ns >= 0 ? ns / CP_NS_PER_S : -((-ns + CP_NS_PER_S - 1) / CP_NS_PER_S);
}

/* The time as UTC, to the nanosecond: what matters here may be less than a second apart. The caller owns it. */
static char *
utc(gint64 ns)
{
    gint64 s = seconds(ns);
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(s);
    g_autofree char *day = time ? g_date_time_format(time, "%Y-%m-%d %H:%M:%S") : g_strdup("?");
    return g_strdup_printf("%s.%09" G_GINT64_FORMAT " UTC", day, ns - s * CP_NS_PER_S);
}

gboolean
cp_check_is_libvirt_replaced(const CpCheckCase *evidence)
{
    Stamps stamps = read_stamps(evidence);
    const CpFileTimes *driver = &evidence->after->driver;
    return stamps.driver_ctime_s && driver->exists && seconds(driver->ctime_ns) > stamps.driver_ctime_s;
}

/* --- the module directory --- */

/* It has the time that libvirt has noted, so that libvirt takes it for unchanged: how can it be another all the same? */
static void
explain_unchanged_time(const CpCheckCase *evidence, CpCheckFinding *finding)
{
    const CpFileTimes *directory = &evidence->after->directory, *newest = &evidence->after->newest;
    const CpFileTimes *cache = &evidence->after->cache;
    g_autofree char *time = utc(directory->mtime_ns);
    gint64 probe_ns = evidence->fresh[0]->took_ns;

    if (seconds(directory->mtime_ns) <= IMAGE_TIME_MAX_S) {
        add(finding, "frozen-stamps",
            "the module directory %s has the time %s, which its image gives to all: libvirt cannot see that another "
            "image is "
            "in its place",
            directory->path, time);
    } else if (newest->path && newest->ctime_ns > directory->mtime_ns) {
        g_autofree char *changed = utc(newest->ctime_ns);
        /* Who puts back the time of the directory changes the directory last. */
        add(finding, directory->ctime_ns >= newest->ctime_ns ? "mtime-kept" : "content-changed",
            "the module directory %s is older (%s) than its newest module %s (changed %s), and libvirt looks at the "
            "directory's time alone",
            directory->path, time, newest->path, changed);
    } else if (seconds(directory->ctime_ns) > seconds(directory->mtime_ns)) {
        g_autofree char *changed = utc(directory->ctime_ns);
        add(finding, "mtime-kept",
            "the module directory %s was changed (%s), but its time was put back to %s, which libvirt looks at",
            directory->path, changed, time);
    }
    /* The probe may have taken twice as long then. It began at the earliest with the second of the change. */
    if (cache->exists && cache->mtime_ns >= directory->mtime_ns &&
        cache->mtime_ns - directory->mtime_ns <= 2 * probe_ns + CP_NS_PER_S) {
        g_autofree char *saved = utc(cache->mtime_ns);
        add(finding, "same-second",
            "the module directory %s was last changed (%s) just before libvirt saved what it knows (%s): libvirt does "
            "not see "
            "a change during its probe, or one in the same second before or after another",
            directory->path, time, saved);
    }
}

static void
explain_directory(const CpCheckCase *evidence, const Stamps *stamps, CpCheckFinding *finding)
{
    const CpFileTimes *directory = &evidence->after->directory;
    if (!directory->path || !evidence->after->cached)
        return;
    if (!directory->exists) {
        if (stamps->directory_mtime_s)
            add(finding, "directory-vanished",
                "the module directory %s is missing; libvirt checks its time only if there is one", directory->path);
    } else if (seconds(directory->mtime_ns) == stamps->directory_mtime_s) {
        explain_unchanged_time(evidence, finding);
    } else {
        add(finding, "outdated",
            "what libvirt keeps on disk was noted for another time of the module directory %s: libvirt will probe when "
            "it "
            "is restarted",
            directory->path);
    }
}

/* --- what else there is --- */

static gboolean
has_kvm(const char *document)
{
    return document && strstr(document, "<flag name=\"kvm\">");
}

static void
explain_others(const CpCheckCase *evidence, const Stamps *stamps, CpCheckFinding *finding)
{
    const CpHostTimes *host = evidence->after;
    const char *fresh = evidence->fresh[0]->document;
    if (evidence->missing_library)
        add(finding, "backing-library-changed",
            "the library %s, which the module %s needs, is missing: libvirt does not look at libraries",
            evidence->missing_library, evidence->missing_for);
    if (host->emulator_is_script)
        add(finding, "wrapper-emulator", "%s is a script, and libvirt does not see changes of what it starts",
            host->emulator.path);
    if (stamps->emulator_ctime_s && host->emulator.exists &&
        seconds(host->emulator.ctime_ns) != stamps->emulator_ctime_s)
        add(finding, "outdated",
            "what libvirt keeps on disk was noted for another time of %s: libvirt will probe when it is restarted",
            host->emulator.path);
    if (evidence->cached && fresh && has_kvm(evidence->cached) != has_kvm(fresh))
        add(finding, "kvm-unseen", "libvirt probed when KVM was %s, and now it is %s",
            has_kvm(evidence->cached) ? "usable" : "not usable", has_kvm(fresh) ? "usable" : "not");
}

/* Whether the answer is wrong although what is on disk is right, so that a daemon that is started again would be right. */
static gboolean
is_only_in_memory(const CpCheckCase *evidence, const CpCheckFinding *finding)
{
    const char *fresh = evidence->fresh[0]->document;
    return finding->verdict == CP_CHECK_STALE && evidence->cached && fresh && g_str_equal(evidence->cached, fresh);
}

/* --- what helps --- */

/* A client starts a user's daemon when it needs one. */
#define END_OF_USER "pkill -u $(id -u) -x %s"

char *
cp_check_restart(const CpLiveDaemon *daemon)
{
    return g_strdup_printf(daemon->of_user ? END_OF_USER : "systemctl restart %s", daemon->service);
}

/* Returns the commands that have libvirt forget what it keeps in the file. */
static char *
forget(const char *cache, const CpLiveDaemon *daemon)
{
    return daemon->of_user ? g_strdup_printf(END_OF_USER "; rm -f %s", daemon->service, cache)
                           : g_strdup_printf("systemctl stop %s && rm -f %s && systemctl start %s", daemon->service,
                                             cache, daemon->service);
}

static void
set_cure(const CpCheckCase *evidence, const CpLiveDaemon *daemon, CpCheckFinding *finding)
{
    const CpHostTimes *host = evidence->after;
    /* To a user, the directory is read-only. */
    gboolean can_touch = host->directory.exists && !host->directory_is_read_only && !daemon->of_user;
    g_autofree char *directory = can_touch ? g_shell_quote(host->directory.path) : NULL;
    g_autofree char *cache = host->cache.path ? g_shell_quote(host->cache.path) : NULL;
    if (finding->verdict == CP_CHECK_FAILED || is_only_in_memory(evidence, finding))
        finding->cure = cp_check_restart(daemon);
    else if (directory)
        /* libvirt looks at the time when it is asked next, and probes: its daemon need not be restarted. */
        finding->cure = g_strdup_printf("touch %s", directory);
    else if (cache)
        finding->cure = forget(cache, daemon);
}

void
cp_check_explain(const CpCheckCase *evidence, const CpLiveDaemon *daemon, CpCheckFinding *finding)
{
    if (finding->verdict == CP_CHECK_FRESH || finding->verdict == CP_CHECK_UNKNOWN)
        return;
    Stamps stamps = read_stamps(evidence);
    if (is_only_in_memory(evidence, finding)) {
        add(finding, "memory",
            "what libvirt keeps on disk is right: the daemon has something else in its memory, or other settings than "
            "its qemu.conf has now");
    } else {
        explain_directory(evidence, &stamps, finding);
        explain_others(evidence, &stamps, finding);
    }
    set_cure(evidence, daemon, finding);
}
