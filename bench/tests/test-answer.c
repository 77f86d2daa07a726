/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of judge/answer.h. */
#include "judge/answer.h"

#include "base/text.h"
#include "helper.h"

#define ANSWER                                                                                                         \
    "<domainCapabilities>"                                                                                             \
    "<domain>kvm</domain><vcpu max='255'/><os supported='yes'><enum name='firmware'/></os>"                            \
    "<cpu><mode name='host-passthrough' supported='yes'/></cpu>"                                                       \
    "<devices><video supported='yes'><enum "                                                                           \
    "name='modelType'><value>vga</value><value>qxl</value></enum></video></devices>"                                   \
    "<features><sev supported='no'/></features>"                                                                       \
    "</domainCapabilities>"

static char *
facts_of(const CpAnswer *answer)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < answer->facts->len; i++) {
        g_autofree char *fact = cp_answer_fact(answer, i);
        g_string_append_printf(text, "%s%s", i > 0 ? "; " : "", fact);
    }
    return g_string_free(text, FALSE);
}

static void
test_facts(void)
{
    static const struct {
        const char *text;
        gboolean xml;
        const char *facts;
    } cases[] = {
        { ANSWER, TRUE,
          "cpu mode host-passthrough supported yes; domain kvm; os firmware; os supported yes; sev supported no; "
          "vcpu max 255; video modelType qxl; video modelType vga; video supported yes" },
        { "<a/>", TRUE, "a" },
        { "<a> <b/> </a>", TRUE, "a b" },
        { "<a x='1' y='2'/>", TRUE, "a x 1; a y 2" },
        { "<a x=''/>", TRUE, "a x " },
        { "<a name=''/>", TRUE, "a" },
        { "<a model='m'><b name='n' model='o'/></a>", TRUE, "a m b n model o" },
        { "<a><b x='1'>m</b><b x='2'>n</b></a>", TRUE, "a b m; a b m x 1; a b n; a b n x 2" },
        { "<domainCapabilities/>", TRUE, "" },
        { "<a>&amp;</a>", TRUE, "a &" },
        { "<a><!-- no fact --><?no fact?></a>", TRUE, "" },
        { "no XML", FALSE, "" },
        { "", FALSE, "" },
        { "<a>", FALSE, "" },
        { "<a/><b/>", FALSE, "" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CpAnswer) answer = cp_answer_new(cases[i].text);
        g_autofree char *facts = facts_of(answer);
        g_test_message("%s", cases[i].text);
        g_assert_cmpint(answer->xml, ==, cases[i].xml);
        g_assert_cmpstr(facts, ==, cases[i].facts);
        if (!cases[i].xml)
            g_assert_cmpstr(answer->canonical, ==, cases[i].text);
    }
    cp_answer_free(NULL);
}

static void
test_canonical(void)
{
    static const struct {
        const char *a, *b;
        gboolean same;
    } cases[] = {
        { "<a x='1' y='2'><b/></a>", "<?xml version='1.0'?>\n<a y=\"2\"  x=\"1\">\n  <b></b>\n</a>\n", TRUE },
        { "<a>x</a>", "<a>&#120;</a>", TRUE },
        { "<a><b/><c/></a>", "<a><c/><b/></a>", FALSE },
        { "<a x='1'/>", "<a x='2'/>", FALSE },
        { "<a>x</a>", "<a> x</a>", FALSE },
        { "text", "text ", FALSE },
        /* Only the UUID of the host is left out. */
        { "<capabilities><host><uuid>1</uuid><cpu/></host></capabilities>",
          "<capabilities> <host> <uuid>2</uuid> <cpu/> </host> </capabilities>", TRUE },
        { "<capabilities><host><uuid>1</uuid><cpu/></host></capabilities>",
          "<capabilities><host><uuid>1</uuid></host></capabilities>", FALSE },
        { "<capabilities><host><uid>1</uid></host></capabilities>",
          "<capabilities><host><uid>2</uid></host></capabilities>", FALSE },
        { "<capabilities><guest><uuid>1</uuid></guest></capabilities>",
          "<capabilities><guest><uuid>2</uuid></guest></capabilities>", FALSE },
        { "<domainCapabilities><host><uuid>1</uuid></host></domainCapabilities>",
          "<domainCapabilities><host><uuid>2</uuid></host></domainCapabilities>", FALSE },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CpAnswer) a = cp_answer_new(cases[i].a), b = cp_answer_new(cases[i].b);
        g_assert_cmpint(g_str_equal(a->canonical, b->canonical), ==, cases[i].same);
    }
}

#define DEVICES                                                                                                        \
    "<domainCapabilities><os supported='yes'><loader supported='yes'><value>/a/b c.fd</value><enum "                   \
    "name='type'><value>rom</value></enum></loader></os><cpu><mode name='custom' supported='yes'><model "              \
    "usable='yes'>486</model></mode><mode name='maximum' supported='no'/></cpu><devices><graphics "                    \
    "supported='yes'><enum name='type'><value>vnc</value><value>sdl</value></enum></graphics><hostdev><enum "          \
    "name='pciBackend'/></hostdev></devices></domainCapabilities>"

static char *
joined(GHashTable *set)
{
    g_autofree char **names = (char **)g_hash_table_get_keys_as_array(set, NULL);
    qsort(names, g_strv_length(names), sizeof(char *), cp_text_compare);
    return g_strjoinv(", ", names);
}

