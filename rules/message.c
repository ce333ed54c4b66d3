/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages of rules, with the fields of a row in place of their tokens. */
#include "config.h"

#include "rules/detection.h"
#include "rules/tokens.h"

static void
add(struct arena *keep, struct text *all, const char *separator, struct text more)
{
	*all = text_absent(*all) ? arena_copy(keep, more)
				 : arena_printf(keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(*all),
						separator, TEXT_ARG(more));
}

struct text
message_fill(struct text message, const struct row *row, struct arena *keep, struct text *remark)
{
	struct text out = TEXT_NONE, rest = message;

	*remark = TEXT_NONE;
	for (;;) {
		struct token t = token_next(&rest);
		struct text  value;

		add(keep, &out, "", t.before);
		if (text_absent(t.name))
			return out;
		value = row_text(row, t.name, ' ', keep);
		if (value.n) {
			add(keep, &out, "", value);
			if (!t.closed)
				add(keep, remark, "; ",
				    arena_printf(keep,
						 "the rule's $" TEXT_FMT
						 " has no closing $; filled in all the same",
						 TEXT_ARG(t.name)));
			continue;
		}
		add(keep, &out, "",
		    arena_printf(keep, "$" TEXT_FMT "%s", TEXT_ARG(t.name), t.closed ? "$" : ""));
		if (t.closed)
			add(keep, remark, "; ",
			    arena_printf(
				keep, "message names $" TEXT_FMT "$, which the row does not have",
				TEXT_ARG(t.name)));
	}
}
