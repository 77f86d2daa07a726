/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The operation table: the words that a scenario is made of. */
#include "scenario/operation-table.h"

#include <string.h>

#define REPEAT_MAX 10000
#define CLIENTS_MAX 256

static const CpOperation operations[] = {
#define CP_OPERATION(id, word, arguments, effect, changes, undo, summary)                                              \
    [CP_OP_##id] = { CP_OP_##id, word, arguments, CP_EFFECT_##effect, CP_CHANGES_##changes, undo, summary },
#include "scenario/operation-table.def"
#undef CP_OPERATION
};

static const char *const effects[] = {
    [CP_EFFECT_MODULES] = "modules", [CP_EFFECT_EMULATOR] = "emulator", [CP_EFFECT_KVM] = "kvm",
    [CP_EFFECT_HOST] = "host",       [CP_EFFECT_ANY] = "any",           [CP_EFFECT_CACHE] = "cache",
    [CP_EFFECT_PROCESS] = "process", [CP_EFFECT_READ] = "read",         [CP_EFFECT_TIME] = "time",
    [CP_EFFECT_NONE] = "none",
};

const CpOperation *
cp_operation(CpOp op)
{
    return &operations[op];
}

const CpOperation *
cp_operation_find(const char *word)
{
    for (gsize i = 0; i < G_N_ELEMENTS(operations); i++) {
        if (g_str_equal(operations[i].word, word))
            return &operations[i];
    }
    return NULL;
}

/* Splits a form into words. A last word "WORD..." becomes as many "WORD" as there are arguments left for it, at least one. */
static GStrv
split_words(const char *text, guint n_args)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    guint n = 0;
    for (char **word = words; *word; word++) {
        gboolean several = g_str_has_suffix(*word, "...");
        if (several)
            (*word)[strlen(*word) - strlen("...")] = '\0';
        if (**word) {
            do
                g_strv_builder_add(builder, *word);
            while (++n < n_args && several);
        }
    }
    return g_strv_builder_end(builder);
}

/* Fits the arguments to the words of a form. In an option, "[word VALUE]", the word stands for itself. Returns the words
 * that were used; NULL if the form does not fit. */
static GStrv
fit(GStrv words, const char *const *args)
{
    g_autoptr(GStrvBuilder) form = g_strv_builder_new();
    for (char **at = words; *at; at++) {
        gboolean option = **at == '[';
        g_autofree char *word = g_strdelimit(g_strdup(*at + option), "]", '\0');
        if (option && g_strcmp0(*args, word) != 0) {
            at++;
            continue;
        }
        if (!*args || (!g_ascii_isupper(*word) && !g_str_equal(word, *args)))
            return NULL;
        g_strv_builder_add(form, word);
        args++;
    }
    return *args ? NULL : g_strv_builder_end(form);
}

GStrv
cp_operation_form(const CpOperation *operation, const char *const *args)
{
    g_auto(GStrv) forms = *operation->arguments ? g_strsplit(operation->arguments, "|", -1) : g_strsplit(" ", "|", -1);
    for (char **text = forms; *text; text++) {
        g_auto(GStrv) words = split_words(*text, g_strv_length((GStrv)args));
        GStrv form = fit(words, args);
        if (form)
            return form;
    }
    return NULL;
}

gboolean
cp_operation_takes_none(const CpOperation *operation)
{
    return strchr("| ", operation->arguments[0]) != NULL;
}

gboolean
cp_operation_count(const CpOperation *operation, const char *text, gint64 *count, gint64 *min, gint64 *max)
{
    guint64 number = 0;
    CpOp op = operation->op;
    *min = op == CP_OP_REPEAT || op == CP_OP_CLIENTS || op == CP_OP_MAX_CLIENTS ? 1 : 0;
    *max = op == CP_OP_REPEAT ? REPEAT_MAX : op == CP_OP_CLIENTS ? CLIENTS_MAX : G_MAXINT32;
    gboolean valid = g_ascii_string_to_unsigned(text, 10, *min, *max, &number, NULL);
    *count = number;
    return valid;
}

gboolean
cp_operation_is_image(const char *text)
{
    g_auto(GStrv) kinds = g_strsplit(CP_OPERATION_IMAGES, " ", -1);
    return g_strv_contains((const char *const *)kinds, text);
}

const char *
cp_effect_name(CpEffect effect)
{
    return effects[effect];
}

gboolean
cp_effect_parse(const char *name, CpEffect *effect)
{
    for (gsize i = 0; i < G_N_ELEMENTS(effects); i++) {
        if (g_str_equal(effects[i], name)) {
            *effect = i;
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
cp_effect_is_state(CpEffect effect)
{
    return effect <= CP_EFFECT_ANY;
}
