/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replaces QEMU and the connection to its monitor. */
#include <config.h>

#define LIBVIRT_QEMU_CAPSPRIV_H_ALLOW
#define LIBVIRT_QEMU_MONITOR_PRIV_H_ALLOW

#include "world/fake-emulator.h"

#include "cpu/cpu.h"
#include "qemu/qemu_capspriv.h"
#include "qemu/qemu_monitor_json.h"
#include "qemu/qemu_monitor_priv.h"
#include "qemu/qemu_process.h"
#include "util/virerror.h"

#include "driver/property.h"
#include "input/conversation.h"
#include "world/fake-host.h"
#include "world/fake-installation.h"

#define VIR_FROM_THIS VIR_FROM_NONE

/* A reply beyond these limits counts as the known defect reply-nested, reply-quadratic and schema-alternates,
 * respectively. */
#define DEPTH_MAX 1000
#define MEMBERS_MAX 4000
#define ALTERNATES_MAX 32

/* The wrappers have the prototypes of the functions that they replace. */
int __wrap_qemuMonitorSend(qemuMonitor *monitor, qemuMonitorMessage *message);
extern typeof(qemuProcessQMPNew) __wrap_qemuProcessQMPNew;
extern typeof(qemuProcessQMPStart) __wrap_qemuProcessQMPStart;
extern typeof(qemuProcessQMPFree) __wrap_qemuProcessQMPFree;

static struct {
    CpConversation *conversation;
    guint starts;
    gboolean closed; /* whether the connection is closed */
} emulator;

/* --- the monitor --- */

static void
dispose_monitor(void *object G_GNUC_UNUSED)
{
}

/* Returns the only monitor. Its only state is the number of the last command. */
static qemuMonitor *
get_monitor(void)
{
    static qemuMonitorCallbacks callbacks;
    static qemuMonitor *monitor;

    if (!monitor) {
        monitor = virObjectLockableNew(virClassNew(virClassForObjectLockable(), "CpMonitor", sizeof(qemuMonitor),
                                                   sizeof(virObjectLockable), dispose_monitor));
        monitor->fd = -1;
        monitor->domainName = g_strdup("probe");
        monitor->cb = &callbacks;
    }
    return monitor;
}

typedef struct {
    gsize depth;
    gsize members; /* of the largest object or list */
} Extent;

/* Returns how deep and how wide a value is. Stops if it is too deep. */
static Extent
measure(const char *text)
{
    gsize members[DEPTH_MAX + 2] = { 0 };
    Extent extent = { 0, 0 };
    gboolean quoted = FALSE;
    gsize depth = 0;

    for (; *text && depth <= DEPTH_MAX; text++) {
        if (*text == '"')
            quoted = !quoted;
        else if (quoted && *text == '\\' && text[1])
            text++;
        else if (!quoted && (*text == '[' || *text == '{'))
            members[++depth] = 0;
        else if (!quoted && depth > 0 && (*text == ']' || *text == '}'))
            depth--;
        else if (!quoted && *text == ',')
            members[depth]++;
        extent.depth = MAX(extent.depth, depth);
        extent.members = MAX(extent.members, members[depth]);
    }
    return extent;
}

static gsize
count_alternates(const char *text)
{
    gsize n = 0;

    while ((text = strstr(text, "\"alternate\""))) {
        text++;
        n++;
    }
    return n;
}

/* Whether this is an event without data whose data libvirt would use. */
static gboolean
lacks_data(const char *text)
{
    static const char *const events[] = {
        "ACPI_DEVICE_OST",
        "BALLOON_CHANGE",
        "BLOCK_IO_ERROR",
        "BLOCK_WRITE_THRESHOLD",
        "DEVICE_DELETED",
        "DEVICE_TRAY_MOVED",
        "DEVICE_UNPLUG_GUEST_ERROR",
        "DUMP_COMPLETED",
        "GUEST_PANICKED",
        "JOB_STATUS_CHANGE",
        "MEMORY_DEVICE_SIZE_CHANGE",
        "MEMORY_FAILURE",
        "MIGRATION",
        "MIGRATION_PASS",
        "NETDEV_STREAM_DISCONNECTED",
        "NETDEV_VHOST_USER_DISCONNECTED",
        "NIC_RX_FILTER_CHANGED",
        "PR_MANAGER_STATUS_CHANGED",
        "RDMA_GID_STATUS_CHANGED",
        "RTC_CHANGE",
        "SPICE_CONNECTED",
        "SPICE_DISCONNECTED",
        "SPICE_INITIALIZED",
        "VNC_CONNECTED",
        "VNC_DISCONNECTED",
        "VNC_INITIALIZED",
        "VSERPORT_CHANGE",
        "WATCHDOG",
        NULL,
    };

    if (!strstr(text, "event") && !strchr(text, '\\'))
        return FALSE;

    g_autoptr(virJSONValue) line = virJSONValueFromString(text);
    const char *event = line ? virJSONValueObjectGetString(line, "event") : NULL;
    return event && g_strv_contains(events, event) && !virJSONValueObjectGet(line, "data") &&
           !virJSONValueObjectGet(line, "QMP");
}

