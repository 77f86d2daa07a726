/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of signatures and groups: test-signature FOLDER. The reports in the folder were printed by targets of the flavour
 * asan, for inputs from corpus/bugs, and by crasher.c. Paths and process numbers in them are replaced.
 */

#include <glib.h>

#include "triage/group.h"
#include "triage/signature.h"

/* Statuses as waitpid() returns them. */
#define EXITED(n) ((n) << 8)
#define KILLED(n) (n)

static const char *reports;

static CpSignature *
read_report(const char *name, gboolean timed_out)
{
    g_autofree char *file = g_strdup_printf("%s/%s.txt", reports, name);
    g_autofree char *report = NULL;

    g_assert_true(g_file_get_contents(file, &report, NULL, NULL));
    return cp_signature_read(report, EXITED(1), timed_out);
}

/* Returns the functions of the frames, separated by spaces. The caller owns the text. */
static char *
list_functions(const CpSignature *signature)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < signature->frames->len; i++)
        g_string_append_printf(text, "%s ", ((CpFrame *)g_ptr_array_index(signature->frames, i))->function);
    return g_strchomp(g_string_free(text, FALSE));
}

/* --- reading --- */

static const struct {
    const char *report;
    gboolean timed_out;
    const char *kind;
    const char *text;
    const char *frames;
    const char *name;
} recorded[] = {
    { "free-here", FALSE, "heap-use-after-free", "", "read_freed free_early free_here",
      "heap-use-after-free-read_freed" },
    { "leak", FALSE, "leak", "", "lose", "leak-lose" },
    { "too-large", FALSE, "allocation-size-too-big", "", "take_all", "allocation-size-too-big-take_all" },
    { "undefined-behaviour", FALSE, "undefined-behaviour",
      "null pointer passed as argument N, which is declared to never be null",
      "virCPUx86DataCopyNew virCPUDataNewCopy virQEMUCapsNewCopy",
      "undefined-behaviour-null-pointer-passed-as-argument-which-is-virCPUx86DataCopyNew" },
    { "property-refused", FALSE, "property", "what was saved cannot be loaded: internal error: no x86 CPU data found",
      "save_and_load load", "property-what-was-saved-cannot-be-loaded-internal-save_and_load" },
    { "property-differs", FALSE, "property", "saved and loaded: was \"\", is \"\"", "save_and_load load",
      "property-saved-and-loaded-was-is-save_and_load" },
    { "timeout", TRUE, "timeout", "", "xmlXPathNewCompExpr xmlXPathNewParserContext xmlXPathEval",
      "timeout-xmlXPathNewCompExpr" },
};

static void
test_recorded_reports(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(recorded); i++) {
        g_autoptr(CpSignature) signature = read_report(recorded[i].report, recorded[i].timed_out);
        g_autofree char *frames = list_functions(signature);
        g_autofree char *name = cp_signature_name(signature);

        g_assert_cmpstr(signature->kind, ==, recorded[i].kind);
        g_assert_cmpstr(signature->text, ==, recorded[i].text);
        g_assert_cmpstr(frames, ==, recorded[i].frames);
        g_assert_cmpstr(name, ==, recorded[i].name);
    }
}

static void
test_place(void)
{
    g_autoptr(CpSignature) signature = read_report("undefined-behaviour", FALSE);
    const CpFrame *frame = g_ptr_array_index(signature->frames, 0);

    g_assert_cmpstr(frame->file, ==, "/capprobe/build/source/bookworm-libvirt/src/cpu/cpu_x86.c");
    g_assert_cmpuint(frame->line, ==, 502);
    g_assert_cmpuint(frame->column, ==, 5);
}

