/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pattern, a NUL, and what it is asked of: as an expression, and as a sed command. */
#include "config.h"

#include <stdlib.h>

#include "rules/regex.h"
#include "rules/sed.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
find_all(const struct regex *re, struct text subject, uint64_t gave_up)
{
	size_t             from = 0;
	struct regex_match m;

	while (from <= subject.n && regex_find(re, subject, from, gave_up, &m) == REGEX_YES) {
		size_t next = regex_next(subject, &m);

		for (uint32_t i = 0; i < m.n; i++)
			if (m.start[i] != TEXT_NOWHERE && m.end[i] > subject.n)
				abort();
		if (next <= from && next <= m.start[0])
			abort();
		from = next;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena  keep = arena_open((size_t)1 << 28);
	struct text   subject = { (const char *)p, n }, pattern = text_cut(&subject, '\0'), what;
	bool          literal;
	uint64_t      gave_up = n % 2 ? REGEX_PATIENCE : 0;
	struct regex *re = regex_make(&keep, pattern, &what, &literal);
	struct sed   *sed = sed_make(&keep, pattern, &what);

	if (text_absent(subject))
		subject = TEXT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaab");
	if (re)
		find_all(re, subject, gave_up);
	if (sed)
		sed_apply(sed, subject, (size_t)1 << 24, &keep, &gave_up, &what);
	arena_close(&keep);
	return 0;
}
