/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of history/event.h. */
#include "events.h"

static CpEvent *
read_event(const char *text, GError **error)
{
    g_autofree char *unquoted = unquote(text);
    return cp_event_read("H", 9, unquoted, strlen(unquoted), error);
}

#define FIGURES "`emulators`:4,`user_ns`:5,`system_ns`:6,`max_rss_kb`:7,`libvirt_user_ns`:8,`libvirt_system_ns`:9"
#define READ_FIGURES FIGURES "}"

/* Events of each type, with each choice of the members that they must have, as cp_event_write() writes them. */
static const char *const events[] = {
    "{`type`:`history`,`schema`:`capprobe.history/2`,`environment`:{`a`:[1,null,`x`]},`seed`:9223372036854775807}",
    "{`type`:`variant`,`variant`:`9.0.0+x86_64-a_b`,`environment`:{}}",
    "{`type`:`scenario`,`scenario`:`s`,`file`:`a/s.scn`,`text`:`start\\nread\\n`}",
    "{`type`:`skip`,`scenario`:`s`,`needs`:1,`error`:`no KVM`}",
    "{`type`:`answer`,`answer`:`a`,`xml`:`<a b='c'>\\\\ ä</a>`}",
    "{`type`:`document`,`document`:`d`,`xml`:``}",
    "{`type`:`truth`,`state`:`A`,`question`:`capabilities`,`pass`:1,`answer`:`a`,`emulators`:2}",
    "{`type`:`truth`,`state`:`A`,`question`:`q`,`pass`:2,`error`:`none`,`domain`:10,`code`:0,`emulators`:0}",
    "{`type`:`truth`,`state`:`A`,`question`:`q`,`pass`:1,`lost`:`the client died`,`emulators`:1}",
    "{`type`:`round`,`scenario`:`s`,`round`:1,`state`:`A`,`begin_ns`:2}",
    "{`type`:`operation`,`line`:1,`name`:`replace`,`args`:[`m`,`f`],`effect`:`modules`,`state`:`A`,`begin_ns`:2,"
    "`end_ns`:3}",
    "{`type`:`operation`,`line`:1,`name`:`align`,`args`:[],`effect`:`time`,`state`:`A`,`begin_ns`:2,`end_ns`:2}",
    "{`type`:`read`,`line`:1,`name`:`read`,`question`:`q`,`begin_ns`:2,`end_ns`:3,`answer`:`a`," READ_FIGURES,
    "{`type`:`read`,`line`:0,`name`:`prime`,`question`:`q`,`begin_ns`:0,`end_ns`:0,`error`:``,`domain`:0,`code`:"
    "0," READ_FIGURES,
    "{`type`:`read`,`line`:0,`name`:`ask`,`question`:`q`,`begin_ns`:0,`end_ns`:0,`lost`:`no answer within 30 "
    "s`," READ_FIGURES,
    "{`type`:`clients`,`line`:1,`question`:`q`,`begin_ns`:2,`clients`:3,`rate`:4}",
    "{`type`:`clients-end`,`line`:1,`end_ns`:3," FIGURES ",`reads`:10}",
    "{`type`:`settle`,`line`:1,`begin_ns`:2,`end_ns`:3,`limit_ns`:4}",
    "{`type`:`expect`,`line`:1,`args`:[`has`,`a`,`b`]}",
    "{`type`:`round-end`,`end_ns`:1,`libvirt_ns`:2}",
    "{`type`:`untestable`,`end_ns`:1,`error`:`two seconds passed`}",
    "{`type`:`profile`,`scenario`:`s`,`begin_ns`:1,`end_ns`:2,`phases`:{`x`:1,`y`:0}}",
    "{`type`:`end`,`status`:0,`error`:``}",
};

