/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a firmware descriptor as QEMU's specification of them says. */
#include "checks/reference-firmware.h"

#include <string.h>

#include "input/conversation-tree.h"

/* The bits of libvirt's answer, from virDomainOsDefFirmware. */
#define BIOS (1 << 1)
#define UEFI (1 << 2)

/* A value that is nested deeper is refused by newer versions of libvirt. */
#define DEPTH_MAX 16

/* --- answers --- */

CpFirmwareAnswer *
cp_firmware_answer_new(void)
{
    CpFirmwareAnswer *answer = g_new0(CpFirmwareAnswer, 1);

    answer->programs = g_ptr_array_new_with_free_func(g_free);
    return answer;
}

void
cp_firmware_answer_free(CpFirmwareAnswer *answer)
{
    if (!answer)
        return;
    g_ptr_array_unref(answer->programs);
    g_free(answer);
}

static void
add_once(CpFirmwareAnswer *answer, const char *program)
{
    if (!g_ptr_array_find_with_equal_func(answer->programs, program, g_str_equal, NULL))
        g_ptr_array_add(answer->programs, g_strdup(program));
}

void
cp_firmware_answer_add(CpFirmwareAnswer *answer, const char *program, const char *variables)
{
    g_autofree char *both = variables ? g_strdup_printf("%s with %s", program, variables) : g_strdup(program);

    add_once(answer, both);
}

void
cp_firmware_answer_join(CpFirmwareAnswer *answer, const CpFirmwareAnswer *other)
{
    answer->interfaces |= other->interfaces;
    answer->secure |= other->secure;
    for (guint i = 0; i < other->programs->len; i++)
        add_once(answer, g_ptr_array_index(other->programs, i));
}

char *
cp_firmware_answer_text(const CpFirmwareAnswer *answer)
{
    GString *text = g_string_new(NULL);

    g_string_append_printf(text, "interfaces: %#x\nsecure boot: %d\n", answer->interfaces, answer->secure);
    for (guint i = 0; i < answer->programs->len; i++)
        g_string_append_printf(text, "program: %s\n", (const char *)g_ptr_array_index(answer->programs, i));
    return g_string_free(text, FALSE);
}

/* --- JSON --- */

static gboolean
is_plain_scalar(const char *text)
{
    static const char *const words[] = { "true", "false", "null", "0", NULL };

    return *text == '"' || g_strv_contains(words, text) ||
           (*text >= '1' && *text <= '9' && strlen(text) < 10 && strspn(text, "0123456789") == strlen(text));
}

/* Whether every JSON reader reads this value, and in the same way. */
static gboolean
is_plain(const CpNode *node, guint depth)
{
    gboolean is_object = g_str_equal(node->text, "{");

    if (depth > DEPTH_MAX ||
        (node->children->len == 0 && !is_object && !g_str_equal(node->text, "[") && !is_plain_scalar(node->text)))
        return FALSE;
    for (guint i = 0; i < node->children->len; i++) {
        const CpNode *part = g_ptr_array_index(node->children, i);

        if (is_object && *part->name != '"')
            return FALSE;
        for (guint j = 0; is_object && j < i; j++) {
            if (g_str_equal(part->name, ((const CpNode *)g_ptr_array_index(node->children, j))->name))
                return FALSE;
        }
        if (!is_plain(part, depth + 1))
            return FALSE;
    }
    return TRUE;
}

/* Returns the only line of a descriptor, or NULL if it is not plain JSON in ASCII. The caller owns the root. */
static CpNode *
read_object(const char *content, gsize length)
{
    if (length > 0 && content[length - 1] == '\n')
        length--;
    for (gsize i = 0; i < length; i++) {
        if (content[i] < ' ' || content[i] > '~' || content[i] == '\\')
            return NULL;
    }
    /* The tree has a line per line, and a command is something else. */
    g_autoptr(CpNode) root = cp_conversation_tree_parse(content, length);
    CpNode *line = root->children->len == 1 ? g_ptr_array_index(root->children, 0) : NULL;
    if (!line || !g_str_equal(line->name, CP_CONVERSATION_LINE) || !g_str_equal(line->text, "{") || !is_plain(line, 0))
        return NULL;
    return cp_tree_take(line);
}

/* Returns the member of an object, or NULL. The tree owns it. */
static const CpNode *
member(const CpNode *object, const char *name)
{
    g_autofree char *quoted = g_strdup_printf("\"%s\"", name);

    for (guint i = 0; object && i < object->children->len; i++) {
        const CpNode *part = g_ptr_array_index(object->children, i);

        if (g_str_equal(part->name, quoted))
            return part;
    }
    return NULL;
}

/* The same, but NULL if the value does not begin with `start`. */
static const CpNode *
member_of_type(const CpNode *object, const char *name, char start)
{
    const CpNode *part = member(object, name);

    return part && *part->text == start ? part : NULL;
}

