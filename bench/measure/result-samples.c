/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Results: samples read from JSON without a tree of it. */
#include "measure/result-samples.h"

#include <string.h>

#define KEY "\"samples\""
#define DIGITS_MAX 18 /* any number of that many fits into 64 bits */
#define WORD_MAX 100

void
cp_samples_free(gpointer data)
{
    CpSamples *samples = data;
    g_array_unref(samples->samples);
    g_string_chunk_free(samples->labels);
    g_free(samples);
}

/* The text that is left; it ends with a NUL, which nothing below goes beyond. */
static void
skip_blanks(char **at)
{
    *at += strspn(*at, " \t\r\n");
}

/* Takes `token` and the blanks around it. */
static gboolean
take(char **at, const char *token)
{
    skip_blanks(at);
    gsize length = strlen(token);
    if (strncmp(*at, token, length) != 0)
        return FALSE;
    *at += length;
    skip_blanks(at);
    return TRUE;
}

static gboolean
take_key(char **at, const char *key)
{
    return take(at, key) && take(at, ":");
}

static gboolean
take_number(char **at, gint64 *number)
{
    gsize digits = strspn(*at, "0123456789");
    if (digits == 0 || digits > DIGITS_MAX || (**at == '0' && digits > 1))
        return FALSE;
    *number = 0;
    for (; digits > 0; digits--)
        *number = *number * 10 + *(*at)++ - '0';
    return TRUE;
}

/* Takes a string of printable ASCII without escapes, which is all that labels and verdicts mostly are. */
static gboolean
take_word(char **at, char word[WORD_MAX + 1])
{
    if (**at != '"')
        return FALSE;
    gsize length = 0;
    for (++*at; **at != '"'; ++*at) {
        if (!g_ascii_isprint(**at) || **at == '\\' || length == WORD_MAX)
            return FALSE;
        word[length++] = **at;
    }
    word[length] = '\0';
    ++*at;
    return TRUE;
}

static gboolean
take_label(char **at, CpSamples *samples, const char **label)
{
    char word[WORD_MAX + 1];
    *label = NULL;
    if (take(at, "null"))
        return TRUE;
    if (!take_word(at, word))
        return FALSE;
    *label = g_string_chunk_insert_const(samples->labels, word);
    return TRUE;
}

/* Takes the costs that a sample has, in their order. */
static gboolean
take_costs(char **at, CpCosts *costs)
{
    CpCost cost = 0;
    while (take(at, ",")) {
        char name[WORD_MAX + 1];
        gint64 figure;
        if (!take_word(at, name) || !take(at, ":") || !take_number(at, &figure))
            return FALSE;
        while (cost < CP_COST_LAST && !g_str_equal(name, cp_cost_name(cost)))
            cost++;
        if (cost == CP_COST_LAST)
            return FALSE;
        cp_costs_set(costs, cost++, figure);
    }
    return TRUE;
}

static gboolean
take_sample(char **at, CpSamples *samples)
{
    CpSample sample = { 0 };
    char verdict[WORD_MAX + 1], refresh[WORD_MAX + 1];
    if (!take(at, "{") || !take_key(at, "\"round\"") || !take_number(at, &sample.round) || !take(at, ",") ||
        !take_key(at, "\"line\"") || !take_number(at, &sample.line) || !take(at, ",") || !take_key(at, "\"label\"") ||
        !take_label(at, samples, &sample.label) || !take(at, ",") || !take_key(at, "\"verdict\"") ||
        !take_word(at, verdict) || !take(at, ",") || !take_key(at, "\"refresh\"") || !take_word(at, refresh) ||
        !take(at, ",") || !take_key(at, "\"ns\"") || !take_number(at, &sample.ns) || !take_costs(at, &sample.costs) ||
        !take(at, "}") || !cp_verdict_parse(verdict, &sample.verdict) || !cp_refresh_parse(refresh, &sample.refresh))
        return FALSE;
    g_array_append_val(samples->samples, sample);
    return TRUE;
}

/* Takes what is between the brackets of an array. */
static gboolean
take_samples(char **at, CpSamples *samples)
{
    skip_blanks(at);
    if (**at == ']')
        return TRUE;
    while (take_sample(at, samples)) {
        if (**at == ']')
            return TRUE;
        if (!take(at, ","))
            return FALSE;
    }
    return FALSE;
}

/* Where an array is in the text: after its '[', and at its ']'. */
typedef struct {
    char *begin, *end;
} Place;

GPtrArray *
cp_samples_take(char *text, gsize length)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(cp_samples_free);
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(Place));
    if (strlen(text) != length)
        return NULL;
    for (char *at = strstr(text, KEY); at; at = strstr(at, KEY)) {
        CpSamples *samples = g_new(CpSamples, 1);
        samples->samples = g_array_new(FALSE, FALSE, sizeof(CpSample));
        samples->labels = g_string_chunk_new(64);
        g_ptr_array_add(all, samples);
        Place place;
        if (!take_key(&at, KEY) || *at != '[')
            return NULL;
        place.begin = ++at;
        if (!take_samples(&at, samples))
            return NULL;
        place.end = at;
        g_array_append_val(places, place);
    }
    char *to = text, *from = text;
    for (guint i = 0; i < places->len; i++) {
        const Place *place = &g_array_index(places, Place, i);
        memmove(to, from, place->begin - from);
        to += place->begin - from;
        from = place->end;
    }
    memmove(to, from, strlen(from) + 1);
    return g_steal_pointer(&all);
}
