/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of measure/repeat.h. */
#include "measure/repeat.h"

#include "small-result.h"

static void
assert_command(const CpResult *result, const char *expected)
{
    g_autofree char *command = cp_repeat_command(result);
    g_assert_cmpstr(command, ==, expected);
}

static void
test_one(void)
{
    g_autoptr(CpResult) result = small_result();
    assert_command(result,
                   "capprobe bench --rounds 1 --seed 7 --kvm usable --profile --scenario s.scn --scenario t.scn");

    JsonObject *libvirt = json_object_get_object_member(result->environment, "libvirt");
    CpScenarioResult *scenario = result->scenarios->pdata[0];
    json_object_set_string_member(libvirt, "library", "/usr/lib/x86_64-linux-gnu/libvirt.so.0");
    json_object_set_string_member(result->environment, "machine", "q35");
    scenario->rounds = 5;
    scenario->untestable = 1;
    g_free(scenario->file);
    scenario->file = g_strdup("it's; a file");
    assert_command(result, "capprobe bench --rounds 6 --seed 7 --kvm usable --machine q35 --profile "
                           "--scenario 'it'\\''s; a file' --scenario t.scn");
}

/* Each variant has each option, so that the values of one belong together. */
static void
test_variants(void)
{
    g_autoptr(CpResult) result = small_result();
    g_autoptr(JsonObject) installed = json_object_new(), built = json_object_new();
    JsonObject *libvirt = json_object_new();
    json_array_remove_element(result->profile, 0);
    json_array_remove_element(result->profile, 0);
    json_object_set_string_member(libvirt, "library", "/home/me/build/src/libvirt.so.0");
    json_object_set_object_member(built, "libvirt", libvirt);
    json_object_set_string_member(built, "tree", "/trees/sid");
    cp_result_add_variant(result, "old", installed);
    cp_result_add_variant(result, "new", built);
    assert_command(result,
                   "capprobe bench --rounds 1 --seed 7 --kvm usable --tree / --libvirt installed --variant old "
                   "--tree /trees/sid --libvirt /home/me/build/src --variant new --scenario s.scn --scenario t.scn");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/repeat/one", test_one);
    g_test_add_func("/repeat/variants", test_variants);
    return g_test_run();
}
