/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unit tests of run/question.c, run/machines.c and run/learned.c: what is asked, and what a truth tells of it. */
#include "run/learned.h"

#include "base/error.h"
#include "helper.h"
#include "run/machines.h"

#define CAPABILITIES                                                                                                   \
    "<capabilities><host/><guest><arch name='i'><emulator>/bin/a</emulator><machine>m1</machine>"                      \
    "<machine canonical='m1'>m</machine><machine>m2</machine><domain type='qemu'/><domain type='kvm'/></arch>"         \
    "</guest><guest><arch name='x'><emulator>/bin/b</emulator><machine>m1</machine><domain type='qemu'/>"              \
    "<domain type='kvm'><emulator>/bin/a</emulator><machine>m3</machine></domain></arch></guest></capabilities>"

static const CpPlan plan = { .emulator = "/bin/a", .arch = "", .machine = "q35", .virttype = "" };

static void
test_machines(void)
{
    g_autoptr(GPtrArray) machines = cp_machines_parse(CAPABILITIES), none = cp_machines_parse("no XML");
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < machines->len; i++) {
        const CpMachine *machine = machines->pdata[i];
        g_string_append_printf(text, "%s %s %s %s; ", machine->emulator, machine->arch, machine->name,
                               machine->virttype);
    }
    g_assert_cmpstr(text->str, ==,
                    "/bin/a i m1 qemu; /bin/a i m2 qemu; /bin/a i m1 kvm; /bin/a i m2 kvm; /bin/b x m1 qemu; "
                    "/bin/a x m3 kvm; ");
    g_assert_cmpint(none->len, ==, 0);
}

static CpScenario *
scenario_of(const char *ask)
{
    g_autofree char *text = g_strdup_printf("start\n%s\n", ask);
    CpScenario *scenario = cp_scenario_parse("F", text, strlen(text), NULL);
    g_assert_nonnull(scenario);
    return scenario;
}

static void
test_questions(void)
{
    static const struct {
        const char *ask, *names;
        gboolean walk;
    } cases[] = {
        { "ask capabilities", "capabilities; ", FALSE },
        { "ask domcaps", "domcaps /bin/a - - - 0; ", FALSE },
        { "ask domcaps emulator c", "domcaps /bin/c - - - 0; ", FALSE },
        { "ask domcaps emulator \"/c d\" arch i machine m virttype kvm flags 3", "domcaps /c%20d i m kvm 3; ", FALSE },
        { "ask domcaps every-machine",
          "domcaps /bin/a i m1 qemu 0; domcaps /bin/a i m2 qemu 0; domcaps /bin/a i m1 kvm 0; domcaps /bin/a i m2 kvm "
          "0; "
          "domcaps /bin/a x m3 kvm 0; ",
          TRUE },
        { "ask domcaps every-emulator", "domcaps /bin/a i - - 0; domcaps /bin/b x - - 0; domcaps /bin/a x - - 0; ",
          TRUE },
        { "ask domcaps every-emulator every-machine",
          "domcaps /bin/a i m1 qemu 0; domcaps /bin/a i m2 qemu 0; domcaps /bin/a i m1 kvm 0; domcaps /bin/a i m2 kvm "
          "0; "
          "domcaps /bin/b x m1 qemu 0; domcaps /bin/a x m3 kvm 0; ",
          TRUE },
    };
    g_autoptr(GPtrArray) machines = cp_machines_parse(CAPABILITIES);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CpScenario) scenario = scenario_of(cases[i].ask);
        const CpStep *step = scenario->steps->pdata[1];
        g_autoptr(GString) names = g_string_new(NULL);
        g_autoptr(GPtrArray) questions = cp_questions_of_step(&plan, step, machines, NULL);
        for (guint q = 0; q < questions->len; q++)
            g_string_append_printf(names, "%s; ", ((const CpQuestion *)questions->pdata[q])->name);
        g_test_message("%s", cases[i].ask);
        g_assert_cmpstr(names->str, ==, cases[i].names);
        g_assert_cmpint(cp_question_is_walk(step), ==, cases[i].walk);
    }
}

