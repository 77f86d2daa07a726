/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The cached document: what libvirt keeps on disk about an emulator, in a form that can be compared. */
#pragma once

#include <glib.h>

/** The path of the file in `cache_dir` in which libvirt keeps what it knows of `emulator`, a path. The caller owns it. */
char *cp_cached_document_path(const char *cache_dir, const char *emulator);

/**
 * Returns `length` bytes of a cache file as Canonical XML without blank text nodes and without stamps, or NULL if they
 * are not well-formed XML. The caller owns it.
 *
 * Stamps are what only decides whether the document is valid: times, versions and the host's CPU. Two documents with the
 * same text lead to the same answers.
 */
char *cp_cached_document_canonical(const char *bytes, gsize length);

/**
 * Returns how many bytes the first line, `<qemuCaps>`, and the lines right after it that are one stamp each take up; 0 if
 * the file does not begin with that line. Two files that do, and have the same bytes from there on, have the same
 * canonical text. So a file that differs from a known one only in its times need not be parsed.
 */
gsize cp_cached_document_skip_stamps(const char *bytes, gsize length);
