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
#include "world/mend-reply.h"

#define VIR_FROM_THIS VIR_FROM_NONE

/* The wrappers have the prototypes of the functions that they replace. */
int __wrap_qemuMonitorSend(qemuMonitor *monitor, qemuMonitorMessage *message);
extern typeof(qemuProcessQMPNew) __wrap_qemuProcessQMPNew;
extern typeof(qemuProcessQMPStart) __wrap_qemuProcessQMPStart;
extern typeof(qemuProcessQMPFree) __wrap_qemuProcessQMPFree;

static struct {
    CpConversation *conversation;
    guint starts;
    gboolean closed; /* whether the connection is closed */
    char *reply;     /* the last line that was passed to libvirt for a command */
    char *repeated;  /* the answer to the next command, instead of the conversation's; or NULL */
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

/* Passes a line to libvirt, as its event loop would. Returns what libvirt returns. */
static int
pass_line(qemuMonitor *monitor, CpConversationText line, qemuMonitorMessage *message)
{
    g_autofree char *text = g_strndup(line.text, line.length);

    g_strchomp(text);
    if (!*text)
        return 0;

    g_autofree char *mended = NULL;
    CpKnown row = cp_mend_reply(text, &mended);

    if (row != CP_KNOWN_LAST) {
        cp_property_fails(cp_known_shows(row), text,
                          "libvirt would crash or take too long; --provoke passes this line to it");
        g_free(text);
        text = g_steal_pointer(&mended);
    }
    if (message && !message->finished) {
        g_free(emulator.reply);
        emulator.reply = g_strdup(text);
    }
    if (!cp_known_avoids(CP_KNOWN_REPLY_TWICE) || !message || !message->finished)
        return qemuMonitorJSONIOProcessLine(monitor, text, message);

    /* The message has its reply. A second one is freed here; libvirt would lose the first one. */
    qemuMonitorMessage second = { .txFD = -1, .finished = message->finished };
    int result = qemuMonitorJSONIOProcessLine(monitor, text, &second);

    if (second.rxObject)
        cp_property_fails(cp_known_shows(CP_KNOWN_REPLY_TWICE), text,
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
    g_autofree char *repeated = g_steal_pointer(&emulator.repeated);

    if (repeated) {
        answer = (CpConversationText){ repeated, strlen(repeated) };
    } else if (!cp_conversation_answer(emulator.conversation, command, &answer)) {
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
    g_clear_pointer(&emulator.reply, g_free);
    g_clear_pointer(&emulator.repeated, g_free);
    return emulator.starts;
}

gboolean
cp_fake_emulator_repeat_without_deprecated(void)
{
    g_free(emulator.repeated);
    emulator.repeated = emulator.reply ? cp_mend_reply_deprecated(emulator.reply) : NULL;
    return emulator.repeated != NULL;
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
