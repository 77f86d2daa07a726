/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A judgement in detail: the findings step by step. */
#include "show/detail.h"

#include <stdlib.h>

#include "base/duration.h"
#include "base/text.h"
#include "show/settles.h"

#define INDENT "                        "

/* When the step of `event` began, after the begin of the round, and its line. The caller owns it. */
static char *
place_of(const CpEvent *event, gint64 round_ns)
{
    gint64 at_ns = event->type == CP_EVENT_CLIENTS_END ? event->end_ns : event->begin_ns;
    g_autofree char *time = g_strdup_printf("%.3f s", MAX(at_ns - round_ns, 0) / (double)CP_NS_PER_S);
    return g_strdup_printf("  %8s  line %-4" G_GINT64_FORMAT, event->type == CP_EVENT_EXPECT ? "" : time, event->line);
}

/* Prints the line of a step: its word, its arguments and its outcome. */
static void
print_step(FILE *out, const CpEvent *event, gint64 round_ns, const char *word, const char *outcome)
{
    g_autofree char *place = place_of(event, round_ns);
    g_autofree char *args = event->args ? g_strjoinv(" ", event->args) : g_strdup("");
    g_autofree char *step = g_strdup_printf("%s %s", word, args);
    g_autofree char *line = g_strdup_printf("%s %-34s %s", place, step, outcome);
    cp_text_print_line(out, "%s", g_strchomp(line));
}

static void
print_operation(const CpFinding *finding, gint64 round_ns, FILE *out)
{
    CpEffect effect = CP_EFFECT_NONE;
    cp_effect_parse(finding->event->effect, &effect);
    const char *truth = !finding->known    ? "truth unknown"
                        : finding->hidden  ? "only the cached document changed"
                        : finding->changed ? "truth changed"
                                           : "truth unchanged";
    print_step(out, finding->event, round_ns, finding->event->name, cp_effect_is_state(effect) ? truth : "");
}

static void
print_read(const CpFinding *finding, gint64 round_ns, FILE *out)
{
    const CpEvent *event = finding->event;
    g_autofree char *latency = cp_duration_format(event->end_ns - event->begin_ns);
    g_autofree char *name = event->label                      ? g_strdup_printf("%s \"%s\"", event->name, event->label)
                            : g_str_equal(event->name, "ask") ? g_strdup_printf("%s %s", event->name, event->question)
                                                              : g_strdup(event->name);
    g_autofree char *refresh = g_strdup_printf("%s refresh, emulators: %" G_GINT64_FORMAT,
                                               cp_refresh_name(finding->refresh), event->emulators);

    g_autofree char *place = place_of(event, round_ns);
    cp_text_print_line(out, "%s %-20s %12s  %-7s %s", place, name, latency, cp_verdict_name(finding->verdict),
                       finding->refresh != CP_REFRESH_NONE ? refresh : "no refresh");
}

static void
print_expectation(const CpFinding *finding, FILE *out)
{
    static const char *const right[] = {
        [CP_EXPECTED_HOLDS] = "holds",
        [CP_EXPECTED_FAILS] = "does not hold, seen:",
        [CP_EXPECTED_UNKNOWN] = "cannot be judged:",
        [CP_EXPECTED_MISTAKE] = "is wrong:",
    };
    static const char *const wrong[] = {
        [CP_EXPECTED_HOLDS] = "the defect shows",
        [CP_EXPECTED_FAILS] = "the defect does not show, seen:",
        [CP_EXPECTED_UNKNOWN] = "cannot be judged:",
        [CP_EXPECTED_MISTAKE] = "is wrong:",
    };
    print_step(out, finding->event, 0, "expect", (finding->defect ? wrong : right)[finding->expected]);
}

static void
print_settle(const CpFinding *finding, gint64 round_ns, FILE *out)
{
    g_autofree char *outcome = cp_settle_describe(finding);
    print_step(out, finding->event, round_ns, "settled", outcome);
}

static void
print_clients(const CpEvent *event, gint64 round_ns, FILE *out)
{
    g_autofree char *begun = g_strdup_printf(
        "%" G_GINT64_FORMAT " of them, each with %" G_GINT64_FORMAT " reads per second", event->clients, event->rate);
    g_autofree char *ended =
        g_strdup_printf("reads: %" G_GINT64_FORMAT ", emulators: %" G_GINT64_FORMAT, event->reads, event->emulators);
    if (event->type == CP_EVENT_CLIENTS)
        print_step(out, event, round_ns, "clients", begun);
    else
        print_step(out, event, round_ns, "clients ended", ended);
}

