/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * list-vocabulary [--dictionary]: prints the words that the libvirt under test knows, as C code (see vocabulary.h) or as
 * a dictionary for libFuzzer and AFL++.
 */

#include <config.h>

#include "internal.h"
#include "conf/domain_conf.h"
#include "qemu/qemu_capabilities.h"
#include "qemu/qemu_monitor.h"

#include "world/fake-host.h"
#include "input/schema.h"

#define ADD_ENUM(words, to_string, end)                                                                                \
    do {                                                                                                               \
        for (int value = 0; value < end; value++)                                                                      \
            g_ptr_array_add(words, g_strdup(to_string(value)));                                                        \
    } while (0)

/* Adds every name that follows `tag` in the CPU map: libvirt has no function that lists them. */
static void
add_from_map(GPtrArray *words, const char *tag)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (const CpFakeHostFile *file = cp_fake_host_cpu_map; file->name; file++) {
        const char *at = file->data;

        while ((at = memmem(at, file->end - at, tag, strlen(tag)))) {
            const char *start = at + strlen(tag) + 1;
            g_autofree char *word = g_strndup(start, strcspn(start, "'\""));

            at = start;
            if (g_hash_table_add(seen, g_strdup(word)))
                g_ptr_array_add(words, g_steal_pointer(&word));
        }
    }
}

static void
print_code(GPtrArray *const *lists)
{
    puts("#include \"input/vocabulary.h\"\n");
    for (CpKind kind = 0; kind < CP_KIND_WORDS_END; kind++) {
        printf("static const char *const words%d[] = {\n", kind);
        for (guint i = 0; i < lists[kind]->len; i++) {
            g_autofree char *word = g_strescape(g_ptr_array_index(lists[kind], i), NULL);

            printf("    \"%s\",\n", word);
        }
        puts("};\n");
    }
    puts("const CpVocabulary cp_vocabulary[] = {");
    for (CpKind kind = 0; kind < CP_KIND_WORDS_END; kind++)
        printf("    { words%d, %u },\n", kind, lists[kind]->len);
    printf("};\n\nconst unsigned long cp_vocabulary_version = %lu;\n", (unsigned long)LIBVIR_VERSION_NUMBER);
}

/* Prints `token` unless it is in `seen`. */
static void
print_token(GHashTable *seen, const char *token)
{
    if (g_hash_table_add(seen, g_strdup(token))) {
        g_autofree char *escaped = g_strescape(token, NULL);

        printf("\"%s\"\n", escaped);
    }
}

static void
print_dictionary(GPtrArray *const *lists)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    puts("# Elements and attributes of a capabilities cache, and the words that libvirt knows.");
    for (gsize i = 0; i < cp_schema_length; i++) {
        g_autofree char *open = g_strdup_printf("<%s", cp_schema[i].name);
        g_autofree char *close = g_strdup_printf("</%s>", cp_schema[i].name);

        print_token(seen, open);
        print_token(seen, close);
        for (const CpSchemaAttribute *attribute = cp_schema[i].attributes; attribute->name; attribute++) {
            g_autofree char *assignment = g_strdup_printf(" %s='", attribute->name);

            print_token(seen, assignment);
        }
    }
    for (const CpSchemaAttribute *attribute = cp_schema_options.attributes; attribute->name; attribute++) {
        g_autofree char *assignment = g_strdup_printf("<%s %s='", cp_schema_options.name, attribute->name);

        print_token(seen, assignment);
    }
    for (CpKind kind = 0; kind < CP_KIND_WORDS_END; kind++) {
        for (guint i = 0; i < lists[kind]->len; i++)
            print_token(seen, g_ptr_array_index(lists[kind], i));
    }
}

int
main(int argc, char **argv)
{
    GPtrArray *lists[CP_KIND_WORDS_END];

    cp_fake_host_init();
    for (CpKind kind = 0; kind < CP_KIND_WORDS_END; kind++)
        lists[kind] = g_ptr_array_new_with_free_func(g_free);
    ADD_ENUM(lists[CP_KIND_FLAG], virQEMUCapsTypeToString, QEMU_CAPS_LAST);
    ADD_ENUM(lists[CP_KIND_ARCH], virArchToString, VIR_ARCH_LAST);
    add_from_map(lists[CP_KIND_CPU_MODEL], "<model name=");
    add_from_map(lists[CP_KIND_CPU_FEATURE], "<feature name=");
    ADD_ENUM(lists[CP_KIND_USABLE], virDomainCapsCPUUsableTypeToString, VIR_DOMCAPS_CPU_USABLE_LAST);
    ADD_ENUM(lists[CP_KIND_PROPERTY_TYPE], qemuMonitorCPUPropertyTypeToString, QEMU_MONITOR_CPU_PROPERTY_LAST);
    ADD_ENUM(lists[CP_KIND_HYPERV], virDomainHypervTypeToString, VIR_DOMAIN_HYPERV_LAST);

    for (CpKind kind = 0; kind < CP_KIND_WORDS_END; kind++) {
        if (lists[kind]->len == 0)
            g_error("no words of kind %d found in this libvirt", kind);
    }

    if (argc > 1 && STREQ(argv[1], "--dictionary"))
        print_dictionary(lists);
    else
        print_code(lists);
    for (CpKind kind = 0; kind < CP_KIND_WORDS_END; kind++)
        g_ptr_array_unref(lists[kind]);
    return 0;
}