/* Functions that do not count are skipped anywhere in the stack. */
static void
test_frames(void)
{
    static const char report[] = "    #0 0x1 in __asan_memcpy /llvm/compiler-rt/lib/asan/asan_interceptors.cpp:22:3\n"
                                 "    #1 0x2 in g_memdup (/lib/libglib-2.0.so.0+0x5d)\n"
                                 "    #2 0x3 in raise signal/../sysdeps/posix/raise.c:26:13\n"
                                 "    #3 0x4 in virReallocN /libvirt/src/util/viralloc.c:52:13\n"
                                 "    #4 0x5 in virBitmapNew.part.0 /libvirt/build/../src/util/virbitmap.c:72:5\n"
                                 "    #5 0x6 in LLVMFuzzerTestOneInput /capprobe/fuzz/caps-load.c:48:5\n"
                                 "    #6 0x7 in play /capprobe/fuzz/replay.c:62:5\n"
                                 "\n"
                                 "freed by thread T0 here:\n"
                                 "    #0 0x1 in other /libvirt/src/util/virutil.c:1:1\n";
    g_autoptr(CpSignature) signature = cp_signature_read(report, EXITED(1), FALSE);
    g_autofree char *frames = list_functions(signature);

    g_assert_cmpstr(frames, ==, "virBitmapNew");
}

static const struct {
    const char *report;
    int status;
    const char *kind; /* NULL if there is no crash */
    const char *text;
} ends[] = {
    { "input: well\n", EXITED(0), NULL, NULL },
    { "SUMMARY: AddressSanitizer: said by an input\n", EXITED(0), NULL, NULL },
    { "input: shows the known defect number-sign\n", EXITED(1), "known-defect", "number-sign" },
    { "property does not hold: libvirt's 'kvm' isn't 0x1f, 'sdl'\n", EXITED(1), "property",
      "libvirt's '' isn't N, ''" },
    { "", EXITED(3), "exit-3", "" },
    { "", KILLED(9), "signal-9", "" },
    { "==1==AddressSanitizer: hard rss limit exhausted (2048Mb vs 2053Mb)\n", EXITED(1), "out-of-memory", "" },
    { "SUMMARY: AddressSanitizer: SEGV /a.c:1:2 in f\n", EXITED(1), "segv", "" },
    { "**\nERROR:a.c:12:f: assertion failed (n == 4): (5 == 4)\n", KILLED(6), "assertion",
      "assertion failed (n == N): (N == N)" },
    { "f: a.c:12: f: Assertion `n == 4' failed.\n", KILLED(6), "assertion", "n == N" },
    { "(f:1): GLib-CRITICAL **: 12:00:00.123: first\n\n(f:1): GLib-ERROR **: 12:00:00.123: a 'thing' of 12 bytes\n"
      "SUMMARY: AddressSanitizer: TRAP /a.c:1:2 in f\n",
      EXITED(1), "assertion", "a '' of N bytes" },
    { "(f:1): GLib-CRITICAL **: 12:00:00.123: passed over\nSUMMARY: AddressSanitizer: SEGV /a.c:1:2 in f\n", EXITED(1),
      "segv", "" },
};

static void
test_ends(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autoptr(CpSignature) signature = cp_signature_read(ends[i].report, ends[i].status, FALSE);

        g_assert_cmpstr(signature ? signature->kind : NULL, ==, ends[i].kind);
        g_assert_cmpstr(signature ? signature->text : NULL, ==, ends[i].text);
    }
}

/* --- comparing --- */

/* Returns the signature of a crash in `functions`, separated by spaces, the innermost first. The caller owns it. */
static CpSignature *
crash_in(const char *kind, const char *functions)
{
    g_auto(GStrv) names = g_strsplit(functions, " ", -1);
    g_autoptr(GString) report = g_string_new(NULL);

    for (gsize i = 0; names[i]; i++)
        g_string_append_printf(report, "    #%zu 0x1 in %s /a.c:1:2\n", i, names[i]);
    g_string_append_printf(report, "\nSUMMARY: AddressSanitizer: %s /a.c:1:2 in f\n", kind);
    return cp_signature_read(report->str, EXITED(1), FALSE);
}

static const struct {
    const char *one;
    const char *other;
    gboolean similar;
} pairs[] = {
    { "parse read load", "parse read load", TRUE },
    { "parse read load", "parse read save", TRUE },       /* two frames in common */
    { "parse read load", "read load run", TRUE },         /* at other depths */
    { "parse read load", "load read free", FALSE },       /* in another order */
    { "parse free start", "parse load virThing", FALSE }, /* one frame in common */
    { "virReadFirst", "virReadFirsu", TRUE },             /* one edit in 24 characters */
    { "aaaa", "bbbb", FALSE },                            /* similarity 0.5 */
    { "aaaab", "aaaac", TRUE },                           /* similarity 0.9 */
    { "aaacc", "aaabb", FALSE },                          /* similarity 0.8 */
    { "parse LLVMFuzzerTestOneInput", "free LLVMFuzzerTestOneInput", FALSE },
};

