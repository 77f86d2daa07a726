/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of scenario/parser.c: what a scenario can be. */
#include "parse.h"

#include <sys/stat.h>

#include "base/duration.h"

/* Appends the steps as text: columns, arguments, numbers and blocks. */
static void
describe(const GPtrArray *steps, GString *text)
{
    for (guint i = 0; i < steps->len; i++) {
        const CpStep *step = steps->pdata[i];
        g_string_append_printf(text, "%s%u:%u %s", i > 0 ? "; " : "", step->line, step->columns[0],
                               step->operation->word);
        describe_arguments(step, text);
        describe_number(step, text);
        if (step->block) {
            g_string_append(text, " { ");
            describe(step->block, text);
            g_string_append(text, " }");
        }
    }
}

static void
assert_steps(const char *text, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) steps = g_string_new(NULL);
    g_autoptr(CpScenario) scenario = parse(text, &error);
    g_assert_no_error(error);
    describe(scenario->steps, steps);
    g_assert_cmpstr(steps->str, ==, expected);
    g_assert_cmpstr(scenario->text, ==, text);
}

/* Every form of every word. Each case is the third line, after "start" and "read". */
static void
test_forms(void)
{
    static const struct {
        const char *line, *step; /* NULL if it is the same as the line */
    } cases[] = {
        { "needs module a-b", "needs 7:[module] 14:[a-b]" },
        { "needs command a", "needs 7:[command] 15:[a]" },
        { "needs kvm", "needs 7:[kvm]" },
        { "needs root", "needs 7:[root]" },
        { "needs daemons", "needs 7:[daemons]" },
        { "needs writable-root", "needs 7:[writable-root]" },
        { "needs emulator a/b", "needs 7:[emulator] 16:[a/b]" },
        { "needs cpus 2", "needs 7:[cpus] 12:[2] =2" },
        { "needs cpuid 0x1f", "needs 7:[cpuid] 13:[0x1f] =31" },
        { "clock step", "clock 7:[step]" },
        { "clock kernel", "clock 7:[kernel]" },
        { "start-cpu 1", "start-cpu 11:[1] =1" },
        { "restart", NULL },
        { "stop", NULL },
        { "stop\nstart", "stop; 4:1 start" },
        { "kill", NULL },
        { "idle-exit", NULL },
        { "reboot", NULL },
        { "switch-target libvirtd", "switch-target 15:[libvirtd]" },
        { "read", NULL },
        { "read {\n}", "read {  }" },
        { "prime", NULL },
        { "expect answer", "expect 8:[answer]" },
        { "expect error", "expect 8:[error]" },
        { "expect has a b", "expect 8:[has] 12:[a] 14:[b]" },
        { "expect lacks a b", "expect 8:[lacks] 14:[a] 16:[b]" },
        { "expect probes 0", "expect 8:[probes] 15:[0]" },
        { "expect probes 2147483647", "expect 8:[probes] 15:[2147483647] =2147483647" },
        { "repeat 1 {\n}", "repeat 8:[1] =1 {  }" },
        { "repeat 10000 {\n}", "repeat 8:[10000] =10000 {  }" },
        { "keep-mtime {\nread\n}", "keep-mtime { 4:1 read }" },
        { "align", NULL },
        { "pause 1100ms", "pause 7:[1100ms] =1100000000" },
        { "read {\nwhen-opened m\nremove m\n}", "read { 4:1 when-opened 13:[m]; 5:1 remove 8:[m] }" },
        { "remove m", "remove 8:[m]" },
        { "add m", "add 5:[m]" },
        { "replace m", "replace 9:[m]" },
        { "overwrite m", "overwrite 11:[m]" },
        { "truncate m", "truncate 10:[m]" },
        { "corrupt m", "corrupt 9:[m]" },
        { "chmod m 000", "chmod 7:[m] 9:[000]" },
        { "chmod m 0777", "chmod 7:[m] 9:[0777] =511" },
        { "touch m", "touch 7:[m]" },
        { "remove-all", NULL },
        { "touch-dir", NULL },
        { "rename-dir", NULL },
        { "swap-dir", NULL },
        { "symlink-dir", NULL },
        { "restore-dir", NULL },
        { "touch-emulator", NULL },
        { "kvm on", "kvm 5:[on]" },
        { "kvm off", "kvm 5:[off]" },
        { "kvm root-only", "kvm 5:[root-only]" },
        { "kvm dead", "kvm 5:[dead]" },
        { "age-dir 2s", "age-dir 9:[2s] =2000000000" },
        { "replace-emulator a/b", "replace-emulator 18:[a/b]" },
        { "touch-libvirt", NULL },
        { "cpuinfo \"cpu family\" 7", "cpuinfo 9:[cpu family] 22:[7]" },
        { "kernel 2.6", "kernel 8:[2.6]" },
        { "kernel own", "kernel 8:[own]" },
        { "kvm-parameter nested on", "kvm-parameter 15:[nested] 22:[on]" },
        { "kvm-parameter sev off", "kvm-parameter 15:[sev] 19:[off]" },
        { "max-clients 5", "max-clients 13:[5] =5" },
        { "run a", "run 5:[a]" },
        { "run sh -c \"a 'b' > $c; d\" # e", "run 5:[sh] 8:[-c] 11:[a 'b' > $c; d]" },
        { "run a \"\" {", "run 5:[a] 7:[] 10:[{]" },
        { "read {\nrun a\n}", "read { 4:1 run 5:[a] }" },
        { "run! a b", "run! 6:[a] 8:[b]" },
        { "dpkg adopt m", "dpkg 6:[adopt] 12:[m]" },
        { "apt install m", "apt 5:[install] 13:[m]" },
        { "rpm directory", "rpm 5:[directory]" },
        { "image ostree with m", "image 7:[ostree] 14:[with] 19:[m]" },
        { "image erofs emulator a/b", "image 7:[erofs] 13:[emulator] 22:[a/b]" },
        { "image squashfs host without m", "image 7:[squashfs] 16:[host] 21:[without] 29:[m]" },
        { "image tar-epoch without m", "image 7:[tar-epoch] 17:[without] 25:[m]" },
        { "drop-cache", NULL },
        { "cut-cache 0", "cut-cache 11:[0]" },
        { "cut-cache 17", "cut-cache 11:[17] =17" },
        { "edit-cache delete //a", "edit-cache 12:[delete] 19:[//a]" },
        { "edit-cache set //a \"b c\"", "edit-cache 12:[set] 16:[//a] 20:[b c]" },
        { "readonly-cache", NULL },
        { "fill-cache", NULL },
    };
    gboolean seen[CP_OP_LAST] = { [CP_OP_START] = TRUE,       [CP_OP_ASK] = TRUE, /* test-parser-reads.c */
                                  [CP_OP_SETTLE] = TRUE,                          /* likewise */
                                  [CP_OP_CLIENTS] = TRUE,                         /* likewise */
                                  [CP_OP_WRITE_CACHE] = TRUE,                     /* test_file() */
                                  [CP_OP_SAME_SECOND] = TRUE };                   /* test_same_second() */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strconcat(START, cases[i].line, NULL);
        g_autofree char *expected =
            g_strdup_printf("1:1 start; 2:1 read; 3:1 %s", cases[i].step ? cases[i].step : cases[i].line);
        g_autofree char *word = g_strndup(cases[i].line, strcspn(cases[i].line, " \n"));
        g_test_message("%s", cases[i].line);
        assert_steps(text, expected);
        seen[cp_operation_find(word)->op] = TRUE;
        if (strstr(cases[i].line, "when-opened"))
            seen[CP_OP_WHEN_OPENED] = TRUE;
    }
    for (CpOp op = 0; op < CP_OP_LAST; op++) {
        g_test_message("a case for %s", cp_operation(op)->word);
        g_assert_true(seen[op]);
    }
}

