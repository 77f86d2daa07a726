/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A variant in one option: "libvirt=DIR,tree=DIR". */
#include "run/variant-words.h"

#include <string.h>

#include "base/error.h"
#include "history/event.h"

#define EXPECTED                                                                                                       \
    "expected '" CP_VARIANT_INSTALLED                                                                                  \
    "', or libvirt=DIR, tree=DIR, emulator=PATH, target=NAME, name=NAME, separated by commas"

enum { LIBVIRT, TREE, EMULATOR, TARGET, NAME, KEYS };

static const char *const keys[KEYS] = { "libvirt=", "tree=", "emulator=", "target=", "name=" };

/* Returns the index of the key that `text` begins with; -1 if there is none. */
static int
find_key(const char *text)
{
    for (int i = 0; i < KEYS; i++) {
        if (g_str_has_prefix(text, keys[i]))
            return i;
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
take_word(const char *option, const char *word, const char *values[KEYS], GError **error)
{
    int key = find_key(word);
    const char *value = key < 0 ? "" : word + strlen(keys[key]);
    if (key < 0 || !*value) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--%s %s: " EXPECTED, option, word);
        return FALSE;
    }
    if (values[key]) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--%s: '%s' was given twice", option, keys[key]);
        return FALSE;
    }
    values[key] = value;
    return TRUE;
}

GStrv
cp_variant_parse(const char *option, const char *text, CpVariantSpec *variant, GError **error)
{
    const char *values[KEYS] = { NULL };
    g_auto(GStrv) words = divide(g_str_equal(text, CP_VARIANT_INSTALLED) ? "libvirt=" CP_VARIANT_INSTALLED : text);
    for (char **word = words; *word; word++) {
        if (!take_word(option, *word, values, error))
            return NULL;
    }
    if (values[NAME] && !cp_event_is_variant_name(values[NAME])) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--%s: name=%s: expected 1 to 64 letters, digits and any of ._+-",
                    option, values[NAME]);
        return NULL;
    }
    *variant = (CpVariantSpec){ .name = values[NAME],
                                .tree = values[TREE],
                                .libvirt = values[LIBVIRT],
                                .emulator = values[EMULATOR],
                                .target = cp_target_find(values[TARGET], error) };
    if (!variant->target)
        return NULL;
    if (g_strcmp0(variant->libvirt, CP_VARIANT_INSTALLED) == 0)
        variant->libvirt = NULL;
    return cp_variant_check(variant, error) ? g_steal_pointer(&words) : NULL;
}
