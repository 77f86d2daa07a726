/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The order of events: what a history cannot tell without a contradiction. */
#include "judge/order.h"

#include "judge/settle.h"

/* More clients than this no history can have. */
#define CLIENTS_MAX 65536

struct _CpOrder {
    GHashTable *variants;                 /* the names of those told */
    GHashTable *scenarios;                /* the names of those told */
    GHashTable *tried;                    /* the names of those that had a round, with their variant */
    GHashTable *digests;                  /* of answers and documents told, with "a" or "d" and their variant */
    gboolean begun;                       /* there was an event after `history` and `variant` events */
    char *scenario;                       /* of the present round, NULL between rounds */
    char *variant;                        /* of the present round, NULL between rounds and if there is only one */
    gboolean read;                        /* the round has had a read */
    gboolean settling;                    /* the reads of a settle have begun */
    gint64 settle_line;                   /* its line */
    gint64 rounds_end_ns;                 /* of the last round */
    gint64 begin_ns, last_ns;             /* of the present round: its begin, and the latest time in it */
    gint64 operation_end_ns, read_end_ns; /* of the last of each in the round */
    GArray *clients;                    /* of gint64: when the last read of each client ended; NULL unless they read */
    gint64 clients_line, clients_reads; /* their step, and how many reads they have made */
};

CpOrder *
cp_order_new(void)
{
    CpOrder *order = g_new0(CpOrder, 1);
    order->variants = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    order->scenarios = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    order->tried = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    order->digests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return order;
}

void
cp_order_free(CpOrder *order)
{
    if (!order)
        return;
    g_hash_table_unref(order->variants);
    g_hash_table_unref(order->scenarios);
    g_hash_table_unref(order->tried);
    g_hash_table_unref(order->digests);
    g_clear_pointer(&order->clients, g_array_unref);
    g_free(order->scenario);
    g_free(order->variant);
    g_free(order);
}

/* What `kind` of thing a variant has under this name. The caller owns it. */
static char *
key_of(const char *kind, const char *variant, const char *name)
{
    return g_strdup_printf("%s%s:%s", kind, variant ? variant : "", name);
}

static const char *
add_variant(CpOrder *order, const char *variant)
{
    if (order->begun)
        return "a 'variant' after other events";
    return g_hash_table_add(order->variants, g_strdup(variant)) ? NULL : "a second variant of this name";
}

static const char *
check_variant(CpOrder *order, const CpEvent *event)
{
    order->begun |= event->type != CP_EVENT_HISTORY && event->type != CP_EVENT_VARIANT;
    if (!cp_event_is_of_variant(event->type))
        return NULL;
    if (!event->variant)
        return g_hash_table_size(order->variants) > 0 ? "does not say to which variant it belongs" : NULL;
    if (!g_hash_table_contains(order->variants, event->variant))
        return "refers to an unknown variant";
    if (order->scenario && !g_str_equal(event->variant, order->variant))
        return "belongs to another variant than the round that it is in";
    return NULL;
}

static gboolean
is_told(const CpOrder *order, const char *kind, const char *variant, const char *digest)
{
    if (!digest)
        return TRUE;
    g_autofree char *key = key_of(kind, variant, digest);
    return g_hash_table_contains(order->digests, key);
}

static const char *
check_references(const CpOrder *order, const CpEvent *event)
{
    const char *variant = event->variant ? event->variant : order->variant;
    if (event->type == CP_EVENT_ANSWER || event->type == CP_EVENT_DOCUMENT)
        return NULL;
    if (!is_told(order, "a", variant, event->answer))
        return "refers to an unknown answer";
    if (!is_told(order, "d", variant, event->document))
        return "refers to an unknown document";
    /* A profile is always of a cold probe, which the run need not have as a scenario. */
    if (event->type != CP_EVENT_SCENARIO && event->type != CP_EVENT_PROFILE && event->scenario &&
        !g_hash_table_contains(order->scenarios, event->scenario))
        return "refers to an unknown scenario";
    return NULL;
}

