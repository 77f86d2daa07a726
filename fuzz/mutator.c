/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mutator.h"

#include <string.h>

#include "conversation-tree.h"
#include "host.h"
#include "tree.h"
#include "vocabulary.h"

/* At most so many changes in one mutation. */
#define CHANGES_MAX 4

/* A list of siblings never grows beyond this by repetition. */
#define SIBLINGS_MAX 2000

typedef struct {
    uint64_t state;
    CpNode *root;
    const char *other; /* the text of the other input, NULL where there is none */
    size_t other_length;
} Mutation;

/* --- chance --- */

/* splitmix64 */
static uint64_t
chance(Mutation *mutation)
{
    uint64_t z = mutation->state += 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static guint
below(Mutation *mutation, guint end)
{
    return end ? chance(mutation) % end : 0;
}

static gboolean
one_in(Mutation *mutation, guint n)
{
    return below(mutation, n) == 0;
}

#define ANY(mutation, array) ((array)[below(mutation, G_N_ELEMENTS(array))])

static CpNode *
any_node(Mutation *mutation, CpNode *root)
{
    g_autoptr(GPtrArray) nodes = cp_tree_list(root);
    CpNode *node;
    guint tries = 2;

    /* Not the root, where there is a choice; and rather what has attributes or parts than one of the obligatory texts. */
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
static const char *const host_states[] = { "absent", "usable", "root-only", "read-only", "" };

/* A value that stands somewhere in the document, so that names can meet. */
static char *
value_elsewhere(Mutation *mutation)
{
    CpNode *node = any_node(mutation, mutation->root);

    if (node->attributes->len > 0) {
        const CpAttribute *attribute = g_ptr_array_index(node->attributes, below(mutation, node->attributes->len));

        return g_strdup(attribute->value);
    }
    return g_strdup(node->text ? node->text : "");
}

static char *
any_number(Mutation *mutation)
{
    return one_in(mutation, 4) ? g_strdup_printf("%" G_GINT64_FORMAT, (gint64)chance(mutation) >> below(mutation, 64))
                               : g_strdup(ANY(mutation, numbers));
}

static char *
any_string(Mutation *mutation)
{
    guint length;

    if (!one_in(mutation, 16))
        return g_strdup(ANY(mutation, strings));
    length = 1 << below(mutation, 14);
    return g_strnfill(length, 'a' + below(mutation, 26));
}

static char *
fitting_value(Mutation *mutation, CpKind kind)
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
        return g_strdup_printf("%d", CP_HOST_SELF_CTIME);
    case CP_KIND_SELF_VERSION:
        return g_strdup_printf("%lu", cp_vocabulary_version);
    default:
        return any_string(mutation);
    }
}

static char *
misfit_value(Mutation *mutation, CpKind kind)
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
        return any_number(mutation);
    default:
        return any_string(mutation);
    }
}

/* Words and strings are what the loader keeps, and bad numbers are what it refuses at once: the former shall prevail.
 */
static char *
any_value(Mutation *mutation, CpKind kind)
{
    if (one_in(mutation, 8))
        return value_elsewhere(mutation);
    return one_in(mutation, 4) ? misfit_value(mutation, kind) : fitting_value(mutation, kind);
}

/* --- elements --- */

static const CpSchemaElement *
row_of(const CpNode *node)
{
    return cp_schema_find(node->name, node->parent ? node->parent->name : NULL);
}

/* A new element, with most of its attributes and, where it has parts, some of them. A value in it may be one that the
 * loader refuses, but hardly more than one: it would not get to the second. */
static CpNode *
new_element(Mutation *mutation, const CpSchemaElement *row)
{
    CpNode *node = cp_tree_new(row->name);
    guint misfit = one_in(mutation, 4) ? below(mutation, cp_schema_width(row)) : G_MAXUINT;
    const CpSchemaAttribute *attribute;
    size_t i;

    for (attribute = row->attributes; attribute->name; attribute++) {
        if (!one_in(mutation, 8)) {
            gboolean fits = attribute - row->attributes != misfit;
            g_autofree char *value = (fits ? fitting_value : misfit_value)(mutation, attribute->kind);

            cp_tree_set(node, attribute->name, value);
        }
    }
    if (row->text != CP_KIND_NONE)
        node->text = fitting_value(mutation, row->text);
    for (i = 0; i < cp_schema_length; i++) {
        if (g_strcmp0(cp_schema[i].parent, row->name) == 0 && !one_in(mutation, 4))
            cp_tree_insert(node, node->children->len, new_element(mutation, &cp_schema[i]));
    }
    return node;
}

