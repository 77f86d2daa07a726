/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of scenario/parser.c: the steps that ask libvirt, their labels, and quotes. */
#include "parse.h"

/* Every form of the steps that test-parser.c leaves out. Each case is the third line. */
static void
test_forms(void)
{
    static const struct {
        const char *line, *step;
    } cases[] = {
        { "read \"kvm gone\"", "read 6:[kvm gone] label" },
        { "read \"{\" {\n}", "read 6:[{] label {  }" },
        { "ask capabilities", "ask 5:[capabilities]" },
        { "ask domcaps", "ask 5:[domcaps]" },
        { "ask domcaps emulator /a arch b machine c virttype d flags 1",
          "ask 5:[domcaps] 13:[emulator] 22:[/a] 25:[arch] 30:[b] 32:[machine] 40:[c] 42:[virttype] 51:[d] 53:[flags] "
          "59:[1] =1" },
        { "ask domcaps machine pc", "ask 5:[domcaps] 13:[machine] 21:[pc]" },
        { "ask domcaps every-machine", "ask 5:[domcaps] 13:[every-machine]" },
        { "ask domcaps every-emulator", "ask 5:[domcaps] 13:[every-emulator]" },
        { "ask domcaps every-emulator every-machine", "ask 5:[domcaps] 13:[every-emulator] 28:[every-machine]" },
        { "clients 256 {\n}", "clients 9:[256] =256 {  }" },
        { "clients 3 20 {\nremove m\nread \"x\"\nrepeat 2 {\npause 1s\n}\n}", "clients 9:[3] 11:[20] =3 {  }" },
        { "clients 3 20 beside a/b {\n}", "clients 9:[3] 11:[20] 14:[beside] 21:[a/b] =3 {  }" },
        { "remove m\nsettle 3s", "settle 8:[3s] =3000000000" },
        { "remove m\nsettle 200ms \"m gone\"", "settle 8:[200ms] 14:[m gone] label =200000000" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = g_strconcat(START, cases[i].line, NULL);
        g_autoptr(CpScenario) scenario = parse(text, &error);
        g_assert_no_error(error);
        const CpStep *step = scenario->steps->pdata[scenario->steps->len - 1];
        g_autoptr(GString) described = g_string_new(step->operation->word);
        describe_arguments(step, described);
        if (step->label)
            g_string_append(described, " label");
        describe_number(step, described);
        if (step->block)
            g_string_append(described, " {  }");
        g_assert_cmpstr(described->str, ==, cases[i].step);
    }
}

static void
test_refuse(void)
{
    static const struct {
        const char *text, *complaint;
    } cases[] = {
        { START "add \"a\"b", "F:3:8: text right after a quotation, expected a blank" },
        { START "add \"a\"\"b\"", "F:3:8: text right after a quotation, expected a blank" },
        { START "add \"a\"#b", "F:3:8: text right after a quotation, expected a blank" },
        { START "add a\"b\"", "F:3:6: a '\"' within a word, expected quotes around the whole word" },
        { START "add a\"", "F:3:6: a '\"' within a word, expected quotes around the whole word" },
        { START "read \"a", "F:3:6: a quotation without an end, expected '\"' on the same line" },
        { START "read a", "F:3:6: a label without quotes, expected \"a\"" },
        { START "read }", "F:3:6: a label without quotes, expected \"}\"" },
        { START "read a {", "F:3:6: a label without quotes, expected \"a\"" },
        { START "read a b", "F:3:6: wrong or missing arguments of 'read', expected none | { | LABEL | LABEL {" },
        { START "read \"\"", "F:3:6: a label of 0 characters, expected 1 to 40" },
        { START "read \"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeee\"",
          "F:3:6: a label of 44 characters, expected 1 to 40" },
        { "ask capabilities\nstart", "F:1:1: 'ask' before libvirt runs, expected 'start' first" },
        { START "read {\n ask capabilities\n}", "F:4:2: 'ask' within a read, expected changes of the host or waits" },
        { START "ask", "F:3:4: wrong or missing arguments of 'ask', expected capabilities | domcaps [emulator" },
        { START "ask domcaps machine", "F:3:5: wrong or missing arguments of 'ask'" },
        { START "ask domcaps virttype kvm machine pc", "F:3:5: wrong or missing arguments of 'ask'" },
        { START "ask domcaps arch \"a b\"", "F:3:18: 'a b' is not a name, expected one word, such as q35" },
        { START "ask domcaps arch -", "F:3:18: '-' is not a name" },
        { START "ask domcaps machine \"\"", "F:3:21: '' is not a name" },
        { START "ask domcaps flags -1", "F:3:19: '-1' is not a count" },
        { START "settle", "F:3:7: wrong or missing arguments of 'settle', expected DURATION | DURATION LABEL" },
        { START "remove m\nsettle 3", "F:4:8: '3' is not a duration" },
        { START "remove m\nsettle 3s gone", "F:4:11: a label without quotes, expected \"gone\"" },
        { START "clients 0 {\n}", "F:3:9: '0' is not a count, expected a number from 1 to 256" },
        { START "clients 257 {\n}", "F:3:9: '257' is not a count, expected a number from 1 to 256" },
        { START "clients 2 0 {\n}", "F:3:11: '0' is not a rate, expected reads per second, 1 to 1000" },
        { START "clients 2", "F:3:9: wrong or missing arguments of 'clients', expected N { | N RATE {" },
        { "clients 2 {\n}", "F:1:1: 'clients' before libvirt runs, expected 'start' first" },
        { START "clients 2 {\nremove-all\n}", "F:4:1: 'remove-all' within 'clients', expected single changes" },
        { START "clients 2 {\nrun a\n}", "F:4:1: 'run' within 'clients', expected single changes" },
        { START "clients 2 {\nrestart\n}", "F:4:1: 'restart' within 'clients', expected single changes" },
        { START "clients 2 {\nread {\n}\n}", "F:4:1: 'read' within 'clients', expected single changes" },
        { START "clients 2 {\nclients 2 {\n}\n}", "F:4:1: 'clients' within 'clients', expected single changes" },
        { START "clients 2 {\nrepeat 2 {\ndrop-cache\n}\n}", "F:5:1: 'drop-cache' within 'clients', expected" },
        { START "clients 2 {\nread\n}\nexpect answer",
          "F:6:1: 'expect' right after 'clients', expected 'read' between" },
        { START "settle 3s",
          "F:3:1: 'settle' before any change of the host, expected a change first, such as 'remove'" },
        { START "drop-cache\nrestart\nsettle 3s", "F:5:1: 'settle' before any change of the host" },
        { "remove m\nsettle 3s", "F:2:1: 'settle' before libvirt runs, expected 'start' first" },
        { START "read {\nremove-all\n}", "F:4:1: 'remove-all' within a read, which could see the middle of it" },
        { START "read {\nrestore-dir\n}", "F:4:1: 'restore-dir' within a read, which could see the middle of it" },
        { START "read {\nkeep-mtime {\nsymlink-dir\n}\n}", "F:5:1: 'symlink-dir' within a read" },
        { START "read {\nremove m\nsettle 3s\n}",
          "F:5:1: 'settle' within a read, expected changes of the host or waits" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_not_parsed(cases[i].text, cases[i].complaint);
}

/* Each of these is a read, so that an `expect` can follow, and the scenario reads something. */
static void
test_read(void)
{
    static const char *const reads[] = { "ask capabilities", "prime", "read", "remove m\nsettle 3s" };
    for (gsize i = 0; i < G_N_ELEMENTS(reads); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = g_strconcat("start\n", reads[i], "\nexpect answer\n", NULL);
        g_autoptr(CpScenario) scenario = parse(text, &error);
        g_assert_no_error(error);
        g_assert_nonnull(scenario);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser-reads/forms", test_forms);
    g_test_add_func("/parser-reads/refuse", test_refuse);
    g_test_add_func("/parser-reads/read", test_read);
    return g_test_run();
}
