/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines of a history, which tests put together. Backticks stand for double quotes. */
#pragma once

#include "helper.h"

#include "history/history.h"

#define HISTORY "{`type`:`history`,`schema`:`capprobe.history/2`,`environment`:{},`seed`:7}\n"
#define SCENARIO "{`type`:`scenario`,`scenario`:`s`,`file`:`s.scn`,`text`:`start`}\n"
#define SKIP "{`type`:`skip`,`scenario`:`s`,`error`:`no KVM`,`needs`:1}\n"
#define SKIP_AGAIN "{`type`:`skip`,`scenario`:`s`,`error`:`libvirt cannot be started`,`needs`:0,`again`:true}\n"
#define ANSWER(id, xml) "{`type`:`answer`,`answer`:`" id "`,`xml`:`" xml "`}\n"
#define TRUTH(state, id)                                                                                               \
    "{`type`:`truth`,`state`:`" state "`,`question`:`q`,`pass`:1,`answer`:`" id "`,`emulators`:2}\n"
#define TRUTH_IN(pass, state, outcome)                                                                                 \
    "{`type`:`truth`,`state`:`" state "`,`question`:`q`,`pass`:" #pass "," outcome ",`emulators`:2}\n"
#define TRUTH_ERROR(state)                                                                                             \
    "{`type`:`truth`,`state`:`" state                                                                                  \
    "`,`question`:`q`,`pass`:1,`error`:`no emulator`,`domain`:10,`code`:1,`emulators`:1}\n"
#define ROUND_NUMBER(number, state, begin)                                                                             \
    "{`type`:`round`,`scenario`:`s`,`round`:" #number ",`state`:`" state "`,`begin_ns`:" #begin "}\n"
#define ROUND(state, begin) ROUND_NUMBER(1, state, begin)
#define ROUND_END(end, libvirt) "{`type`:`round-end`,`end_ns`:" #end ",`libvirt_ns`:" #libvirt "}\n"
#define OPERATION(name, effect, begin, end, state)                                                                     \
    "{`type`:`operation`,`line`:3,`name`:`" name "`,`args`:[`m`],`effect`:`" effect "`,`state`:`" state                \
    "`,`begin_ns`:" #begin ",`end_ns`:" #end "}\n"
#define CHANGE(begin, end, state) OPERATION("remove", "modules", begin, end, state)
#define READ_AS(name, begin, end, outcome, emulators)                                                                  \
    "{`type`:`read`,`line`:4,`question`:`q`,`name`:`" name "`,`begin_ns`:" #begin ",`end_ns`:" #end "," outcome        \
    ",`emulators`:" #emulators                                                                                         \
    ",`user_ns`:2000000,`system_ns`:1000000,`max_rss_kb`:45000,`libvirt_user_ns`:0,`libvirt_system_ns`:0}\n"
#define READ(begin, end, id, emulators) READ_AS("read", begin, end, "`answer`:`" id "`", emulators)
#define READ_ERROR(begin, end, emulators)                                                                              \
    READ_AS("read", begin, end, "`error`:`timed out`,`domain`:10,`code`:1", emulators)
#define EXPECT(args) "{`type`:`expect`,`line`:5,`args`:[" args "]}\n"
#define PROFILE(begin, end, phases)                                                                                    \
    "{`type`:`profile`,`scenario`:`s`,`begin_ns`:" #begin ",`end_ns`:" #end ",`phases`:{" phases "}}\n"
#define END(status, error) "{`type`:`end`,`status`:" #status ",`error`:`" error "`}\n"

#define DOCUMENT(id, xml) "{`type`:`document`,`document`:`" id "`,`xml`:`" xml "`}\n"
#define UNTESTABLE(end) "{`type`:`untestable`,`end_ns`:" #end ",`error`:`a second passed`}\n"
#define BROKEN_OFF "{`type`:`skip`,`scenario`:`s`,`error`:`no emulator opened it`,`needs`:0}\n"

/** Puts the SHA-256 of its text in the place of each id of an ANSWER or DOCUMENT. The caller owns the result. */
static inline char *
with_digests(const char *history)
{
    GString *text = g_string_new(history);
    g_auto(GStrv) lines = g_strsplit(history, "\n", -1);
    for (char **line = lines; *line; line++) {
        gboolean answer = g_str_has_prefix(*line, "{\"type\":\"answer\"");
        g_autoptr(JsonNode) node = json_from_string(*line, NULL);
        if (!node || (!answer && !g_str_has_prefix(*line, "{\"type\":\"document\"")))
            continue;
        const char *member = answer ? "answer" : "document";
        JsonObject *object = json_node_get_object(node);
        g_autofree char *digest =
            g_compute_checksum_for_string(G_CHECKSUM_SHA256, json_object_get_string_member(object, "xml"), -1);
        g_autofree char *from = g_strdup_printf("\"%s\":\"%s\"", member, json_object_get_string_member(object, member));
        g_autofree char *to = g_strdup_printf("\"%s\":\"%s\"", member, digest);
        g_string_replace(text, from, to, 0);
    }
    return g_string_free(text, FALSE);
}

/** Reads the events of `text`; NULL with `error` set if it is not a history. */
static inline GPtrArray *
events_of(const char *text, GError **error)
{
    g_autofree char *unquoted = unquote(text);
    g_autofree char *digested = with_digests(unquoted);
    return cp_history_parse("H", digested, strlen(digested), error);
}