/* Returns the known defect because of which libvirt would crash, or take too long, if it got this line; or NULL. */
static const char *
defect_of(const char *text)
{
    Extent extent = measure(text);

#if WITH_YAJL
    if (extent.depth > DEPTH_MAX)
        return "reply-nested";
#endif
    if (extent.members > MEMBERS_MAX)
        return "reply-quadratic";
    if (count_alternates(text) > ALTERNATES_MAX)
        return "schema-alternates";
    return lacks_data(text) ? "event-without-data" : NULL;
}

/* Passes a line to libvirt, as its event loop would. Returns what libvirt returns. */
static int
pass_line(qemuMonitor *monitor, CpConversationText line, qemuMonitorMessage *message)
{
    g_autofree char *text = g_strndup(line.text, line.length);

    g_strchomp(text);
    if (!*text)
        return 0;

    const char *defect = cp_property_provoke ? NULL : defect_of(text);

    if (defect) {
        cp_property_fails(defect, text, "libvirt would crash or take too long; --provoke passes this line to it");
        virReportError(VIR_ERR_INTERNAL_ERROR, "shows %s", defect);
        return -1;
    }
    if (cp_property_provoke || !message || !message->finished)
        return qemuMonitorJSONIOProcessLine(monitor, text, message);

    /* The message has its reply. A second one is freed here; libvirt would lose the first one. */
    qemuMonitorMessage second = { .txFD = -1 };
    int result = qemuMonitorJSONIOProcessLine(monitor, text, &second);

    if (second.finished)
        cp_property_fails("reply-twice", text,
                          "libvirt would leak the first reply; --provoke passes the second one to it");
    virJSONValueFree(second.rxObject);
    return result;
}

/* Passes the lines of an answer to libvirt. Closes the connection and returns -1 if libvirt fails. */
static int
pass_lines(qemuMonitor *monitor, CpConversationText rest, qemuMonitorMessage *message)
{
    CpConversationText line;

    while (cp_conversation_take_line(&rest, &line)) {
        if (pass_line(monitor, line, message) < 0) {
            emulator.closed = TRUE;
            if (virGetLastErrorCode() == VIR_ERR_OK)
                virReportError(VIR_ERR_INTERNAL_ERROR, "%s", "the line is not a message");
            return -1;
        }
    }
    return 0;
}

int
__wrap_qemuMonitorSend(qemuMonitor *monitor, qemuMonitorMessage *message)
{
    static const char unknown[] = "{\"error\":{\"class\":\"CommandNotFound\",\"desc\":\"not in the conversation\"}}";
    CpConversationText command = { message->txBuffer, message->txLength };
    CpConversationText answer;

    if (emulator.closed) {
        virReportError(VIR_ERR_INTERNAL_ERROR, "%s", "the monitor is closed");
        return -1;
    }
    if (!cp_conversation_answer(emulator.conversation, command, &answer)) {
        answer.text = unknown;
        answer.length = strlen(unknown);
    }
    if (pass_lines(monitor, answer, message) < 0) {
        if (message->finished)
            virJSONValueFree(g_steal_pointer(&message->rxObject));
        return -1;
    }
    if (!message->finished) {
        emulator.closed = TRUE;
        virReportError(VIR_ERR_INTERNAL_ERROR, "%s", "the emulator exits without a reply");
        return -1;
    }
    return 0;
}

/* --- the process --- */

qemuProcessQMP *
__wrap_qemuProcessQMPNew(const char *binary G_GNUC_UNUSED,
                         const char *directory G_GNUC_UNUSED,
                         uid_t uid G_GNUC_UNUSED,
                         gid_t gid G_GNUC_UNUSED,
                         bool force_tcg)
{
    qemuProcessQMP *process = g_new0(qemuProcessQMP, 1);

    process->forceTCG = force_tcg;
    return process;
}

int
__wrap_qemuProcessQMPStart(qemuProcessQMP *process)
{
    process->mon = get_monitor();
    virObjectLock(process->mon);
    qemuMonitorResetCommandID(process->mon);
    emulator.starts++;
    emulator.closed = FALSE;
    if (pass_lines(process->mon, cp_conversation_greeting(emulator.conversation), NULL) < 0)
        return -1;
    return qemuMonitorSetCapabilities(process->mon);
}

void
__wrap_qemuProcessQMPFree(qemuProcessQMP *process)
{
    if (!process)
        return;
    if (process->mon)
        virObjectUnlock(process->mon);
    g_free(process);
}

/* --- the interface for targets --- */

void
cp_fake_emulator_set(const char *conversation, gsize length)
{
    g_clear_pointer(&emulator.conversation, cp_conversation_free);
    emulator.conversation = cp_conversation_new(conversation, length);
    emulator.starts = 0;
}

guint
cp_fake_emulator_unset(void)
{
    g_clear_pointer(&emulator.conversation, cp_conversation_free);
    return emulator.starts;
}

virQEMUCaps *
cp_fake_emulator_probe(virArch host)
{
    g_autofree char *kernel =
        g_strdup_printf("%s %s", cp_fake_installation.kernel_release, cp_fake_installation.kernel_version);

    virResetLastError();
    cp_fake_installation.arch = host;
    return virQEMUCapsNewForBinaryInternal(host, CP_FAKE_EMULATOR, CP_FAKE_HOST_DIRECTORY, 0, 0,
                                           cp_fake_installation.signature, cp_fake_installation.microcode, kernel,
                                           cp_fake_host_cpu());
}
