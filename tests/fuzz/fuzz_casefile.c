/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A case from a stranger. The input says what was done to a good one: six bytes are a page, a place
 * in it, and two bytes to put there; the first byte of all may cut it off. Pages have no checksums,
 * which would refuse them all.
 */
#include "config.h"

#include "store/pages.h"
#include "tests/fuzz/fuzz_ask.h"
#include "tests/fuzz/fuzz_case.h"

#define PAGE 16384

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const struct fuzz_case *base = &fuzz_base;
	uint8_t                *bytes;
	size_t                  left;
	struct casefile        *cf;
	struct err              err = { 0 };

	fuzz_case_make();
	bytes = malloc(base->n);
	if (!bytes)
		abort();
	memcpy(bytes, base->bytes, base->n);
	for (size_t i = 1; i + 6 <= n; i += 6) {
		size_t at = ((size_t)p[i] << 8 | p[i + 1]) * PAGE + ((size_t)p[i + 2] << 8 | p[i + 3]);

		if (at + 2 <= base->n)
			memcpy(bytes + at, p + i + 4, 2);
	}
	for (size_t end = PAGE; end <= base->n; end += PAGE)
		memset(bytes + end - PAGES_RESERVED, 0, PAGES_RESERVED);
	left = n && p[0] >= 0x80 ? base->n / 128 * (p[0] - 0x80) : base->n;
	fuzz_case_put(bytes, left);
	free(bytes);
	if (casefile_open(&cf, base->made.file.path, n & 1 ? CASEFILE_READ : CASEFILE_WORK, 0, &err)) {
		ask_everything(cf);
		casefile_close(cf);
	} else if (err.what[0] == '\0') {
		abort();
	}
	return 0;
}
