/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of measure/modules.h and show/modules.h. */
#include "measure/modules.h"

#include "events.h"
#include "show/modules.h"

#define MODULE(name) "{`type`:`scenario`,`scenario`:`" name "`,`file`:`" name "`,`text`:`remove " name "`}\n"
#define FAILS "`error`:`no | type`,`domain`:10,`code`:1"

#define REMOVED(name, state, end)                                                                                      \
    "{`type`:`operation`,`line`:1,`name`:`remove`,`args`:[`" name "`],`effect`:`modules`,`state`:`" state              \
    "`,`begin_ns`:" #end ",`end_ns`:" #end "}\n"
#define ROUND_WITHOUT(name, state)                                                                                     \
    "{`type`:`round`,`scenario`:`" name "`,`round`:1,`state`:`all`,`begin_ns`:1}\n" REMOVED(name, state, 2)            \
        ROUND_END(3, 0)

#define ANSWERED(answer, document) "`answer`:`" answer "`,`document`:`" document "`"

/* The answers and documents of all truths. */
#define TOLD                                                                                                           \
    ANSWER("A1", "<a><enum name='video'><value>qxl</value></enum><b/></a>")                                            \
    ANSWER("A2", "<a><b/></a>")                                                                                        \
    DOCUMENT("D1", "<qemuCaps><flag name='qxl'/><flag name='usb'/></qemuCaps>")                                        \
    DOCUMENT("D2", "<qemuCaps><flag name='usb'/></qemuCaps>")                                                          \
    DOCUMENT("D3", "<qemuCaps><flag name='qxl'/></qemuCaps>")                                                          \
    DOCUMENT("D4", "<qemuCaps/>")

/* What a history says. */
static CpModules *
modules_of(const char *text, GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autoptr(GPtrArray) history = events_of(text, &failure);
    g_assert_no_error(failure);
    return cp_modules_new(history, error);
}

/* hw-x-core: libvirt fails. hw-x-spice: the answer and both flags. hw-x-qxl: the answer and one flag. hw-y-usb: the
 * other flag. block: nothing. */
static const char whole[] = HISTORY MODULE("hw-x-core") MODULE("hw-x-spice") MODULE("hw-x-qxl") MODULE("hw-y-usb")
    MODULE("block") MODULE("bad") MODULE("lost") TOLD
    "{`type`:`skip`,`scenario`:`bad`,`error`:`cannot be read`,`needs`:0}\n" TRUTH_IN(1, "all", ANSWERED("A1", "D1"))
        TRUTH_IN(1, "1", FAILS) TRUTH_IN(1, "2", ANSWERED("A2", "D4")) TRUTH_IN(1, "3", ANSWERED("A2", "D2"))
            TRUTH_IN(1, "4", ANSWERED("A1", "D3")) TRUTH_IN(1, "5", ANSWERED("A1", "D1"))
                TRUTH_IN(1, "6", "`lost`:`it died`") ROUND_WITHOUT("hw-y-usb", "4") ROUND_WITHOUT("hw-x-core", "1")
                    ROUND_WITHOUT("hw-x-spice", "2") ROUND_WITHOUT("hw-x-qxl", "3") ROUND_WITHOUT("block", "5")
                        ROUND_WITHOUT("lost", "6") END(0, "");

static void
assert_effect(const CpModules *modules, guint i, const char *module, const char *answer, const char *document)
{
    const CpModuleEffect *effect = modules->effects->pdata[i];
    g_autofree char *answers = g_strjoinv("; ", effect->answer), *documents = g_strjoinv("; ", effect->document);
    g_assert_cmpstr(effect->module, ==, module);
    g_assert_cmpstr(answers, ==, answer);
    g_assert_cmpstr(documents, ==, document);
}

static void
test_effects(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CpModules) modules = modules_of(whole, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(modules->effects->len, ==, 7);
    assert_effect(modules, 0, "hw-x-core", "", "");
    assert_effect(modules, 1, "hw-x-spice", "- a video qxl", "- flag qxl; - flag usb");
    assert_effect(modules, 2, "hw-x-qxl", "- a video qxl", "- flag qxl");
    assert_effect(modules, 3, "hw-y-usb", "", "- flag usb");
    assert_effect(modules, 4, "block", "", "");
    assert_effect(modules, 5, "bad", "", "");
    assert_effect(modules, 6, "lost", "", "");

    const CpModuleEffect *core = modules->effects->pdata[0], *bad = modules->effects->pdata[5],
                         *lost = modules->effects->pdata[6];
    g_assert_cmpstr(core->error, ==, "no | type");
    g_assert_cmpint(core->domain, ==, 10);
    g_assert_cmpint(core->code, ==, 1);
    g_assert_cmpstr(bad->unknown, ==, "cannot be read");
    g_assert_cmpstr(lost->unknown, ==, "it died");
    cp_modules_free(NULL);
}