/* Events with members that may be missing. */
static const char *const optional[] = {
    "{`type`:`skip`,`variant`:`v`,`scenario`:`s`,`needs`:0,`error`:`no KVM`}",
    "{`type`:`answer`,`variant`:`v`,`answer`:`a`,`xml`:``}",
    "{`type`:`document`,`variant`:`v`,`document`:`d`,`xml`:``}",
    "{`type`:`truth`,`variant`:`v`,`state`:`A`,`question`:`q`,`pass`:1,`answer`:`a`,`emulators`:2}",
    "{`type`:`round`,`variant`:`v`,`scenario`:`s`,`round`:1,`state`:`A`,`begin_ns`:2}",
    "{`type`:`profile`,`variant`:`v`,`scenario`:`s`,`begin_ns`:1,`end_ns`:2,`phases`:{}}",
    "{`type`:`skip`,`scenario`:`s`,`needs`:0,`again`:true,`error`:`libvirt cannot be started`}",
    "{`type`:`history`,`schema`:`capprobe.history/2`,`environment`:{},`seed`:1,`documents`:true}",
    "{`type`:`truth`,`state`:`A`,`question`:`q`,`pass`:1,`answer`:`a`,`document`:`d`,`emulators`:2}",
    "{`type`:`operation`,`line`:1,`name`:`align`,`args`:[],`effect`:`time`,`state`:`A`,`begin_ns`:2,`end_ns`:2,"
    "`document`:`d`}",
    "{`type`:`read`,`line`:1,`name`:`settle`,`label`:`gone`,`question`:`q`,`begin_ns`:2,`end_ns`:3,`answer`:`a`,"
    "`document`:`d`," READ_FIGURES,
    "{`type`:`read`,`line`:1,`name`:`clients`,`question`:`q`,`begin_ns`:2,`end_ns`:3,`answer`:`a`," FIGURES
    ",`client`:1,`planned_ns`:2,`probing`:true}",
    "{`type`:`clients`,`line`:1,`question`:`q`,`beside`:`r`,`begin_ns`:2,`clients`:3,`rate`:4,`admin`:{`workers`:5}}",
    "{`type`:`clients-end`,`line`:1,`end_ns`:3,`lost`:`it died`,`document`:`d`," FIGURES
    ",`reads`:10,`admin`:{`workers`:5}}",
    "{`type`:`settle`,`line`:1,`label`:`gone`,`begin_ns`:2,`end_ns`:3,`limit_ns`:4}",
};

static CpEventType
check_round_trip(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *unquoted = unquote(text);
    g_autoptr(CpEvent) event = read_event(text, &error);
    g_assert_no_error(error);
    g_autofree char *written = cp_event_write(event);
    g_assert_cmpstr(written, ==, unquoted);
    return event->type;
}

static void
test_round_trip(void)
{
    gboolean seen[CP_EVENT_LAST] = { FALSE };

    for (gsize i = 0; i < G_N_ELEMENTS(events); i++)
        seen[check_round_trip(events[i])] = TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(optional); i++)
        check_round_trip(optional[i]);
    for (CpEventType type = 0; type < CP_EVENT_LAST; type++)
        g_assert_true(seen[type]);
    cp_event_free(NULL);
}

/* Removes each member in turn, and replaces it by one of the wrong type. */
static void
test_members(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(events); i++) {
        g_autofree char *text = unquote(events[i]);
        g_autoptr(JsonNode) root = json_from_string(text, NULL);
        g_autoptr(GList) names = json_object_get_members(json_node_get_object(root));

        for (GList *name = names; name; name = name->next) {
            g_autoptr(JsonNode) changed = json_from_string(text, NULL);
            JsonObject *object = json_node_get_object(changed);
            for (int way = 0; way < 2; way++) {
                g_autoptr(GError) error = NULL;
                if (way == 0)
                    json_object_remove_member(object, name->data);
                else
                    json_object_set_boolean_member(object, name->data, TRUE);
                g_autofree char *bad = json_to_string(changed, FALSE);
                g_test_message("%s", bad);
                g_assert_null(cp_event_read("H", 1, bad, strlen(bad), &error));
                assert_refused(&error, "H:1:");
            }
        }
    }
}

#define TRUTH_OF(pass, outcome) "{`type`:`truth`,`state`:`A`,`question`:`q`,`pass`:" pass ",`emulators`:0" outcome

