/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plots, drawn as SVG by gnuplot. Nothing that gnuplot is told comes from a result but numbers. */
#include "show/plots.h"

#include <string.h>
#include <unistd.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/temporary.h"
#include "measure/statistics.h"
#include "show/gnuplot.h"

/* Colours that have a contrast of at least 3 with white as well as with the dark background; types of gnuplot's points, and
 * the shapes that its SVG has for them. */
static const struct {
    const char *colour;
    int point;
    const char *shape;
} styles[CP_PLOT_STYLES] = {
    { "#2f7fd1", 7, "#gpPt6" },
    { "#c8641b", 5, "#gpPt4" },
    { "#2a8f5a", 9, "#gpPt8" },
    { "#9a5fd0", 13, "#gpPt12" },
};

struct _CpPlots {
    GString *script;
    guint n;
    GPtrArray *drawings; /* of xmlDoc; once they are drawn */
    char *shapes;        /* the definitions to which all of them refer, as SVG */
};

CpPlots *
cp_plots_new(void)
{
    CpPlots *plots = g_new0(CpPlots, 1);
    plots->script =
        g_string_new("set terminal svg size 400,230 dynamic font 'sans-serif,13'\n"
                     "set encoding utf8\nset border 3\nset tics nomirror out scale 0.5\nset grid\nset key off\n"
                     "set rmargin 2\n");
    plots->drawings = g_ptr_array_new_with_free_func((GDestroyNotify)xmlFreeDoc);
    return plots;
}

void
cp_plots_free(CpPlots *plots)
{
    if (!plots)
        return;
    g_string_free(plots->script, TRUE);
    g_ptr_array_unref(plots->drawings);
    g_free(plots->shapes);
    g_free(plots);
}

/* The axis of times. */
typedef struct {
    const char *unit;
    double unit_ns;
    gboolean logarithmic;
} Axis;

static Axis
choose_axis(const CpPlotSeries *series, guint n_series)
{
    double min = G_MAXDOUBLE, max = 0;
    for (guint i = 0; i < n_series; i++) {
        for (gsize v = 0; v < series[i].n; v++) {
            min = MIN(min, series[i].values[v]);
            max = MAX(max, series[i].values[v]);
        }
    }
    Axis axis = { "s", CP_NS_PER_S, min > 0 && max > 10 * min }; /* else one large value presses the others together */
    if (max < CP_NS_PER_MS)
        axis.unit = "µs", axis.unit_ns = 1e3;
    else if (max < CP_NS_PER_S)
        axis.unit = "ms", axis.unit_ns = CP_NS_PER_MS;
    return axis;
}

static void
add_number(CpPlots *plots, double number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(plots->script, " %s", g_ascii_formatd(text, sizeof(text), "%.6g", number));
}

/* Begins a plot whose axis of times is 'x' or 'y'. */
static void
begin_plot(CpPlots *plots, const Axis *axis, char of_times)
{
    g_string_append_printf(
        plots->script, "unset logscale\nunset object\nset autoscale\nset %clabel 'time in %s%s'\nset %crange [%s:*]\n",
        of_times, axis->unit, axis->logarithmic ? ", logarithmic" : "", of_times, axis->logarithmic ? "*" : "0");
    if (axis->logarithmic)
        g_string_append_printf(plots->script, "set logscale %c\n", of_times);
}

static void
add_band(CpPlots *plots, const CpPlotSeries *series, const Axis *axis, const char *colour)
{
    g_string_append(plots->script, "set object rectangle from graph 0, first");
    add_number(plots, series->low / axis->unit_ns);
    g_string_append(plots->script, " to graph 1, first");
    add_number(plots, series->high / axis->unit_ns);
    g_string_append_printf(plots->script, " fillcolor rgb '%s' fillstyle transparent solid 0.18 noborder behind\n",
                           colour);
}

