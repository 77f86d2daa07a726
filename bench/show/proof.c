/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Proof: the reads that show a known defect, as text. */
#include "show/proof.h"

#include "base/text.h"

struct _CpProof {
    GString *text; /* borrowed */
    gboolean done; /* a round has shown the defect */
    char *read;    /* the last read, as text; NULL if it was printed */
};

CpProof *
cp_proof_new(GString *text)
{
    CpProof *proof = g_new0(CpProof, 1);
    proof->text = text;
    proof->done = text->len > 0;
    return proof;
}

void
cp_proof_free(CpProof *proof)
{
    if (!proof)
        return;
    g_free(proof->read);
    g_free(proof);
}

static void
append_line(GString *text, const char *indent, const char *line)
{
    g_autofree char *printable = cp_text_printable(line);
    g_string_append_printf(text, "%s%s\n", indent, printable);
}

/* Describes a read: its line, its verdict, and how its answer differs from the truth. The caller owns the text. */
static char *
describe(const CpFinding *finding)
{
    const CpEvent *event = finding->event;
    GString *text = g_string_new(NULL);
    g_autofree char *line = g_strdup_printf(
        "line %" G_GINT64_FORMAT ": %s is %s%s, %s refresh, emulators: %" G_GINT64_FORMAT, event->line, event->name,
        cp_verdict_name(finding->verdict), finding->hidden ? " (but what is on disk is not)" : "",
        finding->refresh == CP_REFRESH_NONE ? "no" : cp_refresh_name(finding->refresh), event->emulators);
    append_line(text, "  ", line);
    g_auto(GStrv) lines = cp_finding_lines(finding, CP_FINDING_LINES, "");
    for (char **difference = lines; *difference; difference++)
        append_line(text, "      ", *difference);
    return g_string_free(text, FALSE);
}

void
cp_proof_add(const CpFinding *finding, gpointer data)
{
    CpProof *proof = data;
    const CpEvent *event = finding->event;

    if (event->type == CP_EVENT_ROUND)
        proof->done = proof->text->len > 0;
    if (proof->done)
        return;
    if (event->type == CP_EVENT_READ) {
        g_free(proof->read);
        proof->read = describe(finding);
    } else if (event->type == CP_EVENT_EXPECT && finding->defect && finding->expected == CP_EXPECTED_HOLDS) {
        g_autofree char *wanted = g_strjoinv(" ", event->args);
        g_autofree char *line =
            g_strdup_printf("line %" G_GINT64_FORMAT ": expect %s: the defect shows", event->line, wanted);
        g_string_append(proof->text, proof->read ? proof->read : "");
        g_clear_pointer(&proof->read, g_free);
        append_line(proof->text, "  ", line);
    }
}