static void
test_refuse(void)
{
    static const struct {
        const char *text, *complaint;
    } cases[] = {
        { "", "H:9:1: expected a JSON object" },
        { "{}", "H:9:1: member 'type' is missing or of the wrong type, expected a string" },
        { "{`type`:`x`}", "H:9:2: unknown type 'x' of an event" },
        { "{`type`:7}", "H:9:2: member 'type' is missing" },
        { "{`type`:`end`,`status`:0", "H:9:25: not JSON: " },
        { "{`type`:`end`,`status`:0}", "H:9:1: member 'error' is missing" },
        { "{`type`:`end`,`status`:-1,`error`:``}", "H:9:15: member 'status' is missing or of the wrong type" },
        { "{`type`:`end`,`status`:256,`error`:``}",
          "H:9:15: status 256, expected an exit status of capprobe, such as 0" },
        { "{`type`:`end`,`status`:2,`error`:`x`}", "H:9:15: status 2, expected an exit status" },
        { "{`type`:`end`,`status`:134,`error`:`x`}", "H:9:15: status 134, expected an exit status" },
        { "{`type`:`end`,`status`:139,`error`:`x`}", "H:9:15: status 139, expected an exit status" },
        { "{`type`:`end`,`status`:0,`error`:`the sandbox was killed`}",
          "H:9:26: status 0 with the error 'the sandbox was killed', expected no error" },
        { "{`type`:`end`,`status`:1,`status`:0,`error`:``}", "H:9:26: a second member 'status'" },
        { "{`type`:`end`,`status`:0.5,`error`:``}", "H:9:15: member 'status' is missing or of the wrong type" },
        { "{`type`:`end`,`status`:9223372036854775808,`error`:``}", "H:9:24: a number beyond 64 bits" },
        { "{`type`:`history`,`schema`:`capprobe.history/1`,`environment`:{},`seed`:1}",
          "H:9:19: this is a history of the schema 'capprobe.history/1', expected 'capprobe.history/2'; record it "
          "anew" },
        { "{`type`:`history`,`schema`:`capprobe.history/2`,`environment`:{},`seed`:1,`documents`:1}",
          "H:9:75: member 'documents' is missing or of the wrong type, expected true or false" },
        { "{`type`:`operation`,`line`:1,`name`:`x`,`args`:[`a`,1],`effect`:`modules`,`begin_ns`:2,`end_ns`:3,"
          "`state`:`A`}",
          "H:9:41: an element of 'args' is not a string" },
        { "{`type`:`operation`,`line`:1,`name`:`x`,`args`:[],`effect`:`magic`,`begin_ns`:2,`end_ns`:3,`state`:`A`}",
          "H:9:51: unknown effect 'magic'" },
        { "{`type`:`operation`,`line`:1,`name`:`x`,`args`:[],`effect`:`kvm`,`begin_ns`:4,`end_ns`:3,`state`:`A`}",
          "H:9:79: 'end_ns' before 'begin_ns'" },
        { "{`type`:`profile`,`scenario`:`s`,`begin_ns`:3,`end_ns`:2,`phases`:{}}",
          "H:9:47: 'end_ns' before 'begin_ns'" },
        { "{`type`:`profile`,`scenario`:`s`,`begin_ns`:1,`end_ns`:2,`phases`:{`x`:`y`}}",
          "H:9:68: member 'x' is missing or of the wrong type, expected an integer" },
        { "{`type`:`expect`,`line`:1,`args`:[]}", "H:9:27: wrong or missing arguments, expected answer | error" },
        { "{`type`:`expect`,`line`:1,`args`:[`has`,`a`]}",
          "H:9:27: wrong or missing arguments, expected answer | error" },
        { "{`type`:`expect`,`line`:1,`args`:[`wishes`]}",
          "H:9:27: wrong or missing arguments, expected answer | error" },
        { "{`type`:`expect`,`line`:1,`args`:[`probes`,`abc`]}",
          "H:9:27: 'abc' is not a count, expected a number from 0 to 2147483647" },
        { "{`type`:`expect`,`line`:1,`args`:[`probes`,`-1`]}", "H:9:27: '-1' is not a count" },
        { TRUTH_OF("1", "") "}", "H:9:2: expected exactly one of 'answer', 'error' and 'lost'" },
        { TRUTH_OF("1", ",`answer`:`a`,`error`:`e`,`domain`:1,`code`:1") "}",
          "H:9:2: expected exactly one of 'answer'" },
        { TRUTH_OF("1", ",`answer`:`a`,`lost`:`l`") "}", "H:9:2: expected exactly one of 'answer'" },
        { TRUTH_OF("1", ",`error`:`e`") "}", "H:9:67: expected 'domain' and 'code' with an 'error', and only then" },
        { TRUTH_OF("1", ",`error`:`e`,`domain`:1") "}", "H:9:67: expected 'domain' and 'code' with an 'error'" },
        { TRUTH_OF("1", ",`lost`:`l`,`code`:1") "}", "H:9:2: expected 'domain' and 'code' with an 'error'" },
        { TRUTH_OF("1", ",`error`:`e`,`domain`:`x`,`code`:1") "}",
          "H:9:79: member 'domain' is missing or of the wrong" },
        { TRUTH_OF("3", ",`lost`:`l`") "}", "H:9:44: pass 3, expected 1 or 2" },
        { TRUTH_OF("0", ",`lost`:`l`") "}", "H:9:44: pass 0, expected 1 or 2" },
        { "{`type`:`variant`,`variant`:``,`environment`:{}}",
          "H:9:9: '' is not the name of a variant, expected letters, digits and any of ._+-" },
        { "{`type`:`variant`,`variant`:`a b`,`environment`:{}}", "H:9:9: 'a b' is not the name of a variant" },
        { "{`type`:`skip`,`scenario`:`s`,`needs`:0,`error`:`x`,`variant`:`(a)`}",
          "H:9:53: '(a)' is not the name of a" },
        { "{`type`:`skip`,`scenario`:`s`,`needs`:2,`error`:`x`}", "H:9:31: 'needs' is 2, expected 0 or 1" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", cases[i].text);
        g_assert_null(read_event(cases[i].text, &error));
        assert_refused(&error, cases[i].complaint);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/event/round-trip", test_round_trip);
    g_test_add_func("/event/members", test_members);
    g_test_add_func("/event/refuse", test_refuse);
    return g_test_run();
}