static void
test_similar(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autoptr(CpSignature) one = crash_in("SEGV", pairs[i].one);
        g_autoptr(CpSignature) other = crash_in("SEGV", pairs[i].other);
        g_autoptr(CpSignature) of_another_kind = crash_in("FPE", pairs[i].one);

        g_test_message("%s, %s", pairs[i].one, pairs[i].other);
        g_assert_cmpint(cp_signature_similar(one, other), ==, pairs[i].similar);
        g_assert_cmpint(cp_signature_similar(other, one), ==, pairs[i].similar);
        g_assert_true(cp_signature_similar(one, one));
        g_assert_false(cp_signature_similar(one, of_another_kind));
    }
}

static void
test_equal(void)
{
    g_autoptr(CpSignature) one = crash_in("SEGV", "parse read load");
    g_autoptr(CpSignature) same = crash_in("SEGV", "parse read load main");
    g_autoptr(CpSignature) similar = crash_in("SEGV", "parse read save");
    g_autoptr(CpSignature) hang = read_report("timeout", TRUE);
    g_autoptr(CpSignature) other_hang = read_report("leak", TRUE);
    g_autofree char *digest = cp_signature_digest(one);
    g_autofree char *same_digest = cp_signature_digest(same);
    g_autofree char *similar_digest = cp_signature_digest(similar);

    g_assert_true(cp_signature_equal(one, same));
    g_assert_false(cp_signature_equal(one, similar));
    g_assert_true(cp_signature_equal(hang, other_hang));
    g_assert_cmpstr(digest, ==, same_digest);
    g_assert_cmpstr(digest, !=, similar_digest);
}

/* --- grouping --- */

static void
add(GPtrArray *crashes, const char *target, const char *path, gsize size, CpSignature *signature)
{
    CpCrash *crash = g_new0(CpCrash, 1);

    crash->target = g_strdup(target);
    crash->path = g_strdup(path);
    crash->size = size;
    crash->signature = signature;
    g_ptr_array_add(crashes, crash);
}

static void
test_groups(void)
{
    g_autoptr(GPtrArray) crashes = g_ptr_array_new_with_free_func((GDestroyNotify)cp_crash_free);

    /* The third crash is similar to the first two, which are not similar to each other. */
    add(crashes, "t", "b", 20, crash_in("SEGV", "one two three"));
    add(crashes, "t", "a", 20, crash_in("SEGV", "three four five"));
    add(crashes, "t", "c", 90, crash_in("SEGV", "two three four"));
    add(crashes, "u", "d", 10, crash_in("SEGV", "one two three"));
    add(crashes, "t", "e", 10, crash_in("FPE", "one two three"));
    add(crashes, "t", "f", 10, crash_in("FPE", "one virSix virSeven"));

    g_autoptr(GPtrArray) groups = cp_group_crashes(crashes);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < groups->len; i++) {
        const CpGroup *group = g_ptr_array_index(groups, i);

        g_string_append_printf(text, "%s %s %u\n", group->name, cp_group_first(group)->path, group->crashes->len);
    }
    g_assert_cmpstr(text->str, ==,
                    "t-fpe-one-419f89bd f 1\n"
                    "t-fpe-one-d36f4466 e 1\n"
                    "t-segv-three a 3\n"
                    "u-segv-one d 1\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(argc, ==, 2);
    reports = argv[1];
    g_test_add_func("/signature/recorded-reports", test_recorded_reports);
    g_test_add_func("/signature/place", test_place);
    g_test_add_func("/signature/frames", test_frames);
    g_test_add_func("/signature/ends", test_ends);
    g_test_add_func("/signature/similar", test_similar);
    g_test_add_func("/signature/equal", test_equal);
    g_test_add_func("/signature/groups", test_groups);
    return g_test_run();
}
