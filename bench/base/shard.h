/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shards: the parts of some work that several calls share. */
#pragma once

#include <glib.h>

/** More shards than this are refused. */
#define CP_SHARDS_MAX 1000

/** Part `number` of `count`, counted from 1. The whole is 1 of 1. */
typedef struct {
    guint64 number, count;
} CpShard;

/** Reads "I/N", with I from 1 to N. NULL is the whole. Returns FALSE if the text is anything else. */
gboolean cp_shard_parse(const char *text, CpShard *shard);

/** Returns whether the piece of work at `index`, counted from 0, is part of the shard: each Nth, from the Ith on. */
gboolean cp_shard_has(CpShard shard, guint index);