static void
print_finding(const CpFinding *finding, gint64 round_ns, gboolean whole, FILE *out)
{
    /* A settle reads again and again. */
    if (finding->again && finding->refresh == CP_REFRESH_NONE)
        return;
    /* Of the many reads of clients only those are of interest that are not right. */
    if (finding->event->client > 0 && finding->verdict == CP_VERDICT_FRESH)
        return;
    if (finding->event->type == CP_EVENT_OPERATION)
        print_operation(finding, round_ns, out);
    else if (finding->event->type == CP_EVENT_READ)
        print_read(finding, round_ns, out);
    else if (finding->event->type == CP_EVENT_SETTLE)
        print_settle(finding, round_ns, out);
    else if (finding->event->type == CP_EVENT_EXPECT)
        print_expectation(finding, out);
    else if (finding->event->type == CP_EVENT_CLIENTS || finding->event->type == CP_EVENT_CLIENTS_END)
        print_clients(finding->event, round_ns, out);

    g_auto(GStrv) lines = cp_finding_lines(finding, whole ? G_MAXUINT : CP_FINDING_LINES, ", which --whole shows");
    for (char **line = lines; *line; line++)
        cp_text_print_line(out, INDENT "%s", *line);
}

typedef struct {
    gint64 reads, verdicts[CP_VERDICT_LAST], hidden, unheld;
    gint64 excused, never; /* stale reads of settles, and settles that were never right */
} Totals;

/* What is printed about a variant. Rounds of variants alternate, but each variant is printed as a whole. */
typedef struct {
    char *name; /* NULL for the only one */
    FILE *out;  /* memory; for the only one that of the detail */
    char *text; /* what is in that memory */
    size_t size;
    char *shown;           /* the scenario under whose name lines are printed, or NULL */
    Totals totals, before; /* before: at the begin of the round */
} Section;

struct _CpDetail {
    gboolean whole;
    FILE *out;
    GHashTable *files;   /* names of scenarios to their files */
    GPtrArray *sections; /* of Section; the first is for the only variant */
    gint64 round_ns;     /* when the round began */
};

static void
section_free(gpointer data)
{
    Section *section = data;
    if (section->name)
        fclose(section->out);
    free(section->text);
    g_free(section->name);
    g_free(section->shown);
    g_free(section);
}

static Section *
add_section(CpDetail *detail, const char *variant)
{
    Section *section = g_new0(Section, 1);
    section->name = g_strdup(variant);
    section->out = variant ? open_memstream(&section->text, &section->size) : detail->out;
    g_assert(section->out);
    g_ptr_array_add(detail->sections, section);
    return section;
}

static Section *
section_of(const CpDetail *detail, const char *variant)
{
    for (guint i = 0; i < detail->sections->len; i++) {
        Section *section = detail->sections->pdata[i];
        if (g_strcmp0(section->name, variant) == 0)
            return section;
    }
    return detail->sections->pdata[0];
}

CpDetail *
cp_detail_new(gboolean whole, FILE *out)
{
    CpDetail *detail = g_new0(CpDetail, 1);
    detail->whole = whole;
    detail->out = out;
    detail->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    detail->sections = g_ptr_array_new_with_free_func(section_free);
    add_section(detail, NULL);
    return detail;
}

void
cp_detail_free(CpDetail *detail)
{
    if (!detail)
        return;
    g_hash_table_unref(detail->files);
    g_ptr_array_unref(detail->sections);
    g_free(detail);
}

static void
count(const CpFinding *finding, Totals *totals)
{
    if (finding->event->type == CP_EVENT_READ) {
        totals->reads++;
        totals->verdicts[finding->verdict] += !finding->excused;
        totals->excused += finding->excused;
        totals->hidden += finding->hidden;
    }
    totals->never += finding->event->type == CP_EVENT_SETTLE && finding->settle.settled == CP_SETTLED_NEVER;
    totals->unheld +=
        finding->event->type == CP_EVENT_EXPECT && !finding->defect && finding->expected == CP_EXPECTED_FAILS;
}

static void
print_scenario(const CpDetail *detail, Section *section, const char *name)
{
    if (g_strcmp0(section->shown, name) == 0)
        return;
    g_free(section->shown);
    section->shown = g_strdup(name);
    cp_text_print_line(section->out, "%s%s%s (%s)", section->name ? section->name : "", section->name ? ": " : "", name,
                       (const char *)g_hash_table_lookup(detail->files, name));
}