static void
set_flag(Mutation *mutation, const char *name)
{
    CpNode *flag = cp_tree_new("flag");

    cp_tree_set(flag, "name", name);
    cp_tree_insert(mutation->root, below(mutation, mutation->root->children->len + 1), flag);
}

static void
add_element(Mutation *mutation)
{
    const CpSchemaElement *row = &cp_schema[1 + below(mutation, cp_schema_length - 1)];
    g_autoptr(GPtrArray) nodes = cp_tree_list(mutation->root);
    g_autoptr(GPtrArray) parents = g_ptr_array_new();
    CpNode *parent;
    guint i;

    for (i = 0; i < nodes->len; i++) {
        CpNode *node = g_ptr_array_index(nodes, i);

        if (g_str_equal(node->name, row->parent))
            g_ptr_array_add(parents, node);
    }
    parent = parents->len > 0 ? g_ptr_array_index(parents, below(mutation, parents->len)) : mutation->root;
    cp_tree_insert(parent, below(mutation, parent->children->len + 1), new_element(mutation, row));
    if (row->flag)
        set_flag(mutation, row->flag);
}

static void
drop_element(Mutation *mutation)
{
    CpNode *node = any_node(mutation, mutation->root);

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

static void
move_element(Mutation *mutation)
{
    CpNode *node = any_node(mutation, mutation->root);
    CpNode *to = one_in(mutation, 4) ? any_node(mutation, mutation->root) : node->parent;

    if (node->parent && to && !is_within(to, node)) {
        cp_tree_take(node);
        cp_tree_insert(to, below(mutation, to->children->len + 1), node);
    }
}

static void
repeat_element(Mutation *mutation)
{
    CpNode *node = any_node(mutation, mutation->root);
    guint times = one_in(mutation, 32) ? 256 : 1 + below(mutation, 4);

    while (node->parent && times-- > 0 && node->parent->children->len < SIBLINGS_MAX)
        cp_tree_insert(node->parent, below(mutation, node->parent->children->len + 1), cp_tree_copy(node));
}

static void
rename_element(Mutation *mutation)
{
    CpNode *node = any_node(mutation, mutation->root);

    g_free(node->name);
    node->name = g_strdup(cp_schema[below(mutation, cp_schema_length)].name);
}

static void
change_value(Mutation *mutation)
{
    CpNode *node = any_node(mutation, mutation->root);
    const CpSchemaElement *row = row_of(node);

    if (node->attributes->len > 0) {
        const CpAttribute *attribute = g_ptr_array_index(node->attributes, below(mutation, node->attributes->len));
        g_autofree char *value = any_value(mutation, cp_schema_kind(row, attribute->name));

        cp_tree_set(node, attribute->name, value);
    } else {
        char *text = any_value(mutation, row ? row->text : CP_KIND_STRING);

        g_free(node->text);
        node->text = text;
    }
}

static void
add_or_drop_attribute(Mutation *mutation)
{
    CpNode *node = any_node(mutation, mutation->root);
    const CpSchemaElement *row = row_of(node);
    const CpSchemaAttribute *attribute;

    if (!row || cp_schema_width(row) == 0)
        return;
    attribute = &row->attributes[below(mutation, cp_schema_width(row))];
    if (cp_tree_get(node, attribute->name)) {
        cp_tree_set(node, attribute->name, NULL);
    } else {
        g_autofree char *value = any_value(mutation, attribute->kind);

        cp_tree_set(node, attribute->name, value);
    }
}

/* The name of a machine in the document, so that it can be chosen; any name, where there is none. */
static char *
any_machine(Mutation *mutation)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    guint i;

    for (i = 0; i < mutation->root->children->len; i++) {
        const CpNode *node = g_ptr_array_index(mutation->root->children, i);
        const char *alias = cp_tree_get(node, "alias");
        const char *name = cp_tree_get(node, "name");

        if (!g_str_equal(node->name, "machine"))
            continue;
        if (name)
            g_ptr_array_add(names, (char *)name);
        if (alias)
            g_ptr_array_add(names, (char *)alias);
    }
    return names->len > 0 ? g_strdup(g_ptr_array_index(names, below(mutation, names->len)))
                          : any_value(mutation, CP_KIND_MACHINE);
}

