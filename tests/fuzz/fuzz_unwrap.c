/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bit 0 of the first byte: the rest is a script; else packed bytes, which base64 surrounds. */
#include "config.h"

#include <stdlib.h>

#include "base/unwrap.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static struct text
wrapped(struct arena *keep, const uint8_t *p, size_t n)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct text head = TEXT("FromBase64String('");
	char       *out = arena_new(keep, char, head.n + n / 3 * 4 + 1);
	size_t      at = head.n;

	memcpy(out, head.p, head.n);
	for (size_t i = 0; i + 3 <= n; i += 3) {
		uint32_t bits = (uint32_t)p[i] << 16 | (uint32_t)p[i + 1] << 8 | p[i + 2];

		for (uint32_t shift = 18; shift <= 18; shift -= 6)
			out[at++] = digits[bits >> shift & 63];
	}
	return (struct text){ out, at };
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n == 0)
		return 0;
	struct arena  keep = arena_open((size_t)1 << 30), out = arena_open(16 * UNWRAP_WORK);
	struct text   script = { (const char *)p + 1, n - 1 };
	struct layer *layers;
	size_t        bytes = 0;

	if ((p[0] & 1) == 0)
		script = wrapped(&keep, p + 1, n - 1);
	size_t found = unwrap(script, &out, &layers);

	for (size_t i = 0; i < found; i++)
		bytes += layers[i].text.n;
	if (found > UNWRAP_LAYERS || bytes > UNWRAP_TEXT)
		abort();
	arena_close(&out);
	arena_close(&keep);
	return 0;
}
