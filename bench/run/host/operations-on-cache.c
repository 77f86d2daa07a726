/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Operations on libvirt's cache files.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <libxml/parser.h>
#include <libxml/xpath.h>

#include "base/error.h"
#include "run/host/operation-functions.h"

typedef gboolean Act(const char *path, const CpStep *step, GError **error);

/* Runs `act` on each cache file; there must be one. */
static gboolean
each_file(CpHost *host, const CpStep *step, Act *act, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(host->cache_dir, 0, NULL);
    guint n = 0;

    for (const char *name; dir && (name = g_dir_read_name(dir)); n++) {
        g_autofree char *path = g_build_filename(host->cache_dir, name, NULL);
        if (!act(path, step, error))
            return FALSE;
    }
    if (n == 0)
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                    "'%s': there is no cache file; a 'read' before would make one", step->operation->word);
    return n > 0;
}

static gboolean
drop_file(const char *path, const CpStep *step, GError **error)
{
    return unlink(path) == 0 || cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "'%s'", step->operation->word);
}

static gboolean
cut_file(const char *path, const CpStep *step, GError **error)
{
    return truncate(path, step->number) == 0 ||
           cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "'%s'", step->operation->word);
}

static gboolean
write_file(const char *path, const CpStep *step, GError **error)
{
    gsize length;
    const char *content = g_bytes_get_data(step->content, &length);
    return g_file_set_contents(path, content, length, error);
}

static void
edit_node(xmlNode *node, const char *value)
{
    if (value) {
        xmlChar *escaped = xmlEncodeSpecialChars(node->doc, BAD_CAST value);
        xmlNodeSetContent(node, escaped);
        xmlFree(escaped);
    } else if (node->type == XML_ATTRIBUTE_NODE) {
        xmlRemoveProp((xmlAttr *)node);
    } else {
        xmlUnlinkNode(node);
        xmlFreeNode(node);
    }
}

static gboolean
edit_file(const char *path, const CpStep *step, GError **error)
{
    const char *xpath = step->args[1];
    const char *value = g_str_equal(step->args[0], "set") ? step->args[2] : NULL;
    gboolean done = FALSE;

    xmlDoc *document = xmlReadFile(path, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlXPathContext *context = document ? xmlXPathNewContext(document) : NULL;
    xmlXPathObject *found = context ? xmlXPathEvalExpression(BAD_CAST xpath, context) : NULL;

    if (!document)
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "'edit-cache': the cache file is not XML");
    else if (!found || found->type != XPATH_NODESET)
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "'%s' is no XPath that finds nodes", xpath);
    else if (xmlXPathNodeSetIsEmpty(found->nodesetval))
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "'edit-cache': nothing in the cache file is '%s'", xpath);
    else {
        /* From the last to the first, so that none is freed within another that is still to come. */
        for (int i = found->nodesetval->nodeNr - 1; i >= 0; i--) {
            edit_node(found->nodesetval->nodeTab[i], value);
            found->nodesetval->nodeTab[i] = NULL;
        }
        done =
            xmlSaveFile(path, document) >= 0 || cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "'edit-cache'");
    }
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    xmlFreeDoc(document);
    return done;
}

gboolean
cp_operate_drop_cache(CpHost *host, const CpStep *step, GError **error)
{
    return each_file(host, step, drop_file, error);
}

gboolean
cp_operate_cut_cache(CpHost *host, const CpStep *step, GError **error)
{
    return each_file(host, step, cut_file, error);
}

gboolean
cp_operate_write_cache(CpHost *host, const CpStep *step, GError **error)
{
    return each_file(host, step, write_file, error);
}

gboolean
cp_operate_edit_cache(CpHost *host, const CpStep *step, GError **error)
{
    return each_file(host, step, edit_file, error);
}

gboolean
cp_operate_readonly_cache(CpHost *host, const CpStep *step G_GNUC_UNUSED, GError **error)
{
    return mount(NULL, host->cache_mount, NULL, MS_REMOUNT | MS_RDONLY, NULL) == 0 ||
           cp_error_set_errno(error, CP_ERROR_FAILED, errno, "'readonly-cache'");
}

gboolean
cp_operate_fill_cache(CpHost *host, const CpStep *step G_GNUC_UNUSED, GError **error)
{
    g_autofree char *path = g_build_filename(host->cache_mount, "filler", NULL);
    struct statvfs space;
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    gboolean filled =
        fd >= 0 && fstatvfs(fd, &space) == 0 && posix_fallocate(fd, 0, space.f_bavail * space.f_frsize) == 0;
    if (fd >= 0)
        close(fd);
    return filled || cp_error_set_errno(error, CP_ERROR_FAILED, errno, "'fill-cache'");
}
