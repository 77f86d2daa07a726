/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An explanation of a run, step by step: what libvirt compared before each answer, and what is true. */
#include "show/explain.h"

#include "base/text.h"

#define INDENT "                        "

/* What virQEMUCapsIsValid() compares, in its order, as far as stamps tell it. */
static const struct {
    const char *name, *text;
    gboolean is_time;
} checks[] = {
    { "module_dir", "module directory, mtime", TRUE },
    { "libvirt", "libvirt's driver, ctime", TRUE },
    { "emulator", "emulator, ctime", TRUE },
    { "kvm", "KVM", FALSE },
};

/* Returns the text of a stamp, in the form that is shown; NULL if there is none. The caller owns it. */
static char *
stamp(JsonObject *object, const char *name, gboolean is_time)
{
    JsonNode *node = json_object_get_member(object, name);
    const char *text = node && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_string(node) : NULL;
    g_autoptr(GDateTime) time = text && is_time ? g_date_time_new_from_unix_utc(g_ascii_strtoll(text, NULL, 10)) : NULL;
    return time ? g_date_time_format(time, "%F %T") : g_strdup(text);
}

static void
print_check(gsize i, JsonObject *host, JsonObject *cached, FILE *out)
{
    g_autofree char *there = stamp(host, checks[i].name, checks[i].is_time);
    g_autofree char *kept = stamp(cached, checks[i].name, checks[i].is_time);
    const char *outcome = !there                             ? "not compared: it does not exist"
                          : g_str_equal(there, "restricted") ? "depends on the emulator's user"
                          : g_strcmp0(there, kept) == 0      ? "same"
                                                             : "differs: libvirt must probe";
    cp_text_print_line(out, INDENT "  %-24s  %-19s  %-19s  %s", checks[i].text, there ? there : "-", kept ? kept : "-",
                       outcome);
}

static JsonObject *
part(JsonObject *stamps, const char *name)
{
    JsonNode *node = stamps ? json_object_get_member(stamps, name) : NULL;
    return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

void
cp_explain_read(const CpEvent *read, FILE *out)
{
    JsonObject *host = part(read->stamps, "host"), *cached = part(read->stamps, "cached");
    if (host && !cached)
        cp_text_print_line(out, INDENT "  there was no cache file");
    if (!host || !cached)
        return;
    cp_text_print_line(out, INDENT "  %-24s  %-19s  %s", "libvirt compares", "on the host", "in the cache file");
    for (gsize i = 0; i < G_N_ELEMENTS(checks); i++)
        print_check(i, host, cached, out);
}

void
cp_explain_add(const CpFinding *finding, gpointer detail)
{
    cp_detail_add(finding, detail);
    if (finding->event->type != CP_EVENT_READ)
        return;
    if (finding->lines && *finding->lines && finding->verdict != CP_VERDICT_FAILED)
        cp_text_print_line(stdout,
                           INDENT "  (+ is in the answer and not in the truth, - in the truth and not in the answer)");
    cp_explain_read(finding->event, stdout);
}
