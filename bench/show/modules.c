/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of what each module contributes. */
#include "show/modules.h"

#include "base/text.h"
#include "show/grid.h"
#include "show/json-text.h"

#define FACTS_MAX 20 /* of one list, except in JSON */

/* Returns what a cell says about `differences`, as lines. */
static GStrv
facts_cell(GStrv differences)
{
    g_autoptr(GStrvBuilder) lines = g_strv_builder_new();
    guint n = g_strv_length(differences);
    for (guint i = 0; i < MIN(n, FACTS_MAX); i++)
        g_strv_builder_add(lines, differences[i]);
    if (n > FACTS_MAX) {
        g_autofree char *rest = g_strdup_printf("and %u more", n - FACTS_MAX);
        g_strv_builder_add(lines, rest);
    } else if (n == 0) {
        g_strv_builder_add(lines, "nothing");
    }
    return g_strv_builder_end(lines);
}

static GStrv
one_line(char *line)
{
    GStrv lines = g_new0(char *, 2);
    lines[0] = line;
    return lines;
}

static GStrv
answer_cell(const CpModuleEffect *effect)
{
    return effect->unknown ? one_line(g_strdup("unknown"))
           : effect->error ? one_line(g_strdup("fails"))
                           : facts_cell(effect->answer);
}

/* The cell beside it. If there is no cached document, it says why. */
static GStrv
document_cell(const CpModuleEffect *effect)
{
    return effect->unknown ? one_line(g_strdup(effect->unknown))
           : effect->error ? one_line(g_strdup_printf("%s (domain %" G_GINT64_FORMAT ", code %" G_GINT64_FORMAT ")",
                                                      effect->error, effect->domain, effect->code))
                           : facts_cell(effect->document);
}

static char *
sentence_of(const CpModulePair *pair)
{
    return pair->fails ? g_strdup_printf("%s without %s makes every read fail", pair->module, pair->needed)
                       : g_strdup_printf("%s: all that it contributes also leaves with %s", pair->module, pair->needed);
}

/* Prints a sentence per pair, each after `bullet`. */
static void
print_pairs(const CpModules *modules, const char *bullet, FILE *out)
{
    if (modules->pairs->len > 0)
        fprintf(out, "\nModules that depend on others:\n\n");
    for (guint i = 0; i < modules->pairs->len; i++) {
        g_autofree char *sentence = sentence_of(modules->pairs->pdata[i]);
        cp_text_print_line(out, "%s%s", bullet, sentence);
    }
}

void
cp_modules_print_text(const CpModules *modules, FILE *out)
{
    static const char *const heads[] = { "<without", "<answer", "<cached document", NULL };
    g_autoptr(CpGrid) grid = cp_grid_new(heads);
    for (guint i = 0; i < modules->effects->len; i++) {
        const CpModuleEffect *effect = modules->effects->pdata[i];
        g_auto(GStrv) answer = answer_cell(effect);
        g_auto(GStrv) document = document_cell(effect);
        guint a = g_strv_length(answer), d = g_strv_length(document);
        for (guint line = 0; line < MAX(a, d); line++) {
            cp_grid_add(grid, "%s", line == 0 ? effect->module : "");
            cp_grid_add(grid, "%s", line < a ? answer[line] : "");
            cp_grid_add(grid, "%s", line < d ? document[line] : "");
        }
    }
    cp_grid_print(grid, out);
    print_pairs(modules, "  ", out);
}

/* Returns the lines as one cell of a Markdown table. */
static char *
markdown_of(GStrv lines)
{
    g_autofree char *joined = g_strjoinv("\n", lines);
    g_auto(GStrv) parts = g_strsplit(joined, "\n", -1);
    g_autoptr(GString) cell = g_string_new(NULL);
    for (char **part = parts; *part; part++) {
        g_autofree char *line = cp_text_printable(*part);
        g_autoptr(GString) escaped = g_string_new(line);
        g_string_replace(escaped, "\\", "\\\\", 0);
        g_string_replace(escaped, "|", "\\|", 0);
        g_string_replace(escaped, "<", "&lt;", 0);
        g_string_append_printf(cell, "%s%s", cell->len > 0 ? "<br>" : "", escaped->str);
    }
    return g_string_free(g_steal_pointer(&cell), FALSE);
}

void
cp_modules_print_markdown(const CpModules *modules, FILE *out)
{
    fprintf(out, "| without | answer | cached document |\n|---|---|---|\n");
    for (guint i = 0; i < modules->effects->len; i++) {
        const CpModuleEffect *effect = modules->effects->pdata[i];
        g_auto(GStrv) answer = answer_cell(effect);
        g_auto(GStrv) document = document_cell(effect);
        g_auto(GStrv) module = one_line(g_strdup(effect->module));
        g_autofree char *name = markdown_of(module), *left = markdown_of(answer), *right = markdown_of(document);
        fprintf(out, "| %s | %s | %s |\n", name, left, right);
    }
    print_pairs(modules, "* ", out);
}

static void
add_strings(JsonObject *object, const char *name, GStrv strings)
{
    JsonArray *array = json_array_new();
    for (char **string = strings; *string; string++)
        json_array_add_string_element(array, *string);
    json_object_set_array_member(object, name, array);
}

static JsonObject *
effect_to_json(const CpModuleEffect *effect)
{
    JsonObject *object = json_object_new();
    json_object_set_string_member(object, "module", effect->module);
    add_strings(object, "answer", effect->answer);
    add_strings(object, "document", effect->document);
    json_object_set_null_member(object, "error");
    json_object_set_null_member(object, "unknown");
    if (effect->unknown)
        json_object_set_string_member(object, "unknown", effect->unknown);
    if (effect->error) {
        JsonObject *error = json_object_new();
        json_object_set_string_member(error, "message", effect->error);
        json_object_set_int_member(error, "domain", effect->domain);
        json_object_set_int_member(error, "code", effect->code);
        json_object_set_object_member(object, "error", error);
    }
    return object;
}

static JsonObject *
pair_to_json(const CpModulePair *pair)
{
    JsonObject *object = json_object_new();
    json_object_set_string_member(object, "module", pair->module);
    json_object_set_string_member(object, "needed", pair->needed);
    json_object_set_boolean_member(object, "fails", pair->fails);
    return object;
}

void
cp_modules_print_json(const CpModules *modules, FILE *out)
{
    JsonObject *object = json_object_new();
    JsonArray *effects = json_array_new(), *pairs = json_array_new();
    for (guint i = 0; i < modules->effects->len; i++)
        json_array_add_object_element(effects, effect_to_json(modules->effects->pdata[i]));
    for (guint i = 0; i < modules->pairs->len; i++)
        json_array_add_object_element(pairs, pair_to_json(modules->pairs->pdata[i]));
    json_object_set_string_member(object, "schema", "capprobe.modules/1");
    json_object_set_array_member(object, "modules", effects);
    json_object_set_array_member(object, "pairs", pairs);

    cp_json_print(json_node_init_object(json_node_alloc(), object), out);
    json_object_unref(object);
}