static const char *
begin_round(CpOrder *order, const CpEvent *round)
{
    if (order->scenario)
        return "a round within a round";
    if (round->begin_ns < order->rounds_end_ns)
        return "a round that began before the last one had ended";
    order->scenario = g_strdup(round->scenario);
    order->variant = g_strdup(round->variant);
    g_hash_table_add(order->tried, key_of("", round->variant, round->scenario));
    order->read = FALSE;
    order->begin_ns = order->last_ns = order->operation_end_ns = order->read_end_ns = round->begin_ns;
    return NULL;
}

static void
close_round(CpOrder *order, gint64 end_ns)
{
    order->rounds_end_ns = end_ns;
    g_clear_pointer(&order->clients, g_array_unref);
    g_clear_pointer(&order->scenario, g_free);
    g_clear_pointer(&order->variant, g_free);
}

static const char *
end_round(CpOrder *order, const CpEvent *end)
{
    if (order->clients && end->type == CP_EVENT_ROUND_END)
        return "a round that ended while clients read";
    if (end->end_ns < order->begin_ns)
        return "a round that ended before it began";
    if (end->end_ns < order->last_ns)
        return "a round that ended before what happened in it";
    close_round(order, end->end_ns);
    return NULL;
}

/* A scenario is skipped before its first round, in the middle of a round, or when its truths are learned again. */
static const char *
check_skip(CpOrder *order, const CpEvent *skip)
{
    g_autofree char *key = key_of("", skip->variant, skip->scenario);
    if (skip->again && (order->scenario || skip->needs))
        return skip->needs ? "a 'skip' because of 'needs', but 'again'" : "a 'skip' with 'again' within a round";
    if (skip->again)
        return NULL;
    if (!order->scenario)
        return g_hash_table_contains(order->tried, key)
                   ? "a 'skip' after a round of the scenario, expected it within the round that was broken off"
                   : NULL;
    if (!g_str_equal(order->scenario, skip->scenario))
        return "a 'skip' within a round of another scenario";
    if (skip->needs)
        return "a 'skip' because of 'needs' within a round";
    close_round(order, order->last_ns);
    return NULL;
}

static const char *
begin_clients(CpOrder *order, const CpEvent *clients)
{
    if (order->clients)
        return "clients that read while others do";
    if (clients->clients < 1 || clients->clients > CLIENTS_MAX)
        return "too few or too many clients";
    if (clients->begin_ns < MAX(order->read_end_ns, order->operation_end_ns))
        return "clients that began before what is before them had ended";
    order->clients = g_array_sized_new(FALSE, FALSE, sizeof(gint64), clients->clients);
    for (gint64 i = 0; i < clients->clients; i++)
        g_array_append_val(order->clients, clients->begin_ns);
    order->clients_line = clients->line;
    order->clients_reads = 0;
    order->last_ns = MAX(order->last_ns, clients->begin_ns);
    return NULL;
}

static const char *
end_clients(CpOrder *order, const CpEvent *end)
{
    if (!order->clients || end->line != order->clients_line)
        return "a 'clients-end' without its 'clients'";
    if (end->end_ns < order->last_ns)
        return "clients that ended before what happened meanwhile";
    if (end->reads != order->clients_reads)
        return "another number of reads than clients made: some are missing, or are told twice";
    g_clear_pointer(&order->clients, g_array_unref);
    order->last_ns = order->read_end_ns = order->operation_end_ns = end->end_ns;
    return NULL;
}

/* The reads of a client follow each other, beside all others. */
static const char *
check_client(CpOrder *order, const CpEvent *read)
{
    if (!order->clients || read->client > order->clients->len)
        return "the read of a client that is not there";
    if (read->line != order->clients_line)
        return "the read of a client of another step";
    gint64 *end_ns = &g_array_index(order->clients, gint64, read->client - 1);
    if (read->begin_ns < *end_ns)
        return "began before the read of the same client before it had ended";
    *end_ns = read->end_ns;
    order->clients_reads++;
    order->last_ns = MAX(order->last_ns, read->end_ns);
    return NULL;
}

