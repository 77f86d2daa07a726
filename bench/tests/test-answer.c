/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of judge/answer.h. */
#include "judge/answer.h"

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
    for (guint i = 0; i < answer->facts->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? "; " : "", (char *)answer->facts->pdata[i]);
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

static void
test_has(void)
{
    static const struct {
        const char *name, *value;
        gboolean has;
    } cases[] = {
        { "modelType", "qxl", TRUE },  { "video", "qxl", TRUE },
        { "video", "yes", TRUE },      { "sev", "no", TRUE },
        { "domain", "kvm", TRUE },     { "mode", "yes", TRUE },
        { "modelType", "qx", FALSE },  { "modelType", "qxl2", FALSE },
        { "modeltype", "qxl", FALSE }, { "sev", "yes", FALSE },
        { "qxl", "qxl", FALSE },       { "devices", "qxl", FALSE },
        { "firmware", "os", FALSE },   { "", "", FALSE },
        { "video", "", FALSE },
    };
    g_autoptr(CpAnswer) answer = cp_answer_new(ANSWER), text = cp_answer_new("video qxl");

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s %s", cases[i].name, cases[i].value);
        g_assert_cmpint(cp_answer_has(answer, cases[i].name, cases[i].value), ==, cases[i].has);
    }
    g_assert_false(cp_answer_has(text, "video", "qxl"));
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
    g_test_add_func("/answer/has", test_has);
    g_test_add_func("/answer/difference", test_difference);
    g_test_add_func("/answer/entities", test_entities);
    return g_test_run();
}
