/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/wildcard.h"

size_t
wildcard_stars(struct text pattern)
{
	size_t n = 0;

	for (size_t i = 0; i < pattern.n; i++)
		n += pattern.p[i] == '*';
	return n;
}

bool
wildcard_fits(struct text pattern, struct text name, struct text parts[WILDCARD_STARS_MAX])
{
	size_t at = 0, n = 0;
	bool   star = false;

	for (;;) {
		size_t      end = text_find_byte(pattern, '*');
		bool        last = end == TEXT_NOWHERE;
		struct text piece = last ? pattern : text_head(pattern, end);
		struct text rest = text_from(name, at);
		size_t      found;

		if (!star)
			found = text_starts(rest, piece) ? 0 : TEXT_NOWHERE;
		else if (last)
			found =
			    rest.n >= piece.n && text_eq(text_from(rest, rest.n - piece.n), piece)
				? rest.n - piece.n
				: TEXT_NOWHERE;
		else
			found = text_find(rest, piece);
		if (found == TEXT_NOWHERE || (last && !star && rest.n != piece.n))
			return false;
		if (star && parts && n <= WILDCARD_STARS_MAX)
			parts[n - 1] = text_head(rest, found);
		at += found + piece.n;
		if (last)
			return at == name.n;
		star = true;
		if (++n > WILDCARD_STARS_MAX)
			return false;
		pattern = text_from(pattern, end + 1);
	}
}

bool
wildcard_rename(struct text from, struct text to, struct text name, struct arena *keep,
		struct text *out)
{
	struct text parts[WILDCARD_STARS_MAX];
	size_t      n = 0;

	if (!wildcard_fits(from, name, parts))
		return false;
	*out = TEXT("");
	for (;;) {
		size_t end = text_find_byte(to, '*');

		if (end == TEXT_NOWHERE || n >= wildcard_stars(from)) {
			*out = out->n ? arena_join(keep, *out, to) : to;
			return true;
		}
		*out = arena_join(keep, *out, arena_join(keep, text_head(to, end), parts[n++]));
		to = text_from(to, end + 1);
	}
}
