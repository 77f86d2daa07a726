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
combine(const char *trees,
        const char *libvirts,
        const char *emulators,
        const char *targets,
        const char *names,
        GError **error)
{
    /* The variants borrow from these. */
    static GStrv values[5];
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
        g_clear_pointer(&values[i], g_strfreev);
    values[0] = values_of(trees);
    values[1] = values_of(libvirts);
    values[2] = values_of(emulators);
    values[3] = values_of(targets);
    values[4] = values_of(names);
    return cp_variants_combine(values[0], values[1], values[2], values[3], values[4], error);
}

/* What is combined, as "tree libvirt emulator target, ...", with - for a value that was not given. */
static void
test_combine(void)
{
    static const struct {
        const char *trees, *libvirts, *emulators, *targets, *expected;
    } cases[] = {
        { NULL, NULL, NULL, NULL, "- - - embed" },
        { NULL, "/nowhere", NULL, NULL, "- /nowhere - embed" },
        { NULL, "installed", NULL, NULL, "- - - embed" },
        { NULL, "installed", "q", NULL, "- - q embed" },
        { NULL, "installed /", NULL, NULL, "- - - embed, - / - embed" },
        { NULL, "installed /", "q", NULL, "- - q embed, - / q embed" },
        { NULL, "installed /", "q p", NULL, "- - q embed, - / p embed" },
        { NULL, "/", "q p o", NULL, "- / q embed, - / p embed, - / o embed" },
        { NULL, NULL, "q q", NULL, "- - q embed, - - q embed" },
        { "/ a b", NULL, NULL, NULL, "/ - - embed, a - - embed, b - - embed" },
        { "a b", "/in/it", NULL, NULL, "a /in/it - embed, b /in/it - embed" },
        { "a", NULL, "q p", NULL, "a - q embed, a - p embed" },
        { NULL, NULL, NULL, "libvirtd", "- - - libvirtd" },
        { NULL, "/", "q", "embed session", "- / q embed, - / q session" },
        { "a b", NULL, NULL, "virtqemud virtproxyd-tcp", "a - - virtqemud, b - - virtproxyd-tcp" },
        { "a b", NULL, NULL, "virtproxyd", "a - - virtproxyd, b - - virtproxyd" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GArray) variants =
            combine(cases[i].trees, cases[i].libvirts, cases[i].emulators, cases[i].targets, NULL, &error);
        g_assert_no_error(error);
        g_autoptr(GString) text = g_string_new(NULL);
        for (guint v = 0; v < variants->len; v++) {
            const CpVariantSpec *variant = &g_array_index(variants, CpVariantSpec, v);
            g_string_append_printf(text, "%s%s %s %s %s", v > 0 ? ", " : "", variant->tree ? variant->tree : "-",
                                   variant->libvirt ? variant->libvirt : "-",
                                   variant->emulator ? variant->emulator : "-",
                                   variant->target ? variant->target : "embed");
        }
        g_assert_cmpstr(text->str, ==, cases[i].expected);
    }
}

static void
test_refuse(void)
{
    static const struct {
        const char *trees, *libvirts, *emulators, *targets, *names, *complaint;
    } cases[] = {
        { NULL, "/ / /", "q p", NULL, NULL,
          "--emulator was given 2 times and --libvirt 3 times; expected one of them once" },
        { NULL, "/ /", "q p o", NULL, NULL,
          "--libvirt was given 2 times and --emulator 3 times; expected one of them once" },
        { "a b", "c d e", NULL, NULL, NULL,
          "--tree was given 2 times and --libvirt 3 times; expected one of them once" },
        { "a b", NULL, NULL, "embed session libvirtd", NULL,
          "--tree was given 2 times and --target 3 times; expected one of them once" },
        { NULL, NULL, NULL, "embed nothing", NULL,
          "--target nothing: expected embed, session, libvirtd, virtqemud, virtproxyd or virtproxyd-tcp" },
        { "/ a", "/nowhere", NULL, NULL, NULL, "--libvirt /nowhere: expected a folder that exists, or 'installed'" },
        { NULL, "/ /nowhere", NULL, NULL, NULL, "--libvirt /nowhere: expected a folder that exists, or 'installed'" },
        { NULL, "/", NULL, NULL, "a", "--variant was given 1 times, expected a name for each variant; there are 1" },
        { NULL, "/ installed", NULL, NULL, "a",
          "--variant was given 1 times, expected a name for each variant; there are 2" },
        { NULL, "/ installed", NULL, NULL, "a b c", "--variant was given 3 times, expected a name for each variant" },
        { NULL, "/ installed", NULL, NULL, "a a", "--variant a was given twice, expected different names" },
        { NULL, "/ installed", NULL, NULL, "a b/c", "--variant b/c: expected 1 to 64 letters, digits and any of ._+-" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(
            combine(cases[i].trees, cases[i].libvirts, cases[i].emulators, cases[i].targets, cases[i].names, &error));
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
        { { { .target = "session" }, { 0 } }, "9.0.0 9.0.0", "session embed" },
        { { { .target = "libvirtd" }, { .libvirt = "/a" }, { .libvirt = "/a", .target = "libvirtd" } },
          "9.0.0 11.3.0 11.3.0",
          "9.0.0+libvirtd 11.3.0+embed 11.3.0+libvirtd" },
        { { { .tree = "/a", .target = "libvirtd" }, { .tree = "/b" }, { .tree = "/b", .target = "libvirtd" } },
          "9.0.0 9.0.0 9.0.0",
          "a+libvirtd b+embed b+libvirtd" },
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
