/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A model of libvirt's two caches of one emulator's capabilities: in memory and on disk. */
#include "judge/cache.h"

static const CpCached nothing = { CP_CACHED_NOTHING, NULL }, unknown = { CP_CACHED_UNKNOWN, NULL };

const char *
cp_refresh_name(CpRefresh refresh)
{
    static const char *const names[] = {
        [CP_REFRESH_NONE] = "none",
        [CP_REFRESH_NEEDED] = "needed",
        [CP_REFRESH_SPURIOUS] = "spurious",
        [CP_REFRESH_UNKNOWN] = "unknown",
    };
    return names[refresh];
}

gboolean
cp_refresh_parse(const char *name, CpRefresh *refresh)
{
    for (*refresh = 0; *refresh < CP_REFRESH_LAST; (*refresh)++) {
        if (g_str_equal(name, cp_refresh_name(*refresh)))
            return TRUE;
    }
    return FALSE;
}

gboolean
cp_cached_equal(CpCached a, CpCached b)
{
    return a.kind == b.kind && a.kind != CP_CACHED_UNKNOWN &&
           (a.kind == CP_CACHED_NOTHING || g_str_equal(a.content, b.content));
}

void
cp_cache_begin(CpCache *cache, gboolean noted)
{
    *cache = (CpCache){ .noted = noted };
}

void
cp_cache_operate(CpCache *cache, CpEffect effect, gboolean dropped, CpCached disk)
{
    if (effect == CP_EFFECT_PROCESS)
        cache->memory = nothing;
    if (effect != CP_EFFECT_CACHE && effect != CP_EFFECT_ANY)
        return;
    if (cache->noted) {
        cache->disk = disk;
    } else if (dropped) {
        cache->disk = nothing;
    } else {
        cache->disk = unknown;
        cache->uncertain = TRUE;
    }
}

CpCached
cp_cache_offered(const CpCache *cache)
{
    return cache->memory.kind == CP_CACHED_NOTHING ? cache->disk : cache->memory;
}

static CpRefresh
judge_refresh(CpCached offered, const CpCacheRead *read)
{
    gboolean all_known = TRUE;
    if (read->emulators == 0)
        return CP_REFRESH_NONE;
    if (offered.kind == CP_CACHED_NOTHING)
        return CP_REFRESH_NEEDED;
    if (offered.kind == CP_CACHED_UNKNOWN)
        return CP_REFRESH_UNKNOWN;
    for (guint i = 0; i < read->n_live; i++) {
        gboolean known = read->live[i].kind != CP_CACHED_UNKNOWN;
        if (known && !cp_cached_equal(offered, read->live[i]))
            return CP_REFRESH_NEEDED;
        all_known &= known;
    }
    return all_known ? CP_REFRESH_SPURIOUS : CP_REFRESH_UNKNOWN;
}

static gboolean
is_live(const CpCacheRead *read, CpCached cached)
{
    for (guint i = 0; i < read->n_live; i++) {
        if (cp_cached_equal(read->live[i], cached))
            return TRUE;
    }
    return FALSE;
}

/* Returns what is in memory after emulators were started, if the disk is noted. If the document there is the same as
 * before and is not right, it may not have been possible to save another. */
static CpCached
memory_after_refresh(const CpCacheRead *read, CpCached disk_before)
{
    if (read->disk.kind == CP_CACHED_NOTHING)
        return read->answered ? unknown : nothing;
    gboolean saved = !cp_cached_equal(read->disk, disk_before);
    return saved || (read->answered && is_live(read, read->disk)) ? read->disk : unknown;
}

/* Returns what is in memory after an answer for which no emulator was started. If what was in memory was not valid any
 * more, libvirt has loaded what is on disk; the history does not tell which of both it was. */
static CpCached
memory_after_hit(const CpCache *cache, CpCached offered)
{
    gboolean either = cache->noted && cache->disk.kind == CP_CACHED_CONTENT && !cp_cached_equal(offered, cache->disk);
    return either ? unknown : offered;
}

/* Returns what is in memory after an error for which no emulator was started. If libvirt removed the document on disk, it
 * dropped both. */
static CpCached
memory_after_error(const CpCache *cache, const CpCacheRead *read, CpCached offered)
{
    gboolean removed = cache->noted && cache->disk.kind != CP_CACHED_NOTHING && read->disk.kind == CP_CACHED_NOTHING;
    return removed || offered.kind == CP_CACHED_NOTHING ? nothing : unknown;
}

/* Follows a read whose history does not note what is on disk. */
static void
follow_disk(CpCache *cache, const CpCacheRead *read)
{
    if (read->emulators == 0)
        return;
    if (cache->uncertain || read->lost)
        cache->disk = unknown;
    else
        cache->disk = read->answered ? read->answer : nothing;
}

CpRefresh
cp_cache_read(CpCache *cache, const CpCacheRead *read)
{
    CpCached offered = cp_cache_offered(cache);
    CpRefresh refresh = judge_refresh(offered, read);

    if (read->lost)
        cache->memory = nothing;
    else if (read->emulators == 0)
        cache->memory = read->answered ? memory_after_hit(cache, offered) : memory_after_error(cache, read, offered);
    else if (cache->noted)
        cache->memory = memory_after_refresh(read, cache->disk);
    else
        cache->memory = read->answered ? read->answer : nothing;

    if (cache->noted)
        cache->disk = read->disk;
    else
        follow_disk(cache, read);
    return refresh;
}

void
cp_cache_read_other(CpCache *cache, gboolean lost, CpCached disk)
{
    cache->memory = lost ? nothing : unknown;
    cache->disk = cache->noted ? disk : unknown;
}
