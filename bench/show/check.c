/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a check of a live host found, for people and as JSON. */
#include "show/check.h"

#include "base/text.h"
#include "show/json-text.h"

#define FACTS_MAX 20 /* of one difference, unless all of it is asked for */

/* --- for people --- */

/* Prints the facts that begin with `sign`, after `head`. */
static void
print_facts(const char *head, char sign, GStrv difference, gboolean whole, FILE *out)
{
    guint n = 0;
    for (char **line = difference; *line; line++) {
        if (**line != sign)
            continue;
        if (n == 0)
            cp_text_print_line(out, "  %s", head);
        if (whole || n < FACTS_MAX)
            cp_text_print_line(out, "    %s", *line + 2);
        n++;
    }
    if (!whole && n > FACTS_MAX)
        cp_text_print_line(out, "    and %u more, which --whole shows", n - FACTS_MAX);
}

static void
print_finding(const CpCheckFinding *finding, gboolean whole, FILE *out)
{
    static const char *const summaries[CP_CHECK_LAST] = {
        [CP_CHECK_FRESH] = "libvirt says what a fresh probe says",
        [CP_CHECK_HIDDEN] = "libvirt says what a fresh probe says, but keeps something else on disk",
        [CP_CHECK_STALE] = "libvirt does not say what a fresh probe says",
        [CP_CHECK_FAILED] = "libvirt fails",
        [CP_CHECK_UNKNOWN] = "that cannot be told",
    };
    cp_text_print_line(out, "%s, %s: %s: %s", finding->emulator, finding->arch, cp_check_verdict_name(finding->verdict),
                       summaries[finding->verdict]);
    if (finding->why)
        cp_text_print_line(out, "  %s", finding->why);
    print_facts("true, but not said:", '-', finding->answer, whole, out);
    print_facts("said, but not true:", '+', finding->answer, whole, out);
    if (finding->verdict == CP_CHECK_HIDDEN || whole) {
        print_facts("true, but not on disk:", '-', finding->document, whole, out);
        print_facts("on disk, but not true:", '+', finding->document, whole, out);
    }
    if (finding->document_unknown)
        cp_text_print_line(out, "  what libvirt keeps on disk was not compared: %s", finding->document_unknown);
    for (guint i = 0; i < finding->causes->len; i++) {
        const CpCheckCause *cause = finding->causes->pdata[i];
        cp_text_print_line(out, "  cause: %s (%s)", cause->text, cause->id);
    }
    if (finding->verdict == CP_CHECK_STALE && finding->causes->len == 0)
        cp_text_print_line(out, "  cause: not known; nothing that libvirt looks at has changed since it probed");
    if (finding->cure)
        cp_text_print_line(out, "  cure:  %s", finding->cure);
}

void
cp_check_print_text(const CpCheckReport *report, gboolean whole, FILE *out)
{
    for (guint i = 0; i < report->findings->len; i++)
        print_finding(report->findings->pdata[i], whole, out);
}

/* --- for programs --- */

static void
add_text(JsonObject *object, const char *name, const char *text)
{
    if (text)
        json_object_set_string_member(object, name, text);
    else
        json_object_set_null_member(object, name);
}

static void
add_lines(JsonObject *object, const char *name, GStrv lines)
{
    JsonArray *array = json_array_new();
    for (char **line = lines; *line; line++)
        json_array_add_string_element(array, *line);
    json_object_set_array_member(object, name, array);
}

static JsonObject *
finding_to_json(const CpCheckFinding *finding)
{
    JsonObject *object = json_object_new();
    JsonArray *causes = json_array_new();
    for (guint i = 0; i < finding->causes->len; i++) {
        const CpCheckCause *cause = finding->causes->pdata[i];
        JsonObject *row = json_object_new();
        json_object_set_string_member(row, "id", cause->id);
        json_object_set_string_member(row, "text", cause->text);
        json_array_add_object_element(causes, row);
    }
    json_object_set_string_member(object, "emulator", finding->emulator);
    json_object_set_string_member(object, "arch", finding->arch);
    json_object_set_string_member(object, "verdict", cp_check_verdict_name(finding->verdict));
    add_text(object, "why", finding->why);
    add_lines(object, "answer", finding->answer);
    add_lines(object, "document", finding->document);
    add_text(object, "document_unknown", finding->document_unknown);
    json_object_set_array_member(object, "causes", causes);
    add_text(object, "cure", finding->cure);
    return object;
}

void
cp_check_print_json(const CpCheckReport *report, FILE *out)
{
    JsonObject *object = json_object_new();
    JsonArray *findings = json_array_new();
    for (guint i = 0; i < report->findings->len; i++)
        json_array_add_object_element(findings, finding_to_json(report->findings->pdata[i]));
    json_object_set_string_member(object, "schema", "capprobe.check/1");
    json_object_set_array_member(object, "emulators", findings);
    add_text(object, "problem", report->problem);

    cp_json_print(json_node_init_object(json_node_alloc(), object), out);
    json_object_unref(object);
}
