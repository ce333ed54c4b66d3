/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/tokens.h"

#include "base/ascii.h"

static bool
in_name(char c)
{
	return ascii_alnum(c) || c == '_' || c == '.' || c == ':' || c == '{' || c == '}' ||
	       c == '-';
}

struct token
token_next(struct text *rest)
{
	struct text all = *rest;

	for (size_t at = 0; at < all.n; at++) {
		size_t       end = at + 1;
		struct token t;
		bool         closed;

		if (all.p[at] != '$')
			continue;
		while (end < all.n && in_name(all.p[end]))
			end++;
		closed = end < all.n && all.p[end] == '$';
		if (end == at + 1 ||
		    (!closed && end < all.n && all.p[end] != ' ' && all.p[end] != '\n'))
			continue;
		t = (struct token){ text_head(all, at), { all.p + at + 1, end - at - 1 }, closed };
		*rest = text_from(all, end + closed);
		return t;
	}
	*rest = text_from(all, all.n);
	return (struct token){ .before = all };
}
