/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Expectations: whether what a scenario expects of a read is so. */
#include "judge/expectation.h"

#include <string.h>

#include "base/text.h"

#define SHOWN_VALUES 20

struct _CpExpectations {
    GHashTable *files;   /* name of a scenario to its file */
    GHashTable *answers; /* question to a set of digests: the answers to it, as truths and to reads */
    CpEvent *read;       /* what is needed of it; NULL before the first one */
    CpReadFinding finding;
};

static void
set_free(gpointer set)
{
    g_hash_table_unref(set);
}

CpExpectations *
cp_expectations_new(void)
{
    CpExpectations *expectations = g_new0(CpExpectations, 1);
    expectations->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    expectations->answers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, set_free);
    return expectations;
}

void
cp_expectations_free(CpExpectations *expectations)
{
    if (!expectations)
        return;
    g_hash_table_unref(expectations->files);
    g_hash_table_unref(expectations->answers);
    cp_event_free(expectations->read);
    g_free(expectations);
}

void
cp_expectations_learn(CpExpectations *expectations, const CpEvent *event)
{
    if (event->type == CP_EVENT_SCENARIO)
        g_hash_table_replace(expectations->files, g_strdup(event->scenario), g_strdup(event->file));
    if ((event->type != CP_EVENT_TRUTH && event->type != CP_EVENT_READ) || !event->answer)
        return;
    GHashTable *digests = g_hash_table_lookup(expectations->answers, event->question);
    if (!digests) {
        digests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_hash_table_insert(expectations->answers, g_strdup(event->question), digests);
    }
    if (!g_hash_table_contains(digests, event->answer))
        g_hash_table_add(digests, g_strdup(event->answer));
}

void
cp_expectations_read(CpExpectations *expectations, const CpEvent *read, CpReadFinding finding)
{
    cp_event_free(expectations->read);
    CpEvent *copy = expectations->read = cp_event_new(CP_EVENT_READ);
    copy->question = g_strdup(read->question);
    copy->answer = g_strdup(read->answer);
    copy->error = g_strdup(read->error);
    copy->lost = g_strdup(read->lost);
    copy->emulators = read->emulators;
    expectations->finding = finding;
}

gboolean
cp_expectation_is_defect(const char *const *args)
{
    return g_str_equal(args[0], "defect") || g_str_equal(args[0], "lost") ||
           (g_str_equal(args[0], "verdict") && !g_str_equal(args[1], "fresh")) ||
           (g_str_equal(args[0], "cache") && g_str_equal(args[1], "stale")) ||
           (g_str_equal(args[0], "refresh") && g_str_equal(args[1], "spurious"));
}

/* --- elements --- */

/* Returns the answers to the question of the read, of const CpAnswer *. The caller owns the array. */
static GPtrArray *
answers_of(const CpExpectations *expectations, const CpTruths *truths)
{
    GPtrArray *answers = g_ptr_array_new();
    GHashTable *digests = g_hash_table_lookup(expectations->answers, expectations->read->question);
    GHashTableIter iter;
    gpointer digest;

    if (digests)
        g_hash_table_iter_init(&iter, digests);
    while (digests && g_hash_table_iter_next(&iter, &digest, NULL)) {
        const CpAnswer *answer = cp_truths_answer(truths, digest);
        if (answer)
            g_ptr_array_add(answers, (gpointer)answer);
    }
    return answers;
}

/* Returns a sorted copy of a set of strings, which must begin with `prefix`. The caller owns it. */
static GPtrArray *
sort(GHashTable *set, const char *prefix)
{
    GPtrArray *sorted = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    gpointer string;
    g_hash_table_iter_init(&iter, set);
    while (g_hash_table_iter_next(&iter, &string, NULL)) {
        if (g_str_has_prefix(string, prefix))
            g_ptr_array_add(sorted, g_strdup(string));
    }
    g_ptr_array_sort(sorted, cp_text_compare);
    return sorted;
}

