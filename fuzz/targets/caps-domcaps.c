/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * caps-domcaps: the domain capabilities that libvirt makes of what it loads are well-formed XML that its own schema
 * accepts; they are about what was asked for, and asked for again they are the same.
 *
 * A options instruction may choose what is asked for:
 *
 *     type      a virt type, in place of all that the emulator has
 *     arch      an architecture, in place of all that it can be asked for
 *     machine   a machine or an alias, in place of the first MACHINES_MAX of each type
 */

#include <config.h>

#include "world/caps.h"
#include "conf/domain_capabilities.h"
#include "input/input-options.h"
#include "known/defects-domcaps.h"
#include "world/fake-host.h"
#include "driver/property.h"
#include "qemu/qemu_conf.h"
#include "checks/relaxng.h"
#include "driver/no-slices.h"
#include "driver/target.h"

/* The machines of a type differ in little, and an answer takes half as long as loading a document. */
#define MACHINES_MAX 2

typedef struct {
    virQEMUCaps *caps;
    virArch host;
    virArch arch;
    virDomainVirtType type;
    const char *machine;
    GHashTable *bodies; /* of the answers so far */
} Question;

/* What libvirt answers, in the way of virQEMUDriverGetDomainCapabilities(), which needs a whole driver. */
static char *
answer(const Question *question)
{
    static virFirmware firmware = { .name = (char *)"/usr/share/OVMF/OVMF_CODE.fd" };
    static virFirmware *firmwares[] = { &firmware };
    static virQEMUDriverConfig config = { .firmwares = firmwares, .nfirmwares = G_N_ELEMENTS(firmwares) };
    g_autoptr(virDomainCaps) domcaps =
        virDomainCapsNew(virQEMUCapsGetBinary(question->caps), question->machine, question->arch, question->type);
    int status;

#ifdef CP_HAVE_FILL_BY_CONFIG
    status = virQEMUCapsFillDomainCaps(&config, question->caps, question->host, domcaps, false);
#else
    status =
        virQEMUCapsFillDomainCaps(question->caps, question->host, domcaps, false, config.firmwares, config.nfirmwares);
#endif
    CP_PROPERTY(status == 0, "machine \"%s\" has no domain capabilities: %s", question->machine,
                virGetLastErrorMessage());
    return virDomainCapsFormat(domcaps);
}

/* Whether @document says @value in its element @name. */
static bool
says(xmlDoc *document, const char *name, const char *value)
{
    xmlNode *node;

    for (node = xmlDocGetRootElement(document)->children; node; node = node->next) {
        if (xmlStrEqual(node->name, (const xmlChar *)name)) {
            xmlChar *text = xmlNodeGetContent(node);
            bool said = xmlStrEqual(text, (const xmlChar *)value);

            xmlFree(text);
            return said;
        }
    }
    return false;
}

/* What is wrong with the answer @text about @machine, to be freed; NULL where nothing is. */
static char *
complaint_about(const char *text, const char *machine)
{
    g_autoptr(xmlDoc) document = xmlReadMemory(text, strlen(text), NULL, NULL, XML_PARSE_NONET);
    char *complaint;

    if (!document)
        return g_strdup("it is not well-formed");
    complaint = cp_relaxng_complaint(document);
    if (!complaint && !says(document, "machine", machine))
        complaint = g_strdup("it is about another machine");
    return complaint;
}

/* The answer @text without its body, which begins after the architecture, where an answer to the same document had the
 * same; else as it is. To be freed. */
static char *
without_known_body(const char *text, GHashTable *bodies)
{
    static const char end[] = "</arch>\n";
    const char *body = strstr(text, end);

    if (!body)
        return g_strdup(text);
    body += strlen(end);
    if (g_hash_table_add(bodies, g_strdup(body)))
        return g_strdup(text);
    return g_strdup_printf("%.*s</domainCapabilities>\n", (int)(body - text), text);
}

