/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Questions to libvirt. Run in the sandbox's init. */
#include "run/question.h"

#include <glob.h>
#include <string.h>

#include "base/error.h"
#include "run/machines.h"

/* Where libvirt looks for emulators. The client's PATH has these folders. */
#define EMULATORS "{/usr/local,/usr,}/{bin,sbin}/qemu-{system-*,kvm}"

/* What stays as it is in the name of a question. A blank would look like the end of a part. */
#define UNESCAPED "/+:,;@=()"

/* Appends a part of the request and of the name. */
static void
append(CpQuestion *question, GString *name, const char *string)
{
    g_autofree char *shown = *string ? g_uri_escape_string(string, UNESCAPED, TRUE) : g_strdup("-");
    g_string_append_len(question->payload, string, strlen(string) + 1);
    g_string_append_printf(name, " %s", shown);
}

static CpQuestion *
domcaps(const char *emulator, const char *arch, const char *machine, const char *virttype, gint64 flags)
{
    CpQuestion *question = g_new0(CpQuestion, 1);
    GString *name = g_string_new("domcaps");
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, flags);

    question->verb = CP_REQUEST_READ;
    question->payload = g_string_new(NULL);
    question->emulator = g_strdup(emulator);
    question->emulators = g_strdupv((GStrv)(const char *[]){ emulator, NULL });
    append(question, name, emulator);
    append(question, name, arch);
    append(question, name, machine);
    append(question, name, virttype);
    append(question, name, number);
    question->name = g_string_free(name, FALSE);
    return question;
}

CpQuestion *
cp_question_new(const CpPlan *plan)
{
    return domcaps(plan->emulator, plan->arch, plan->machine, plan->virttype, 0);
}

CpQuestion *
cp_question_new_capabilities(const CpPlan *plan)
{
    CpQuestion *question = g_new0(CpQuestion, 1);
    g_autoptr(GStrvBuilder) emulators = g_strv_builder_new();
    glob_t found = { 0 };

    question->verb = CP_REQUEST_CAPABILITIES;
    question->payload = g_string_new(NULL);
    question->name = g_strdup("capabilities");
    glob(EMULATORS, GLOB_BRACE, NULL, &found);
    g_strv_builder_addv(emulators, found.gl_pathc > 0 ? (const char **)found.gl_pathv : (const char *[]){ NULL });
    g_strv_builder_add(emulators, plan->emulator);
    globfree(&found);
    question->emulators = g_strv_builder_end(emulators);
    return question;
}

CpQuestion *
cp_question_new_version(void)
{
    CpQuestion *question = g_new0(CpQuestion, 1);
    question->verb = CP_REQUEST_VERSION;
    question->payload = g_string_new(NULL);
    question->name = g_strdup("version");
    question->emulators = g_new0(char *, 1);
    return question;
}

static gboolean
has_word(const CpStep *step, const char *word)
{
    return g_strv_contains((const char *const *)step->args, word);
}

gboolean
cp_question_is_walk(const CpStep *step)
{
    return step->operation->op == CP_OP_ASK && (has_word(step, "every-machine") || has_word(step, "every-emulator"));
}

/* Returns the value of an option of `ask domcaps`; "" if it is not given. */
static const char *
option_of(const CpStep *step, const char *option)
{
    for (guint i = 1; step->args[i]; i += 2) {
        if (g_str_equal(step->args[i], option))
            return step->args[i + 1];
    }
    return "";
}

/* The path of an emulator, which is named relative to the folder of the plan's; "" stands for that. The caller owns it. */
static char *
emulator_of(const CpPlan *plan, const char *file)
{
    g_autofree char *folder = g_path_get_dirname(plan->emulator);
    return g_path_is_absolute(file) ? g_strdup(file)
           : *file                  ? g_build_filename(folder, file, NULL)
                                    : g_strdup(plan->emulator);
}

CpQuestion *
cp_question_new_beside(const CpPlan *plan, const CpStep *step)
{
    /* N RATE beside FILE-ON-HOST */
    if (g_strv_length(step->args) < 4)
        return NULL;
    g_autofree char *emulator = emulator_of(plan, step->args[3]);
    return domcaps(emulator, "", "", plan->virttype, 0);
}

static CpQuestion *
domcaps_of_step(const CpPlan *plan, const CpStep *step)
{
    g_autofree char *emulator = emulator_of(plan, option_of(step, "emulator"));
    return domcaps(emulator, option_of(step, "arch"), option_of(step, "machine"), option_of(step, "virttype"),
                   step->number);
}

/* Adds one question for each machine type and virtualization type, or for each emulator and architecture. */
static void
add_walk(const CpPlan *plan, const CpStep *step, const GPtrArray *machines, GPtrArray *questions)
{
    gboolean emulators = has_word(step, "every-emulator"), types = has_word(step, "every-machine");
    const CpMachine *last = NULL;
    for (guint i = 0; i < machines->len; i++) {
        const CpMachine *machine = machines->pdata[i];
        gboolean same =
            last && g_str_equal(machine->emulator, last->emulator) && g_str_equal(machine->arch, last->arch);
        if ((!emulators && !g_str_equal(machine->emulator, plan->emulator)) || (!types && same))
            continue;
        g_ptr_array_add(questions, domcaps(machine->emulator, machine->arch, types ? machine->name : "",
                                           types ? machine->virttype : "", 0));
        last = machine;
    }
}

GPtrArray *
cp_questions_of_step(const CpPlan *plan, const CpStep *step, const GPtrArray *machines, GError **error)
{
    g_autoptr(GPtrArray) questions = g_ptr_array_new_with_free_func((GDestroyNotify)cp_question_free);
    if (g_str_equal(step->args[0], "capabilities"))
        g_ptr_array_add(questions, cp_question_new_capabilities(plan));
    else if (cp_question_is_walk(step))
        add_walk(plan, step, machines, questions);
    else
        g_ptr_array_add(questions, domcaps_of_step(plan, step));
    if (questions->len > 0)
        return g_steal_pointer(&questions);
    g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                "the capabilities of this libvirt list no machine type of %s, which line %u asks about", plan->emulator,
                step->line);
    return NULL;
}

void
cp_question_free(CpQuestion *question)
{
    if (!question)
        return;
    g_string_free(question->payload, TRUE);
    g_free(question->name);
    g_free(question->emulator);
    g_strfreev(question->emulators);
    g_free(question);
}
