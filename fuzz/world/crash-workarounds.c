/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Ways around known defects that end the process, so that a campaign gets past them. Each stands in for the function after
 * which libvirt falls, notes the defect down and takes what makes it show itself out of the way. A function that fails
 * without an error is given one.
 */

#include <config.h>

#include "internal.h"
#include "conf/domain_capabilities.h"
#include "qemu/qemu_monitor.h"
#include "util/virerror.h"

#include "driver/property.h"

#define VIR_FROM_THIS VIR_FROM_NONE

/* The wrappers below get their prototypes from the functions that they stand in for. */
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

/* Whether libvirt is too new to have a defect that was mended in @major.@minor. */
#define MENDED(major, minor) (LIBVIR_VERSION_NUMBER >= (major)*1000000 + (minor)*1000)

static int
instead(const char *defect)
{
    cp_property_known(defect);
    virReportError(VIR_ERR_INTERNAL_ERROR, "shows %s", defect);
    return -1;
}

static int
explained(int result)
{
    return result < 0 && virGetLastErrorCode() == VIR_ERR_OK ? instead("deprecated-unexplained") : result;
}

int
__wrap_qemuMonitorGetMachines(qemuMonitor *monitor, qemuMonitorMachineInfo ***machines)
{
    return explained(__real_qemuMonitorGetMachines(monitor, machines));
}

int
__wrap_qemuMonitorGetCPUDefinitions(qemuMonitor *monitor, qemuMonitorCPUDefs **definitions)
{
    int result = explained(__real_qemuMonitorGetCPUDefinitions(monitor, definitions));

    if (MENDED(10, 0) || cp_property_provoke || result < 0 || *definitions)
        return result;
    return instead("no-cpu-models");
}

int
__wrap_qemuMonitorGetObjectProps(qemuMonitor *monitor, const char *object, char ***names)
{
    int result = __real_qemuMonitorGetObjectProps(monitor, object, names);

    if (cp_property_provoke || result < 0 || *names)
        return result;
    return instead("object-missing");
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
    return instead("version-overflow");
}

static gboolean
is_no_array(gpointer name G_GNUC_UNUSED, gpointer value, gpointer data G_GNUC_UNUSED)
{
    return !virJSONValueIsArray(value);
}

GHashTable *
__wrap_qemuMonitorGetCommandLineOptions(qemuMonitor *monitor)
{
    GHashTable *options = __real_qemuMonitorGetCommandLineOptions(monitor);

    if (!cp_property_provoke && options && g_hash_table_find(options, is_no_array, NULL)) {
        g_clear_pointer(&options, g_hash_table_unref);
        instead("options-object");
    }
    return options;
}

/* A libvirt that frees it itself finds it freed. */
void
__wrap_virSEVCapabilitiesFree(virSEVCapability *capabilities)
{
    if (capabilities && !cp_property_provoke)
        g_clear_pointer(&capabilities->cpu0_id, g_free);
    __real_virSEVCapabilitiesFree(capabilities);
}
