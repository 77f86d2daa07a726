/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of scenario/operation-table.h. */
#include "scenario/operation-table.h"

#include "helper.h"

/* Every row is found by its word, has a summary, and its undo is a word as well. */
static void
test_table(void)
{
    for (CpOp op = 0; op < CP_OP_LAST; op++) {
        const CpOperation *operation = cp_operation(op);
        g_test_message("%s", operation->word);
        g_assert_cmpint(operation->op, ==, op);
        g_assert_true(cp_operation_find(operation->word) == operation);
        g_assert_cmpint(operation->effect, <, CP_EFFECT_LAST);
        g_assert_cmpstr(operation->summary, !=, "");
        if (*operation->undo)
            g_assert_nonnull(cp_operation_find(operation->undo));
    }
    g_assert_null(cp_operation_find(""));
    g_assert_null(cp_operation_find("Read"));
    g_assert_null(cp_operation_find("rea"));
    g_assert_null(cp_operation_find("reads"));
}

static void
test_form(void)
{
    static const struct {
        const char *word, *args, *form; /* NULL for no form */
    } cases[] = {
        { "start", "", "" },
        { "start", "now", NULL },
        { "start", "{", NULL },
        { "read", "", "" },
        { "read", "{", "{" },
        { "read", "x", "LABEL" },
        { "read", "x {", "LABEL {" },
        { "read", "x y", NULL },
        { "ask", "domcaps", "domcaps" },
        { "ask", "domcaps arch b flags 1", "domcaps arch NAME flags N" },
        { "ask", "domcaps arch", NULL },
        { "ask", "domcaps flags 1 arch b", NULL },
        { "ask", "domcaps arch b arch c", NULL },
        { "ask", "domcaps [arch b", NULL },
        { "ask", "domcaps every-machine", "domcaps every-machine" },
        { "needs", "kvm", "kvm" },
        { "needs", "root", "root" },
        { "needs", "module x", "module MODULE" },
        { "needs", "module", NULL },
        { "needs", "cpus 2", "cpus N" },
        { "needs", "cpuid 0x1f", "cpuid LEAF" },
        { "needs", "kvm x", NULL },
        { "needs", "", NULL },
        { "needs", "MODULE", NULL },
        { "repeat", "3 {", "N {" },
        { "repeat", "3", NULL },
        { "repeat", "{", NULL },
        { "replace", "x", "MODULE" },
        { "replace", "x y", "MODULE FILE" },
        { "replace", "x y z", NULL },
        { "expect", "has a b", "has PATH VALUE" },
        { "expect", "lacks a b", "lacks PATH VALUE" },
        { "expect", "defect has a b", "defect has PATH VALUE" },
        { "expect", "verdict stale", "verdict stale" },
        { "expect", "verdict unknown", NULL },
        { "expect", "refresh unknown", NULL },
        { "expect", "defect verdict stale", NULL },
        { "expect", "has a", NULL },
        { "expect", "probes 1", "probes N" },
        { "expect", "answer", "answer" },
        { "expect", "answer 1", NULL },
        { "edit-cache", "delete x", "delete XPATH" },
        { "edit-cache", "set x y", "set XPATH VALUE" },
        { "edit-cache", "set x", NULL },
        { "needs", "emulator x", "emulator FILE-ON-HOST" },
        { "age-dir", "3600s", "DURATION" },
        { "replace-emulator", "x", "FILE-ON-HOST" },
        { "replace-emulator", "", NULL },
        { "touch-libvirt", "", "" },
        { "cpuinfo", "microcode 0x2", "FIELD VALUE" },
        { "cpuinfo", "microcode", NULL },
        { "dpkg", "adopt x", "adopt MODULE" },
        { "dpkg", "install x", "install MODULE" },
        { "dpkg", "remove x", "remove MODULE" },
        { "dpkg", "upgrade x", "upgrade MODULE" },
        { "apt", "adopt x", "adopt MODULE" },
        { "apt", "install x", "install MODULE" },
        { "apt", "remove x", "remove MODULE" },
        { "apt", "upgrade x", "upgrade MODULE" },
        { "rpm", "adopt x", "adopt MODULE" },
        { "rpm", "install x", "install MODULE" },
        { "rpm", "remove x", "remove MODULE" },
        { "rpm", "upgrade x", "upgrade MODULE" },
        { "rpm", "directory", "directory" },
        { "apt", "directory", NULL },
        { "dpkg", "x", NULL },
        { "image", "tar with x", "KIND with MODULE" },
        { "image", "tar without x", "KIND without MODULE" },
        { "image", "tar x", NULL },
        { "kernel", "2.6", "2.6" },
        { "kernel", "own", "own" },
        { "kernel", "3.0", NULL },
        { "kvm-parameter", "nested on", "nested on" },
        { "kvm-parameter", "sev off", "sev off" },
        { "kvm-parameter", "other on", NULL },
        { "kvm", "root-only", "root-only" },
        { "kvm", "On", NULL },
        { "needs", "command setfacl", "command NAME" },
        { "run", "", NULL },
        { "run", "a", "COMMAND" },
        { "run", "a b", "COMMAND ARGUMENT" },
        { "run", "a b c d", "COMMAND ARGUMENT ARGUMENT ARGUMENT" },
        { "run", "a {", "COMMAND ARGUMENT" },
        { "run!", "a b c", "COMMAND ARGUMENT ARGUMENT" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(GStrv) args = *cases[i].args ? g_strsplit(cases[i].args, " ", -1) : g_new0(char *, 1);
        g_auto(GStrv) form = cp_operation_form(cp_operation_find(cases[i].word), (const char *const *)args);
        g_autofree char *joined = form ? g_strjoinv(" ", form) : NULL;
        g_test_message("%s %s", cases[i].word, cases[i].args);
        g_assert_cmpstr(joined, ==, cases[i].form);
    }
}

static void
test_count(void)
{
    static const struct {
        const char *word, *text;
        gint64 count; /* -1 if it is not valid */
    } cases[] = {
        { "repeat", "1", 1 },           { "repeat", "10000", 10000 }, { "repeat", "0", -1 },
        { "repeat", "10001", -1 },      { "expect", "0", 0 },         { "expect", "2147483647", G_MAXINT32 },
        { "expect", "2147483648", -1 }, { "expect", "abc", -1 },      { "expect", "", -1 },
        { "cut-cache", "-1", -1 },      { "cut-cache", "+1", -1 },    { "cut-cache", " 1", -1 },
        { "cut-cache", "0x1", -1 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const CpOperation *operation = cp_operation_find(cases[i].word);
        gint64 count, min, max;
        g_test_message("%s %s", cases[i].word, cases[i].text);
        gboolean valid = cp_operation_count(operation, cases[i].text, &count, &min, &max);
        g_assert_cmpint(valid ? count : -1, ==, cases[i].count);
        g_assert_cmpint(min, ==, operation->op == CP_OP_REPEAT ? 1 : 0);
        g_assert_cmpint(max, ==, operation->op == CP_OP_REPEAT ? 10000 : G_MAXINT32);
    }
}

static void
test_effects(void)
{
    static const char *const names[] = { "modules", "emulator", "kvm",  "host", "any",
                                         "cache",   "process",  "read", "time", "none" };
    CpEffect effect = CP_EFFECT_LAST;

    for (CpEffect i = 0; i < CP_EFFECT_LAST; i++) {
        g_assert_cmpstr(cp_effect_name(i), ==, names[i]);
        g_assert_true(cp_effect_parse(names[i], &effect));
        g_assert_cmpint(effect, ==, i);
        g_assert_cmpint(cp_effect_is_state(i), ==, i < 5);
    }
    g_assert_false(cp_effect_parse("", &effect));
    g_assert_false(cp_effect_parse("Modules", &effect));
    g_assert_cmpint(effect, ==, CP_EFFECT_NONE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/operations/table", test_table);
    g_test_add_func("/operations/form", test_form);
    g_test_add_func("/operations/count", test_count);
    g_test_add_func("/operations/effects", test_effects);
    return g_test_run();
}
