/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of the names of what /dev/kvm is. */
#include "run/host/kvm.h"

#include "helper.h"

static void
test_names(void)
{
    static const char *const names[] = { "absent", "usable", "root-only", "dead", "host" };
    CpKvm kvm = CP_KVM_LAST;
    for (CpKvm i = 0; i < CP_KVM_LAST; i++) {
        g_assert_cmpstr(cp_kvm_name(i), ==, names[i]);
        g_assert_true(cp_kvm_parse(names[i], &kvm));
        g_assert_cmpint(kvm, ==, i);
    }
    g_assert_false(cp_kvm_parse("on", &kvm));
    g_assert_cmpint(cp_kvm_from_step("off"), ==, CP_KVM_OFF);
    g_assert_cmpint(cp_kvm_from_step("on"), ==, CP_KVM_ON);
    g_assert_cmpint(cp_kvm_from_step("root-only"), ==, CP_KVM_ROOT_ONLY);
    g_assert_cmpint(cp_kvm_from_step("dead"), ==, CP_KVM_DEAD);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/kvm/names", test_names);
    return g_test_run();
}
