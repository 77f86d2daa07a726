/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * caps-firmware: what libvirt lists as firmware is what the descriptors say of which it could list each one alone: a bad
 * descriptor does not keep the others from being listed. A good descriptor (reference-firmware.h) is listed as it says.
 *
 * An input is the content of the folders (descriptors.h). If there is a descriptor in the home folder, libvirt is asked as
 * a user's daemon, else as the system's.
 */

#include <config.h>

#include "checks/reference-firmware.h"
#include "driver/difference.h"
#include "driver/no-slices.h"
#include "driver/property.h"
#include "driver/target.h"
#include "input/descriptors.h"
#include "known/known.h"
#include "qemu/qemu_firmware.h"
#include "util/virerror.h"
#include "world/fake-firmware.h"
#include "world/fake-host.h"

/* What domcapabilities calls; for the target that asks for those, it is replaced. */
extern typeof(qemuFirmwareGetSupported) __real_qemuFirmwareGetSupported;

typedef struct {
    const char *machine;
    virArch arch;
    const char *architecture; /* as QEMU names it */
} Question;

static const Question questions[] = {
    { "pc-q35-7.2", VIR_ARCH_X86_64, "x86_64" },
    { "pc-i440fx-7.2", VIR_ARCH_I686, "i386" },
    { "virt-7.2", VIR_ARCH_AARCH64, "aarch64" },
};

#define QUESTIONS G_N_ELEMENTS(questions)

typedef struct {
    GPtrArray *descriptors; /* all that the input has */
    GPtrArray *visible;     /* those that are not hidden by others, in the order of their names; not owned */
    gboolean privileged;
    char *expected[QUESTIONS]; /* the answers, as text */
    char *complaint;           /* how the last answer differed */
} Folders;

/* Returns libvirt's answer, or NULL if it fails. The caller owns it. */
static CpFirmwareAnswer *
ask(const Folders *folders, const Question *question)
{
    g_autoptr(CpFirmwareAnswer) answer = cp_firmware_answer_new();
    virFirmware **firmwares = NULL;
    gsize n = 0;
    uint64_t supported;
    bool secure;

    virResetLastError();
    if (__real_qemuFirmwareGetSupported(question->machine, question->arch, folders->privileged, &supported, &secure,
                                        &firmwares, &n) < 0) {
        CP_PROPERTY(virGetLastErrorCode() != VIR_ERR_OK, "the firmware cannot be listed, without an error");
        return NULL;
    }
    answer->interfaces = supported;
    answer->secure = secure;
    for (gsize i = 0; i < n; i++)
        cp_firmware_answer_add(answer, firmwares[i]->name, firmwares[i]->nvram);
    CP_PROPERTY(answer->programs->len == n, "libvirt lists a program more than once");
    virFirmwareFreeList(firmwares, n);
    return g_steal_pointer(&answer);
}

/* Returns what libvirt lists if there is only this descriptor: nothing if it refuses it. The caller owns the answer. */
static CpFirmwareAnswer *
ask_alone(const Folders *folders, CpDescriptor *descriptor, const Question *question)
{
    cp_fake_firmware_show(descriptor);

    g_autoptr(CpFirmwareAnswer) answer = ask(folders, question);
    g_autoptr(CpFirmwareAnswer) expected =
        descriptor->kind == CP_DESCRIPTOR_FILE
            ? cp_reference_firmware(descriptor->content, descriptor->length, question->architecture, question->machine)
            : NULL;

    cp_fake_firmware_show(NULL);
    if (!answer)
        descriptor->refused = TRUE;
    if (expected) {
        CP_PROPERTY(answer, "a good descriptor, %s, is refused: %s", descriptor->name, virGetLastErrorMessage());
        g_autofree char *text = cp_firmware_answer_text(answer);
        g_autofree char *expected_text = cp_firmware_answer_text(expected);
        cp_property_equal("a good descriptor", expected_text, text);
    }
    return answer ? g_steal_pointer(&answer) : cp_firmware_answer_new();
}