/* Says something else in the control instruction, or something less. */
static void
change_control(Mutation *mutation)
{
    const CpSchemaAttribute *attribute =
        &cp_schema_control.attributes[below(mutation, cp_schema_width(&cp_schema_control))];
    g_autofree char *value = NULL;

    if (!one_in(mutation, 3))
        value = attribute->kind == CP_KIND_MACHINE && !one_in(mutation, 4) ? any_machine(mutation)
                                                                           : any_value(mutation, attribute->kind);
    /* What would end it does not belong into it. */
    if (!value || (!strchr(value, '\'') && !strstr(value, "?>")))
        cp_tree_set(cp_tree_control(mutation->root), attribute->name, value);
}

/* Gives a property of the host's CPU another type, and a value that goes with it. */
static void
retype_property(Mutation *mutation)
{
    static const char *const numbers_of[] = { "family", "model", "stepping" };
    g_autoptr(GPtrArray) nodes = cp_tree_list(mutation->root);
    g_autoptr(GPtrArray) properties = g_ptr_array_new();
    g_autofree char *value = NULL;
    CpNode *node;
    guint i;

    for (i = 0; i < nodes->len; i++) {
        node = g_ptr_array_index(nodes, i);
        if (g_str_equal(node->name, "property") && node->parent && g_str_equal(node->parent->name, "hostCPU"))
            g_ptr_array_add(properties, node);
    }
    if (properties->len == 0)
        return;
    node = g_ptr_array_index(properties, below(mutation, properties->len));
    switch (below(mutation, 4)) {
    case 0:
        value = any_string(mutation);
        cp_tree_set(node, "type", "string");
        if (one_in(mutation, 2))
            cp_tree_set(node, "name", "vendor");
        break;
    case 1:
        value = any_number(mutation);
        cp_tree_set(node, "type", "number");
        if (one_in(mutation, 2))
            cp_tree_set(node, "name", ANY(mutation, numbers_of));
        break;
    default:
        value = g_strdup(true_false[below(mutation, 2)]);
        cp_tree_set(node, "type", "boolean");
    }
    cp_tree_set(node, "value", value);
    cp_tree_set(node, "migratable", one_in(mutation, 3) ? NULL : yes_no[below(mutation, 2)]);
}

/* Sees to it that the loader looks at what else is there. */
static void
open_gate(Mutation *mutation)
{
    static const char *const flags[] = { "kvm", "tcg", "hvf", "sev-guest", "sgx-epc", "query-cpu-definitions" };
    static const char *const archs[] = { "x86_64", "s390x", "aarch64", "ppc64", "i686", "riscv64" };
    guint i;

    if (one_in(mutation, 2)) {
        set_flag(mutation, ANY(mutation, flags));
        return;
    }
    for (i = 0; i < mutation->root->children->len; i++) {
        CpNode *node = g_ptr_array_index(mutation->root->children, i);

        if (g_str_equal(node->name, "arch")) {
            g_free(node->text);
            node->text = g_strdup(ANY(mutation, archs));
        }
    }
}

/* Makes libvirt take the document for its own. */
static void
sign(Mutation *mutation)
{
    guint i;

    for (i = 0; i < mutation->root->children->len; i++) {
        CpNode *node = g_ptr_array_index(mutation->root->children, i);
        const CpSchemaElement *row = row_of(node);

        if (row && (row->text == CP_KIND_SELF_CTIME || row->text == CP_KIND_SELF_VERSION)) {
            g_free(node->text);
            node->text = fitting_value(mutation, row->text);
        }
    }
}

static void
graft(Mutation *mutation)
{
    g_autoptr(CpNode) other = mutation->other ? cp_tree_parse(mutation->other, mutation->other_length) : NULL;
    CpNode *from;
    CpNode *parent = mutation->root;
    g_autoptr(GPtrArray) nodes = NULL;
    guint i;

    if (!other || cp_conversation_tree_is(other) != cp_conversation_tree_is(mutation->root))
        return;
    from = any_node(mutation, other);
    if (!from->parent)
        return;
    nodes = cp_tree_list(mutation->root);
    for (i = 0; i < nodes->len; i++) {
        CpNode *node = g_ptr_array_index(nodes, i);

        if (g_str_equal(node->name, from->parent->name) && (parent == mutation->root || one_in(mutation, 4)))
            parent = node;
    }
    cp_tree_insert(parent, below(mutation, parent->children->len + 1), cp_tree_copy(from));
}

/* An operation occurs as often as it is useful. */
static void (*const operations[])(Mutation *) = {
    add_element,    add_element,    add_element,     add_element,    change_value,          change_value,
    change_value,   change_value,   change_value,    drop_element,   drop_element,          move_element,
    repeat_element, rename_element, open_gate,       sign,           add_or_drop_attribute, add_or_drop_attribute,
    graft,          graft,          retype_property, change_control,
};

