/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of judge/check-causes.h. */
#include "judge/check-causes.h"

#include "check-evidence.h"

static void
assert_cause(CpCheckCase *evidence, const char *causes_and_cure)
{
    g_autofree char *expected = g_strconcat("stale [+ video modelType qxl|+ flag qxl] ", causes_and_cure, NULL);
    assert_judged(evidence, expected);
}

/* Evidence of a stale answer on a host whose directory and newest module have these times, in s. */
static CpCheckCase *
stale_with(gint64 mtime_s, gint64 ctime_s, gint64 newest_ctime_s)
{
    CpCheckCase *evidence = stale();
    CpHostTimes *both[] = { evidence->before, evidence->after };
    for (int i = 0; i < 2; i++) {
        both[i]->directory.mtime_ns = mtime_s * CP_NS_PER_S;
        both[i]->directory.ctime_ns = ctime_s * CP_NS_PER_S;
        both[i]->newest.ctime_ns = newest_ctime_s * CP_NS_PER_S;
    }
    g_free(evidence->after->cached);
    evidence->after->cached = g_strdup_printf("<qemuCaps><qemuctime>500</qemuctime><qemumoddirmtime>%" G_GINT64_FORMAT
                                              "</qemumoddirmtime></qemuCaps>",
                                              mtime_s);
    return evidence;
}

static void
test_causes_in_directory(void)
{
    assert_cause(stale_with(1000, 1000, 1001), "content-changed -> touch '/lib/qemu'");
    assert_cause(stale_with(1000, 1002, 1001), "mtime-kept -> touch '/lib/qemu'");
    assert_cause(stale_with(1000, 1001, 950), "mtime-kept -> touch '/lib/qemu'");
    assert_cause(stale_with(1, 7000, 7000), "frozen-stamps -> touch '/lib/qemu'");
    assert_cause(stale_with(-1, 7000, 7000), "frozen-stamps -> touch '/lib/qemu'");
    /* The document was saved 3 s after the change, and a probe takes a second. */
    assert_cause(stale_with(4997, 4997, 950), "same-second -> touch '/lib/qemu'");
    assert_cause(stale_with(4996, 4996, 950), "-> touch '/lib/qemu'");
    assert_cause(stale_with(5001, 5001, 950), "-> touch '/lib/qemu'");

    CpCheckCase *evidence = stale();
    evidence->after->directory.mtime_ns = evidence->before->directory.mtime_ns = 1001 * CP_NS_PER_S;
    assert_cause(evidence, "outdated -> touch '/lib/qemu'");
}

/* A user cannot touch the directory, and has no service: a client starts the daemon. */
static void
test_cures_of_user(void)
{
    const CpLiveDaemon user = { .service = "virtqemud", .of_user = TRUE };
    g_autoptr(CpCheckCase) evidence = stale_with(1000, 1002, 1001);
    g_autoptr(CpCheckFinding) finding = cp_check_judge(evidence, &user);
    g_autofree char *restart = cp_check_restart(&user);
    g_assert_cmpstr(finding->cure, ==, "pkill -u $(id -u) -x virtqemud; rm -f '/cache/1.xml'");
    g_assert_cmpstr(restart, ==, "pkill -u $(id -u) -x virtqemud");
}

static void
test_directory_missing(void)
{
    static const char cure[] = "systemctl stop libvirtd && rm -f '/cache/1.xml' && systemctl start libvirtd";
    g_autofree char *vanished = g_strconcat("directory-vanished -> ", cure, NULL);
    g_autofree char *never = g_strconcat("-> ", cure, NULL);
    for (int noted = 0; noted < 2; noted++) {
        CpCheckCase *evidence = stale();
        evidence->before->directory.exists = evidence->after->directory.exists = FALSE;
        if (!noted) {
            g_free(evidence->after->cached);
            evidence->after->cached = g_strdup("<qemuCaps><qemuctime>500</qemuctime></qemuCaps>");
        }
        assert_cause(evidence, noted ? vanished : never);
    }
    CpCheckCase *evidence = stale();
    evidence->after->directory_is_read_only = TRUE;
    assert_cause(evidence, never);
}

static void
test_other_causes(void)
{
    CpCheckCase *evidence = stale();
    evidence->missing_library = g_strdup("libspice.so.1");
    evidence->missing_for = g_strdup("ui-spice.so");
    assert_cause(evidence, "backing-library-changed -> touch '/lib/qemu'");

    evidence = stale();
    evidence->after->emulator_is_script = TRUE;
    assert_cause(evidence, "wrapper-emulator -> touch '/lib/qemu'");

    evidence = stale();
    evidence->after->emulator.ctime_ns = evidence->before->emulator.ctime_ns = 501 * CP_NS_PER_S;
    assert_cause(evidence, "outdated -> touch '/lib/qemu'");

    evidence = evidence_of(state(WITH, NULL), state(WITHOUT, KEPT("", "")), KEPT("", KVM));
    assert_judged(evidence, "stale [+ video modelType qxl|+ flag kvm] kvm-unseen -> touch '/lib/qemu'");

    evidence = evidence_of(state(WITH, NULL), state(WITHOUT, KEPT("", "")), KEPT("", ""));
    assert_judged(evidence, "stale [+ video modelType qxl|] memory -> systemctl restart libvirtd");
}

static void
test_cure_is_quoted(void)
{
    CpCheckCase *evidence = stale();
    g_free(evidence->after->directory.path);
    g_free(evidence->before->directory.path);
    evidence->after->directory.path = g_strdup("/it's a folder");
    evidence->before->directory.path = g_strdup("/it's a folder");
    assert_cause(evidence, "-> touch '/it'\\''s a folder'");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/check-causes/cures-of-user", test_cures_of_user);
    g_test_add_func("/check-causes/causes-in-directory", test_causes_in_directory);
    g_test_add_func("/check-causes/directory-missing", test_directory_missing);
    g_test_add_func("/check-causes/other-causes", test_other_causes);
    g_test_add_func("/check-causes/cure-is-quoted", test_cure_is_quoted);
    return g_test_run();
}
