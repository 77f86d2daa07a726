/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an ELF file says of itself. Runs in the caller. */
#include "run/elf-file.h"

#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

static Elf *
open_elf(const char *path, int *fd)
{
    elf_version(EV_CURRENT);
    *fd = open(path, O_RDONLY | O_CLOEXEC);
    return *fd < 0 ? NULL : elf_begin(*fd, ELF_C_READ_MMAP, NULL);
}

static void
close_elf(Elf *elf, int fd)
{
    elf_end(elf);
    if (fd >= 0)
        close(fd);
}

char *
cp_elf_build_id(const char *path)
{
    GString *hex = g_string_new(NULL);
    const guint8 *id = NULL;
    int fd;
    Elf *elf = open_elf(path, &fd);

    ssize_t length = elf ? dwelf_elf_gnu_build_id(elf, (const void **)&id) : 0;
    for (ssize_t i = 0; i < length; i++)
        g_string_append_printf(hex, "%02x", id[i]);
    close_elf(elf, fd);
    return g_string_free(hex, FALSE);
}

char *
cp_elf_loader(const char *path)
{
    char *loader = NULL;
    size_t n = 0, size = 0;
    int fd;
    Elf *elf = open_elf(path, &fd);
    const char *content = elf ? elf_rawfile(elf, &size) : NULL;

    if (content && elf_getphdrnum(elf, &n) != 0)
        n = 0;
    for (size_t i = 0; i < n && !loader; i++) {
        GElf_Phdr header;
        if (gelf_getphdr(elf, i, &header) && header.p_type == PT_INTERP && header.p_offset < size &&
            header.p_filesz <= size - header.p_offset)
            loader = g_strndup(content + header.p_offset, header.p_filesz);
    }
    close_elf(elf, fd);
    return loader;
}

gboolean
cp_elf_is_whole(const char *path)
{
    size_t n = 0, size = 0;
    int fd;
    Elf *elf = open_elf(path, &fd);
    gboolean whole = elf && elf_rawfile(elf, &size) && elf_getphdrnum(elf, &n) == 0 && n > 0;
    for (size_t i = 0; i < n && whole; i++) {
        GElf_Phdr header;
        whole = gelf_getphdr(elf, i, &header) &&
                (header.p_type != PT_LOAD || (header.p_offset <= size && header.p_filesz <= size - header.p_offset));
    }
    close_elf(elf, fd);
    return whole;
}

char *
cp_elf_machine(const char *path)
{
    char *machine = NULL;
    GElf_Ehdr header;
    int fd;
    Elf *elf = open_elf(path, &fd);

    if (elf && gelf_getehdr(elf, &header)) {
        const char *name = dwelf_elf_e_machine_string(header.e_machine);
        int bits = header.e_ident[EI_CLASS] == ELFCLASS64 ? 64 : 32;
        machine = name ? g_strdup_printf("%s, %d bits", name, bits)
                       : g_strdup_printf("machine number %d, %d bits", header.e_machine, bits);
    }
    close_elf(elf, fd);
    return machine;
}

static char *
search_section(Elf_Scn *section, const GRegex *pattern)
{
    Elf_Data *data = elf_rawdata(section, NULL);
    const char *at = data ? data->d_buf : NULL, *end = at ? at + data->d_size : NULL;

    while (at && at < end) {
        gsize length = strnlen(at, end - at);
        if (*at == '/' && at + length < end && g_utf8_validate(at, length, NULL) && g_regex_match(pattern, at, 0, NULL))
            return g_strdup(at);
        at += length + 1;
    }
    return NULL;
}

char *
cp_elf_find_path(const char *path, const GRegex *pattern)
{
    char *found = NULL;
    size_t names;
    int fd;
    Elf *elf = open_elf(path, &fd);

    if (elf && elf_getshdrstrndx(elf, &names) == 0) {
        for (Elf_Scn *section = NULL; !found && (section = elf_nextscn(elf, section));) {
            GElf_Shdr header;
            const char *name = gelf_getshdr(section, &header) ? elf_strptr(elf, names, header.sh_name) : NULL;
            if (name && g_str_has_prefix(name, ".rodata"))
                found = search_section(section, pattern);
        }
    }
    close_elf(elf, fd);
    return found;
}
