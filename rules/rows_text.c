/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/rows_text.h"

#include "base/ascii.h"
#include "base/when.h"
#include "rules/quoted.h"

struct row_words
row_words_usual(void)
{
	return (struct row_words){ TEXT("("),  TEXT("("), TEXT("AND"), TEXT(")"),
				   TEXT("OR"), TEXT(")"), TEXT("OR"), false };
}

/* A word with a blank on either side; one blank when there is no word. */
static struct text
spaced(struct text word, struct arena *keep)
{
	return word.n ? arena_printf(keep, " " TEXT_FMT " ", TEXT_ARG(word)) : TEXT(" ");
}

static bool
is_plain_name(struct text name)
{
	static const char *const words[] = { "and", "or", "not", "in" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (text_ieq(name, text_of(words[i])))
			return false;
	for (size_t i = 0; i < name.n; i++)
		if (!ascii_alnum(name.p[i]) && name.p[i] != '_' && name.p[i] != '.')
			return false;
	return name.n > 0;
}

/* Quotes, stages and macros are found before the names in '...' are. */
static bool
is_quotable_name(struct text name)
{
	for (size_t i = 0; i < name.n; i++)
		if (memchr("'\"|`[]", name.p[i], 6))
			return false;
	return true;
}

/* NAME= as the search around it has to write it. Where there is no way for where to write a name,
 * nothing equals its values. */
static struct text
name_in_text(struct text name, const struct row_words *words, struct arena *keep)
{
	if (!words->expression)
		return arena_printf(keep, TEXT_FMT "=",
				    TEXT_ARG(is_plain_name(name) ? name : spl_quote(name, keep)));
	if (!is_quotable_name(name))
		return TEXT("null()=");
	return arena_printf(keep, "'" TEXT_FMT "'=", TEXT_ARG(name));
}

static struct text
add_field(struct text out, struct text name, bool bare, const struct value *v,
	  const struct row_words *words, struct arena *keep)
{
	struct text         left = bare ? TEXT("") : name_in_text(name, words, keep);
	const struct value *items;
	size_t              n = value_items(v, &items);

	for (size_t i = 0; i < n; i++) {
		struct text t = value_text(&items[i], ' ', keep);
		struct text between = i ? spaced(words->between_values, keep)
				      : out.n ? spaced(words->between, keep) : TEXT("");
		const char *open = n > 1 && i == 0 ? "( " : "",
			   *close = n > 1 && i + 1 == n ? " )" : "";

		out = arena_printf(keep, TEXT_FMT TEXT_FMT "%s" TEXT_FMT TEXT_FMT "%s",
				   TEXT_ARG(out), TEXT_ARG(between), open, TEXT_ARG(left),
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
		return TEXT_NONE;
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