guint
cp_plots_add_samples(CpPlots *plots, const CpPlotSeries *series, guint n_series)
{
    Axis axis = choose_axis(series, n_series);
    g_autoptr(GString) plot = g_string_new(NULL);
    begin_plot(plots, &axis, 'y');
    gsize most = 0;
    for (guint i = 0; i < n_series; i++)
        most = MAX(most, series[i].n);
    g_string_append_printf(plots->script, "set xlabel 'sample, in order'\nset xrange [0.5:%zu.5]\n", most);
    for (guint i = 0; i < n_series; i++) {
        const char *colour = styles[i % CP_PLOT_STYLES].colour;
        if (series[i].n == 0)
            continue;
        if (series[i].interval)
            add_band(plots, &series[i], &axis, colour);
        g_string_append_printf(plots->script, "$series%u << EOD\n", i);
        for (gsize v = 0; v < series[i].n; v++) {
            add_number(plots, series[i].values[v] / axis.unit_ns);
            g_string_append_c(plots->script, '\n');
        }
        g_string_append(plots->script, "EOD\n");
        g_string_append_printf(plot, "%s $series%u using ($0 + 1):1 with points pt %d ps 0.45 lc rgb '%s'",
                               plot->len ? "," : "plot", i, styles[i % CP_PLOT_STYLES].point, colour);
    }
    g_string_append_printf(plots->script, "%s\n", plot->str);
    return plots->n++;
}

/* Adds the corners of the distribution. */
static void
add_distribution(CpPlots *plots, const CpPlotSeries *series, const Axis *axis)
{
    g_autofree double *sorted = g_memdup2(series->values, series->n * sizeof(double));
    qsort(sorted, series->n, sizeof(double), cp_compare_doubles);
    for (gsize v = 0; v < series->n; v++) {
        for (guint end = 0; end <= 1; end++) {
            add_number(plots, sorted[v] / axis->unit_ns);
            add_number(plots, (double)(v + end) / series->n);
            g_string_append_c(plots->script, '\n');
        }
    }
}

guint
cp_plots_add_ecdf(CpPlots *plots, const CpPlotSeries *series, guint n_series)
{
    Axis axis = choose_axis(series, n_series);
    g_autoptr(GString) plot = g_string_new(NULL);
    begin_plot(plots, &axis, 'x');
    g_string_append(plots->script, "set ylabel 'share of samples'\nset yrange [0:1]\n");
    for (guint i = 0; i < n_series; i++) {
        if (series[i].n == 0)
            continue;
        g_string_append_printf(plots->script, "$series%u << EOD\n", i);
        add_distribution(plots, &series[i], &axis);
        g_string_append(plots->script, "EOD\n");
        g_string_append_printf(plot, "%s $series%u using 1:2 with lines lw 1.5 dt %u lc rgb '%s'",
                               plot->len ? "," : "plot", i, i % CP_PLOT_STYLES + 1, styles[i % CP_PLOT_STYLES].colour);
    }
    g_string_append_printf(plots->script, "%s\n", plot->str);
    return plots->n++;
}

/* Returns the nodes at `path`, a path of XPath. */
static xmlXPathObject *
find_nodes(xmlDoc *drawing, const char *path)
{
    xmlXPathContext *context = xmlXPathNewContext(drawing);
    xmlXPathObject *found = xmlXPathEval(BAD_CAST path, context);
    xmlXPathFreeContext(context);
    return found;
}

static void
remove_nodes(xmlDoc *drawing, const char *path)
{
    xmlXPathObject *found = find_nodes(drawing, path);
    for (int i = xmlXPathNodeSetGetLength(found->nodesetval) - 1; i >= 0; i--) {
        xmlNode *node = found->nodesetval->nodeTab[i];
        found->nodesetval->nodeTab[i] = NULL;
        if (node->type == XML_ATTRIBUTE_NODE) {
            xmlRemoveProp((xmlAttr *)node);
        } else {
            xmlUnlinkNode(node);
            xmlFreeNode(node);
        }
    }
    xmlXPathFreeObject(found);
}

static char *
write_node(xmlNode *node)
{
    xmlBuffer *buffer = xmlBufferCreate();
    xmlNodeDump(buffer, node->doc, node, 0, 0);
    char *text = g_strdup((const char *)xmlBufferContent(buffer));
    xmlBufferFree(buffer);
    return text;
}