/* Returns the elements that `path` names in the answers, sorted; one alone, if its whole path is `path`. */
static GPtrArray *
find_elements(const GPtrArray *answers, const char *path)
{
    g_autoptr(GHashTable) found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < answers->len; i++)
        cp_answer_find(answers->pdata[i], path, found);
    if (g_hash_table_contains(found, path)) {
        g_hash_table_remove_all(found);
        g_hash_table_add(found, g_strdup(path));
    }
    return sort(found, "");
}

/* Returns what a person may have meant by `path`: elements in the same outermost element, or all if there are none. */
static GPtrArray *
list_similar(const GPtrArray *answers, const char *path)
{
    g_autoptr(GHashTable) all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *outermost = g_strndup(path, strcspn(path, "/") + 1);
    for (guint i = 0; i < answers->len; i++)
        cp_answer_list(answers->pdata[i], all);
    GPtrArray *similar = sort(all, outermost);
    if (similar->len > 0)
        return similar;
    g_ptr_array_unref(similar);
    return sort(all, "");
}

/* Returns whether all answers say that the element around `path` is not supported, so that there is nothing in it. */
static gboolean
is_unsupported(const GPtrArray *answers, const char *path)
{
    g_autofree char *around = g_path_get_dirname(path);
    g_autofree char *supported = g_strconcat(around, "/supported", NULL);
    g_autoptr(GPtrArray) elements = find_elements(answers, supported);
    for (guint i = 0; i < answers->len && elements->len > 0; i++) {
        if (cp_answer_has(answers->pdata[i], elements->pdata[0], "yes"))
            return FALSE;
    }
    return elements->len == 1;
}

/* Finds the element that `path` names. Sets `element` to its path, or to NULL if nothing is like it on this host, or if `path`
 * is a mistake: then sets `mistake` to what there is instead. The caller owns both. */
static void
find_element(const GPtrArray *answers, const char *path, char **element, char **mistake)
{
    g_autoptr(GPtrArray) elements = find_elements(answers, path);
    gboolean none = elements->len == 0;
    g_autoptr(GPtrArray) similar = none ? list_similar(answers, path) : NULL;
    *element = elements->len == 1 ? g_strdup(elements->pdata[0]) : NULL;
    *mistake = NULL;
    if (elements->len == 1 || (none && (similar->len == 0 || is_unsupported(answers, path))))
        return;
    const GPtrArray *there = none ? similar : elements;
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_printf(text, "%s '%s', expected one of", none ? "no answer has an element" : "several elements are called",
                    path);
    for (guint i = 0; i < there->len; i++)
        g_string_append_printf(text, "%s %s", i > 0 ? "," : ":", (char *)there->pdata[i]);
    *mistake = g_string_free(g_steal_pointer(&text), FALSE);
}

/* --- what was seen --- */

static char *
describe_read(const CpEvent *read)
{
    if (read->lost)
        return g_strdup_printf("lost: %s", read->lost);
    return read->error ? g_strdup_printf("error: %s", read->error)
                       : g_strdup_printf("an answer; emulators started: %" G_GINT64_FORMAT, read->emulators);
}

static char *
describe_values(const CpAnswer *answer, const char *element)
{
    g_auto(GStrv) values = cp_answer_values(answer, element);
    guint n = g_strv_length(values), rest = n > SHOWN_VALUES ? n - SHOWN_VALUES : 0;
    for (guint i = n - rest; i < n; i++)
        g_clear_pointer(&values[i], g_free);
    g_autofree char *list = g_strjoinv(", ", values);
    return rest > 0 ? g_strdup_printf("%s: %s and %u more", element, list, rest)
                    : g_strdup_printf("%s: %s", element, n > 0 ? list : "no values");
}

static CpExpected
compare(gboolean known, gboolean equal)
{
    return !known ? CP_EXPECTED_UNKNOWN : equal ? CP_EXPECTED_HOLDS : CP_EXPECTED_FAILS;
}

