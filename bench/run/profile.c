/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A profile: the time of a refresh, divided into phases by libvirt's debug log. Runs in the sandbox's init. */
#include "run/profile.h"

#include <string.h>

#define WORK "libvirt's own work"

struct _CpProfile {
    const char *emulator;
    const gint64 *last_emulator_end_ns;
    JsonObject *phases;
    char *phase;      /* the present phase */
    gint64 since_ns;  /* the time up to here is accounted for */
    gboolean killing; /* libvirt is killing the emulator */
};

CpProfile *
cp_profile_begin(const char *emulator, const gint64 *last_emulator_end_ns, gint64 now_ns)
{
    CpProfile *profile = g_new0(CpProfile, 1);
    profile->emulator = emulator;
    profile->last_emulator_end_ns = last_emulator_end_ns;
    profile->phases = json_object_new();
    profile->phase = g_strdup(WORK);
    profile->since_ns = now_ns;
    return profile;
}

/* Adds the time up to `now_ns` to `phase`. */
static void
account(CpProfile *profile, const char *phase, gint64 now_ns)
{
    gint64 sum_ns = json_object_get_int_member_with_default(profile->phases, phase, 0);
    json_object_set_int_member(profile->phases, phase, sum_ns + now_ns - profile->since_ns);
    profile->since_ns = now_ns;
}

/* Ends the present phase and begins `phase`. */
static void
enter(CpProfile *profile, const char *phase, gint64 now_ns)
{
    account(profile, profile->phase, now_ns);
    g_free(profile->phase);
    profile->phase = g_strdup(phase);
}

/* The name of the QMP command in a line, or NULL. The caller owns it. */
static char *
command_of(const char *line)
{
    const char *name = strstr(line, "\"execute\":\"");
    if (!name)
        return NULL;
    name += strlen("\"execute\":\"");
    return g_strdup_printf("QMP %.*s", (int)strcspn(name, "\""), name);
}

/* libvirt continues after a kill: until the emulator ended it waited for the emulator; afterwards it slept for no
 * reason. */
static void
end_kill(CpProfile *profile, gint64 now_ns)
{
    gint64 end_ns = CLAMP(*profile->last_emulator_end_ns, profile->since_ns, now_ns);
    account(profile, "killed emulator ending", end_ns);
    account(profile, "libvirt asleep after the emulator had ended", now_ns);
    profile->killing = FALSE;
}

void
cp_profile_line(CpProfile *profile, const char *line, gint64 now_ns)
{
    if (profile->killing && !strstr(line, "virProcessKillPainfully"))
        end_kill(profile, now_ns);

    if (strstr(line, "About to run") && strstr(line, profile->emulator)) {
        enter(profile, "emulator starting", now_ns);
    } else if (g_str_equal(profile->phase, "emulator starting") && strstr(line, "Result ")) {
        enter(profile, "connecting to its monitor", now_ns);
    } else if (strstr(line, "QEMU_MONITOR_SEND_MSG")) {
        g_autofree char *command = command_of(line);
        if (command)
            enter(profile, command, now_ns);
    } else if (strstr(line, "QEMU_MONITOR_RECV_REPLY")) {
        enter(profile, "libvirt between QMP commands", now_ns);
    } else if (strstr(line, "Killing QMP caps process")) {
        enter(profile, WORK, now_ns);
        profile->killing = TRUE;
    } else if (strstr(line, "Resolved 'x86_") || strstr(line, "Resolved 'index.xml'")) {
        enter(profile, "loading the CPU map", now_ns);
    } else if (strstr(line, "Saved caps")) {
        account(profile, "formatting and saving the cache", now_ns);
        enter(profile, WORK, now_ns);
    }
}

JsonObject *
cp_profile_end(CpProfile *profile, gint64 now_ns)
{
    if (profile->killing)
        end_kill(profile, now_ns);
    account(profile, profile->phase, now_ns);

    JsonObject *phases = profile->phases;
    g_free(profile->phase);
    g_free(profile);
    return phases;
}