static void
test_payload(void)
{
    static const char payload[] = "/bin/a\0\0m\0\0"
                                  "7";
    g_autoptr(CpScenario) scenario = scenario_of("ask domcaps machine m flags 7");
    g_autoptr(GPtrArray) questions = cp_questions_of_step(&plan, scenario->steps->pdata[1], NULL, NULL);
    const CpQuestion *question = questions->pdata[0];
    g_assert_cmpmem(question->payload->str, question->payload->len, payload, sizeof(payload));
    g_assert_cmpint(question->verb, ==, CP_REQUEST_READ);
    g_assert_cmpstr(question->emulators[0], ==, "/bin/a");
    g_assert_null(question->emulators[1]);

    /* The starts of the run's emulator count, wherever it is. */
    g_autoptr(CpQuestion) capabilities = cp_question_new_capabilities(&plan);
    g_assert_true(g_strv_contains((const char *const *)capabilities->emulators, "/bin/a"));
    g_assert_null(capabilities->emulator);
    g_assert_cmpint(capabilities->payload->len, ==, 0);
}

/* A walk that leads nowhere is not silently nothing. */
static void
test_no_machines(void)
{
    static const CpPlan moved = { .emulator = "/moved", .arch = "", .machine = "", .virttype = "" };
    g_autoptr(CpScenario) scenario = scenario_of("ask domcaps every-machine");
    g_autoptr(GPtrArray) machines = cp_machines_parse(CAPABILITIES);
    g_autoptr(GError) error = NULL;
    g_assert_null(cp_questions_of_step(&moved, scenario->steps->pdata[1], machines, &error));
    g_assert_error(error, CP_ERROR, CP_ERROR_UNTESTABLE);
    g_assert_cmpstr(error->message, ==,
                    "the capabilities of this libvirt list no machine type of /moved, which line 2 asks about");
}

static CpEvent *
ended(const char *answer, const char *error, gint64 code)
{
    CpEvent *event = cp_event_new(CP_EVENT_TRUTH);
    event->state = g_strdup("s");
    event->question = g_strdup("q");
    event->answer = g_strdup(answer);
    event->error = g_strdup(error);
    event->lost = answer || error ? NULL : g_strdup("gone");
    event->domain = 10;
    event->code = code;
    return event;
}

static void
test_learned(void)
{
    static const struct {
        const char *truth_answer, *truth_error, *answer, *error;
        gint64 code;
        gboolean right;
    } cases[] = {
        { "a", NULL, "a", NULL, 0, TRUE },   { "a", NULL, "b", NULL, 0, FALSE },  { "a", NULL, NULL, "x", 1, FALSE },
        { "a", NULL, NULL, NULL, 0, FALSE }, { NULL, "x", NULL, "y", 1, TRUE },   { NULL, "x", NULL, "x", 2, FALSE },
        { NULL, "x", "a", NULL, 0, FALSE },  { NULL, NULL, "a", NULL, 0, FALSE }, { NULL, NULL, NULL, NULL, 0, FALSE },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CpLearned) learned = cp_learned_new(&plan);
        g_autoptr(CpEvent) truth = ended(cases[i].truth_answer, cases[i].truth_error, 1);
        g_autoptr(CpEvent) read = ended(cases[i].answer, cases[i].error, cases[i].code);
        g_autofree char *outcome = cp_learned_outcome(read);
        g_assert_false(cp_learned_is_truth(learned, "s", "q", outcome));
        cp_learned_add_truth(learned, truth);
        g_test_message("case %zu", i);
        g_assert_cmpint(cp_learned_is_truth(learned, "s", "q", outcome), ==, cases[i].right);
        g_assert_false(cp_learned_is_truth(learned, "t", "q", outcome));
        g_assert_false(cp_learned_is_truth(learned, "s", "r", outcome));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/question/machines", test_machines);
    g_test_add_func("/question/questions", test_questions);
    g_test_add_func("/question/payload", test_payload);
    g_test_add_func("/question/no-machines", test_no_machines);
    g_test_add_func("/question/learned", test_learned);
    return g_test_run();
}
