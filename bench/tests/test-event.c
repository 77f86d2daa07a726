/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of history/event.h. */
#include "events.h"

static CpEvent *
read_event(const char *text, GError **error)
{
    g_autofree char *unquoted = unquote(text);
    return cp_event_read("H", 9, unquoted, strlen(unquoted), error);
}

/* Events of each type, with each choice of members, as cp_event_write() writes them. */
static const char *const events[] = {
    "{`type`:`history`,`schema`:`capprobe.history/1`,`environment`:{`a`:[1,null,`x`]},`seed`:9223372036854775807}",
    "{`type`:`scenario`,`scenario`:`s`,`file`:`a/s.scn`,`text`:`start\\nread\\n`}",
    "{`type`:`skip`,`scenario`:`s`,`error`:`no KVM`}",
    "{`type`:`answer`,`answer`:`a`,`xml`:`<a b='c'>\\\\ ä</a>`}",
    "{`type`:`truth`,`state`:`A`,`answer`:`a`}",
    "{`type`:`truth`,`state`:`A`,`error`:`none`}",
    "{`type`:`round`,`scenario`:`s`,`round`:1,`begin_ns`:2,`state`:`A`}",
    "{`type`:`operation`,`line`:1,`name`:`replace`,`args`:[`m`,`f`],`effect`:`modules`,`begin_ns`:2,`end_ns`:3,"
    "`state`:`A`}",
    "{`type`:`operation`,`line`:1,`name`:`align`,`args`:[],`effect`:`time`,`begin_ns`:2,`end_ns`:2,`state`:`A`}",
    "{`type`:`read`,`line`:1,`name`:`read`,`begin_ns`:2,`end_ns`:3,`emulators`:4,`user_ns`:5,`system_ns`:6,"
    "`max_rss_kb`:7,`answer`:`a`}",
    "{`type`:`read`,`line`:0,`name`:`prime`,`begin_ns`:0,`end_ns`:0,`emulators`:0,`user_ns`:0,`system_ns`:0,"
    "`max_rss_kb`:0,`error`:``}",
    "{`type`:`expect`,`line`:1,`args`:[`has`,`a`,`b`]}",
    "{`type`:`round-end`,`end_ns`:1,`libvirt_ns`:2}",
    "{`type`:`profile`,`scenario`:`s`,`begin_ns`:1,`end_ns`:2,`phases`:{`x`:1,`y`:0}}",
    "{`type`:`end`,`status`:0,`error`:``}",
};

static void
test_round_trip(void)
{
    gboolean seen[CP_EVENT_LAST] = { FALSE };

    for (gsize i = 0; i < G_N_ELEMENTS(events); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = unquote(events[i]);
        g_autoptr(CpEvent) event = read_event(events[i], &error);
        g_assert_no_error(error);
        g_autofree char *written = cp_event_write(event);
        g_assert_cmpstr(written, ==, text);
        seen[event->type] = TRUE;
    }
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
        { "{`type`:`history`,`schema`:`capprobe.history/2`,`environment`:{},`seed`:1}",
          "H:9:19: schema 'capprobe.history/2', expected 'capprobe.history/1'" },
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
        { "{`type`:`truth`,`state`:`A`}", "H:9:2: expected either 'answer' or 'error'" },
        { "{`type`:`truth`,`state`:`A`,`answer`:`a`,`error`:`e`}", "H:9:2: expected either 'answer' or 'error'" },
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
