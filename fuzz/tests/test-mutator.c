/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of the mutator: test-mutator FOLDER, with seeds in the folder. Mutations keep to the limit on their size, depend
 * only on input and seed, and are documents if the input is one. Trimming keeps what matters.
 */

#include <glib.h>
#include <libxml/parser.h>
#include <string.h>

#include "input/input-options.h"
#include "mutator/mutator.h"
#include "input/schema.h"
#include "input/tree.h"
#include "tests/seeds.h"

#define ROUNDS 2000

static gboolean
is_xml(const char *data, gsize length)
{
    xmlDocPtr document =
        xmlReadMemory(data, length, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);

    xmlFreeDoc(document);
    return document != NULL;
}

static void
test_options_survive_the_tree(void)
{
    static const char document[] = "<?capprobe machine='q35' read='7'?>\n<qemuCaps/>\n";
    g_autoptr(CpNode) root = cp_tree_parse(document, strlen(document));
    g_autoptr(GString) written = g_string_new(NULL);

    g_assert_nonnull(root);
    g_autoptr(CpNode) copy = cp_tree_copy(root);
    cp_tree_write(copy, written);
    g_assert_cmpstr(written->str, ==, document);
    g_assert_null(cp_tree_parse("<?capprobe x?><a/>", 18));
}

/* The mutator accepts the same documents as libxml2: mutations of others would mostly be rejected, too. */
static void
test_same_documents_as_libxml2(void)
{
    static const char *const good[] = {
        "<a/>",        "<a b='c' d=\"e'\">f</a>", "<a b='&amp;&apos;&gt;&lt;&quot;'>&#9;&#xA;&#x10FFFF;&#xd7ff;</a>",
        "<_a:b-c.d/>", "<a>\t\xc3\xa9\x7f]]</a>",
    };
    static const char *const bad[] = {
        "<a b='c' b='d'/>",
        "<a b='<'/>",
        "<a>]]></a>",
        "<a>&b;</a>",
        "<a>&amp</a>",
        "<a>&</a>",
        "<a>&#;</a>",
        "<a>&#x;</a>",
        "<a>&#0;</a>",
        "<a>&#xd800;</a>",
        "<a>&#xffff;</a>",
        "<a>&#11a;</a>",
        "<a>&#65</a>",
        "<a>&#x110000;</a>",
        "<a>\x01</a>",
        "<a>\f</a>",
        "<a>\xff</a>",
        "<a>\xc3</a>",
        "<1a/>",
        "<-a/>",
        "<.a/>",
        "<a 1='b'/>",
        "<a/><b/>",
        "<a b='&c;'/>",
        "<a b='\x02'/>",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(good) + G_N_ELEMENTS(bad); i++) {
        gboolean expected = i < G_N_ELEMENTS(good);
        const char *text = expected ? good[i] : bad[i - G_N_ELEMENTS(good)];
        g_autoptr(CpNode) root = cp_tree_parse(text, strlen(text));

        g_test_message("%s", text);
        g_assert_cmpint(is_xml(text, strlen(text)), ==, expected);
        g_assert_cmpint(root != NULL, ==, expected);
    }
}

/* A mutation that is too long is shortened by removing whole elements. */
static void
test_long_mutations_are_documents(void)
{
    g_autoptr(GString) input = g_string_new("<qemuCaps>\n");
    g_autoptr(GString) output = g_string_new(NULL);
    guint documents = 0;

    for (guint i = 0; i < 100; i++)
        g_string_append(input, "<flag name='kvm'/>\n");
    g_string_append(input, "</qemuCaps>\n");
    for (guint i = 0; i < ROUNDS; i++) {
        g_string_truncate(output, 0);
        cp_mutator_mutate(NULL, input->str, input->len, NULL, 0, 1000, i, output);
        g_assert_cmpuint(output->len, <=, 1000);
        documents += is_xml(output->str, output->len);
    }
    g_assert_cmpuint(documents, >, ROUNDS * 9 / 10);
}

/* A mutator that keeps the last input makes the same mutations as one that does not. */
static void
test_kept_input_makes_no_difference(void)
{
    static const char *const texts[] = { "<a b='c'/>", "<a b='d'/>", "<a b='d>" };
    g_autoptr(CpMutator) mutator = cp_mutator_new();
    g_autoptr(GString) with = g_string_new(NULL);
    g_autoptr(GString) without = g_string_new(NULL);

    for (guint round = 0; round < ROUNDS; round++) {
        guint turn = round / 4 % 8;
        gsize length;
        gsize other_length;
        const char *input = cp_seeds_get(round / 4, &length);
        const char *other = cp_seeds_get(round / 8, &other_length);

        if (turn < G_N_ELEMENTS(texts)) {
            input = texts[turn];
            length = strlen(input);
        }
        g_string_truncate(with, 0);
        g_string_truncate(without, 0);
        cp_mutator_mutate(mutator, input, length, other, other_length, 4096, round, with);
        cp_mutator_mutate(NULL, input, length, other, other_length, 4096, round, without);
        g_assert_cmpmem(with->str, with->len, without->str, without->len);
    }
}

