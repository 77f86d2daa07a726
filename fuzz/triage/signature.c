/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads, compares and names signatures of crashes. */
#include "triage/signature.h"

#include <string.h>
#include <sys/wait.h>

/* Two crashes are similar if they have this many frames in common, */
#define FRAMES_IN_COMMON 2

/* or if the average similarity of their frames is above this. */
#define SIMILARITY 0.8

/* The largest number of characters of a text in a name. */
#define NAME_TEXT_MAX 40

/* The first row whose pattern matches the report decides. The pattern captures the text, or the kind if that is NULL. */
static const struct {
    const char *pattern;
    const char *kind;
} kinds[] = {
    { "^property does not hold: (.*)$", "property" },
    { ": runtime error: (.*)$", "undefined-behaviour" },
    { "hard rss limit exhausted", "out-of-memory" },
    { "^SUMMARY: \\w+: [0-9]+ byte\\(s\\) leaked", "leak" },
    { "^ERROR:.*: (assertion failed.*)$", "assertion" },
    { ": Assertion `(.*)' failed\\.$", "assertion" },
    { "\\*\\*: (?:[0-9:.]+: )?(.*)\n(?s:(?!\\*\\*: ).)*^SUMMARY: AddressSanitizer: (?:ABRT|TRAP)", "assertion" },
    { "^SUMMARY: \\w+: ([A-Za-z-]+)", NULL },
    { ": shows the known defects? (.*)$", "known-defect" },
};

/* Functions that are never frames of a signature. */
static const char irrelevant[] = "^(cp_property_.*|vir(Realloc|Expand|Resize|Shrink|InsertElement|DeleteElement).*)$";

static void
free_frame(gpointer data)
{
    CpFrame *frame = data;

    g_free(frame->function);
    g_free(frame->file);
    g_free(frame);
}

/* --- reading --- */

static char *
replace(const char *text, const char *pattern, const char *replacement)
{
    g_autoptr(GRegex) regex = g_regex_new(pattern, 0, 0, NULL);

    return g_regex_replace_literal(regex, text, -1, 0, replacement, 0, NULL);
}

/* Replaces numbers and quoted values, see signature.h. The caller owns the text. */
static char *
normalise(const char *text)
{
    g_autofree char *without_double = replace(text, "\"[^\"]*\"", "\"\"");
    g_autofree char *without_quoted = replace(without_double, "(?<!\\w)'[^']*'", "''");

    return replace(without_quoted, "\\b0x[0-9a-fA-F]+\\b|(?<![A-Za-z_0-9])[0-9]+", "N");
}

static gboolean
read_kind(CpSignature *signature, const char *report)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(GRegex) regex = g_regex_new(kinds[i].pattern, G_REGEX_MULTILINE, 0, NULL);
        g_autoptr(GMatchInfo) match = NULL;

        if (!g_regex_match(regex, report, 0, &match))
            continue;
        g_autofree char *captured =
            g_match_info_get_match_count(match) > 1 ? g_match_info_fetch(match, 1) : g_strdup("");
        if (kinds[i].kind) {
            signature->kind = g_strdup(kinds[i].kind);
            signature->text = normalise(captured);
            signature->message = g_strdup(*captured ? captured : kinds[i].kind);
        } else {
            signature->kind = g_ascii_strdown(captured, -1);
            signature->text = g_strdup("");
            signature->message = g_strdup(signature->kind);
        }
        return TRUE;
    }
    return FALSE;
}

/* Sets the kind from the way in which the process ended. Returns FALSE if it did not crash. */
static gboolean
read_end(CpSignature *signature, int status, gboolean timed_out)
{
    if (timed_out)
        signature->kind = g_strdup("timeout");
    else if (WIFSIGNALED(status))
        signature->kind = g_strdup_printf("signal-%d", WTERMSIG(status));
    else if (WEXITSTATUS(status) != 0)
        signature->kind = g_strdup_printf("exit-%d", WEXITSTATUS(status));
    else
        return FALSE;
    signature->text = g_strdup("");
    signature->message = g_strdup(signature->kind);
    return TRUE;
}

/* Reads a line such as "    #1 0x55d1cc595063 in virCPUDataNewCopy /libvirt/src/cpu/cpu.c:310:16". Returns NULL if it is
 * another line, or has no absolute path. The caller owns the frame. */
static CpFrame *
read_frame(const char *line)
{
    static const char pattern[] = "^\\s*#[0-9]+ 0x[0-9a-f]+ in ([^ .]+)\\S* (/[^:]*):([0-9]+)(?::([0-9]+))?";
    g_autoptr(GRegex) regex = g_regex_new(pattern, 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;

    if (!g_regex_match(regex, line, 0, &match))
        return NULL;
    g_autofree char *file = g_match_info_fetch(match, 2);
    g_autofree char *number = g_match_info_fetch(match, 3);
    g_autofree char *column = g_match_info_fetch(match, 4);
    CpFrame *frame = g_new0(CpFrame, 1);
    frame->function = g_match_info_fetch(match, 1);
    frame->file = g_canonicalize_filename(file, "/");
    frame->line = g_ascii_strtoull(number, NULL, 10);
    frame->column = column ? g_ascii_strtoull(column, NULL, 10) : 0;
    return frame;
}

static gboolean
is_relevant(const CpFrame *frame)
{
    return !strstr(frame->file, "/compiler-rt/") && !g_regex_match_simple(irrelevant, frame->function, 0, 0);
}

static void
read_frames(CpSignature *signature, const char *report)
{
    const char *start = strstr(report, "    #0 ");
    g_auto(GStrv) lines = g_strsplit(start ? start : "", "\n", -1);

    for (gsize i = 0; lines[i] && strstr(lines[i], "#") && signature->frames->len < CP_SIGNATURE_FRAMES; i++) {
        CpFrame *frame = read_frame(lines[i]);
        gboolean entry = frame && g_str_equal(frame->function, "LLVMFuzzerTestOneInput");

        /* The target's entry point counts only if there is no other frame. */
        if (frame && is_relevant(frame) && (!entry || signature->frames->len == 0))
            g_ptr_array_add(signature->frames, frame);
        else if (frame)
            free_frame(frame);
        if (entry)
            break;
    }
}

CpSignature *
cp_signature_read(const char *report, int status, gboolean timed_out)
{
    g_autoptr(CpSignature) signature = g_new0(CpSignature, 1);

    signature->frames = g_ptr_array_new_with_free_func(free_frame);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && !timed_out)
        return NULL;
    if ((timed_out || !read_kind(signature, report)) && !read_end(signature, status, timed_out))
        return NULL;
    read_frames(signature, report);
    return g_steal_pointer(&signature);
}

