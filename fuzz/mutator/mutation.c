/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values and changes that documents and conversations have in common. */
#include "mutator/mutation.h"

#include "input/conversation-tree.h"
#include "world/fake-host.h"
#include "input/vocabulary.h"

/* Repetition does not make more siblings than this. */
#define SIBLINGS_MAX 2000

CpNode *
cp_mutation_node(CpMutation *mutation, CpNode *root)
{
    g_autoptr(GPtrArray) nodes = cp_tree_list(root);
    guint tries = 2;
    CpNode *node;

    /* Draw again, at most twice, if the node has neither attributes nor children: every document has many such texts. */
    do
        node = g_ptr_array_index(nodes, nodes->len > 1 ? 1 + below(mutation, nodes->len - 1) : 0);
    while (tries-- > 0 && node->attributes->len == 0 && node->children->len == 0);
    return node;
}

/* --- values --- */

static const char *const numbers[] = {
    "0",
    "1",
    "2",
    "3",
    "-1",
    "255",
    "256",
    "65535",
    "65536",
    "2147483647",
    "2147483648",
    "-2147483648",
    "4294967295",
    "4294967296",
    "-4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "",
    " 1",
    "1 ",
    "+1",
    "01",
    "0x10",
    "1.5",
    "1e3",
    "NaN",
    "many",
};

static const char *const hexes[] = {
    "0x0",        "0x1",        "0x7",         "0xd",        "0x80000000", "0x80000001", "0x80000007",
    "0x7fffffff", "0xffffffff", "0x100000000", "0x756e6547", "0x49656e69", "0x6c65746e", "0x306c3",
    "0x10a",      "0x480",      "-0x1",        "0",          "4294967295", "",           "0x",
};

static const char *const strings[] = {
    "",         " ",      "a",      "&lt;",     "&amp;",      "&apos;",       "&quot;",       "&gt;",   "&#9;",
    "&#10;",    "&#13;",  "&#127;", "&#xFFFD;", "&#x10FFFF;", "\xc3\xa9",     "%s%n",         "../x",   "]]&gt;",
    "kvm",      "host",   "max",    "base",     "vendor",     "GenuineIntel", "AuthenticAMD", "family", "model",
    "stepping", "x86_64", "s390x",  "aarch64",  "pc",         "q35",          "none",         "virt",   "pseries",
};

static const char *const machines[] = {
    "pc",         "q35",   "isapc", "microvm", "none", "virt", "pseries", "s390-ccw-virtio", "pc-i440fx-7.2",
    "pc-q35-7.2", "xenfv",
};

static const char *const accelerators[] = { "kvm", "tcg", "hvf", "qemu", "" };
static const char *const virt_types[] = { "qemu", "kvm", "hvf", "xen", "" };
static const char *const yes_no[] = { "yes", "no", "yes", "no", "maybe", "" };
static const char *const true_false[] = { "true", "false", "true", "false", "6", "60", "-1", "GenuineIntel" };
static const char *const cpudata_archs[] = { "x86", "ppc64", "arm", "x86", "" };
static const char *const host_states[] = { "absent", "usable", "root-only", "kept", "read-only", "" };

/* Returns a value from elsewhere in the document, so that one name can refer to another. */
static char *
value_elsewhere(CpMutation *mutation)
{
    CpNode *node = cp_mutation_node(mutation, mutation->root);

    if (node->attributes->len > 0) {
        const CpAttribute *attribute = g_ptr_array_index(node->attributes, below(mutation, node->attributes->len));

        return g_strdup(attribute->value);
    }
    return g_strdup(node->text ? node->text : "");
}

char *
cp_mutation_number(CpMutation *mutation)
{
    return one_in(mutation, 4) ? g_strdup_printf("%" G_GINT64_FORMAT, (gint64)chance(mutation) >> below(mutation, 64))
                               : g_strdup(ANY(mutation, numbers));
}

char *
cp_mutation_string(CpMutation *mutation)
{
    if (!one_in(mutation, 16))
        return g_strdup(ANY(mutation, strings));
    guint length = 1 << below(mutation, 14);
    return g_strnfill(length, 'a' + below(mutation, 26));
}