static void
test_bounds(void)
{
    static const gsize limits[] = { 0, 1, 7, 300, 1 << 20 };
    g_autoptr(GString) output = g_string_new(NULL);

    for (guint round = 0; round < ROUNDS; round++) {
        gsize max = limits[round % G_N_ELEMENTS(limits)];

        cp_seeds_mutate(round, max, output);
        g_assert_cmpuint(output->len, <=, max);
    }
}

static void
test_same_seed_same_mutation(void)
{
    g_autoptr(GString) one = g_string_new(NULL);
    g_autoptr(GString) two = g_string_new(NULL);

    for (guint round = 0; round < ROUNDS; round++) {
        cp_seeds_mutate(round, 1 << 20, one);
        cp_seeds_mutate(round, 1 << 20, two);
        g_assert_cmpmem(one->str, one->len, two->str, two->len);
    }
}

static void
test_mutations_are_documents(void)
{
    g_autoptr(GString) output = g_string_new(NULL);
    guint documents = 0;
    guint changed = 0;

    for (guint round = 0; round < ROUNDS; round++) {
        gsize length;
        const char *input = cp_seeds_get(round, &length);

        cp_seeds_mutate(round, 1 << 20, output);
        documents += is_xml(output->str, output->len);
        changed += output->len != length || memcmp(output->str, input, length) != 0;
    }
    g_test_message("%u of %u are documents, %u differ from their seed", documents, ROUNDS, changed);
    g_assert_cmpuint(documents, >, ROUNDS * 9 / 10);
    g_assert_cmpuint(changed, >, ROUNDS * 9 / 10);
}

/* Options are added, changed and removed; they select machines of the document. */
static void
test_options_are_mutated(void)
{
    static const char document[] = "<?capprobe machine='q35' read='7'?>\n"
                                   "<qemuCaps>\n<machine name='pc-q35-7.2' alias='q35'/>\n</qemuCaps>\n";
    static const char bare[] = "<qemuCaps>\n<machine name='pc-q35-7.2'/>\n</qemuCaps>\n";
    g_autoptr(GString) output = g_string_new(NULL);
    guint kept = 0;
    guint dropped = 0;
    guint added = 0;
    guint chosen = 0;

    for (guint round = 0; round < 8 * ROUNDS; round++) {
        gboolean is_bare = round % 2;
        const char *input = is_bare ? bare : document;

        g_string_truncate(output, 0);
        cp_mutator_mutate(NULL, input, strlen(input), NULL, 0, 1 << 20, round, output);
        CpInputOptions options = cp_input_options_read((const guint8 *)output->str, output->len);
        g_autofree char *machine = cp_input_options_string(&options, "machine");
        kept += !is_bare && g_strcmp0(machine, "q35") == 0;
        dropped += !is_bare && !machine && is_xml(output->str, output->len);
        chosen += is_bare && g_strcmp0(machine, "pc-q35-7.2") == 0;
        for (const CpSchemaAttribute *attribute = cp_schema_options.attributes; attribute->name; attribute++) {
            g_autofree char *value = cp_input_options_string(&options, attribute->name);

            added += is_bare && value != NULL;
        }
    }
    g_assert_cmpuint(kept, >, 2 * ROUNDS);
    g_assert_cmpuint(dropped, >, 0);
    g_assert_cmpuint(added, >, ROUNDS / 8);
    g_assert_cmpuint(chosen, >, 0);
}

static void
test_bytes_are_mutated(void)
{
    static const char *const inputs[] = { "",        "x", "<a", "<a></b>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
                                          "<a b=c/>" };
    g_autoptr(GString) output = g_string_new(NULL);
    guint changed = 0;

    for (guint i = 0; i < ROUNDS; i++) {
        const char *input = inputs[i % G_N_ELEMENTS(inputs)];

        g_string_truncate(output, 0);
        cp_mutator_mutate(NULL, input, strlen(input), NULL, 0, 64, i, output);
        g_assert_cmpuint(output->len, <=, 64);
        changed += strcmp(output->str, input) != 0;
    }
    g_assert_cmpuint(changed, >, ROUNDS / 2);
}

/* A document does not become a conversation because of the names of its elements. */
static void
test_names_do_not_make_a_conversation(void)
{
    static const char document[] = "<conversation>\n<command/>\n<line/>\n</conversation>\n";
    g_autoptr(GString) output = g_string_new(NULL);
    guint documents = 0;

    for (guint i = 0; i < ROUNDS; i++) {
        g_string_truncate(output, 0);
        cp_mutator_mutate(NULL, document, strlen(document), document, strlen(document), 4096, i, output);
        documents += is_xml(output->str, output->len);
    }
    g_assert_cmpuint(documents, >, ROUNDS * 9 / 10);
}

