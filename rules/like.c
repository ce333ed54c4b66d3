/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/like.h"

/* Bytes of the character at AT. */
static size_t
character(struct text t, size_t at)
{
	size_t n = 1;

	while (at + n < t.n && ((unsigned char)t.p[at + n] & 0xc0) == 0x80)
		n++;
	return n;
}

bool
like_fits(struct text pattern, struct text t)
{
	size_t p = 0, i = 0, star = TEXT_NOWHERE, from = 0;

	while (i < t.n) {
		if (p < pattern.n && pattern.p[p] == '%') {
			star = p++;
			from = i;
		} else if (p < pattern.n && pattern.p[p] == '_') {
			p++;
			i += character(t, i);
		} else if (p < pattern.n && pattern.p[p] == t.p[i]) {
			p++;
			i++;
		} else if (star != TEXT_NOWHERE) {
			/* The last % takes one more character. */
			p = star + 1;
			i = ++from;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '%')
		p++;
	return p == pattern.n;
}