/* Returns the string that a node is, without its quotes. The caller owns it. */
static char *
unquoted(const CpNode *node)
{
    return g_strndup(node->text + 1, strlen(node->text) - 2);
}

/* Returns the list of strings that is the member `name`, or NULL. The caller owns it. */
static GStrv
strings(const CpNode *object, const char *name)
{
    const CpNode *list = member_of_type(object, name, '[');
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (guint i = 0; list && i < list->children->len; i++) {
        const CpNode *part = g_ptr_array_index(list->children, i);
        g_autofree char *text = *part->text == '"' ? unquoted(part) : NULL;

        if (!text)
            return NULL;
        g_strv_builder_add(builder, text);
    }
    return list ? g_strv_builder_end(builder) : NULL;
}

/* Returns the string that is the member `name`, or NULL. The caller owns it. */
static char *
string(const CpNode *object, const char *name)
{
    const CpNode *node = member_of_type(object, name, '"');

    return node ? unquoted(node) : NULL;
}

/* --- the parts of a descriptor; all return FALSE if the part is not good --- */

static gboolean
read_interfaces(const CpNode *object, CpFirmwareAnswer *answer)
{
    static const char *const known[] = { "bios", "openfirmware", "uboot", "uefi", NULL };
    g_auto(GStrv) names = strings(object, "interface-types");

    for (guint i = 0; names && names[i]; i++) {
        if (!g_strv_contains(known, names[i]))
            return FALSE;
        if (g_str_equal(names[i], "bios"))
            answer->interfaces |= BIOS;
        else if (g_str_equal(names[i], "uefi"))
            answer->interfaces |= UEFI;
    }
    return names != NULL;
}

static gboolean
read_flash(const CpNode *flash, CpFirmwareAnswer *answer)
{
    static const char *const modes[] = { "split", "combined", "stateless", NULL };
    g_autofree char *mode = string(flash, "mode");
    g_autofree char *program = string(member_of_type(flash, "executable", '{'), "filename");
    g_autofree char *format = string(member_of_type(flash, "executable", '{'), "format");
    g_autofree char *variables = string(member_of_type(flash, "nvram-template", '{'), "filename");
    g_autofree char *variables_format = string(member_of_type(flash, "nvram-template", '{'), "format");
    gboolean split = !mode || g_str_equal(mode, "split");

    if ((!mode && member(flash, "mode")) || !program || !format || !g_strv_contains(modes, mode ?: "split") ||
        (split && (!variables || !variables_format)))
        return FALSE;
    cp_firmware_answer_add(answer, program, split ? variables : NULL);
    return TRUE;
}

static gboolean
read_mapping(const CpNode *object, CpFirmwareAnswer *answer)
{
    const CpNode *mapping = member_of_type(object, "mapping", '{');
    g_autofree char *device = string(mapping, "device");
    g_autofree char *program = string(mapping, "filename");

    if (g_strcmp0(device, "flash") == 0)
        return read_flash(mapping, answer);
    if (!program)
        return FALSE;
    if (g_strcmp0(device, "memory") == 0)
        cp_firmware_answer_add(answer, program, NULL);
    return g_strcmp0(device, "memory") == 0 || g_strcmp0(device, "kernel") == 0;
}

/* Sets `matches` if a target is for this machine. */
static gboolean
read_targets(const CpNode *object, const char *architecture, const char *machine, gboolean *matches)
{
    static const char *const known[] = { "aarch64", "arm", "i386", "riscv64", "x86_64", NULL };
    const CpNode *targets = member_of_type(object, "targets", '[');

    for (guint i = 0; targets && i < targets->children->len; i++) {
        const CpNode *target = g_ptr_array_index(targets->children, i);
        g_autofree char *name = string(target, "architecture");
        g_auto(GStrv) machines = strings(target, "machines");

        if (!name || !g_strv_contains(known, name) || !machines)
            return FALSE;
        for (guint j = 0; machines[j] && g_str_equal(name, architecture); j++)
            *matches = *matches || g_pattern_match_simple(machines[j], machine);
    }
    return targets != NULL;
}

CpFirmwareAnswer *
cp_reference_firmware(const char *content, gsize length, const char *architecture, const char *machine)
{
    g_autoptr(CpNode) object = read_object(content, length);
    g_autoptr(CpFirmwareAnswer) answer = cp_firmware_answer_new();
    g_auto(GStrv) features = strings(object, "features");
    gboolean matches = FALSE;

    if (!features || !read_interfaces(object, answer) || !read_mapping(object, answer) ||
        !read_targets(object, architecture, machine, &matches))
        return NULL;
    answer->secure = g_strv_contains((const char *const *)features, "requires-smm");
    return matches ? g_steal_pointer(&answer) : cp_firmware_answer_new();
}
