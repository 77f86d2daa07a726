/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A variant in one option: "libvirt=DIR,tree=DIR". */
#include "run/variant-words.h"

#include <string.h>

#include "base/error.h"
#include "history/event.h"

#define EXPECTED                                                                                                       \
    "expected '" CP_VARIANT_INSTALLED                                                                                  \
    "', or libvirt=DIR, tree=DIR, emulator=PATH, target=NAME, name=NAME, separated by commas"

static const struct {
    const char *key;
    gsize offset; /* in CpVariantSpec */
} keys[] = {
    { "libvirt=", G_STRUCT_OFFSET(CpVariantSpec, libvirt) },   { "tree=", G_STRUCT_OFFSET(CpVariantSpec, tree) },
    { "emulator=", G_STRUCT_OFFSET(CpVariantSpec, emulator) }, { "target=", G_STRUCT_OFFSET(CpVariantSpec, target) },
    { "name=", G_STRUCT_OFFSET(CpVariantSpec, name) },
};

/* Returns the index of the key that `text` begins with; -1 if there is none. */
static int
find_key(const char *text)
{
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (g_str_has_prefix(text, keys[i].key))
            return (int)i;
    }
    return -1;
}

/* Divides the text at each comma that is before a key. */
static GStrv
divide(const char *text)
{
    g_autoptr(GStrvBuilder) words = g_strv_builder_new();
    const char *begin = text;
    for (const char *at = text; *at; at++) {
        if (*at != ',' || find_key(at + 1) < 0)
            continue;
        g_autofree char *word = g_strndup(begin, at - begin);
        g_strv_builder_add(words, word);
        begin = at + 1;
    }
    g_strv_builder_add(words, begin);
    return g_strv_builder_end(words);
}

static gboolean
take_word(const char *option, char *word, CpVariantSpec *variant, GError **error)
{
    int key = find_key(word);
    const char *value = key < 0 ? "" : word + strlen(keys[key].key);
    if (key < 0 || !*value) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--%s %s: " EXPECTED, option, word);
        return FALSE;
    }
    if (G_STRUCT_MEMBER(const char *, variant, keys[key].offset)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--%s: '%s' was given twice", option, keys[key].key);
        return FALSE;
    }
    G_STRUCT_MEMBER(const char *, variant, keys[key].offset) = value;
    return TRUE;
}

GStrv
cp_variant_parse(const char *option, const char *text, CpVariantSpec *variant, GError **error)
{
    *variant = (CpVariantSpec){ 0 };
    g_auto(GStrv) words = divide(g_str_equal(text, CP_VARIANT_INSTALLED) ? "libvirt=" CP_VARIANT_INSTALLED : text);
    for (char **word = words; *word; word++) {
        if (!take_word(option, *word, variant, error))
            return NULL;
    }
    if (variant->name && !cp_event_is_variant_name(variant->name)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--%s: name=%s: expected 1 to 64 letters, digits and any of ._+-",
                    option, variant->name);
        return NULL;
    }
    if (g_strcmp0(variant->libvirt, CP_VARIANT_INSTALLED) == 0)
        variant->libvirt = NULL;
    return cp_variant_check(variant, error) ? g_steal_pointer(&words) : NULL;
}