/* Keeps the shapes of the first drawing, and takes from each what is the same in all of them, or says nothing. */
static void
prune(CpPlots *plots, xmlDoc *drawing)
{
    xmlXPathObject *found = find_nodes(drawing, "//*[local-name() = 'defs']");
    if (!plots->shapes && !xmlXPathNodeSetIsEmpty(found->nodesetval))
        plots->shapes = write_node(found->nodesetval->nodeTab[0]);
    xmlXPathFreeObject(found);
    remove_nodes(drawing, "//*[local-name() = 'defs' or local-name() = 'title' or local-name() = 'desc']");
    remove_nodes(drawing, "//*[local-name() = 'g'][not(*)]");
    remove_nodes(drawing, "//@id | //@font-family | //@stroke-linecap | //@stroke-linejoin");
    remove_nodes(drawing, "//text()[normalize-space() = '']");
}

/* Splits what gnuplot printed, one drawing after another. */
static gboolean
read_drawings(CpPlots *plots, const char *text, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(text, "<?xml ", -1);
    for (guint i = 1; i < g_strv_length(parts); i++) {
        g_autofree char *part = g_strconcat("<?xml ", parts[i], NULL);
        xmlDoc *drawing = xmlReadMemory(part, strlen(part), "gnuplot", NULL, XML_PARSE_NONET | XML_PARSE_NOERROR);
        if (!drawing)
            break;
        prune(plots, drawing);
        g_ptr_array_add(plots->drawings, drawing);
    }
    if (plots->drawings->len == plots->n)
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_FAILED, "gnuplot: %u of %u plots can be read", plots->drawings->len,
                plots->n);
    return FALSE;
}

gboolean
cp_plots_draw(CpPlots *plots, GError **error)
{
    if (plots->n == 0)
        return TRUE;
    FILE *script = cp_temporary_open(error), *out = script ? cp_temporary_open(error) : NULL;
    g_autofree char *text = NULL;
    gboolean drawn = out && fwrite(plots->script->str, 1, plots->script->len, script) == plots->script->len &&
                     cp_gnuplot_run(script, out, error);
    if (drawn) {
        gsize length = lseek(fileno(out), 0, SEEK_END);
        text = g_malloc0(length + 1);
        drawn = pread(fileno(out), text, length, 0) == (gssize)length;
    }
    if (script)
        fclose(script);
    if (out)
        fclose(out);
    return drawn && read_drawings(plots, text, error);
}

void
cp_plots_write_shapes(const CpPlots *plots, CpMarkup *markup)
{
    if (!plots->shapes)
        return;
    cp_markup_open(markup, "svg", "xmlns", "http://www.w3.org/2000/svg", "xmlns:xlink", "http://www.w3.org/1999/xlink",
                   "class", "shapes", "aria-hidden", "true", NULL);
    cp_markup_raw(markup, plots->shapes);
    cp_markup_close(markup);
}

void
cp_plots_write(const CpPlots *plots, guint number, const char *label, CpMarkup *markup)
{
    xmlNode *root = xmlDocGetRootElement(plots->drawings->pdata[number]);
    xmlSetProp(root, BAD_CAST "class", BAD_CAST "plot");
    xmlSetProp(root, BAD_CAST "role", BAD_CAST "img");
    xmlSetProp(root, BAD_CAST "aria-label", BAD_CAST label);
    g_autofree char *text = write_node(root);
    cp_markup_raw(markup, text);
}

void
cp_plots_write_mark(guint series, CpMarkup *markup)
{
    g_autofree char *style = g_strdup_printf("color:%s", styles[series % CP_PLOT_STYLES].colour);
    cp_markup_open(markup, "svg", "class", "mark", "viewBox", "-2 -2 4 4", "style", style, "aria-hidden", "true", NULL);
    cp_markup_open(markup, "use", "href", styles[series % CP_PLOT_STYLES].shape, NULL);
    cp_markup_close(markup);
    cp_markup_close(markup);
}
