/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of profiles: lines of a log go in, phases come out. */
#include "run/profile.h"

#include "helper.h"

typedef struct {
    gint64 ns;
    const char *text;
} Line;

static char *
describe(JsonObject *phases, gint64 *sum_ns)
{
    g_autoptr(GList) names = json_object_get_members(phases);
    GString *text = g_string_new(NULL);
    *sum_ns = 0;
    for (GList *name = names; name; name = name->next) {
        gint64 ns = json_object_get_int_member(phases, name->data);
        g_string_append_printf(text, "%s%s %" G_GINT64_FORMAT, name->prev ? "; " : "", (char *)name->data, ns);
        *sum_ns += ns;
    }
    return g_string_free(text, FALSE);
}

static void
test_phases(void)
{
    static const struct {
        const char *name;
        Line lines[16];
        gint64 emulator_end_ns;
        const char *phases;
    } cases[] = {
        { "nothing", { { 0, NULL } }, 0, "libvirt's own work 900" },
        { "whole",
          { { 200, "debug : run:1 : About to run LC_ALL=C /bin/emu -S" },
            { 250, "debug : other noise" },
            { 300, "debug : run:2 : Result fd 7" },
            { 400, "info : send:1 : QEMU_MONITOR_SEND_MSG: msg={\"execute\":\"qom-list\",\"id\":\"x\"}" },
            { 450, "info : recv:1 : QEMU_MONITOR_RECV_REPLY: reply={}" },
            { 460, "info : send:1 : QEMU_MONITOR_SEND_MSG: msg={\"execute\":\"qom-list\",\"id\":\"y\"}" },
            { 470, "info : recv:1 : QEMU_MONITOR_RECV_REPLY: reply={}" },
            { 480, "debug : stop:1 : Killing QMP caps process 7" },
            { 490, "debug : virProcessKillPainfully:1 : pid=7" },
            { 600, "debug : goes on" },
            { 650, "debug : Resolved 'x86_features.xml'" },
            { 700, "debug : Saved caps to file" } },
          550,
          "libvirt's own work 450; emulator starting 100; connecting to its monitor 100; QMP qom-list 60; "
          "libvirt between QMP commands 20; killed emulator ending 70; "
          "libvirt asleep after the emulator had ended 50; formatting and saving the cache 50; loading the CPU map 0" },
        { "another-program",
          { { 200, "About to run /bin/other" }, { 300, "Result status 0" } },
          0,
          "libvirt's own work 900" },
        { "no-command", { { 200, "QEMU_MONITOR_SEND_MSG: msg={}" } }, 0, "libvirt's own work 900" },
        { "killing-to-the-end",
          { { 200, "Killing QMP caps process" } },
          300,
          "libvirt's own work 100; killed emulator ending 100; libvirt asleep after the emulator had ended 700" },
        { "emulator-ended-before",
          { { 200, "Killing QMP caps process" }, { 400, "on" } },
          50,
          "libvirt's own work 700; killed emulator ending 0; libvirt asleep after the emulator had ended 200" },
        { "emulator-not-seen-to-end",
          { { 200, "Killing QMP caps process" }, { 400, "on" } },
          5000,
          "libvirt's own work 700; killed emulator ending 200; libvirt asleep after the emulator had ended 0" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gint64 sum_ns;
        CpProfile *profile = cp_profile_begin("/bin/emu", &cases[i].emulator_end_ns, 100);
        for (const Line *line = cases[i].lines; line->text; line++)
            cp_profile_line(profile, line->text, line->ns);
        g_autoptr(JsonObject) phases = cp_profile_end(profile, 1000);
        g_autofree char *text = describe(phases, &sum_ns);
        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(text, ==, cases[i].phases);
        g_assert_cmpint(sum_ns, ==, 900);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/profile/phases", test_phases);
    return g_test_run();
}
