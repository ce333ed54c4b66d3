/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/quoted.h"

struct text
spl_quote(struct text value, struct arena *keep)
{
	char  *p = arena_new(keep, char, value.n * 2 + 3);
	size_t n = 0;

	p[n++] = '"';
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '\\' || value.p[i] == '"')
			p[n++] = '\\';
		p[n++] = value.p[i];
	}
	p[n++] = '"';
	return (struct text){ p, n };
}

size_t
quoted_end(struct text t, size_t at)
{
	for (size_t i = at + 1; i < t.n; i++) {
		if (t.p[i] == '\\')
			i++;
		else if (t.p[i] == '"')
			return i + 1;
	}
	return TEXT_NOWHERE;
}
