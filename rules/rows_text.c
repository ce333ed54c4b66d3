/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/rows_text.h"

#include "base/when.h"

static struct text
add_field(struct text out, struct text name, bool bare, const struct value *v, struct arena *keep)
{
	const struct value *items;
	size_t              n = value_items(v, &items);

	for (size_t i = 0; i < n; i++) {
		struct text t = value_text(&items[i], ' ', keep);
		const char *between = i ? " OR " : out.n ? " AND " : "";
		const char *open = n > 1 && i == 0 ? "( " : "",
			   *close = n > 1 && i + 1 == n ? " )" : "";

		if (bare)
			out = arena_printf(keep, TEXT_FMT "%s%s" TEXT_FMT "%s", TEXT_ARG(out),
					   between, open, TEXT_ARG(spl_quote(t, keep)), close);
		else
			out = arena_printf(keep, TEXT_FMT "%s%s" TEXT_FMT "=" TEXT_FMT "%s",
					   TEXT_ARG(out), between, open, TEXT_ARG(name),
					   TEXT_ARG(spl_quote(t, keep)), close);
	}
	return out;
}

struct text
row_as_text(const struct row *row, const struct return_field *fields, size_t n, struct arena *keep)
{
	struct text *names = NULL, out = TEXT("");
	size_t       count = fields ? n : row_names(row, keep, &names);

	for (size_t i = 0; i < count; i++) {
		struct text  name = fields ? fields[i].alias : names[i];
		struct value v = fields ? row_value(row, &fields[i].column, keep)
					: row_get(row, names[i], keep);

		if (fields || name.p[0] != '_')
			out = add_field(out, name, fields && fields[i].bare, &v, keep);
	}
	return out.n ? arena_printf(keep, "( " TEXT_FMT " )", TEXT_ARG(out)) : TEXT("()");
}

bool
emit_search_text(struct stage_run *sr, struct text t)
{
	struct row row = { .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE };

	row_set(&row, TEXT("search"), value_of_text(t), sr->run->scratch);
	return pipe_emit(sr, &row);
}
