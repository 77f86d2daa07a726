/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of scenario/parser.c: what is refused, and with which message. */
#include "parse.h"

static void
test_refuse(void)
{
    static const struct {
        const char *text, *complaint;
    } cases[] = {
        { START "  raed\n", "F:3:3: unknown word 'raed', expected one of those that 'capprobe ops' lists" },
        { START "write-cache \"/none/\x1b[2J\"", "F:3:13: /none/\\u001b[2J: cannot be read" },
        { START "READ", "F:3:1: unknown word 'READ'" },
        { START "{", "F:3:1: unknown word '{'" },
        { START "\xc3\xa4\x01", "F:3:1: unknown word '\xc3\xa4\\u0001'" },
        { START "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeee",
          "F:3:1: unknown word 'aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd', expected" },
        { START " remove", "F:3:8: wrong or missing arguments of 'remove', expected MODULE" },
        { START "remove a  b", "F:3:8: wrong or missing arguments of 'remove', expected MODULE" },
        { START "align 5", "F:3:7: wrong or missing arguments of 'align', expected none" },
        { START "run", "F:3:4: wrong or missing arguments of 'run', expected COMMAND | COMMAND ARGUMENT..." },
        { START "run! # a", "F:3:5: wrong or missing arguments of 'run!', expected COMMAND | COMMAND ARGUMENT..." },
        { START "run \"\" a", "F:3:5: '' is not a command, expected the name of a program" },
        { START "expect lacks a \"\"", "F:3:16: '' is not a value of an element, expected one such as qxl" },
        { START "expect defect has a \"\"", "F:3:21: '' is not a value of an element" },
        { START "run \"a", "F:3:5: a quotation without an end" },
        { START "rpm update m", "F:3:5: wrong or missing arguments of 'rpm', expected adopt MODULE | install MODULE" },
        { START "image iso with m", "F:3:7: 'iso' is not a kind of image, expected one of ostree erofs squashfs oci" },
        { START "image tar without /m", "F:3:19: '/m' is not a module, expected its file's name without '.so'" },
        { START "kvm maybe", "F:3:5: wrong or missing arguments of 'kvm', expected on | off | root-only | dead" },
        { START "repeat 3", "F:3:8: wrong or missing arguments of 'repeat', expected N {" },
        { START "read { }", "F:3:6: wrong or missing arguments of 'read', expected none | { |" },
        { START "add \"a", "F:3:5: a quotation without an end, expected '\"' on the same line" },
        { START "add \"a\nb\"", "F:3:5: a quotation without an end, expected '\"' on the same line" },
        { START "repeat 2 {\nread\n", "F:3:1: a block that does not end, expected '}' on its own line" },
        { START "  repeat 2 {\n repeat 2 {\n}\n", "F:3:3: a block that does not end, expected '}' on its own line" },
        { START "repeat 2 {\n repeat 2 {\n", "F:4:2: a block that does not end, expected '}' on its own line" },
        { START " }", "F:3:2: a '}' that closes nothing, expected a step" },
        { START "repeat 2 {\n}\n}", "F:5:1: a '}' that closes nothing, expected a step" },
        { START "repeat 2 {\n} read", "F:4:3: text after '}', expected the end of the line" },
        { START "repeat 2 {\n} }", "F:4:3: text after '}', expected the end of the line" },
        { "read\n", "F:1:1: 'read' before libvirt runs, expected 'start' first" },
        { " prime\n", "F:1:2: 'prime' before libvirt runs, expected 'start' first" },
        { "restart\nstart\nread", "F:1:1: 'restart' before libvirt runs, expected 'start' first" },
        { "repeat 2 {\n read\n}\nstart", "F:2:2: 'read' before libvirt runs, expected 'start' first" },
        { START " start", "F:3:2: a second 'start', expected 'restart'" },
        { START "same-second", "F:3:1: 'same-second' before any 'align', expected 'align' first" },
        { "start\nexpect answer\nread", "F:2:1: 'expect' before any read, expected 'read' first" },
        { START "when-opened m", "F:3:1: 'when-opened' outside a read, expected it within 'read {'" },
        { START "repeat 2 {\n when-opened m\n}", "F:4:2: 'when-opened' outside a read, expected it within 'read {'" },
        { START "read {\n read\n}", "F:4:2: 'read' within a read, expected changes of the host or waits" },
        { START "read {\n restart\n}", "F:4:2: 'restart' within a read, expected changes of the host or waits" },
        { START "read {\n expect answer\n}", "F:4:2: 'expect' within a read, expected changes of the host or waits" },
        { START "read {\n drop-cache\n}", "F:4:2: 'drop-cache' within a read, expected changes" },
        { START "read {\n repeat 2 {\n}\n}", "F:4:2: 'repeat' within a read, expected changes" },
        { START "read {\n keep-mtime {\n  read\n}\n}", "F:5:3: 'read' within a read, expected changes" },
        { START "pause", "F:3:6: wrong or missing arguments of 'pause', expected DURATION" },
        { START "pause 5", "F:3:7: '5' is not a duration, expected a number with a unit, such as 500ms or 30s" },
        { START "pause 3601s", "F:3:7: '3601s' is not a duration" },
        { START "repeat 0 {\n}", "F:3:8: '0' is not a count, expected a number from 1 to 10000" },
        { START "repeat 10001 {\n}", "F:3:8: '10001' is not a count, expected a number from 1 to 10000" },
        { START "repeat -1 {\n}", "F:3:8: '-1' is not a count" },
        { START "repeat 0x2 {\n}", "F:3:8: '0x2' is not a count" },
        { START "repeat 18446744073709551617 {\n}", "F:3:8: '18446744073709551617' is not a count" },
        { START "expect probes 2147483648",
          "F:3:15: '2147483648' is not a count, expected a number from 0 to 2147483647" },
        { START "cut-cache many", "F:3:11: 'many' is not a count" },
        { "needs cpuid 1f", "F:1:13: '1f' is not a leaf of CPUID, expected a hexadecimal number such as 0x1f" },
        { START "chmod m 888", "F:3:9: '888' is not a mode, expected an octal number up to 777, such as 644" },
        { START "chmod m 1000", "F:3:9: '1000' is not a mode" },
        { START "chmod m rw", "F:3:9: 'rw' is not a mode" },
        { START "add a/b", "F:3:5: 'a/b' is not a module, expected its file's name without '.so'" },
        { START "add ../b", "F:3:5: '../b' is not a module" },
        { START "add \"\"", "F:3:5: '' is not a module" },
        { START "needs module b.so", "F:3:14: 'b.so' is not a module" },
        { START "write-cache no-such-file", "F:3:13: " },
        { START "replace m no-such-file", "F:3:11: " },
        { "", "F:1:1: nothing is read, expected 'start' and 'read'" },
        { "start\nadd m\n# end", "F:3:1: nothing is read, expected 'start' and 'read'" },
        { START "# \xff", "F:3:3: byte 0xff, expected UTF-8 text" },
        { "\xc3", "F:1:1: byte 0xc3, expected UTF-8 text" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_not_parsed(cases[i].text, cases[i].complaint);
}

static void
test_nul(void)
{
    static const char text[] = "start\nre\0ad\n";
    g_autoptr(GError) error = NULL;
    g_assert_null(cp_scenario_parse("F", text, sizeof(text) - 1, &error));
    assert_refused(&error, "F:2:3: byte 0x00, expected UTF-8 text");
    g_assert_null(cp_scenario_parse("F", text, 6, &error));
    assert_refused(&error, "F:2:1: nothing is read");
}

static void
test_large(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *line = g_strnfill(10 * 1024 * 1024, 'a');
    g_assert_null(parse(line, &error));
    assert_refused(&error, "F:1:1: the scenario is 10485760 bytes long, expected at most 1048576");

    /* The limit itself is fine, as one comment or as one word. */
    g_autofree char *blank = g_strnfill(1024 * 1024 - strlen(START "#"), ' ');
    g_autofree char *comment = g_strconcat(START "#", blank, NULL);
    g_autoptr(CpScenario) scenario = parse(comment, &error);
    g_assert_no_error(error);
    g_assert_nonnull(scenario);

    line[1024 * 1024] = '\0';
    g_assert_null(parse(line, &error));
    assert_refused(&error, "F:1:1: unknown word 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', expected");
}

/* A scenario of `count` times `before`, a read, and `count` times `after`. */
static char *
wrap(guint count, const char *before, const char *after)
{
    GString *text = g_string_new("start\n");
    for (guint i = 0; i < count; i++)
        g_string_append(text, before);
    g_string_append(text, "read\n");
    for (guint i = 0; i < count; i++)
        g_string_append(text, after);
    return g_string_free(text, FALSE);
}

#define ALIGN_8 "align\nalign\nalign\nalign\nalign\nalign\nalign\nalign\n"

static void
test_limits(void)
{
    static const struct {
        guint count;
        const char *before, *after, *complaint; /* NULL for none */
    } cases[] = {
        { 16, "keep-mtime {\n", "}\n", NULL },
        { 17, "keep-mtime {\n", "}\n", "F:18:1: blocks nested too deeply, expected at most 16" },
        { 500, "keep-mtime {\n", "}\n", "F:18:1: blocks nested too deeply, expected at most 16" },
        { 1, "repeat 9999 {\n" ALIGN_8 "align\n", "}\n" ALIGN_8, NULL },
        { 1, "repeat 9999 {\n" ALIGN_8 "align\n", "}\n" ALIGN_8 "align\n",
          "F:22:1: too many steps, expected at most 100000 with their repetitions" },
        { 1, "repeat 10000 {\n" ALIGN_8, "}\n", NULL },
        { 1, "repeat 10000 {\n" ALIGN_8 "align\n", "}\n", "F:12:1: too many steps" },
        { 2, "repeat 300 {\n", "}\n", NULL },
        { 2, "repeat 400 {\n", "}\n", "F:4:1: too many steps" },
        { 16, "repeat 10000 {\n", "}\n", "F:4:1: too many steps" },
        { 2, "repeat 300 {\n}\n", "", NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = wrap(cases[i].count, cases[i].before, cases[i].after);
        g_autoptr(CpScenario) scenario = parse(text, &error);
        g_test_message("case %zu", i);
        if (cases[i].complaint) {
            g_assert_null(scenario);
            assert_refused(&error, cases[i].complaint);
        } else {
            g_assert_no_error(error);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser-refusals/refuse", test_refuse);
    g_test_add_func("/parser-refusals/nul", test_nul);
    g_test_add_func("/parser-refusals/large", test_large);
    g_test_add_func("/parser-refusals/limits", test_limits);
    return g_test_run();
}
