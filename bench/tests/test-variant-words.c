/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of run/variant-words.h. */
#include "run/variant-words.h"

#include "helper.h"

static void
test_read(void)
{
    static const struct {
        const char *text, *name, *tree, *libvirt, *emulator, *target;
    } cases[] = {
        { "installed", NULL, NULL, NULL, NULL },
        { "libvirt=installed", NULL, NULL, NULL, NULL },
        { "libvirt=/", NULL, NULL, "/", NULL },
        { "tree=/t,libvirt=/none", NULL, "/t", "/none", NULL },
        { "emulator=/a,b,name=x,tree=/c=d", "x", "/c=d", NULL, "/a,b", NULL },
        { "target=session", NULL, NULL, NULL, NULL, "session" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        CpVariantSpec variant;
        g_auto(GStrv) words = cp_variant_parse("a", cases[i].text, &variant, &error);
        g_assert_no_error(error);
        g_assert_nonnull(words);
        g_assert_cmpstr(variant.name, ==, cases[i].name);
        g_assert_cmpstr(variant.tree, ==, cases[i].tree);
        g_assert_cmpstr(variant.libvirt, ==, cases[i].libvirt);
        g_assert_cmpstr(variant.emulator, ==, cases[i].emulator);
        g_assert_cmpstr(variant.target, ==, cases[i].target);
    }
}

static void
test_refuse(void)
{
    static const char *const cases[][2] = {
        { "", "--b : expected 'installed', or " },
        { "/usr", "--b /usr: expected 'installed', or " },
        { "libvirt=", "--b libvirt=: expected" },
        { "tree=/a,tree=/b", "--b: 'tree=' was given twice" },
        { "name=a b", "--b: name=a b: expected 1 to 64 letters" },
        { "target=none", "--target none: expected embed, session, libvirtd" },
        { "libvirt=/does/not/exist", "--libvirt /does/not/exist: expected a folder that exists" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        CpVariantSpec variant;
        g_assert_null(cp_variant_parse("b", cases[i][0], &variant, &error));
        assert_refused(&error, cases[i][1]);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/variant-words/read", test_read);
    g_test_add_func("/variant-words/refuse", test_refuse);
    return g_test_run();
}
