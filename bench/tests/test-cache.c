/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of judge/cache.h. */
#include "judge/cache.h"

#include <string.h>

/* What a word stands for: "-" is nothing, "?" is unknown, anything else is content. */
static CpCached
cached(const char *word)
{
    if (g_str_equal(word, "-"))
        return (CpCached){ CP_CACHED_NOTHING, NULL };
    if (g_str_equal(word, "?"))
        return (CpCached){ CP_CACHED_UNKNOWN, NULL };
    return (CpCached){ CP_CACHED_CONTENT, word };
}

static const char *
word_of(CpCached cached)
{
    return cached.kind == CP_CACHED_NOTHING ? "-" : cached.kind == CP_CACHED_UNKNOWN ? "?" : cached.content;
}

/*
 * A row is a list of what happens, separated by commas:
 *
 *   read OUTCOME EMULATORS LIVE[+LIVE] DISK   OUTCOME: "lost", "error" or the answer; afterwards DISK is on disk
 *   ask DISK                                  something else is asked
 *   cache DISK, drop DISK, restart            operations
 *
 * and what the refreshes were, then what is in memory and on disk.
 */
static const struct {
    gboolean noted;
    const char *events, *refreshes, *caches;
} rows[] = {
    { TRUE, "read a 1 a a", "needed", "a a" },
    { TRUE, "read a 1 a a,read a 0 a a", "needed none", "a a" },
    { TRUE, "read a 1 a a,read a 1 a a", "needed spurious", "a a" },
    { TRUE, "read a 1 a a,read b 1 b b", "needed needed", "b b" },
    /* some state that was live is another than what was cached */
    { TRUE, "read a 1 a a,read a 1 b+a a", "needed needed", "a a" },
    { TRUE, "read a 1 a a,read a 1 a+a a", "needed spurious", "a a" },
    { TRUE, "read a 1 a a,read a 1 a+? a", "needed unknown", "a a" },
    { TRUE, "read a 1 a a,read a 1 ?+b b", "needed needed", "b b" },
    /* the truth is an error, for which nothing is cached */
    { TRUE, "read a 1 a a,read error 1 - -", "needed needed", "- -" },
    { TRUE, "read a 1 a a,read error 1 - -,read a 1 a a", "needed needed needed", "a a" },
    { TRUE, "read error 1 - -,read error 1 - -", "needed needed", "- -" },
    { TRUE, "read a 1 a a,read lost 0 a a,read a 1 a a", "needed none spurious", "a a" },
    { TRUE, "read a 1 a a,read lost 1 a -,read a 1 a a", "needed spurious needed", "a a" },
    /* the question fails, but what it needs was found out and saved */
    { TRUE, "read error 2 a a,read error 0 a a", "needed none", "? a" },
    { TRUE, "read error 2 a a,read a 1 a a", "needed spurious", "a a" },
    /* without an emulator, an error tells only whether the document was removed */
    { TRUE, "read a 1 a a,read error 0 a -,read a 1 a a", "needed none needed", "a a" },
    { TRUE, "read a 1 a a,read error 0 a a,read a 1 a a", "needed none unknown", "a a" },
    { TRUE, "read error 0 - -,read a 1 a a", "none needed", "a a" },
    /* memory goes with the process, the disk with the cache */
    { TRUE, "read a 1 a a,restart,read a 1 a a", "needed spurious", "a a" },
    { TRUE, "read a 1 a a,restart,read a 0 a a,drop -,read a 1 a a", "needed none spurious", "a a" },
    { TRUE, "read a 1 a a,drop -,restart,read a 1 a a", "needed needed", "a a" },
    { TRUE, "read a 1 a a,cache b,read a 1 a a", "needed spurious", "a a" },
    { TRUE, "read a 1 a a,cache b,restart,read a 1 a a", "needed needed", "a a" },
    { TRUE, "read a 1 a a,cache a,restart,read a 1 a a", "needed spurious", "a a" },
    { TRUE, "cache a,read a 0 a a", "none", "a a" },
    /* what is on disk may have been loaded, if it is not the same */
    { TRUE, "read a 1 a a,cache b,read b 0 b b", "needed none", "? b" },
    { TRUE, "read a 1 a a,cache b,read b 0 b b,read b 1 b b", "needed none unknown", "b b" },
    { TRUE, "read a 1 a a,cache a,read a 0 a a", "needed none", "a a" },
    /* nothing can be saved: the document stays as it was, or there is none */
    { TRUE, "read a 1 a a,read b 1 b a", "needed needed", "? a" },
    { TRUE, "read a 1 a a,read b 1 b a,read b 1 b a", "needed needed unknown", "? a" },
    { TRUE, "read a 1 a -,read a 1 a -", "needed unknown", "? -" },
    { TRUE, "read a 1 a -,restart,read a 1 a -", "needed needed", "? -" },
    /* another question may have filled memory */
    { TRUE, "ask a,read a 1 a a", "unknown", "a a" },
    { TRUE, "ask a,restart,read a 1 a a", "spurious", "a a" },
    { TRUE, "ask a lost,read a 1 a a", "spurious", "a a" },

    /* the history does not note what is on disk: answers take the place of documents */
    { FALSE, "read a 1 a -", "needed", "a a" },
    { FALSE, "read a 1 a -,restart,read a 0 a -,drop -,read a 1 a -", "needed none spurious", "a a" },
    { FALSE, "read a 1 a -,drop -,restart,read a 1 a -", "needed needed", "a a" },
    { FALSE, "read a 1 a -,cache -,restart,read a 1 a -", "needed unknown", "a ?" },
    { FALSE, "read a 1 a -,cache -,read a 1 a -,restart,read a 1 a -", "needed spurious unknown", "a ?" },
    { FALSE, "read a 1 a -,read error 1 - -,read a 1 a -", "needed needed needed", "a a" },
    { FALSE, "read a 1 a -,read lost 1 a -", "needed spurious", "- ?" },
    { FALSE, "read a 1 a -,read lost 0 a -,read a 1 a -", "needed none spurious", "a a" },
    { FALSE, "read a 1 a -,ask -,read a 1 a -", "needed unknown", "a a" },
};

