/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/rows_text.h"

#include "base/when.h"

struct row_words
row_words_usual(void)
{
	return (struct row_words){ TEXT("("),  TEXT("("), TEXT("AND"), TEXT(")"),
				   TEXT("OR"), TEXT(")"), TEXT("OR") };
}

/* A word with a blank on either side; one blank when there is no word. */
static struct text
spaced(struct text word, struct arena *keep)
{
	return word.n ? arena_printf(keep, " " TEXT_FMT " ", TEXT_ARG(word)) : TEXT(" ");
}

static struct text
add_field(struct text out, struct text name, bool bare, const struct value *v,
	  const struct row_words *words, struct arena *keep)
{
	const struct value *items;
	size_t              n = value_items(v, &items);

	for (size_t i = 0; i < n; i++) {
		struct text t = value_text(&items[i], ' ', keep);
		struct text between = i ? spaced(words->between_values, keep)
				      : out.n ? spaced(words->between, keep) : TEXT("");
		const char *open = n > 1 && i == 0 ? "( " : "",
			   *close = n > 1 && i + 1 == n ? " )" : "";

		if (bare)
			out = arena_printf(keep, TEXT_FMT TEXT_FMT "%s" TEXT_FMT "%s", TEXT_ARG(out),
					   TEXT_ARG(between), open,
					   TEXT_ARG(spl_quote(t, keep)), close);
		else
			out = arena_printf(keep, TEXT_FMT TEXT_FMT "%s" TEXT_FMT "=" TEXT_FMT "%s",
					   TEXT_ARG(out), TEXT_ARG(between), open, TEXT_ARG(name),
					   TEXT_ARG(spl_quote(t, keep)), close);
	}
	return out;
}

struct text
row_as_text(const struct row *row, const struct return_field *fields, size_t n,
	    const struct row_words *words, struct arena *keep)
{
	struct text *names = NULL, out = TEXT("");
	size_t       count = fields ? n : row_names(row, keep, &names);

	for (size_t i = 0; i < count; i++) {
		struct text  name = fields ? fields[i].alias : names[i];
		struct value v = fields ? row_value(row, &fields[i].column, keep)
					: row_get(row, names[i], keep);

		if (fields || name.p[0] != '_')
			out = add_field(out, name, fields && fields[i].bare, &v, words, keep);
	}
	if (out.n == 0)
		return arena_join(keep, words->open, words->close);
	return arena_printf(keep, TEXT_FMT "%s" TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(words->open),
			    words->open.n ? " " : "", TEXT_ARG(out), words->close.n ? " " : "",
			    TEXT_ARG(words->close));
}

bool
emit_search_text(struct stage_run *sr, struct text t)
{
	struct row row = { .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE };

	row_set(&row, TEXT("search"), value_of_text(t), sr->run->scratch);
	return pipe_emit(sr, &row);
}