/* --- conversations --- */

static char *
quoted(char *value)
{
    g_autofree char *unquoted = value;

    return *value == '"' ? g_steal_pointer(&unquoted) : g_strdup_printf("\"%s\"", value);
}

/* A name that libvirt looks for, or that stands elsewhere in the conversation. */
static char *
any_name(Mutation *mutation)
{
    static const CpKind kinds[] = { CP_KIND_CPU_FEATURE, CP_KIND_CPU_MODEL, CP_KIND_ARCH, CP_KIND_MACHINE };
    const CpNode *node = any_node(mutation, mutation->root);

    if (one_in(mutation, 2) && node->text && *node->text == '"')
        return g_strdup(node->text);
    if (one_in(mutation, 2))
        return quoted(g_strdup(cp_vocabulary_qmp.words[below(mutation, cp_vocabulary_qmp.length)]));
    return quoted(one_in(mutation, 8) ? any_string(mutation) : fitting_value(mutation, ANY(mutation, kinds)));
}

static char *
any_json(Mutation *mutation, const char *old)
{
    static const char *const values[] = { "null", "true",  "false", "0",    "-1",       "1.5",    "1e999",
                                          "\"\"", "\"x\"", "[]",    "[[]]", "[{}, {}]", "[null]", "{}" };

    if (one_in(mutation, 4))
        return g_strdup(ANY(mutation, values));
    switch (*old) {
    case '"':
        return any_name(mutation);
    case 't':
        return g_strdup("false");
    case 'f':
        return g_strdup("true");
    default:
        return one_in(mutation, 2) ? any_number(mutation) : fitting_value(mutation, CP_KIND_NUMBER);
    }
}

static void
change_json(Mutation *mutation)
{
    CpNode *node = any_node(mutation, mutation->root);
    char *text;

    if (!node->parent || g_str_equal(node->name, CP_CONVERSATION_COMMAND))
        return;
    while (node->children->len > 0 && !one_in(mutation, 16))
        node = g_ptr_array_index(node->children, below(mutation, node->children->len));
    text = any_json(mutation, node->text);
    while (node->children->len > 0)
        cp_tree_free(cp_tree_take(g_ptr_array_index(node->children, 0)));
    g_free(node->text);
    node->text = text;
}

static void
rename_member(Mutation *mutation)
{
    CpNode *node = any_node(mutation, mutation->root);
    const CpNode *other = any_node(mutation, mutation->root);

    if (*node->name == '"' && *other->name == '"') {
        char *name = g_strdup(other->name);

        g_free(node->name);
        node->name = name;
    }
}

/* Puts a part that is like its neighbours, but has a name of its own, into a list. */
static void
extend_list(Mutation *mutation)
{
    CpNode *node = any_node(mutation, mutation->root);
    CpNode *copy;
    guint i;

    if (!node->parent || g_strcmp0(node->parent->text, "[") != 0)
        return;
    copy = cp_tree_copy(node);
    cp_tree_insert(node->parent, below(mutation, node->parent->children->len + 1), copy);
    for (i = 0; i < copy->children->len; i++) {
        CpNode *member = g_ptr_array_index(copy->children, i);

        if (member->text[0] == '"' && one_in(mutation, 2)) {
            char *name = any_name(mutation);

            g_free(member->text);
            member->text = name;
        }
    }
}

/* Another answer to a command: one more line, in front of what is there or in its place. */
static void
answer_otherwise(Mutation *mutation)
{
    static const char *const lines[] = {
        "{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"no\"}}",
        "{\"error\": {\"class\": \"GenericError\", \"desc\": \"no\"}}",
        "{\"error\": {\"class\": \"DeviceNotFound\"}}",
        "{\"return\": {}}",
        "{\"return\": []}",
        "{\"return\": [{}]}",
        "{\"event\": \"STOP\", \"timestamp\": {\"seconds\": 1, \"microseconds\": 2}}",
        "{\"event\": \"SHUTDOWN\", \"data\": {\"guest\": true}, \"timestamp\": {\"seconds\": 1, \"microseconds\": 2}}",
        "{\"QMP\": {}}",
        "{}",
    };
    CpNode *command = mutation->root;
    CpNode *line = cp_tree_new(CP_CONVERSATION_LINE);

    if (command->children->len > 0)
        command = g_ptr_array_index(command->children, below(mutation, command->children->len));
    line->text = g_strdup(ANY(mutation, lines));
    while (!one_in(mutation, 4) && command->children->len > 0)
        cp_tree_free(cp_tree_take(g_ptr_array_index(command->children, 0)));
    cp_tree_insert(command, 0, line);
}

