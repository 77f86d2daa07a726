/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shards: the parts of some work that several calls share. */
#include "base/shard.h"

gboolean
cp_shard_parse(const char *text, CpShard *shard)
{
    *shard = (CpShard){ 1, 1 };
    if (!text)
        return TRUE;
    g_auto(GStrv) parts = g_strsplit(text, "/", -1);
    return g_strv_length(parts) == 2 &&
           g_ascii_string_to_unsigned(parts[1], 10, 1, CP_SHARDS_MAX, &shard->count, NULL) &&
           g_ascii_string_to_unsigned(parts[0], 10, 1, shard->count, &shard->number, NULL);
}

gboolean
cp_shard_has(CpShard shard, guint index)
{
    return index % shard.count == shard.number - 1;
}