static void
assert_pair(const CpModules *modules, guint i, const char *module, const char *needed, gboolean fails)
{
    const CpModulePair *pair = modules->pairs->pdata[i];
    g_assert_cmpstr(pair->module, ==, module);
    g_assert_cmpstr(pair->needed, ==, needed);
    g_assert_cmpint(pair->fails, ==, fails);
}

/* Modules whose features leave with another, and the module without which libvirt answers again. */
static void
test_pairs(void)
{
    static const char more[] = HISTORY MODULE("pair-1") MODULE("pair-2") TOLD TRUTH_IN(1, "all", ANSWERED("A1", "D1"))
        TRUTH_IN(1, "1", FAILS) TRUTH_IN(1, "1+3", FAILS) TRUTH_IN(
            1, "1+4",
            ANSWERED(
                "A1",
                "D3")) "{`type`:`round`,`scenario`:`pair-1`,`round`:1,`state`:`all`,`begin_ns`:1}\n" REMOVED("hw-x-"
                                                                                                             "core",
                                                                                                             "1", 2)
            REMOVED("hw-x-qxl", "1+3", 3)
                ROUND_END(4, 0) "{`type`:`round`,`scenario`:`pair-2`,`round`:1,`state`:`all`,`begin_ns`:5}\n" REMOVED(
                    "hw-x-core", "1", 6) REMOVED("hw-y-usb", "1+4", 7) ROUND_END(8, 0) END(0, "");
    g_autoptr(GError) error = NULL;
    g_autoptr(CpModules) modules = modules_of(whole, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(modules->pairs->len, ==, 2);
    assert_pair(modules, 0, "hw-x-qxl", "hw-x-spice", FALSE);
    assert_pair(modules, 1, "hw-y-usb", "hw-x-spice", FALSE);

    g_autoptr(GPtrArray) texts = cp_modules_more_scenarios(modules);
    g_assert_cmpuint(texts->len, ==, 2);
    g_assert_cmpstr(texts->pdata[0], ==, "remove hw-x-core\nremove hw-x-spice\n");

    g_autoptr(GPtrArray) history = events_of(more, &error);
    g_assert_no_error(error);
    cp_modules_add_failures(modules, history);
    g_assert_cmpuint(modules->pairs->len, ==, 3);
    assert_pair(modules, 2, "hw-y-usb", "hw-x-core", TRUE);
}

static void
test_untestable(void)
{
    g_autoptr(GError) error = NULL;
    CpModules *modules = modules_of(HISTORY MODULE("m") TRUTH_IN(1, "all", FAILS) TRUTH_IN(1, "1", FAILS)
                                        ROUND_WITHOUT("m", "1") END(0, ""),
                                    &error);
    g_assert_null(modules);
    assert_error(&error, CP_ERROR_UNTESTABLE, "libvirt does not answer with all modules in place: no | type");
}

/* Without the module, libvirt keeps nothing. */
static void
test_no_document(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CpModules) modules = modules_of(HISTORY MODULE("m") TOLD TRUTH_IN(1, "all", ANSWERED("A1", "D1"))
                                                  TRUTH("1", "A1") ROUND_WITHOUT("m", "1") END(0, ""),
                                              &error);
    g_assert_no_error(error);
    assert_effect(modules, 0, "m", "", "- all of it");
}

static void
test_text(void)
{
    g_autoptr(CpModules) modules = modules_of(whole, NULL);
    Memory memory = { 0 };
    cp_modules_print_text(modules, memory_begin(&memory));
    memory_end(&memory, "without     answer         cached document\n"
                        "hw-x-core   fails          no | type (domain 10, code 1)\n"
                        "hw-x-spice  - a video qxl  - flag qxl\n"
                        "                           - flag usb\n"
                        "hw-x-qxl    - a video qxl  - flag qxl\n"
                        "hw-y-usb    nothing        - flag usb\n"
                        "block       nothing        nothing\n"
                        "bad         unknown        cannot be read\n"
                        "lost        unknown        it died\n"
                        "\n"
                        "Modules that depend on others:\n"
                        "\n"
                        "  hw-x-qxl: all that it contributes also leaves with hw-x-spice\n"
                        "  hw-y-usb: all that it contributes also leaves with hw-x-spice\n");
}

