/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/digest.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "base/arena.h"

struct digest {
	EVP_MD_CTX *ctx;
};

struct digest *
digest_new(void)
{
	struct digest *d = malloc(sizeof(*d));

	if (d == NULL)
		arena_exhausted(sizeof(*d));
	d->ctx = EVP_MD_CTX_new();
	if (d->ctx == NULL || EVP_DigestInit_ex(d->ctx, EVP_sha256(), NULL) != 1)
		arena_exhausted(sizeof(*d));
	return d;
}

void
digest_add(struct digest *d, const void *p, size_t n)
{
	EVP_DigestUpdate(d->ctx, p, n);
}

static void
take(struct digest *d, char hex[DIGEST_HEX + 1])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char     raw[EVP_MAX_MD_SIZE] = { 0 };

	EVP_DigestFinal_ex(d->ctx, raw, NULL);
	for (size_t i = 0; i < DIGEST_HEX / 2; i++) {
		hex[2 * i] = digits[raw[i] >> 4];
		hex[2 * i + 1] = digits[raw[i] & 15];
	}
	hex[DIGEST_HEX] = '\0';
}

void
digest_next(struct digest *d, char hex[DIGEST_HEX + 1])
{
	take(d, hex);
	if (EVP_DigestInit_ex(d->ctx, NULL, NULL) != 1)
		arena_exhausted(sizeof(*d));
}

void
digest_free(struct digest *d)
{
	if (d)
		EVP_MD_CTX_free(d->ctx);
	free(d);
}

void
digest_finish(struct digest *d, char hex[DIGEST_HEX + 1])
{
	take(d, hex);
	digest_free(d);
}

void
digest_text(struct text t, char hex[DIGEST_HEX + 1])
{
	struct digest *d = digest_new();

	digest_add(d, t.p, t.n);
	digest_finish(d, hex);
}