char *
cp_mutation_valid(CpMutation *mutation, CpKind kind)
{
    if (kind < CP_KIND_WORDS_END)
        return g_strdup(cp_vocabulary[kind].words[below(mutation, cp_vocabulary[kind].length)]);

    switch (kind) {
    case CP_KIND_ACCELERATOR:
        return g_strdup(accelerators[below(mutation, 2)]);
    case CP_KIND_VIRT_TYPE:
        return g_strdup(virt_types[below(mutation, 3)]);
    case CP_KIND_YES_NO:
        return g_strdup(yes_no[below(mutation, 2)]);
    case CP_KIND_TRUE_FALSE:
        return g_strdup(true_false[below(mutation, 2)]);
    case CP_KIND_CPUDATA_ARCH:
        return g_strdup(cpudata_archs[below(mutation, 2)]);
    case CP_KIND_HOST_STATE:
        return g_strdup(ANY(mutation, host_states));
    case CP_KIND_STEP:
        return g_strdup(one_in(mutation, 2) ? "ask" : "restart");
    case CP_KIND_MACHINE:
        return g_strdup(ANY(mutation, machines));
    case CP_KIND_NUMBER:
        return g_strdup_printf("%u", below(mutation, 1 << below(mutation, 31)));
    case CP_KIND_COUNT:
        return g_strdup_printf("%u", below(mutation, 1 << below(mutation, 17)));
    case CP_KIND_HEX:
        return g_strdup_printf("0x%x", (guint)chance(mutation) >> below(mutation, 32));
    case CP_KIND_STAMP:
    case CP_KIND_SELF_CTIME:
        return g_strdup_printf("%d", CP_FAKE_HOST_SELF_CTIME);
    case CP_KIND_SELF_VERSION:
        return g_strdup_printf("%lu", cp_vocabulary_version);
    default:
        return cp_mutation_string(mutation);
    }
}

char *
cp_mutation_doubtful(CpMutation *mutation, CpKind kind)
{
    switch (kind) {
    case CP_KIND_ACCELERATOR:
        return g_strdup(ANY(mutation, accelerators));
    case CP_KIND_VIRT_TYPE:
        return g_strdup(ANY(mutation, virt_types));
    case CP_KIND_YES_NO:
        return g_strdup(ANY(mutation, yes_no));
    case CP_KIND_TRUE_FALSE:
        return g_strdup(ANY(mutation, true_false));
    case CP_KIND_CPUDATA_ARCH:
        return g_strdup(ANY(mutation, cpudata_archs));
    case CP_KIND_HEX:
        return g_strdup(ANY(mutation, hexes));
    case CP_KIND_NUMBER:
    case CP_KIND_COUNT:
    case CP_KIND_STAMP:
    case CP_KIND_SELF_CTIME:
    case CP_KIND_SELF_VERSION:
        return cp_mutation_number(mutation);
    default:
        return cp_mutation_string(mutation);
    }
}

/* Valid values prevail: the loader rejects a document at the first invalid number. */
char *
cp_mutation_value(CpMutation *mutation, CpKind kind)
{
    if (one_in(mutation, 8))
        return value_elsewhere(mutation);
    return one_in(mutation, 4) ? cp_mutation_doubtful(mutation, kind) : cp_mutation_valid(mutation, kind);
}

/* --- changes to any tree --- */

void
cp_mutation_drop(CpMutation *mutation)
{
    CpNode *node = cp_mutation_node(mutation, mutation->root);

    if (node->parent)
        cp_tree_free(cp_tree_take(node));
}

static gboolean
is_within(const CpNode *node, const CpNode *ancestor)
{
    for (; node; node = node->parent) {
        if (node == ancestor)
            return TRUE;
    }
    return FALSE;
}

void
cp_mutation_move(CpMutation *mutation)
{
    CpNode *node = cp_mutation_node(mutation, mutation->root);
    CpNode *to = one_in(mutation, 4) ? cp_mutation_node(mutation, mutation->root) : node->parent;

    if (node->parent && to && !is_within(to, node)) {
        cp_tree_take(node);
        cp_tree_insert(to, below(mutation, to->children->len + 1), node);
    }
}

void
cp_mutation_repeat(CpMutation *mutation)
{
    CpNode *node = cp_mutation_node(mutation, mutation->root);
    guint times = one_in(mutation, 32) ? 256 : 1 + below(mutation, 4);

    while (node->parent && times-- > 0 && node->parent->children->len < SIBLINGS_MAX)
        cp_tree_insert(node->parent, below(mutation, node->parent->children->len + 1), cp_tree_copy(node));
}

void
cp_mutation_graft(CpMutation *mutation)
{
    g_autoptr(CpNode) other = mutation->other ? cp_tree_parse(mutation->other, mutation->other_length) : NULL;
    if (!other || cp_conversation_tree_is(other) != cp_conversation_tree_is(mutation->root))
        return;
    CpNode *from = cp_mutation_node(mutation, other);
    if (!from->parent)
        return;
    CpNode *parent = mutation->root;
    g_autoptr(GPtrArray) nodes = cp_tree_list(mutation->root);
    for (guint i = 0; i < nodes->len; i++) {
        CpNode *node = g_ptr_array_index(nodes, i);

        if (g_str_equal(node->name, from->parent->name) && (parent == mutation->root || one_in(mutation, 4)))
            parent = node;
    }
    cp_tree_insert(parent, below(mutation, parent->children->len + 1), cp_tree_copy(from));
}