/* --- all descriptors --- */

/* Whether `a` comes before `b`, for sorting. Of the same name, that in the higher folder comes first. */
static int
compare(gconstpointer a, gconstpointer b)
{
    const CpDescriptor *one = *(CpDescriptor *const *)a;
    const CpDescriptor *other = *(CpDescriptor *const *)b;
    int order = strcmp(one->name, other->name);

    return order ? order : (int)other->folder - (int)one->folder;
}

/* Sets folders->visible. Names that begin with a dot, folders and links that lead nowhere are as if they were not there. */
static void
list_visible(Folders *folders)
{
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();
    const char *last = "";

    for (guint i = 0; i < folders->descriptors->len; i++)
        g_ptr_array_add(sorted, g_ptr_array_index(folders->descriptors, i));
    g_ptr_array_sort(sorted, compare);
    for (guint i = 0; i < sorted->len; i++) {
        CpDescriptor *descriptor = g_ptr_array_index(sorted, i);

        if (*descriptor->name == '.' || descriptor->kind == CP_DESCRIPTOR_IS_FOLDER ||
            descriptor->kind == CP_DESCRIPTOR_DANGLING || STREQ(descriptor->name, last))
            continue;
        last = descriptor->name;
        g_ptr_array_add(folders->visible, descriptor);
    }
}

/* Sets folders->expected: what libvirt lists if there is only one descriptor after the other. */
static void
ask_each(Folders *folders)
{
    for (gsize i = 0; i < QUESTIONS; i++) {
        g_autoptr(CpFirmwareAnswer) joined = cp_firmware_answer_new();

        for (guint j = 0; j < folders->visible->len; j++) {
            g_autoptr(CpFirmwareAnswer) part =
                ask_alone(folders, g_ptr_array_index(folders->visible, j), questions + i);

            cp_firmware_answer_join(joined, part);
        }
        folders->expected[i] = cp_firmware_answer_text(joined);
    }
}

/* Whether libvirt, asked each question, lists what is expected. */
static gboolean
lists_all(gpointer data)
{
    Folders *folders = data;

    for (gsize i = 0; i < QUESTIONS; i++) {
        g_autoptr(CpFirmwareAnswer) answer = ask(folders, questions + i);
        g_autofree char *text = answer ? cp_firmware_answer_text(answer) : g_strdup(virGetLastErrorMessage());

        if (STRNEQ(text, folders->expected[i])) {
            g_free(folders->complaint);
            folders->complaint = cp_difference(folders->expected[i], text, 0);
            return FALSE;
        }
    }
    return TRUE;
}

int
LLVMFuzzerInitialize(int *argc G_GNUC_UNUSED, char ***argv G_GNUC_UNUSED)
{
    cp_no_slices();
    g_unsetenv("XDG_CONFIG_HOME"); /* otherwise it names the home folder */
    cp_fake_host_init();
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GPtrArray) descriptors = cp_descriptors_read(size > 0 ? (const char *)data : "", size);
    g_autoptr(GPtrArray) visible = g_ptr_array_new();
    Folders folders = { .descriptors = descriptors, .visible = visible, .privileged = TRUE };

    cp_fake_host_init();
    for (guint i = 0; i < descriptors->len; i++) {
        if (((CpDescriptor *)g_ptr_array_index(descriptors, i))->folder == CP_DESCRIPTOR_HOME)
            folders.privileged = FALSE;
    }
    list_visible(&folders);
    cp_fake_firmware_set(descriptors);
    ask_each(&folders);
    if (!lists_all(&folders)) {
        CpKnownSet explained = cp_known_explain(lists_all, &folders);

        cp_property_fails(cp_known_show(explained), folders.complaint, "descriptors keep others from being listed");
    }
    cp_fake_firmware_set(NULL);
    for (gsize i = 0; i < QUESTIONS; i++)
        g_free(folders.expected[i]);
    g_free(folders.complaint);
    return 0;
}