/* A long list is cut, also in Markdown, but not in JSON. */
static void
test_long(void)
{
    g_autoptr(GString) flags = g_string_new(NULL);
    for (int i = 10; i < 32; i++)
        g_string_append_printf(flags, "<flag name='f%d'/>", i);
    g_autofree char *text = g_strdup_printf(
        HISTORY MODULE("m") ANSWER("A1", "<a/>") DOCUMENT("D1", "<qemuCaps>%s</qemuCaps>")
            DOCUMENT("D2", "<qemuCaps><flag name='f10'/></qemuCaps>") TRUTH_IN(1, "all", ANSWERED("A1", "D1"))
                TRUTH_IN(1, "1", ANSWERED("A1", "D2")) ROUND_WITHOUT("m", "1") END(0, ""),
        flags->str);
    g_autoptr(CpModules) modules = modules_of(text, NULL);
    Memory memory = { 0 };
    cp_modules_print_text(modules, memory_begin(&memory));
    fclose(memory.stream);
    g_assert_nonnull(strstr(memory.text, "- flag f30\n                  and 1 more\n"));
    g_assert_null(strstr(memory.text, "f31"));
    free(memory.text);
    cp_modules_print_json(modules, memory_begin(&memory));
    fclose(memory.stream);
    g_assert_nonnull(strstr(memory.text, "- flag f31"));
    free(memory.text);
}

static void
test_markdown(void)
{
    g_autoptr(CpModules) modules = modules_of(whole, NULL);
    Memory memory = { 0 };
    cp_modules_print_markdown(modules, memory_begin(&memory));
    memory_end(&memory, "| without | answer | cached document |\n"
                        "|---|---|---|\n"
                        "| hw-x-core | fails | no \\| type (domain 10, code 1) |\n"
                        "| hw-x-spice | - a video qxl | - flag qxl<br>- flag usb |\n"
                        "| hw-x-qxl | - a video qxl | - flag qxl |\n"
                        "| hw-y-usb | nothing | - flag usb |\n"
                        "| block | nothing | nothing |\n"
                        "| bad | unknown | cannot be read |\n"
                        "| lost | unknown | it died |\n"
                        "\n"
                        "Modules that depend on others:\n"
                        "\n"
                        "* hw-x-qxl: all that it contributes also leaves with hw-x-spice\n"
                        "* hw-y-usb: all that it contributes also leaves with hw-x-spice\n");
}

static void
test_json(void)
{
    g_autoptr(CpModules) modules = modules_of(whole, NULL);
    Memory memory = { 0 };
    cp_modules_print_json(modules, memory_begin(&memory));
    fclose(memory.stream);
    g_autoptr(JsonNode) root = json_from_string(memory.text, NULL);
    JsonObject *object = json_node_get_object(root);
    JsonArray *effects = json_object_get_array_member(object, "modules");
    JsonObject *core = json_array_get_object_element(effects, 0), *usb = json_array_get_object_element(effects, 3);
    g_assert_cmpstr(json_object_get_string_member(object, "schema"), ==, "capprobe.modules/1");
    g_assert_cmpint(json_object_get_int_member(json_object_get_object_member(core, "error"), "domain"), ==, 10);
    g_assert_true(json_object_get_null_member(usb, "error"));
    g_assert_cmpstr(json_array_get_string_element(json_object_get_array_member(usb, "document"), 0), ==, "- flag usb");
    g_assert_cmpuint(json_array_get_length(json_object_get_array_member(object, "pairs")), ==, 2);
    free(memory.text);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/modules/effects", test_effects);
    g_test_add_func("/modules/pairs", test_pairs);
    g_test_add_func("/modules/untestable", test_untestable);
    g_test_add_func("/modules/no-document", test_no_document);
    g_test_add_func("/modules/text", test_text);
    g_test_add_func("/modules/long", test_long);
    g_test_add_func("/modules/markdown", test_markdown);
    g_test_add_func("/modules/json", test_json);
    return g_test_run();
}
