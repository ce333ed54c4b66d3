/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rename: fields under other names, with wildcards. */
#include "config.h"

#include "rules/foresight.h"
#include "rules/pipeline.h"
#include "rules/wildcard.h"

struct rename_pair {
	struct column from, to;
	bool          wildcard;
};

struct rename_args {
	struct rename_pair *pairs;
	size_t              n;
};

static bool
rename_pair_parse(struct scan *s, struct rename_pair *pair)
{
	const char *at;
	struct text from, to;

	scan_blank(s);
	at = s->at;
	if (!scan_name(s, &from, "a field name"))
		return false;
	if (!scan_keyword(s, "as"))
		return scan_expected(s, "\"as\" and the new name");
	if (!scan_name(s, &to, "the new name"))
		return false;
	pair->from = compile_column(s->c, from);
	pair->to = compile_column(s->c, to);
	pair->wildcard = wildcard_stars(from) > 0;
	if (wildcard_stars(from) != wildcard_stars(to))
		return scan_fail(s, at, "\"" TEXT_FMT "\" and \"" TEXT_FMT "\" need as many stars",
				 TEXT_ARG(from), TEXT_ARG(to));
	if (wildcard_stars(from) > WILDCARD_STARS_MAX)
		return scan_fail(s, at, "more than %d stars", WILDCARD_STARS_MAX);
	return true;
}

static bool
rename_parse(struct scan *s, struct stage *stage)
{
	struct rename_args *args = arena_new(s->c->keep, struct rename_args, 1);
	size_t              cap = 0;

	stage->args = args;
	do {
		scan_commas(s);
		arena_grow(s->c->keep, args->pairs, args->n, &cap);
		if (!rename_pair_parse(s, &args->pairs[args->n++]))
			return false;
		scan_commas(s);
	} while (!scan_done(s));
	return true;
}

static void
rename_uses(const struct stage *stage, struct uses *uses)
{
	const struct rename_args *args = stage->args;

	for (size_t i = 0; i < args->n; i++) {
		uses->all |= args->pairs[i].wildcard;
		uses_add(uses, args->pairs[i].from.name, USE_READS);
		uses_add(uses, args->pairs[i].to.name, USE_READS);
	}
}

static void
rename_column(struct columns *columns, size_t i, struct text to)
{
	for (size_t k = 0; k < columns->n; k++)
		if (k != i && text_eq(columns->names[k], to)) {
			/* The old column of that name goes; what is renamed keeps its place. */
			memmove(columns->names + k, columns->names + k + 1,
				(columns->n - k - 1) * sizeof(*columns->names));
			columns->n--;
			i -= k < i;
			break;
		}
	columns->names[i] = to;
}

static void
rename_columns(const struct stage *stage, struct columns *columns)
{
	const struct rename_args *args = stage->args;

	for (size_t i = 0; i < args->n; i++)
		for (size_t k = 0; k < columns->n; k++) {
			const struct rename_pair *pair = &args->pairs[i];
			struct text               to = pair->to.name;

			if (pair->wildcard
				? wildcard_rename(pair->from.name, pair->to.name, columns->names[k],
						  columns->keep, &to)
				: text_eq(columns->names[k], pair->from.name))
				rename_column(columns, k, to);
		}
}

static enum derives
rename_wildcard_derives(const struct rename_pair *pair, struct origins *o)
{
	enum derives known = DERIVES_OTHERS;
	size_t       n = o->n;
	struct text  to;

	for (size_t i = 0; i < n; i++) {
		struct text name = o->names[i];
		uint64_t    from = o->from[i];

		if (name.p[0] == '_' ||
		    !wildcard_rename(pair->from.name, pair->to.name, name, o->keep, &to))
			continue;
		o->from[i] &= ~ORIGINS_SOLID;
		origins_overlay(o, to, from);
		if (!(from & ORIGINS_UNKNOWN))
			known = DERIVES_KNOWN;
	}
	return known;
}

static enum derives
rename_derives(const struct stage *stage, struct origins *o)
{
	const struct rename_args *args = stage->args;
	enum derives              known = DERIVES_OTHERS;

	for (size_t i = 0; i < args->n; i++) {
		const struct rename_pair *pair = &args->pairs[i];
		uint64_t                  from = origins_get(o, pair->from.name);

		if (pair->wildcard) {
			if (rename_wildcard_derives(pair, o) == DERIVES_KNOWN)
				known = DERIVES_KNOWN;
			continue;
		}
		origins_set(o, pair->from.name, from & ~ORIGINS_SOLID);
		origins_set(o, pair->to.name, from);
		if (!(from & ORIGINS_UNKNOWN))
			known = DERIVES_KNOWN;
	}
	return known;
}

/* Renames a cell in its place, so that columns keep their order. */
static void
rename_field(struct row *row, struct text from, struct text to, struct value v, struct arena *keep)
{
	if (text_eq(from, to))
		return;
	row_set(row, to, (struct value){ 0 }, keep);
	for (uint32_t i = 0; i < row->n; i++)
		if (text_eq(row->cells[i].name, to)) {
			memmove(row->cells + i, row->cells + i + 1,
				(row->n - i - 1) * sizeof(*row->cells));
			row->n--;
			break;
		}
	for (uint32_t i = 0; i < row->n; i++)
		if (text_eq(row->cells[i].name, from)) {
			row->cells[i] = (struct cell){ to, v };
			row_set(row, to, v, keep);
			if (row->event)
				row_set(row, from, (struct value){ 0 }, keep);
			return;
		}
	row_set(row, from, (struct value){ 0 }, keep);
	row_set(row, to, v, keep);
}

static void
rename_wildcard(struct row *row, const struct rename_pair *pair, struct arena *keep)
{
	struct text *names, to;
	size_t       n = row_names(row, keep, &names);

	for (size_t i = 0; i < n; i++) {
		struct value v;

		if (names[i].p[0] == '_' ||
		    !wildcard_rename(pair->from.name, pair->to.name, names[i], keep, &to))
			continue;
		v = row_get(row, names[i], keep);
		rename_field(row, names[i], to, v, keep);
	}
}

static bool
rename_row(struct stage_run *sr, struct row *row)
{
	const struct rename_args *args = sr->stage->args;
	struct arena             *keep = sr->run->scratch;

	for (size_t i = 0; i < args->n; i++) {
		const struct rename_pair *pair = &args->pairs[i];

		if (pair->wildcard)
			rename_wildcard(row, pair, keep);
		else
			rename_field(row, pair->from.name, pair->to.name,
				     row_value(row, &pair->from, keep), keep);
	}
	return pipe_emit(sr, row);
}

static enum keeps
rename_keeps(const struct search_env *env, const struct stage *stage, struct text field,
	     struct arena *scratch)
{
	const struct rename_args *args = stage->args;

	(void)env;
	(void)scratch;
	for (size_t i = 0; i < args->n; i++)
		if (wildcard_fits(args->pairs[i].from.name, field, NULL) ||
		    wildcard_fits(args->pairs[i].to.name, field, NULL))
			return KEEPS_ROWS;
	return KEEPS_FIELD;
}

const struct pipe_command pipe_rename = {
	.name = "rename",
	.synopsis = "rename <field> as <name>, ...",
	.help = "give fields other names; Processes.* as * takes a prefix off",
	.order = ROWS_EACH,
	.parse = rename_parse,
	.uses = rename_uses,
	.columns = rename_columns,
	.derives = rename_derives,
	.keeps = rename_keeps,
	.row = rename_row,
};
