/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For MemorySanitizer: marks what functions of uninstrumented libraries write as initialised. */

/* The functions are listed for the linker in meson.build. */

#include <gnutls/crypto.h>
#include <sanitizer/msan_interface.h>

extern typeof(gnutls_hash_fast) __real_gnutls_hash_fast;
extern typeof(gnutls_hash_fast) __wrap_gnutls_hash_fast;

int
__wrap_gnutls_hash_fast(gnutls_digest_algorithm_t algorithm, const void *text, size_t length, void *digest)
{
    int status = __real_gnutls_hash_fast(algorithm, text, length, digest);

    if (status == 0)
        __msan_unpoison(digest, gnutls_hash_get_len(algorithm));
    return status;
}