static const char *
check_times(CpOrder *order, const CpEvent *event)
{
    gboolean read = event->type == CP_EVENT_READ;
    if (read && event->client > 0)
        return check_client(order, event);
    if (event->begin_ns < order->begin_ns)
        return "began before its round";
    if (event->begin_ns < order->read_end_ns)
        return "began before the read before it had ended";
    if (!read && event->begin_ns < order->operation_end_ns)
        return "began before the operation before it had ended";
    *(read ? &order->read_end_ns : &order->operation_end_ns) = event->end_ns;
    order->last_ns = MAX(order->last_ns, event->end_ns);
    order->read |= read && !order->clients;
    return NULL;
}

/* Checks that the reads of a settle follow each other up to its end, unless the round is given up. */
static const char *
check_settle(CpOrder *order, const CpEvent *event, gboolean in_round)
{
    gboolean read = event->type == CP_EVENT_READ && g_str_equal(event->name, CP_SETTLE_READ);
    gboolean end = event->type == CP_EVENT_SETTLE;
    gboolean given_up = event->type == CP_EVENT_UNTESTABLE || event->type == CP_EVENT_SKIP;
    if (end && !order->settling)
        return "a 'settle' without a read of that name before it";
    if (order->settling && in_round && !given_up && ((!read && !end) || event->line != order->settle_line))
        return "the reads of a 'settle' are not followed by its end";
    if (in_round || given_up) {
        order->settling = read;
        order->settle_line = event->line;
    }
    return NULL;
}

static const char *
note(GHashTable *table, char *name)
{
    g_hash_table_add(table, name);
    return NULL;
}

const char *
cp_order_check(CpOrder *order, const CpEvent *event)
{
    const char *missing = check_variant(order, event);
    if (!missing)
        missing = check_references(order, event);
    gboolean in_round = event->type == CP_EVENT_OPERATION || event->type == CP_EVENT_READ ||
                        event->type == CP_EVENT_SETTLE || event->type == CP_EVENT_EXPECT ||
                        event->type == CP_EVENT_ROUND_END || event->type == CP_EVENT_UNTESTABLE ||
                        event->type == CP_EVENT_CLIENTS || event->type == CP_EVENT_CLIENTS_END;
    if (missing)
        return missing;
    if (in_round && !order->scenario)
        return "an event of a round, outside a round";
    const char *unsettled = check_settle(order, event, in_round);
    if (unsettled)
        return unsettled;

    switch (event->type) {
    case CP_EVENT_VARIANT:
        return add_variant(order, event->variant);
    case CP_EVENT_SCENARIO:
        if (g_hash_table_contains(order->scenarios, event->scenario))
            return "a second scenario of this name";
        return note(order->scenarios, g_strdup(event->scenario));
    case CP_EVENT_ANSWER:
        return note(order->digests, key_of("a", event->variant, event->answer));
    case CP_EVENT_DOCUMENT:
        return note(order->digests, key_of("d", event->variant, event->document));
    case CP_EVENT_SKIP:
        return check_skip(order, event);
    case CP_EVENT_ROUND:
        return begin_round(order, event);
    case CP_EVENT_ROUND_END:
    case CP_EVENT_UNTESTABLE:
        return end_round(order, event);
    case CP_EVENT_OPERATION:
    case CP_EVENT_READ:
        return check_times(order, event);
    case CP_EVENT_CLIENTS:
        return begin_clients(order, event);
    case CP_EVENT_CLIENTS_END:
        return end_clients(order, event);
    case CP_EVENT_EXPECT:
        return order->read ? NULL : "an 'expect' without a 'read' before it in its round";
    case CP_EVENT_PROFILE:
        return order->scenario ? "a profile within a round" : NULL;
    case CP_EVENT_SETTLE:
    case CP_EVENT_HISTORY:
    case CP_EVENT_TRUTH:
    case CP_EVENT_END:
    case CP_EVENT_LAST:
        break;
    }
    return NULL;
}