/* Says that the round up to here does not count. */
static void
drop_round(Section *section, const char *why, const char *error)
{
    section->totals = section->before;
    cp_text_print_line(section->out, "  this round does not count: %s%s", why, error);
}

void
cp_detail_add(const CpFinding *finding, gpointer data)
{
    CpDetail *detail = data;
    const CpEvent *event = finding->event;
    Section *section = section_of(detail, finding->variant);

    switch (event->type) {
    case CP_EVENT_VARIANT:
        add_section(detail, event->variant);
        break;
    case CP_EVENT_SCENARIO:
        g_hash_table_replace(detail->files, g_strdup(event->scenario), g_strdup(event->file));
        break;
    case CP_EVENT_SKIP:
        print_scenario(detail, section, event->scenario);
        if (finding->in_round)
            drop_round(section, "it was broken off", "");
        cp_text_print_line(section->out, "  cannot be tested here: %s", event->error);
        break;
    case CP_EVENT_ROUND:
        print_scenario(detail, section, event->scenario);
        section->before = section->totals;
        detail->round_ns = event->begin_ns;
        cp_text_print_line(section->out, " round %" G_GINT64_FORMAT, event->round);
        break;
    case CP_EVENT_UNTESTABLE:
        drop_round(section, "", event->error);
        break;
    default:
        count(finding, &section->totals);
        print_finding(finding, detail->round_ns, detail->whole, section->out);
        break;
    }
}

/* Returns the totals of a section as one line. The caller owns it. */
static GString *
describe_totals(const Section *section)
{
    const Totals *totals = &section->totals;
    GString *line = g_string_new(section->name ? section->name : "");
    g_string_append(line, section->name ? ": " : "");
    if (totals->reads == 0)
        g_string_append(line, "no reads");
    else
        g_string_append_printf(line, "%" G_GINT64_FORMAT " read%s:", totals->reads, totals->reads == 1 ? "" : "s");

    const char *separator = " ";
    for (CpVerdict verdict = 0; verdict < CP_VERDICT_LAST; verdict++) {
        if (totals->verdicts[verdict] == 0)
            continue;
        g_string_append_printf(line, "%s%" G_GINT64_FORMAT " %s", separator, totals->verdicts[verdict],
                               cp_verdict_name(verdict));
        separator = ", ";
    }
    if (totals->hidden > 0)
        g_string_append_printf(line, "; with a wrong document on disk: %" G_GINT64_FORMAT, totals->hidden);
    if (totals->excused > 0)
        g_string_append_printf(line, "; stale while settling: %" G_GINT64_FORMAT, totals->excused);
    if (totals->never > 0)
        g_string_append_printf(line, "; not right within the limit: %" G_GINT64_FORMAT, totals->never);
    if (totals->unheld > 0)
        g_string_append_printf(line, "; expectations that do not hold: %" G_GINT64_FORMAT, totals->unheld);
    return line;
}

static void
print_sections(const CpDetail *detail)
{
    for (guint i = 1; i < detail->sections->len; i++) {
        Section *section = detail->sections->pdata[i];
        fflush(section->out);
        fwrite(section->text, 1, section->size, detail->out);
    }
    fputs("\n", detail->out);
}

void
cp_detail_finish(CpDetail *detail, const CpJudgement *judgement)
{
    gboolean several = detail->sections->len > 1;
    print_sections(detail);
    for (char **difference = judgement->differences; *difference; difference++)
        cp_text_print_line(detail->out, "%s", *difference);
    for (guint i = several; i < detail->sections->len; i++) {
        g_autoptr(GString) line = describe_totals(detail->sections->pdata[i]);
        if (!several && *judgement->error)
            g_string_append_printf(line, "; the run is not complete: %s", judgement->error);
        cp_text_print_line(detail->out, "%s", line->str);
    }
    if (several && *judgement->error)
        cp_text_print_line(detail->out, "the run is not complete: %s", judgement->error);
    for (char **note = judgement->notes; *note; note++)
        cp_text_print_line(detail->out, "%s", *note);
    if (*judgement->reason && !judgement->cut_off)
        cp_text_print_line(detail->out, "%s: %s",
                           judgement->exit == CP_EXIT_FAILED  ? "not to be relied on"
                           : judgement->exit == CP_EXIT_USAGE ? "the scenario is wrong"
                                                              : "undecided",
                           judgement->reason);
}
