/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Workarounds for known defects that end the process, so that a campaign can continue. */

/*
 * Each wrapper replaces the function after which libvirt crashes. It notes the defect and removes what would trigger
 * the crash. With --provoke the wrappers do nothing.
 */

#include <config.h>

#include "internal.h"
#include "conf/domain_capabilities.h"
#include "qemu/qemu_monitor.h"
#include "util/virerror.h"

#include "driver/property.h"

#define VIR_FROM_THIS VIR_FROM_NONE

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

/* Whether this libvirt has the fix for a defect that was fixed in version `major`.`minor`. */
#define IS_FIXED_SINCE(major, minor) (LIBVIR_VERSION_NUMBER >= (major)*1000000 + (minor)*1000)

/* Makes the function fail instead of what would happen next. Always returns -1. */
static int
fail_instead(const char *defect, const char *what)
{
    cp_property_fails(defect, NULL, "%s", what);
    virReportError(VIR_ERR_INTERNAL_ERROR, "shows %s", defect);
    return -1;
}

/* Sets an error if a function failed without one. Returns `result`. */
static int
add_error(int result)
{
    if (result < 0 && virGetLastErrorCode() == VIR_ERR_OK)
        return fail_instead("deprecated-unexplained", "the probe fails, and libvirt does not report an error");
    return result;
}

int
__wrap_qemuMonitorGetMachines(qemuMonitor *monitor, qemuMonitorMachineInfo ***machines)
{
    return add_error(__real_qemuMonitorGetMachines(monitor, machines));
}

int
__wrap_qemuMonitorGetCPUDefinitions(qemuMonitor *monitor, qemuMonitorCPUDefs **definitions)
{
    int result = add_error(__real_qemuMonitorGetCPUDefinitions(monitor, definitions));

    if (IS_FIXED_SINCE(10, 0) || cp_property_provoke || result < 0 || *definitions)
        return result;
    return fail_instead("no-cpu-models",
                        "libvirt would read a list of CPU models from a null pointer; --provoke lets it");
}

int
__wrap_qemuMonitorGetObjectProps(qemuMonitor *monitor, const char *object, char ***names)
{
    int result = __real_qemuMonitorGetObjectProps(monitor, object, names);

    if (cp_property_provoke || result < 0 || *names)
        return result;
    return fail_instead("object-missing",
                        "libvirt would read a list of properties from a null pointer; --provoke lets it");
}

int
__wrap_qemuMonitorGetVersion(qemuMonitor *monitor, int *major, int *minor, int *micro, char **package)
{
    int result = __real_qemuMonitorGetVersion(monitor, major, minor, micro, package);
    int millions;
    int thousands;

    if (cp_property_provoke || result < 0 ||
        (!__builtin_mul_overflow(*major, 1000000, &millions) && !__builtin_mul_overflow(*minor, 1000, &thousands) &&
         !__builtin_add_overflow(millions, thousands, &millions) &&
         !__builtin_add_overflow(millions, *micro, &millions)))
        return result;
    g_clear_pointer(package, g_free);
    return fail_instead("version-overflow", "the emulator's version overflows an int; --provoke lets it");
}

static gboolean
is_not_array(gpointer name G_GNUC_UNUSED, gpointer value, gpointer data G_GNUC_UNUSED)
{
    return !virJSONValueIsArray(value);
}

GHashTable *
__wrap_qemuMonitorGetCommandLineOptions(qemuMonitor *monitor)
{
    GHashTable *options = __real_qemuMonitorGetCommandLineOptions(monitor);

    if (!cp_property_provoke && options && g_hash_table_find(options, is_not_array, NULL)) {
        g_clear_pointer(&options, g_hash_table_unref);
        fail_instead("options-object", "libvirt would read an object as a list; --provoke lets it");
    }
    return options;
}

/* The workaround for sev-cpu0-leak. It does no harm in a libvirt that frees the identifier itself. */
void
__wrap_virSEVCapabilitiesFree(virSEVCapability *capabilities)
{
    if (capabilities && !cp_property_provoke)
        g_clear_pointer(&capabilities->cpu0_id, g_free);
    __real_virSEVCapabilitiesFree(capabilities);
}