static void
test_find(void)
{
    static const struct {
        const char *path, *elements;
    } cases[] = {
        { "graphics/type", "graphics/type" },
        { "type", "graphics/type, os/loader/type" },
        { "loader/type", "os/loader/type" },
        { "graphics", "graphics" },
        { "supported", "cpu/mode/custom/supported, cpu/mode/maximum/supported, graphics/supported, "
                       "os/loader/supported, os/supported" },
        { "mode", "cpu/mode" },
        { "cpu/mode/custom", "cpu/mode/custom" },
        { "pciBackend", "hostdev/pciBackend" },
        { "486", "cpu/mode/custom/model/486" },
        { "vnc", "" },
        { "Type", "" },
        { "ype", "" },
        { "aphics/type", "" },
        { "graphics/", "" },
        { "/graphics", "" },
        { "graphics type", "" },
        { "video/graphics/type", "" },
        { "devices", "" },
        { "", "" },
        { "/", "" },
    };
    g_autoptr(CpAnswer) answer = cp_answer_new(DEVICES), text = cp_answer_new("graphics vnc");
    g_autoptr(GHashTable) none = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GHashTable) set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_test_message("%s", cases[i].path);
        cp_answer_find(answer, cases[i].path, set);
        g_autofree char *elements = joined(set);
        g_assert_cmpstr(elements, ==, cases[i].elements);
    }
    cp_answer_find(text, "graphics", none);
    cp_answer_list(text, none);
    g_assert_cmpuint(g_hash_table_size(none), ==, 0);
    cp_answer_list(answer, none);
    g_autofree char *listed = joined(none);
    g_assert_cmpstr(listed, ==, "graphics/type, hostdev/pciBackend, os/loader, os/loader/type");
}

static void
test_values(void)
{
    static const struct {
        const char *element, *values;
    } cases[] = {
        { "graphics/type", "sdl, vnc" },
        { "graphics", "sdl, vnc, yes" },
        { "type", "" },
        { "hostdev/pciBackend", "" },
        { "os/loader", "/a/b c.fd, rom, yes" },
        { "cpu/mode", "486, custom, maximum, no, yes" },
        { "cpu/mode/custom/model", "486, yes" },
        { "cpu/mode/custom/model/486", "yes" },
        { "graphics/typ", "" },
        { "", "" },
    };
    g_autoptr(CpAnswer) answer = cp_answer_new(DEVICES), text = cp_answer_new("graphics vnc");

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(GStrv) values = cp_answer_values(answer, cases[i].element);
        g_autofree char *joined = g_strjoinv(", ", values);
        g_test_message("%s", cases[i].element);
        g_assert_cmpstr(joined, ==, cases[i].values);
    }
    g_assert_true(cp_answer_has(answer, "graphics/type", "vnc"));
    g_assert_false(cp_answer_has(answer, "graphics/type", "vn"));
    g_assert_false(cp_answer_has(answer, "graphics/type", ""));
    g_assert_false(cp_answer_has(text, "graphics", "vnc"));
}

static void
test_difference(void)
{
    static const struct {
        const char *truth, *answer, *lines;
    } cases[] = {
        { ANSWER, ANSWER, "" },
        { "<a><b>1</b><b>2</b></a>", "<a><b>1</b></a>", "- a b 2" },
        { "<a><b>1</b></a>", "<a><b>1</b><b>2</b></a>", "+ a b 2" },
        { "<a><b>1</b><b>3</b></a>", "<a><b>2</b><b>3</b></a>", "- a b 1; + a b 2" },
        { "<a x='yes'/>", "<a x='no'/>", "+ a x no; - a x yes" },
        { "<a><b>1</b><b>1</b></a>", "<a><b>1</b></a>", "- a b 1" },
        { "<a/>", "text", "the answer is not XML" },
        { "text", "<a/>", "+ a" },
        { "text", "other", "the answer is not XML" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CpAnswer) truth = cp_answer_new(cases[i].truth), answer = cp_answer_new(cases[i].answer);
        g_auto(GStrv) lines = cp_answer_difference(truth, answer);
        g_autofree char *joined = g_strjoinv("; ", lines);
        g_assert_cmpstr(joined, ==, cases[i].lines);
    }
}

/* Entities that expand to an enormous text are refused. */
static void
test_entities(void)
{
    GString *text = g_string_new("<!DOCTYPE a [<!ENTITY e0 'xxxxxxxxxx'>");
    for (int i = 1; i < 12; i++) {
        g_string_append_printf(text, "<!ENTITY e%d '", i);
        for (int n = 0; n < 10; n++)
            g_string_append_printf(text, "&e%d;", i - 1);
        g_string_append(text, "'>");
    }
    g_string_append(text, "]><a x='&e11;'>&e11;</a>");
    g_autoptr(CpAnswer) answer = cp_answer_new(text->str);
    g_assert_false(answer->xml);
    g_string_free(text, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/answer/facts", test_facts);
    g_test_add_func("/answer/canonical", test_canonical);
    g_test_add_func("/answer/find", test_find);
    g_test_add_func("/answer/values", test_values);
    g_test_add_func("/answer/difference", test_difference);
    g_test_add_func("/answer/entities", test_entities);
    return g_test_run();
}
