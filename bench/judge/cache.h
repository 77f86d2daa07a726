/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A model of libvirt's two caches of one emulator's capabilities: in memory and on disk. */
/*
 * libvirt takes what it has in memory, or else what is on disk (virFileCacheLoad). If that is not valid any more, it
 * drops it from both and starts emulators (virFileCacheValidate). If they answer, it keeps the new document in memory and
 * tries to save it (virFileCacheNewData); if they do not, it keeps nothing.
 *
 * What is on disk is known if the history notes it, else it is modelled as well, from answers in place of documents.
 */
#pragma once

#include "scenario/operation-table.h"

/** What libvirt's caches tell about a refresh, that is a read for which emulators were started. */
typedef enum {
    CP_REFRESH_NONE,     /* no emulator was started */
    CP_REFRESH_NEEDED,   /* nothing was cached, or something else than the truth of a state that was live */
    CP_REFRESH_SPURIOUS, /* what was cached was the truth of all states that were live */
    CP_REFRESH_UNKNOWN,  /* the history does not tell */
    CP_REFRESH_LAST
} CpRefresh;

/** Returns "none", "needed", "spurious" or "unknown". */
const char *cp_refresh_name(CpRefresh refresh);

/** Sets the refresh of this name. Returns FALSE if no refresh has it. */
gboolean cp_refresh_parse(const char *name, CpRefresh *refresh);

typedef enum { CP_CACHED_NOTHING, CP_CACHED_CONTENT, CP_CACHED_UNKNOWN } CpCachedKind;

/** What a cache holds. `content` is canonical text, borrowed; it must live as long as the model. */
typedef struct {
    CpCachedKind kind;
    const char *content; /* NULL unless the kind is CP_CACHED_CONTENT */
} CpCached;

typedef struct {
    CpCached memory, disk;
    gboolean noted;     /* the history notes what is on disk */
    gboolean uncertain; /* it does not, and it is not known whether libvirt can save */
} CpCache;

/** How a read ended. */
typedef struct {
    gboolean answered, lost; /* neither: it ended in an error */
    gint64 emulators;        /* that were started */
    CpCached disk;           /* afterwards, if it is noted */
    CpCached answer;         /* what the answer says, if it is not noted */
    const CpCached *live;    /* the truths of the states that were live */
    guint n_live;
} CpCacheRead;

/** Returns whether both are known and hold the same. */
gboolean cp_cached_equal(CpCached a, CpCached b);

/** Empties both caches, as at the begin of a round. */
void cp_cache_begin(CpCache *cache, gboolean noted);

/** An operation of this effect was done. `dropped`: it removed what was on disk. `disk`: what is there afterwards, if
 * that is noted. */
void cp_cache_operate(CpCache *cache, CpEffect effect, gboolean dropped, CpCached disk);

/** Returns what libvirt has when it is asked: what is in memory, or else on disk. */
CpCached cp_cache_offered(const CpCache *cache);

/** Judges whether the read was a needed refresh, and follows what it did to the caches. */
CpRefresh cp_cache_read(CpCache *cache, const CpCacheRead *read);

/** Something else was asked, which may have filled the caches, or it is not known what was on disk meanwhile. `lost`: libvirt was lost, and what it had in memory too. */
void cp_cache_read_other(CpCache *cache, gboolean lost, CpCached disk);