static void
test_same_second(void)
{
    assert_steps("start\nalign\nsame-second\nread", "1:1 start; 2:1 align; 3:1 same-second; 4:1 read");
    assert_steps("start\nalign\nread {\nsame-second\n}", "1:1 start; 2:1 align; 3:1 read { 4:1 same-second }");
}

static void
test_layout(void)
{
    static const struct {
        const char *text, *steps;
    } cases[] = {
        { "start\nread", "1:1 start; 2:1 read" },
        { "\n# only\n  start # now\n\t read\t#\n\n", "3:3 start; 4:3 read" },
        { "start\r\nread\r\n\r\n", "1:1 start; 2:1 read" },
        { "start\nread\nadd a#b", "1:1 start; 2:1 read; 3:1 add 5:[a#b]" },
        { "start\nread\nadd #b\n", NULL },
        { "start\nread\nadd \"#b\"\n", "1:1 start; 2:1 read; 3:1 add 5:[#b]" },
        { "start\nread\nadd \"a b\" # c", "1:1 start; 2:1 read; 3:1 add 5:[a b]" },
        { "start\nread\n\"add\"   \"a\"", "1:1 start; 2:1 read; 3:1 add 9:[a]" },
        { "start\nread\ncpuinfo \"\" \"\"", "1:1 start; 2:1 read; 3:1 cpuinfo 9:[] 12:[]" },
        { "start\nread\nadd \xc3\xa4 ", "1:1 start; 2:1 read; 3:1 add 5:[\xc3\xa4]" },
        { "start\nrepeat 2 { # twice\n  repeat 3 {\n read\n }\n} # done\nread",
          "1:1 start; 2:1 repeat 8:[2] =2 { 3:3 repeat 10:[3] =3 { 4:2 read } }; 7:1 read" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].text);
        if (cases[i].steps)
            assert_steps(cases[i].text, cases[i].steps);
        else
            g_assert_null(parse(cases[i].text, NULL));
    }
}

/* Files that steps name are relative to the scenario's folder. */
static void
test_file(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *content = folder_write(folder, "content", "<x/>");
    g_autofree char *fifo = g_build_filename(folder, "fifo", NULL);
    g_autofree char *file = folder_write(folder, "some.scn", "start\nread\nwrite-cache content\nreplace m content\n");
    g_autofree char *absolute = g_strdup_printf(START "write-cache \"%s\"", content);
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);

    g_autoptr(CpScenario) scenario = cp_scenario_load(file, &error);
    g_assert_no_error(error);
    for (guint i = 2; i < 4; i++) {
        gsize length;
        gconstpointer bytes = g_bytes_get_data(((CpStep *)scenario->steps->pdata[i])->content, &length);
        g_assert_cmpmem(bytes, length, "<x/>", 4);
    }
    g_autoptr(CpScenario) other = parse(absolute, &error);
    g_assert_no_error(error);
    g_assert_nonnull(other);

    static const char *const bad[] = { "missing", ".", "fifo" };
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *text = g_strdup_printf(START "replace m %s\n", bad[i]);
        g_autofree char *expected = g_strdup_printf("%s:3:11: ", file);
        g_assert_null(cp_scenario_parse(file, text, strlen(text), &error));
        assert_refused(&error, expected);
    }
    folder_end(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/forms", test_forms);
    g_test_add_func("/parser/same-second", test_same_second);
    g_test_add_func("/parser/layout", test_layout);
    g_test_add_func("/parser/file", test_file);
    return g_test_run();
}