static void
ask(const Question *question)
{
    bool first = g_hash_table_size(question->bodies) == 0;
    g_autofree char *text = answer(question);
    g_autofree char *again = first ? answer(question) : NULL;
    g_autofree char *news = without_known_body(text, question->bodies);
    g_autofree char *complaint = complaint_about(news, question->machine);

    if (first)
        cp_property_equal("asked again", text, again);
    if (complaint) {
        g_autofree char *mended = NULL;
        const char *defect = cp_defects_of_answer(news, &mended);
        g_autofree char *left = complaint_about(mended, question->machine);

        CP_PROPERTY(defect && !left, "domain capabilities: %s\n%s", left ? left : complaint, mended);
        cp_property_known(defect);
    }
}

/* --- what to ask --- */

static GPtrArray *
machines_of(virQEMUCaps *caps, virDomainVirtType type, const char *chosen)
{
    g_autofree char *saved = NULL;
    GPtrArray *machines;

    if (chosen) {
        machines = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(machines, g_strdup(chosen));
        return machines;
    }
    saved = cp_caps_format(caps);
    machines = cp_caps_machines(saved, type);
    g_ptr_array_set_size(machines, MIN(machines->len, MACHINES_MAX));
    return machines;
}

static void
ask_about_type(Question *question, const char *arch, const char *machine)
{
    g_autoptr(GPtrArray) machines = machines_of(question->caps, question->type, machine);
    size_t i;

    for (question->arch = VIR_ARCH_NONE + 1; question->arch < VIR_ARCH_LAST; question->arch++) {
        if (!virQEMUCapsIsArchSupported(question->caps, question->arch) ||
            (arch && STRNEQ(arch, virArchToString(question->arch))))
            continue;
        for (i = 0; i < machines->len; i++) {
            question->machine =
                virQEMUCapsGetCanonicalMachine(question->caps, question->type, g_ptr_array_index(machines, i));
            if (virQEMUCapsIsMachineSupported(question->caps, question->type, question->machine))
                ask(question);
        }
    }
}

static void
ask_about(virQEMUCaps *caps, virArch host, const CpInputOptions *control)
{
    static const virDomainVirtType types[] = { VIR_DOMAIN_VIRT_QEMU, VIR_DOMAIN_VIRT_KVM, VIR_DOMAIN_VIRT_HVF };
    g_autoptr(GHashTable) bodies = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *type = cp_input_options_string(control, "type");
    g_autofree char *arch = cp_input_options_string(control, "arch");
    g_autofree char *machine = cp_input_options_string(control, "machine");
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(types); i++) {
        Question question = { .caps = caps, .host = host, .type = types[i], .bodies = bodies };

        if (virQEMUCapsIsVirtTypeSupported(caps, types[i]) &&
            (!type || STREQ(type, virDomainVirtTypeToString(types[i]))))
            ask_about_type(&question, arch, machine);
    }
}

/* Returns the architecture of what is loaded, or that of the host. */
static virArch
load(const CpInputOptions *control, virArch host)
{
    CpCapsVerdict verdict;
    g_autoptr(virQEMUCaps) caps =
        cp_caps_load(control->document, control->length, NULL, host, CP_CAPS_ANYBODYS, &verdict);

    if (verdict != CP_CAPS_LOADED)
        return host;
    ask_about(caps, host, control);
    return virQEMUCapsGetArch(caps);
}

int
LLVMFuzzerInitialize(int *argc G_GNUC_UNUSED, char ***argv G_GNUC_UNUSED)
{
    cp_no_slices();
    cp_fake_host_init();
    cp_relaxng_init();
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CpInputOptions control = cp_input_options_read(data, size);
    virArch guest;

    cp_fake_host_init();
    guest = load(&control, CP_FAKE_HOST_ARCH);
    if (guest != CP_FAKE_HOST_ARCH)
        load(&control, guest);
    return 0;
}