/* --- comparing --- */

static const char *
function_at(const CpSignature *signature, guint depth)
{
    return ((CpFrame *)g_ptr_array_index(signature->frames, depth))->function;
}

static guint
edit_distance(const char *one, const char *other)
{
    gsize length = strlen(other);
    g_autofree guint *row = g_new(guint, length + 1);

    for (gsize j = 0; j <= length; j++)
        row[j] = j;
    for (gsize i = 0; one[i]; i++) {
        guint diagonal = row[0];

        row[0] = i + 1;
        for (gsize j = 0; j < length; j++) {
            guint replaced = diagonal + (one[i] != other[j]);

            diagonal = row[j + 1];
            row[j + 1] = MIN(replaced, 1 + MIN(row[j], row[j + 1]));
        }
    }
    return row[length];
}

static double
similarity_of(const char *one, const char *other)
{
    double sum = strlen(one) + strlen(other);

    return (sum - edit_distance(one, other)) / sum;
}

/* Returns the length of the longest common subsequence of the frames from `i` and `j` on. */
static guint
count_common(const CpSignature *one, guint i, const CpSignature *other, guint j)
{
    if (i == one->frames->len || j == other->frames->len)
        return 0;
    if (g_str_equal(function_at(one, i), function_at(other, j)))
        return 1 + count_common(one, i + 1, other, j + 1);
    return MAX(count_common(one, i + 1, other, j), count_common(one, i, other, j + 1));
}

static gboolean
has_same_kind(const CpSignature *one, const CpSignature *other)
{
    return g_str_equal(one->kind, other->kind) && g_str_equal(one->text, other->text);
}

gboolean
cp_signature_similar(const CpSignature *one, const CpSignature *other)
{
    guint depth = MIN(one->frames->len, other->frames->len);

    if (!has_same_kind(one, other))
        return FALSE;
    if (depth == 0)
        return one->frames->len == other->frames->len;
    if (count_common(one, 0, other, 0) >= FRAMES_IN_COMMON)
        return TRUE;
    double sum = 0;
    for (guint i = 0; i < depth; i++)
        sum += similarity_of(function_at(one, i), function_at(other, i));
    return sum / depth > SIMILARITY;
}

gboolean
cp_signature_equal(const CpSignature *one, const CpSignature *other)
{
    if (!has_same_kind(one, other))
        return FALSE;
    if (g_str_equal(one->kind, "timeout"))
        return TRUE;
    if (one->frames->len != other->frames->len)
        return FALSE;
    for (guint i = 0; i < one->frames->len; i++) {
        if (!g_str_equal(function_at(one, i), function_at(other, i)))
            return FALSE;
    }
    return TRUE;
}

const char *
cp_signature_known(const CpSignature *signature)
{
    return g_str_equal(signature->kind, "known-defect") ? signature->message : NULL;
}

/* --- naming --- */

/* Returns the first words of `text`, without numbers. The caller owns them. */
static char *
first_words(const char *text)
{
    char *words = g_strstrip(replace(text, "([^A-Za-z0-9]|\\bN\\b)+", " "));

    if (strlen(words) > NAME_TEXT_MAX) {
        char *end = g_strrstr_len(words, NAME_TEXT_MAX + 1, " ");

        *(end ? end : words + NAME_TEXT_MAX) = '\0';
    }
    return words;
}

char *
cp_signature_name(const CpSignature *signature)
{
    g_autofree char *words = first_words(signature->text);
    GString *name = g_string_new(signature->kind);

    if (*words)
        g_string_append_printf(name, "-%s", words);
    if (signature->frames->len > 0)
        g_string_append_printf(name, "-%s", function_at(signature, 0));
    return g_strcanon(g_string_free(name, FALSE), G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-", '-');
}

char *
cp_signature_digest(const CpSignature *signature)
{
    g_autoptr(GString) all = g_string_new(NULL);

    g_string_append_printf(all, "%s\n%s\n", signature->kind, signature->text);
    for (guint i = 0; i < signature->frames->len; i++)
        g_string_append_printf(all, "%s\n", function_at(signature, i));
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, all->str, all->len);
}

void
cp_signature_free(CpSignature *signature)
{
    if (!signature)
        return;
    g_free(signature->kind);
    g_free(signature->text);
    g_free(signature->message);
    g_ptr_array_unref(signature->frames);
    g_free(signature);
}
