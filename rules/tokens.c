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

/* Splunk's token filters: "$name|s$" quotes the value, "|h", "|n" and "|u" spell it otherwise. What
 * is put into a search is quoted in any case, so that they change nothing. */
static size_t
filter_length(struct text t)
{
	bool is_filter = t.n > 2 && t.p[0] == '|' && t.p[2] == '$' &&
			 (t.p[1] == 's' || t.p[1] == 'h' || t.p[1] == 'n' || t.p[1] == 'u');

	return is_filter ? 2 : 0;
}

struct token
token_next(struct text *rest)
{
	struct text all = *rest;

	for (size_t at = 0; at < all.n; at++) {
		size_t       end = at + 1, filter;
		struct token t;
		bool         closed;

		if (all.p[at] != '$')
			continue;
		while (end < all.n && in_name(all.p[end]))
			end++;
		filter = filter_length(text_from(all, end));
		closed = filter || (end < all.n && all.p[end] == '$');
		if (end == at + 1 ||
		    (!closed && end < all.n && all.p[end] != ' ' && all.p[end] != '\n'))
			continue;
		t = (struct token){ text_head(all, at), { all.p + at + 1, end - at - 1 }, closed };
		*rest = text_from(all, end + filter + closed);
		return t;
	}
	*rest = text_from(all, all.n);
	return (struct token){ .before = all };
}
