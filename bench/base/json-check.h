/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A strict check of JSON text, ahead of json-glib's parser. */
#pragma once

#include <glib.h>

/**
 * Checks `length` bytes of `text`, after which a NUL follows. The parser of json-glib recurses without limit, lets large
 * integers wrap, takes more than JSON, and keeps the last of two members of one name: all of that is refused here.
 * What the check lets through can still be wrong JSON, which the parser then refuses.
 *
 * Returns NULL if nothing is wrong; else a text that says what is, owned by the caller, and `*place` is the offset at
 * which it is.
 */
char *cp_json_check(const char *text, gsize length, gsize *place);
