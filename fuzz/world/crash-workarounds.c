/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Workarounds for known defects that end the process, so that a campaign can continue. */

/*
 * Each wrapper replaces the function after which libvirt crashes. It notes the defect and lets libvirt continue with what
 * a libvirt without the defect would have. With --provoke the wrappers do nothing.
 */

#include <config.h>

#include "internal.h"
#include "conf/domain_capabilities.h"
#include "qemu/qemu_monitor.h"
#include "util/virerror.h"
#include "util/virjson.h"

#include "driver/property.h"
#include "known/known.h"
#include "world/fake-emulator.h"

/* The wrappers have the prototypes of the functions that they replace. */
extern typeof(qemuMonitorGetCPUDefinitions) __real_qemuMonitorGetCPUDefinitions;
extern typeof(qemuMonitorGetCPUDefinitions) __wrap_qemuMonitorGetCPUDefinitions;
extern typeof(qemuMonitorGetCommandLineOptions) __real_qemuMonitorGetCommandLineOptions;
extern typeof(qemuMonitorGetCommandLineOptions) __wrap_qemuMonitorGetCommandLineOptions;
extern typeof(qemuMonitorGetMachines) __real_qemuMonitorGetMachines;
extern typeof(qemuMonitorGetMachines) __wrap_qemuMonitorGetMachines;
extern typeof(qemuMonitorGetObjectProps) __real_qemuMonitorGetObjectProps;
extern typeof(qemuMonitorGetObjectProps) __wrap_qemuMonitorGetObjectProps;
extern typeof(qemuMonitorGetVersion) __real_qemuMonitorGetVersion;
extern typeof(qemuMonitorGetVersion) __wrap_qemuMonitorGetVersion;
extern typeof(virSEVCapabilitiesFree) __real_virSEVCapabilitiesFree;
extern typeof(virSEVCapabilitiesFree) __wrap_virSEVCapabilitiesFree;

/* Notes that a defect is avoided. */
static void
note(CpKnown row, const char *what)
{
    cp_property_fails(cp_known_shows(row), NULL, "%s", what);
}

/* Whether a function failed without an error because the last reply has a member "deprecated" of another type. If so, the
 * function gets the same reply without that member when it asks again. */
static gboolean
is_unexplained(int result, CpKnown row)
{
    if (result >= 0 || virGetLastErrorCode() != VIR_ERR_OK || !cp_known_avoids(row) ||
        !cp_fake_emulator_repeat_without_deprecated())
        return FALSE;
    note(row, "the probe would fail without an error; --provoke lets it");
    return TRUE;
}

int
__wrap_qemuMonitorGetMachines(qemuMonitor *monitor, qemuMonitorMachineInfo ***machines)
{
    virResetLastError(); /* libvirt may have ignored an error before */

    int result = __real_qemuMonitorGetMachines(monitor, machines);

    return is_unexplained(result, CP_KNOWN_DEPRECATED_MACHINE) ? __real_qemuMonitorGetMachines(monitor, machines)
                                                               : result;
}

int
__wrap_qemuMonitorGetCPUDefinitions(qemuMonitor *monitor, qemuMonitorCPUDefs **definitions)
{
    virResetLastError();

    int result = __real_qemuMonitorGetCPUDefinitions(monitor, definitions);

    if (is_unexplained(result, CP_KNOWN_DEPRECATED_MODEL))
        result = __real_qemuMonitorGetCPUDefinitions(monitor, definitions);
    if (result < 0 || *definitions || !cp_known_avoids(CP_KNOWN_NO_CPU_MODELS))
        return result;
    note(CP_KNOWN_NO_CPU_MODELS, "libvirt would read a list of CPU models from a null pointer; --provoke lets it");
    *definitions = qemuMonitorCPUDefsNew(0);
    return result;
}

int
__wrap_qemuMonitorGetObjectProps(qemuMonitor *monitor, const char *object, char ***names)
{
    CpKnown row = STREQ(object, "generic-pc-machine") ? CP_KNOWN_MICROVM_CRASH : CP_KNOWN_OBJECT_MISSING;
    int result = __real_qemuMonitorGetObjectProps(monitor, object, names);

    if (result < 0 || *names || !cp_known_avoids(row))
        return result;
    note(row, "libvirt would read a list of properties from a null pointer; --provoke lets it");
    *names = g_new0(char *, 1);
    return result;
}

int
__wrap_qemuMonitorGetVersion(qemuMonitor *monitor, int *major, int *minor, int *micro, char **package)
{
    int result = __real_qemuMonitorGetVersion(monitor, major, minor, micro, package);
    int millions;
    int thousands;

    if (result < 0 || !cp_known_avoids(CP_KNOWN_VERSION_OVERFLOW) ||
        (!__builtin_mul_overflow(*major, 1000000, &millions) && !__builtin_mul_overflow(*minor, 1000, &thousands) &&
         !__builtin_add_overflow(millions, thousands, &millions) &&
         !__builtin_add_overflow(millions, *micro, &millions)))
        return result;
    note(CP_KNOWN_VERSION_OVERFLOW, "the emulator's version overflows an int; --provoke lets it");
    *major = 2147;
    *minor = 0;
    *micro = 0;
    return result;
}

GHashTable *
__wrap_qemuMonitorGetCommandLineOptions(qemuMonitor *monitor)
{
    GHashTable *options = __real_qemuMonitorGetCommandLineOptions(monitor);
    GHashTableIter iter;
    gpointer value;

    if (!options || !cp_known_avoids(CP_KNOWN_OPTIONS_OBJECT))
        return options;
    g_hash_table_iter_init(&iter, options);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        if (!virJSONValueIsArray(value)) {
            note(CP_KNOWN_OPTIONS_OBJECT, "libvirt would read an object as a list; --provoke lets it");
            g_hash_table_iter_replace(&iter, virJSONValueNewArray());
        }
    }
    return options;
}

void
__wrap_virSEVCapabilitiesFree(virSEVCapability *capabilities)
{
    if (capabilities && capabilities->cpu0_id && cp_known_avoids(CP_KNOWN_SEV_CPU0_LEAK)) {
        note(CP_KNOWN_SEV_CPU0_LEAK, "libvirt would not free the identifier; --provoke lets it");
        g_clear_pointer(&capabilities->cpu0_id, g_free);
    }
    __real_virSEVCapabilitiesFree(capabilities);
}
