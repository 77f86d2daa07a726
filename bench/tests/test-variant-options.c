/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of run/variant-options.h. */
#include "run/variant-options.h"

#include "helper.h"

/* The values of an option: words, or NULL if it was not given. */
static GStrv
values_of(const char *words)
{
    return words ? g_strsplit(words, " ", -1) : NULL;
}

static GArray *
combine(const char *trees, const char *libvirts, const char *emulators, const char *names, GError **error)
{
    /* The variants borrow from these. */
    static GStrv values[4];
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
        g_clear_pointer(&values[i], g_strfreev);
    values[0] = values_of(trees);
    values[1] = values_of(libvirts);
    values[2] = values_of(emulators);
    values[3] = values_of(names);
    return cp_variants_combine(values[0], values[1], values[2], values[3], error);
}

/* What is combined, as "tree libvirt emulator, ...", with - for a value that was not given. */
static void
test_combine(void)
{
    static const struct {
        const char *trees, *libvirts, *emulators, *expected;
    } cases[] = {
        { NULL, NULL, NULL, "- - -" },
        { NULL, "/nowhere", NULL, "- /nowhere -" },
        { NULL, "installed", NULL, "- - -" },
        { NULL, "installed", "q", "- - q" },
        { NULL, "installed /", NULL, "- - -, - / -" },
        { NULL, "installed /", "q", "- - q, - / q" },
        { NULL, "installed /", "q p", "- - q, - / p" },
        { NULL, "/", "q p o", "- / q, - / p, - / o" },
        { NULL, NULL, "q q", "- - q, - - q" },
        { "/ a b", NULL, NULL, "/ - -, a - -, b - -" },
        { "a b", "/in/it", NULL, "a /in/it -, b /in/it -" },
        { "a", NULL, "q p", "a - q, a - p" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GArray) variants = combine(cases[i].trees, cases[i].libvirts, cases[i].emulators, NULL, &error);
        g_assert_no_error(error);
        g_autoptr(GString) text = g_string_new(NULL);
        for (guint v = 0; v < variants->len; v++) {
            const CpVariantSpec *variant = &g_array_index(variants, CpVariantSpec, v);
            g_string_append_printf(text, "%s%s %s %s", v > 0 ? ", " : "", variant->tree ? variant->tree : "-",
                                   variant->libvirt ? variant->libvirt : "-",
                                   variant->emulator ? variant->emulator : "-");
        }
        g_assert_cmpstr(text->str, ==, cases[i].expected);
    }
}

static void
test_refuse(void)
{
    static const struct {
        const char *trees, *libvirts, *emulators, *names, *complaint;
    } cases[] = {
        { NULL, "/ / /", "q p", NULL, "--emulator was given 2 times and --libvirt 3 times; expected one of them once" },
        { NULL, "/ /", "q p o", NULL, "--libvirt was given 2 times and --emulator 3 times; expected one of them once" },
        { "a b", "c d e", NULL, NULL, "--tree was given 2 times and --libvirt 3 times; expected one of them once" },
        { "/ a", "/nowhere", NULL, NULL, "--libvirt /nowhere: expected a folder that exists, or 'installed'" },
        { NULL, "/ /nowhere", NULL, NULL, "--libvirt /nowhere: expected a folder that exists, or 'installed'" },
        { NULL, "/", NULL, "a", "--variant was given 1 times, expected a name for each variant; there are 1" },
        { NULL, "/ installed", NULL, "a",
          "--variant was given 1 times, expected a name for each variant; there are 2" },
        { NULL, "/ installed", NULL, "a b c", "--variant was given 3 times, expected a name for each variant" },
        { NULL, "/ installed", NULL, "a a", "--variant a was given twice, expected different names" },
        { NULL, "/ installed", NULL, "a b/c", "--variant b/c: expected 1 to 64 letters, digits and any of ._+-" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(combine(cases[i].trees, cases[i].libvirts, cases[i].emulators, cases[i].names, &error));
        assert_refused(&error, cases[i].complaint);
    }
}

/* `versions` has a word per variant, - if its libvirt could not be found. */
static void
test_name(void)
{
    static const struct {
        CpVariantSpec variants[3];
        const char *versions, *names;
    } cases[] = {
        { { { 0 }, { .libvirt = "/a/b" } }, "9.0.0 11.3.0", "9.0.0 11.3.0" },
        { { { 0 }, { .libvirt = "/a/b" } }, "9.0.0 -", "9.0.0 b" },
        { { { 0 }, { .libvirt = "/a/b" } }, "9.0.0 9.0.0", "installed b" },
        { { { .libvirt = "/a/b" }, { .libvirt = "/a/c/" } }, "9.0.0 9.0.0", "b c" },
        { { { .libvirt = "/a/build" }, { .libvirt = "/b/build" } }, "9.0.0 9.0.0", "1 2" },
        { { { .emulator = "/b/qemu-system-x86_64" }, { 0 } }, "9.0.0 9.0.0", "x86_64 installed" },
        { { { .emulator = "/b/qemu x" }, { .emulator = "/c/qemu-system-i386" } }, "9.0.0 9.0.0", "qemu-x i386" },
        { { { .emulator = "q" }, { .libvirt = "/a", .emulator = "q" }, { .libvirt = "/a", .emulator = "p" } },
          "9.0.0 11.3.0 11.3.0",
          "9.0.0+q 11.3.0+q 11.3.0+p" },
        { { { .emulator = "q" }, { .libvirt = "/a", .emulator = "q" }, { .libvirt = "/a", .emulator = "p" } },
          "9.0.0 9.0.0 9.0.0",
          "installed+q a+q a+p" },
        { { { .tree = "/" }, { .tree = "/a/trixie/" } }, "9.0.0 11.3.0", "9.0.0 11.3.0" },
        { { { .tree = "/" }, { .tree = "/a/trixie/" } }, "9.0.0 9.0.0", "host trixie" },
        { { { .tree = "/a" }, { .tree = "/a", .libvirt = "/b" }, { .tree = "/c" } },
          "9.0.0 11.3.0 9.0.0",
          "a+9.0.0 a+11.3.0 c+9.0.0" },
        { { { .name = "x" }, { .name = "y" } }, "9.0.0 9.0.0", "x y" },
        { { { .emulator = "q" }, { .emulator = "q" } }, "9.0.0 9.0.0", "1 2" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(GStrv) versions = g_strsplit(cases[i].versions, " ", -1);
        const char *known[3] = { NULL };
        guint n = g_strv_length(versions);
        for (guint v = 0; v < n; v++)
            known[v] = g_str_equal(versions[v], "-") ? NULL : versions[v];
        g_auto(GStrv) names = cp_variants_name(cases[i].variants, known, n);
        g_autofree char *joined = g_strjoinv(" ", names);
        g_assert_cmpstr(joined, ==, cases[i].names);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/variant-options/combine", test_combine);
    g_test_add_func("/variant-options/refuse", test_refuse);
    g_test_add_func("/variant-options/name", test_name);
    return g_test_run();
}
