/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations on libvirt's cache files. Run in the sandbox's init. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "base/error.h"
#include "run/host/operation-functions.h"

/* Turns the result of a system call on the cache file `path` into ours. */
static gboolean
check(const char *path, int result, GError **error)
{
    return result == 0 || cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "%s", path);
}

/* Does `act` to each cache file; there must be one. */
static gboolean
for_each_file(CpHost *host,
              const CpStep *step,
              gboolean (*act)(const char *path, const CpStep *step, GError **error),
              GError **error)
{
    g_auto(GStrv) names = cp_host_list(host->cache_dir);
    if (!names || !*names) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "there is no cache file; a 'read' before makes one");
        return FALSE;
    }
    for (char **name = names; *name; name++) {
        g_autofree char *path = g_build_filename(host->cache_dir, *name, NULL);
        if (!act(path, step, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
drop_file(const char *path, const CpStep *step G_GNUC_UNUSED, GError **error)
{
    return check(path, unlink(path), error);
}

static gboolean
cut_file(const char *path, const CpStep *step, GError **error)
{
    return check(path, truncate(path, step->number), error);
}

static gboolean
write_file(const char *path, const CpStep *step, GError **error)
{
    gsize length;
    const char *content = g_bytes_get_data(step->content, &length);
    return g_file_set_contents(path, content, length, error);
}

/* Sets the content of a node, or deletes the node if `value` is NULL. */
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

/* The nodes that `xpath` finds must exist and must be such as can be edited. */
static gboolean
check_nodes(const char *xpath, const xmlXPathObject *found, GError **error)
{
    if (!found || found->type != XPATH_NODESET) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "'%s' is not an XPath that finds nodes", xpath);
        return FALSE;
    }
    if (xmlXPathNodeSetIsEmpty(found->nodesetval)) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "the cache file has nothing that is '%s'", xpath);
        return FALSE;
    }
    for (int i = 0; i < found->nodesetval->nodeNr; i++) {
        xmlElementType type = found->nodesetval->nodeTab[i]->type;
        if (type == XML_DOCUMENT_NODE || type == XML_NAMESPACE_DECL) {
            g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "'%s' finds %s, expected elements, attributes or text", xpath,
                        type == XML_DOCUMENT_NODE ? "the whole document" : "a namespace");
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
save_document(xmlDoc *document, const char *path, GError **error)
{
    xmlChar *text = NULL;
    int length = 0;
    xmlDocDumpMemory(document, &text, &length);
    gboolean done = g_file_set_contents(path, text ? (const char *)text : "", length, error);
    xmlFree(text);
    return done;
}

static gboolean
edit_file(const char *path, const CpStep *step, GError **error)
{
    const char *xpath = step->args[1];
    const char *value = g_str_equal(step->args[0], "set") ? step->args[2] : NULL;
    xmlDoc *document = xmlReadFile(path, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (!document) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "the cache file is not XML");
        return FALSE;
    }

    xmlXPathContext *context = xmlXPathNewContext(document);
    xmlXPathObject *found = xmlXPathEvalExpression(BAD_CAST xpath, context);
    gboolean done = check_nodes(xpath, found, error);
    if (done) {
        xmlNodeSet *nodes = found->nodesetval;
        /* An edit can free the nodes within a node. So these come first: in document order they are behind it. */
        xmlXPathNodeSetSort(nodes);
        for (int i = nodes->nodeNr - 1; i >= 0; i--)
            edit_node(g_steal_pointer(&nodes->nodeTab[i]), value);
        done = save_document(document, path, error);
    }
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    xmlFreeDoc(document);
    return done;
}

gboolean
cp_operate_DROP_CACHE(CpHost *host, const CpStep *step, GError **error)
{
    return for_each_file(host, step, drop_file, error);
}

gboolean
cp_operate_CUT_CACHE(CpHost *host, const CpStep *step, GError **error)
{
    return for_each_file(host, step, cut_file, error);
}

gboolean
cp_operate_WRITE_CACHE(CpHost *host, const CpStep *step, GError **error)
{
    return for_each_file(host, step, write_file, error);
}

gboolean
cp_operate_EDIT_CACHE(CpHost *host, const CpStep *step, GError **error)
{
    return for_each_file(host, step, edit_file, error);
}

gboolean
cp_operate_READONLY_CACHE(CpHost *host, const CpStep *step G_GNUC_UNUSED, GError **error)
{
    return check(host->cache_mount, mount(NULL, host->cache_mount, NULL, MS_REMOUNT | MS_RDONLY, NULL), error);
}

gboolean
cp_operate_FILL_CACHE(CpHost *host, const CpStep *step G_GNUC_UNUSED, GError **error)
{
    g_autofree char *path = g_build_filename(host->cache_mount, "filler", NULL);
    struct statvfs space;
    if (statvfs(host->cache_mount, &space) < 0)
        return check(host->cache_mount, -1, error);
    if (space.f_bavail == 0) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "the file system of the cache is full already");
        return FALSE;
    }

    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return check(path, -1, error);
    off_t size = lseek(fd, 0, SEEK_END);
    /* posix_fallocate() returns an error number and does not set errno. */
    int number = posix_fallocate(fd, size, space.f_bavail * space.f_frsize);
    close(fd);
    return number == 0 || cp_error_set_errno(error, CP_ERROR_UNTESTABLE, number, "%s", path);
}