static CpRefresh
do_read(CpCache *cache, char **words)
{
    g_auto(GStrv) states = g_strsplit(words[3], "+", -1);
    CpCached live[4];
    CpCacheRead read = { .emulators = atoi(words[2]), .disk = cached(words[4]), .live = live };
    read.lost = g_str_equal(words[1], "lost");
    read.answered = !read.lost && !g_str_equal(words[1], "error");
    read.answer = read.answered ? cached(words[1]) : cached("-");
    for (; states[read.n_live]; read.n_live++)
        live[read.n_live] = cached(g_intern_string(states[read.n_live]));
    return cp_cache_read(cache, &read);
}

static void
do_event(CpCache *cache, const char *event, GString *refreshes)
{
    g_auto(GStrv) words = g_strsplit(event, " ", -1);
    /* The model borrows contents. */
    char *kept[6] = { NULL };
    for (guint i = 0; words[i]; i++)
        kept[i] = (char *)g_intern_string(words[i]);

    if (g_str_equal(kept[0], "read"))
        g_string_append_printf(refreshes, "%s%s", refreshes->len ? " " : "", cp_refresh_name(do_read(cache, kept)));
    else if (g_str_equal(kept[0], "ask"))
        cp_cache_read_other(cache, kept[2] != NULL, cached(kept[1]));
    else if (g_str_equal(kept[0], "restart"))
        cp_cache_operate(cache, CP_EFFECT_PROCESS, FALSE, cached("-"));
    else
        cp_cache_operate(cache, CP_EFFECT_CACHE, g_str_equal(kept[0], "drop"), cached(kept[1]));
}

static void
test_rows(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(GStrv) events = g_strsplit(rows[i].events, ",", -1);
        g_autoptr(GString) refreshes = g_string_new(NULL);
        CpCache cache;
        cp_cache_begin(&cache, rows[i].noted);
        g_test_message("%s", rows[i].events);
        for (char **event = events; *event; event++)
            do_event(&cache, *event, refreshes);
        g_autofree char *caches = g_strdup_printf("%s %s", word_of(cache.memory), word_of(cache.disk));
        g_assert_cmpstr(refreshes->str, ==, rows[i].refreshes);
        g_assert_cmpstr(caches, ==, rows[i].caches);
    }
}

static void
test_names(void)
{
    CpRefresh refresh;
    for (CpRefresh i = 0; i < CP_REFRESH_LAST; i++) {
        g_assert_true(cp_refresh_parse(cp_refresh_name(i), &refresh));
        g_assert_cmpint(refresh, ==, i);
    }
    g_assert_false(cp_refresh_parse("wanted", &refresh));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cache/rows", test_rows);
    g_test_add_func("/cache/names", test_names);
    return g_test_run();
}
