/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is compared of libvirt's cached documents. */
#include <string.h>

#include "helper.h"
#include "run/host/cached-document.h"

static char *
canonical(const char *text)
{
    return cp_cached_document_canonical(text, strlen(text));
}

static void
assert_canonical(const char *text, const char *expected)
{
    g_autofree char *is = canonical(text);
    g_assert_cmpstr(is, ==, expected);
}

static void
test_stamps(void)
{
    assert_canonical("<qemuCaps><emulator>/e</emulator><qemuctime>1</qemuctime><qemumoddirmtime>2</qemumoddirmtime>"
                     "<selfctime>3</selfctime><selfvers>9000000</selfvers><package>p</package>"
                     "<kernelVersion>k</kernelVersion><microcodeVersion>4</microcodeVersion>"
                     "<hostCPUSignature><cpu/></hostCPUSignature><cpudata arch='x86'/><flag name='a'/></qemuCaps>",
                     "<qemuCaps><flag name=\"a\"></flag></qemuCaps>");
}

static void
test_kept(void)
{
    /* What answers are made from, also if it has the name of a stamp elsewhere. */
    assert_canonical("<qemuCaps><kvmSupportsNesting/><kvmSupportsSecureGuest/><version>7002000</version>"
                     "<hostCPU><package/></hostCPU></qemuCaps>",
                     "<qemuCaps><kvmSupportsNesting></kvmSupportsNesting>"
                     "<kvmSupportsSecureGuest></kvmSupportsSecureGuest><version>7002000</version>"
                     "<hostCPU><package></package></hostCPU></qemuCaps>");
}

static void
test_same_form(void)
{
    g_autofree char *a = canonical("<?xml version='1.0'?>\n<qemuCaps>\n  <flag name='a' value=\"b\"/>\n</qemuCaps>\n");
    g_autofree char *b = canonical("<qemuCaps><flag value='b' name='a'></flag></qemuCaps>");
    g_autofree char *c = canonical("<qemuCaps><flag value='c' name='a'></flag></qemuCaps>");
    g_assert_cmpstr(a, ==, b);
    g_assert_cmpstr(a, !=, c);
}

static gsize
skipped(const char *text)
{
    return cp_cached_document_skip_stamps(text, strlen(text));
}

static void
test_skipped(void)
{
    static const char root[] = "<qemuCaps>\n", ctime[] = "  <qemuctime>1</qemuctime>\n",
                      flag[] = "  <flag name='a'/>\n";
    g_autofree char *both = g_strconcat(root, ctime, "  <selfvers>9000000</selfvers>\n", flag, ctime, NULL);
    g_assert_cmpuint(skipped(both), ==, strlen(both) - strlen(flag) - strlen(ctime));

    /* What is not the first of the root, or not one stamp and nothing else, is compared. */
    g_assert_cmpuint(skipped(ctime), ==, 0);
    g_assert_cmpuint(skipped("<qemuCaps><qemuctime>1</qemuctime>\n"), ==, 0);
    g_assert_cmpuint(skipped("<qemuCaps a='b'>\n  <qemuctime>1</qemuctime>\n"), ==, 0);
    static const char *const others[] = { "  <flag name='a'/>",
                                          "  <qemuctime>1",
                                          "  <qemuctime>1</qemuctime>",
                                          "  <qemuctime>1</selfctime>\n",
                                          "  <qemuctime>&</qemuctime>\n",
                                          "  <qemuctime>\001</qemuctime>\n",
                                          "  <qemuctime>\xff</qemuctime>\n",
                                          "  <qemuctime><a></qemuctime>\n",
                                          "  <qemuctime>1</qemuctime><flag/></qemuctime>\n",
                                          "  <qemuctime>1</qemuctime> \n",
                                          "  <qemuctimes>1</qemuctime>\n",
                                          " <qemuctime>1</qemuctime>\n",
                                          "  <qemuctime>\n  </qemuctime>\n" };
    for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autofree char *text = g_strconcat(root, others[i], NULL);
        g_assert_cmpuint(skipped(text), ==, strlen(root));
    }
    for (gsize length = 0; length <= strlen(both); length++)
        g_assert_cmpuint(cp_cached_document_skip_stamps(both, length), <=, length);
}

static void
test_not_xml(void)
{
    assert_canonical("", NULL);
    assert_canonical("<qemuCaps>", NULL);
    assert_canonical("text", NULL);
}

static void
test_path(void)
{
    g_autofree char *path = cp_cached_document_path("/cache", "/usr/bin/qemu");
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "/usr/bin/qemu", -1);
    g_autofree char *expected = g_strdup_printf("/cache/%s.xml", digest);
    g_assert_cmpstr(path, ==, expected);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cached-document/stamps", test_stamps);
    g_test_add_func("/cached-document/kept", test_kept);
    g_test_add_func("/cached-document/same-form", test_same_form);
    g_test_add_func("/cached-document/skipped", test_skipped);
    g_test_add_func("/cached-document/not-xml", test_not_xml);
    g_test_add_func("/cached-document/path", test_path);
    return g_test_run();
}