/* Drops, repeats or generalises a command. */
static void
change_command(Mutation *mutation)
{
    CpNode *root = mutation->root;
    CpNode *command;
    char *arguments;

    if (root->children->len == 0)
        return;
    command = g_ptr_array_index(root->children, below(mutation, root->children->len));
    switch (below(mutation, 3)) {
    case 0:
        cp_tree_free(cp_tree_take(command));
        break;
    case 1:
        cp_tree_insert(root, below(mutation, root->children->len + 1), cp_tree_copy(command));
        break;
    default:
        if ((arguments = strstr(command->text, ",\"arguments\""))) {
            arguments[0] = '}';
            arguments[1] = '\0';
        }
    }
}

static void (*const conversation_operations[])(Mutation *) = {
    change_json, change_json,  change_json,  change_json,      change_json,    change_json,
    extend_list, extend_list,  extend_list,  answer_otherwise, change_command, graft,
    graft,       drop_element, drop_element, rename_member,    move_element,   repeat_element,
};

/* --- bytes --- */

static void
change_bytes(Mutation *mutation, GString *output)
{
    static const char *const pieces[] = { "<",         ">",    "'", "\"", "&", "/",       "&#0;", "<!--", "]]>",
                                          "<![CDATA[", "\xff", " ", "[",  "{", "\\u0000", "\n",   "," };
    gsize at = below(mutation, output->len + 1);
    gsize rest = output->len - at;
    gsize length = 1 + below(mutation, 64);

    switch (below(mutation, 5)) {
    case 0:
        g_string_insert(output, at, ANY(mutation, pieces));
        break;
    case 1:
        g_string_erase(output, at, MIN(rest, length));
        break;
    case 2:
        if (rest > 0)
            output->str[at] ^= 1 << below(mutation, 8);
        break;
    case 3:
        g_string_truncate(output, at);
        break;
    default:
        if (rest > 0) {
            g_autofree char *copy = g_memdup2(output->str + at, MIN(rest, length));

            g_string_insert_len(output, below(mutation, output->len + 1), copy, MIN(rest, length));
        }
    }
}

/* --- whole mutations --- */

static void
finish(Mutation *mutation, const char *input, size_t length, size_t max, GString *output)
{
    if (mutation->root)
        cp_tree_write(mutation->root, output);
    else
        g_string_append_len(output, input, length);
    while (mutation->root && output->len > max && mutation->root->children->len > 0) {
        cp_tree_free(
            cp_tree_take(g_ptr_array_index(mutation->root->children, below(mutation, mutation->root->children->len))));
        g_string_truncate(output, 0);
        cp_tree_write(mutation->root, output);
    }
    if (!mutation->root || one_in(mutation, 256))
        change_bytes(mutation, output);
    if (output->len > max)
        g_string_truncate(output, max);
}

static void
mutate(const char *input,
       size_t length,
       const char *other,
       size_t other_length,
       size_t max,
       uint64_t seed,
       gboolean crossing,
       GString *output)
{
    g_autoptr(CpNode) root = cp_tree_parse(input, length);
    Mutation mutation = { .state = seed, .other = other, .other_length = other_length };
    guint changes = 1 + below(&mutation, CHANGES_MAX);

    /* Parsers have been seen to fail soon enough. */
    if (!root && !one_in(&mutation, 16)) {
        root = other ? cp_tree_parse(other, other_length) : NULL;
        if (!root)
            root = new_element(&mutation, cp_schema);
    }
    mutation.root = root;
    while (root && changes-- > 0) {
        if (crossing)
            graft(&mutation);
        else if (cp_conversation_tree_is(root))
            ANY(&mutation, conversation_operations)(&mutation);
        else
            ANY(&mutation, operations)(&mutation);
    }
    finish(&mutation, input, length, max, output);
}

void
cp_mutator_mutate(const char *input,
                  size_t length,
                  const char *other,
                  size_t other_length,
                  size_t max,
                  uint64_t seed,
                  GString *output)
{
    mutate(input, length, other, other_length, max, seed, FALSE, output);
}

void
cp_mutator_cross(const char *input,
                 size_t length,
                 const char *other,
                 size_t other_length,
                 size_t max,
                 uint64_t seed,
                 GString *output)
{
    mutate(input, length, other, other_length, max, seed, TRUE, output);
}