/* Judges `has` and `lacks`. */
static CpExpected
judge_value(const CpExpectations *expectations,
            const CpTruths *truths,
            const char *scenario,
            const CpEvent *event,
            const char *const *args,
            char **seen)
{
    const CpAnswer *answer = cp_truths_answer(truths, expectations->read->answer);
    g_autoptr(GPtrArray) answers = answers_of(expectations, truths);
    g_autofree char *element = NULL, *mistake = NULL;
    find_element(answers, args[1], &element, &mistake);
    if (mistake) {
        *seen = g_strdup_printf("%s:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT ": %s",
                                (const char *)g_hash_table_lookup(expectations->files, scenario), event->line,
                                MAX(event->column, 1), mistake);
        return CP_EXPECTED_MISTAKE;
    }
    *seen = answer && element ? describe_values(answer, element) : describe_read(expectations->read);
    gboolean has = answer && element && cp_answer_has(answer, element, args[2]);
    return compare(TRUE, answer && has == g_str_equal(args[0], "has"));
}

static CpExpected
judge_on_disk(CpOnDisk on_disk, const char *expected, char **seen)
{
    static const char *const names[] = {
        [CP_ON_DISK_UNKNOWN] = "what libvirt keeps on disk in this state is not known",
        [CP_ON_DISK_NOTHING] = "libvirt keeps nothing on disk",
        [CP_ON_DISK_FRESH] = "fresh",
        [CP_ON_DISK_STALE] = "stale",
    };
    *seen = g_strdup(names[on_disk]);
    return compare(on_disk != CP_ON_DISK_UNKNOWN, g_str_equal(names[on_disk], expected));
}

/* `failed` is about errors: what is lost is expected as `lost`. */
static CpExpected
judge_verdict(const CpExpectations *expectations, const char *expected, char **seen)
{
    const char *name = cp_verdict_name(expectations->finding.verdict);
    g_autofree char *end = describe_read(expectations->read);
    *seen = expectations->read->answer ? g_strdup(name) : g_strdup_printf("%s: %s", name, end);
    return compare(expectations->finding.verdict != CP_VERDICT_UNKNOWN,
                   !expectations->read->lost && g_str_equal(name, expected));
}

static CpExpected
judge(const CpExpectations *expectations,
      const CpTruths *truths,
      const char *scenario,
      const CpEvent *event,
      const char *const *args,
      char **seen)
{
    const CpEvent *read = expectations->read;
    const char *kind = args[0];

    if (g_str_equal(kind, "defect"))
        return judge(expectations, truths, scenario, event, args + 1, seen);
    if (g_str_equal(kind, "has") || g_str_equal(kind, "lacks"))
        return judge_value(expectations, truths, scenario, event, args, seen);
    if (g_str_equal(kind, "verdict"))
        return judge_verdict(expectations, args[1], seen);
    if (g_str_equal(kind, "cache"))
        return judge_on_disk(expectations->finding.on_disk, args[1], seen);
    if (g_str_equal(kind, "refresh")) {
        const char *name = cp_refresh_name(expectations->finding.refresh);
        *seen = g_strdup_printf("%s; emulators started: %" G_GINT64_FORMAT, name, read->emulators);
        return compare(expectations->finding.refresh != CP_REFRESH_UNKNOWN, g_str_equal(name, args[1]));
    }

    *seen = describe_read(read);
    if (g_str_equal(kind, "answer"))
        return compare(TRUE, read->answer != NULL);
    if (g_str_equal(kind, "error"))
        return compare(TRUE, read->error != NULL);
    if (g_str_equal(kind, "lost"))
        return compare(TRUE, read->lost != NULL);
    return compare(TRUE, read->emulators == g_ascii_strtoll(args[1], NULL, 10));
}

CpExpected
cp_expectations_judge(const CpExpectations *expectations,
                      const CpTruths *truths,
                      const char *scenario,
                      const CpEvent *event,
                      GStrv *lines)
{
    g_autofree char *seen = NULL;
    CpExpected expected = judge(expectations, truths, scenario, event, (const char *const *)event->args, &seen);
    *lines = expected == CP_EXPECTED_HOLDS ? NULL : g_strdupv((GStrv)(const char *[]){ seen, NULL });
    return expected;
}
