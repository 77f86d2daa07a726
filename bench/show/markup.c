/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XML and HTML, written by libxml2. */
#include "show/markup.h"

#include "base/text.h"

/* A failure is seen at the stream's end; libxml2 would print a message of its own. */
static int
write_out(void *out, const char *text, int length)
{
    fwrite(text, 1, length, out);
    return length;
}

CpMarkup *
cp_markup_new(FILE *out)
{
    return xmlNewTextWriter(xmlOutputBufferCreateIO(write_out, NULL, out, NULL));
}

void
cp_markup_free(CpMarkup *markup)
{
    if (markup)
        xmlFreeTextWriter(markup);
}

void
cp_markup_open(CpMarkup *markup, const char *element, ...)
{
    va_list args;
    va_start(args, element);
    xmlTextWriterStartElement(markup, BAD_CAST element);
    for (const char *name; (name = va_arg(args, const char *));) {
        const char *value = va_arg(args, const char *);
        g_autofree char *printable = value ? cp_text_printable(value) : NULL;
        if (printable)
            xmlTextWriterWriteAttribute(markup, BAD_CAST name, BAD_CAST printable);
    }
    va_end(args);
}

void
cp_markup_close(CpMarkup *markup)
{
    xmlTextWriterFullEndElement(markup);
}

void
cp_markup_close_empty(CpMarkup *markup)
{
    xmlTextWriterEndElement(markup);
}

static void
write_text(CpMarkup *markup, const char *format, va_list args)
{
    g_autofree char *text = g_strdup_vprintf(format, args), *printable = cp_text_printable(text);
    xmlTextWriterWriteString(markup, BAD_CAST printable);
}

void
cp_markup_text(CpMarkup *markup, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    write_text(markup, format, args);
    va_end(args);
}

void
cp_markup_add(CpMarkup *markup, const char *element, const char *class, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    cp_markup_open(markup, element, "class", class, NULL);
    write_text(markup, format, args);
    cp_markup_close(markup);
    va_end(args);
}

void
cp_markup_raw(CpMarkup *markup, const char *markup_text)
{
    xmlTextWriterWriteRaw(markup, BAD_CAST markup_text);
}