/* Trims `input` like an engine that keeps candidates which contain `needle`. Appends the result to the empty `best`. */
static void
trim(const char *input, gsize length, const char *needle, GString *best)
{
    g_autoptr(CpTrim) trimming = cp_trim_new(input, length);
    g_autoptr(GString) candidate = g_string_new(NULL);
    guint steps = 0;

    g_string_append_len(best, input, length);
    while (cp_trim_next(trimming, candidate)) {
        gboolean kept = strstr(candidate->str, needle) != NULL;

        g_assert_cmpuint(candidate->len, <=, length);
        g_assert_true(is_xml(candidate->str, candidate->len));
        if (kept)
            g_string_assign(best, candidate->str);
        cp_trim_judge(trimming, kept);
        steps++;
    }
    g_assert_cmpuint(steps, <=, cp_trim_steps(trimming));
}

/* Crossing a document and a conversation copies nothing from one to the other. */
static void
test_kinds_do_not_mix(void)
{
    static const char document[] = "<qemuCaps>\n  <flag name='kvm'/>\n</qemuCaps>\n";
    static const char conversation[] = "{\"execute\":\"query-kvm\"}\n{\"return\":{\"enabled\":true}}\n";

    for (guint seed = 0; seed < 1000; seed++) {
        g_autoptr(GString) one = g_string_new(NULL);
        g_autoptr(GString) other = g_string_new(NULL);

        cp_mutator_cross(document, strlen(document), conversation, strlen(conversation), 4096, seed, one);
        cp_mutator_cross(conversation, strlen(conversation), document, strlen(document), 4096, seed, other);
        g_assert_null(strstr(one->str, "enabled"));
        g_assert_null(strstr(other->str, "flag"));
    }
}

static void
test_trim_keeps_what_matters(void)
{
    static const char document[] = "<qemuCaps>\n  <emulator>/x</emulator>\n  <flag name='kvm'/>\n  <flag name='sdl'/>\n"
                                   "  <cpu type='kvm' name='a' usable='no'>\n    <blocker name='needle'/>\n"
                                   "    <blocker name='b'/>\n  </cpu>\n</qemuCaps>\n";
    g_autoptr(GString) best = g_string_new(NULL);

    trim(document, strlen(document), "needle", best);
    g_assert_cmpstr(best->str, ==, "<qemuCaps>\n<cpu>\n<blocker name='needle'/>\n</cpu>\n</qemuCaps>\n");
}

static void
test_trim_options(void)
{
    static const char document[] = "<?capprobe machine='q35' read='7'?>\n<qemuCaps>\n<flag name='kvm'/>\n</qemuCaps>\n";
    g_autoptr(GString) without = g_string_new(NULL);
    g_autoptr(GString) with = g_string_new(NULL);

    trim(document, strlen(document), "kvm", without);
    g_assert_cmpstr(without->str, ==, "<qemuCaps>\n<flag name='kvm'/>\n</qemuCaps>\n");
    trim(document, strlen(document), "read='7'", with);
    g_assert_cmpstr(with->str, ==, "<?capprobe read='7'?>\n<qemuCaps/>\n");
}

static void
test_trim_does_not_change_bytes(void)
{
    g_autoptr(GString) best = g_string_new(NULL);

    trim("<a", 2, "a", best);
    g_assert_cmpstr(best->str, ==, "<a");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(argc, ==, 2);
    cp_seeds_read(argv[1]);
    g_test_add_func("/mutator/seeds-survive-the-tree", cp_seeds_survive_the_tree);
    g_test_add_func("/mutator/options-survive-the-tree", test_options_survive_the_tree);
    g_test_add_func("/mutator/same-documents-as-libxml2", test_same_documents_as_libxml2);
    g_test_add_func("/mutator/long-mutations-are-documents", test_long_mutations_are_documents);
    g_test_add_func("/mutator/kept-input-makes-no-difference", test_kept_input_makes_no_difference);
    g_test_add_func("/mutator/bounds", test_bounds);
    g_test_add_func("/mutator/same-seed-same-mutation", test_same_seed_same_mutation);
    g_test_add_func("/mutator/mutations-are-documents", test_mutations_are_documents);
    g_test_add_func("/mutator/options-are-mutated", test_options_are_mutated);
    g_test_add_func("/mutator/bytes-are-mutated", test_bytes_are_mutated);
    g_test_add_func("/mutator/kinds-do-not-mix", test_kinds_do_not_mix);
    g_test_add_func("/mutator/names-do-not-make-a-conversation", test_names_do_not_make_a_conversation);
    g_test_add_func("/mutator/trim-keeps-what-matters", test_trim_keeps_what_matters);
    g_test_add_func("/mutator/trim-options", test_trim_options);
    g_test_add_func("/mutator/trim-does-not-change-bytes", test_trim_does_not_change_bytes);
    return g_test_run();
}
