/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replaces JSON that libvirt does not survive by what a libvirt without the defect would understand in the same way: lines
 * of an emulator, and firmware descriptors. */
#include <config.h>

#include "world/mend-reply.h"

#include "driver/property.h"
#include "internal.h"
#include "util/virjson.h"

/* A reply beyond these limits counts as the known defect reply-nested, reply-quadratic and schema-alternates,
 * respectively. */
#define DEPTH_MAX 1000
#define MEMBERS_MAX 4000
#define ALTERNATES_MAX 32

/* How many are kept of more alternates: the cost is two to their power. */
#define ALTERNATES_KEPT 4

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

/* Returns a value in which no object and no list has more than MEMBERS_MAX members. It is not deeper than DEPTH_MAX. */
static char *
drop_members(const char *text)
{
    GString *result = g_string_new(NULL);
    gsize members[DEPTH_MAX + 2] = { 0 };
    gboolean quoted = FALSE;
    gsize depth = 0;
    gsize full = 0; /* the depth of the object or list whose other members are dropped; 0: none */

    for (; *text; text++) {
        if (quoted && *text == '\\' && text[1]) {
            if (!full)
                g_string_append_c(result, *text);
            text++;
        } else if (*text == '"') {
            quoted = !quoted;
        } else if (!quoted && (*text == '[' || *text == '{')) {
            members[++depth] = 0;
        } else if (!quoted && depth > 0 && (*text == ']' || *text == '}')) {
            full = full == depth ? 0 : full;
            depth--;
        } else if (!quoted && *text == ',' && ++members[depth] >= MEMBERS_MAX && !full && depth > 0) {
            full = depth;
        }
        if (!full)
            g_string_append_c(result, *text);
    }
    return g_string_free(result, FALSE);
}

/* Returns the number of alternates, and sets `renamed` to the text in which all but the first ALTERNATES_KEPT are ordinary
 * types. */
static gsize
count_alternates(const char *text, char **renamed)
{
    static const char alternate[] = "\"alternate\"";
    g_auto(GStrv) pieces = g_strsplit(text, alternate, -1);
    GString *result = g_string_new(pieces[0]);
    gsize n = 0;

    for (; pieces[n + 1]; n++) {
        g_string_append(result, n < ALTERNATES_KEPT ? alternate : "\"builtin\"");
        g_string_append(result, pieces[n + 1]);
    }
    *renamed = g_string_free(result, FALSE);
    return n;
}

/* Returns an event whose data libvirt would use, and which lacks them, with empty data; NULL for other lines. */
static char *
add_data(const char *text)
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
        return NULL;

    g_autoptr(virJSONValue) line = virJSONValueFromString(text);
    const char *event = line ? virJSONValueObjectGetString(line, "event") : NULL;

    if (!event || !g_strv_contains(events, event) || virJSONValueObjectGet(line, "data") ||
        virJSONValueObjectGet(line, "QMP"))
        return NULL;
    return g_strdup_printf("{\"data\":{},%s", strchr(text, '{') + 1);
}

CpKnown
cp_mend_reply(const char *text, char **mended)
{
    Extent extent = measure(text);

    *mended = NULL;
    if (extent.depth > DEPTH_MAX) {
        /* A libvirt without the defect refuses it. */
        if (cp_known_avoids(CP_KNOWN_REPLY_NESTED)) {
            *mended = g_strdup("too many levels");
            return CP_KNOWN_REPLY_NESTED;
        }
        return CP_KNOWN_LAST;
    }
    if (extent.members > MEMBERS_MAX && cp_known_avoids(CP_KNOWN_REPLY_QUADRATIC)) {
        *mended = drop_members(text);
        return CP_KNOWN_REPLY_QUADRATIC;
    }

    g_autofree char *renamed = NULL;

    if (strstr(text, "alternate") && count_alternates(text, &renamed) > ALTERNATES_MAX &&
        cp_known_avoids(CP_KNOWN_SCHEMA_ALTERNATES)) {
        *mended = g_steal_pointer(&renamed);
        return CP_KNOWN_SCHEMA_ALTERNATES;
    }
    if (cp_known_avoids(CP_KNOWN_EVENT_WITHOUT_DATA) && (*mended = add_data(text)))
        return CP_KNOWN_EVENT_WITHOUT_DATA;
    return CP_KNOWN_LAST;
}

/* Returns a firmware descriptor without the machines that are not strings, or NULL if there are none. */
static char *
drop_machines(const char *text)
{
    g_autoptr(virJSONValue) object = virJSONValueFromString(text);
    virJSONValue *targets = object ? virJSONValueObjectGetArray(object, "targets") : NULL;
    gboolean found = FALSE;

    for (gsize i = 0; targets && i < virJSONValueArraySize(targets); i++) {
        virJSONValue *target = virJSONValueArrayGet(targets, i);
        virJSONValue *machines = virJSONValueObjectGetArray(target, "machines");
        g_autoptr(virJSONValue) kept = virJSONValueNewArray();

        for (gsize j = 0; machines && j < virJSONValueArraySize(machines); j++) {
            const char *machine = virJSONValueGetString(virJSONValueArrayGet(machines, j));

            if (machine)
                virJSONValueArrayAppendString(kept, machine);
        }
        if (machines && virJSONValueArraySize(kept) < virJSONValueArraySize(machines)) {
            virJSONValueObjectRemoveKey(target, "machines", NULL);
            virJSONValueObjectAppend(target, "machines", &kept);
            found = TRUE;
        }
    }
    return found ? virJSONValueToString(object, false) : NULL;
}

char *
cp_mend_descriptor(const char *content, gsize length)
{
    g_autofree char *text = g_strndup(content, length);
    g_autofree char *mended = NULL;
    CpKnown row = CP_KNOWN_LAST;

    if (measure(text).depth > DEPTH_MAX) {
        row = CP_KNOWN_DESCRIPTOR_NESTED;
        mended = g_strdup("too many levels");
    } else if (strstr(text, "machines") && (mended = drop_machines(text))) {
        row = CP_KNOWN_FIRMWARE_MACHINE_NULL;
    }
    if (row == CP_KNOWN_LAST || !cp_known_avoids(row))
        return NULL;
    cp_property_fails(cp_known_shows(row), text, "libvirt would crash or leak; --provoke passes this descriptor to it");
    return g_steal_pointer(&mended);
}

char *
cp_mend_reply_deprecated(const char *text)
{
    g_autoptr(virJSONValue) reply = virJSONValueFromString(text);
    virJSONValue *list = reply ? virJSONValueObjectGetArray(reply, "return") : NULL;
    gboolean found = FALSE;

    for (gsize i = 0; list && i < virJSONValueArraySize(list); i++) {
        virJSONValue *entry = virJSONValueArrayGet(list, i);
        virJSONValue *member = entry && virJSONValueIsObject(entry) ? virJSONValueObjectGet(entry, "deprecated") : NULL;

        if (member && virJSONValueGetType(member) != VIR_JSON_TYPE_BOOLEAN) {
            virJSONValueObjectRemoveKey(entry, "deprecated", NULL);
            found = TRUE;
        }
    }
    return found ? virJSONValueToString(reply, false) : NULL;
}
