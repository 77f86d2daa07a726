/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * caps-domcaps: the domain capabilities that libvirt makes from a loaded document are well-formed XML that libvirt's own
 * schema accepts. They are about the machine that was asked for, and the same if asked for again.
 *
 * The options instruction (input-options.h) selects what is asked for:
 *
 *     type      a virt type; default: all that the emulator supports
 *     arch      an architecture; default: all that the emulator supports
 *     machine   a machine or an alias; default: the first MACHINES_MAX of each virt type
 */

#include <config.h>

#include "world/caps.h"
#include "conf/domain_capabilities.h"
#include "input/input-options.h"
#include "known/defects-domcaps.h"
#include "known/shorten.h"
#include "world/fake-host.h"
#include "driver/property.h"
#include "qemu/qemu_conf.h"
#include "checks/relaxng.h"
#include "driver/no-slices.h"
#include "driver/target.h"

/* Machines of one type hardly differ, and each answer takes half as long as loading the document. */
#define MACHINES_MAX 2

typedef struct {
    virQEMUCaps *caps;
    virArch host;
    virArch arch;
    virDomainVirtType type;
    const char *machine;
    GHashTable *bodies; /* of the answers so far, see drop_known_body() */
} Question;

/* Returns libvirt's answer, made like virQEMUDriverGetDomainCapabilities() makes it; that function needs a whole driver.
 * The caller owns it. */
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

/* Returns whether the text of the element `name` below the root is `value`. */
static gboolean
has_text(xmlDoc *document, const char *name, const char *value)
{
    for (xmlNode *node = xmlDocGetRootElement(document)->children; node; node = node->next) {
        if (xmlStrEqual(node->name, (const xmlChar *)name)) {
            xmlChar *text = xmlNodeGetContent(node);
            gboolean equal = xmlStrEqual(text, (const xmlChar *)value);

            xmlFree(text);
            return equal;
        }
    }
    return FALSE;
}

/* Returns what is wrong with the answer `text` about `machine`, or NULL if nothing is. The caller owns it. */
static char *
complaint_about(const char *text, const char *machine)
{
    g_autoptr(xmlDoc) document = xmlReadMemory(text, strlen(text), NULL, NULL, XML_PARSE_NONET);

    if (!document)
        return g_strdup("they are not well-formed XML");
    char *complaint = cp_relaxng_complaint(document);
    if (!complaint && !has_text(document, "machine", machine))
        complaint = g_strdup("they are about another machine");
    return complaint;
}

/* Returns the answer `text`, without its body if an earlier answer to the same document had the same one. The body is all
 * that follows the architecture. The caller owns the text. */
static char *
drop_known_body(const char *text, GHashTable *bodies)
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
    gboolean first = g_hash_table_size(question->bodies) == 0;
    g_autofree char *text = answer(question);
    g_autofree char *again = first ? answer(question) : NULL;
    g_autofree char *checked = drop_known_body(text, question->bodies);
    g_autofree char *complaint = complaint_about(checked, question->machine);

    if (first)
        cp_property_equal("asked again", text, again);
    if (complaint) {
        g_autofree char *fixed = NULL;
        CpKnownSet defects = cp_defects_of_answer(checked, &fixed);
        g_autofree char *left = complaint_about(fixed, question->machine);

        if (!defects || left)
            cp_property_fails(NULL, fixed, "domain capabilities: %s", left ? left : complaint);
        cp_property_differs(cp_known_show(defects), complaint, fixed, checked);
    }
}

/* --- questions --- */

/* Returns the machines to ask about: `chosen`, or the first ones of `type` if it is NULL. The caller owns the array. */
static GPtrArray *
list_machines(virQEMUCaps *caps, virDomainVirtType type, const char *chosen)
{
    if (chosen) {
        GPtrArray *machines = g_ptr_array_new_with_free_func(g_free);

        g_ptr_array_add(machines, g_strdup(chosen));
        return machines;
    }
    g_autofree char *saved = cp_caps_format(caps);
    GPtrArray *machines = cp_caps_machines(saved, type);
    g_ptr_array_set_size(machines, MIN(machines->len, MACHINES_MAX));
    return machines;
}

static void
ask_about_type(Question *question, const char *arch, const char *machine)
{
    g_autoptr(GPtrArray) machines = list_machines(question->caps, question->type, machine);

    for (question->arch = VIR_ARCH_NONE + 1; question->arch < VIR_ARCH_LAST; question->arch++) {
        if (!virQEMUCapsIsArchSupported(question->caps, question->arch) ||
            (arch && STRNEQ(arch, virArchToString(question->arch))))
            continue;
        for (guint i = 0; i < machines->len; i++) {
            question->machine =
                virQEMUCapsGetCanonicalMachine(question->caps, question->type, g_ptr_array_index(machines, i));
            if (virQEMUCapsIsMachineSupported(question->caps, question->type, question->machine))
                ask(question);
        }
    }
}

static void
ask_all(virQEMUCaps *caps, virArch host, const CpInputOptions *options)
{
    static const virDomainVirtType types[] = { VIR_DOMAIN_VIRT_QEMU, VIR_DOMAIN_VIRT_KVM, VIR_DOMAIN_VIRT_HVF };
    g_autoptr(GHashTable) bodies = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *type = cp_input_options_string(options, "type");
    g_autofree char *arch = cp_input_options_string(options, "arch");
    g_autofree char *machine = cp_input_options_string(options, "machine");

    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        Question question = { .caps = caps, .host = host, .type = types[i], .bodies = bodies };

        if (virQEMUCapsIsVirtTypeSupported(caps, types[i]) &&
            (!type || STREQ(type, virDomainVirtTypeToString(types[i]))))
            ask_about_type(&question, arch, machine);
    }
}

/* Returns the architecture of the emulator, or `host` if the document is not loaded. */
static virArch
load(const CpInputOptions *options, virArch host)
{
    CpCapsVerdict verdict;
    g_autoptr(virQEMUCaps) caps =
        cp_caps_load(options->document, options->length, NULL, host, CP_CAPS_ANY_WRITER, &verdict);

    if (verdict != CP_CAPS_LOADED)
        return host;
    ask_all(caps, host, options);
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
    CpInputOptions options = cp_input_options_read(data, size);
    g_autofree char *shortened = cp_known_shorten(options.document, &options.length);

    options.document = shortened ? shortened : options.document;
    cp_fake_host_init();
    virArch guest = load(&options, CP_FAKE_HOST_ARCH);
    if (guest != CP_FAKE_HOST_ARCH)
        load(&options, guest);
    return 0;
}
