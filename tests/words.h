/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words.h - every word of a search that may name a field. */
#ifndef AUGER_TESTS_WORDS_H
#define AUGER_TESTS_WORDS_H

#include "base/text.h"

#define WORDS 256

/* A word that is the argument of a function has '(' in front of it. */
static size_t
words_of(struct text spl, struct text *out)
{
	size_t n = 0, start = 0;

	for (size_t i = 0; i <= spl.n && n < WORDS; i++) {
		char c = i < spl.n ? spl.p[i] : ' ';

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    c == '_' || c == '.')
			continue;
		if (start && i > start + 1 && !(spl.p[start] >= '0' && spl.p[start] <= '9'))
			out[n++] = (struct text){ spl.p + start, i - start };
		start = i + 1;
	}
	return n;
}

#endif
