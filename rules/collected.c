/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/collected.h"

/* The name that what begins behind "values(" gets: its argument's, or the one behind AS. */
static struct text
collected_name(struct text spl)
{
	struct text argument = text_trim(text_cut(&spl, ')')), name;
	size_t      end = 0;

	spl = text_trim(spl);
	if (!text_istarts(spl, TEXT("as ")))
		return argument;
	name = text_trim(text_from(spl, 3));
	while (end < name.n && name.p[end] != ' ' && name.p[end] != '\n' && name.p[end] != ',' &&
	       name.p[end] != '|')
		end++;
	name = text_head(name, end);
	return end > 2 && name.p[0] == '"' ? (struct text){ name.p + 1, end - 2 } : name;
}

bool
search_collects(struct text spl, struct text name)
{
	static const struct text calls[] = { TEXT_INIT("values("), TEXT_INIT("list(") };

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		struct text rest = spl;
		size_t      at;

		while ((at = text_ifind(rest, calls[i])) != TEXT_NOWHERE) {
			struct text given, field;

			rest = text_from(rest, at + calls[i].n);
			given = field = collected_name(rest);
			while (text_find_byte(field, '.') != TEXT_NOWHERE)
				text_cut(&field, '.');
			if (text_eq(given, name) || text_eq(field, name))
				return true;
		}
	}
	return false;
}
