/* SPDX-License-Identifier: GPL-3.0-or-later */
/* join: fields of the rows of a subsearch, added to rows with the same values. */
#include "config.h"

#include "base/when.h"
#include "rules/row_keys.h"
#include "rules/subsearch.h"

#define JOIN_ROWS_MAX 50000

struct join_args {
	struct column  *fields; /* n 0: all that both sides have */
	size_t          n_fields;
	struct pipeline sub;
	bool            outer, overwrite;
	bool            by_time, earlier; /* right rows of no later time, or of no earlier one */
	uint64_t        max; /* 0: all */
	struct text     left, right;   /* put in front of the names of fields; or absent */
	struct column  *right_fields;  /* with them: those of right rows that equal `fields` */
};

static bool
join_option(struct scan *s, struct join_args *args, struct text name, struct text value)
{
	static const char *const ignored[] = { "timeout", "maxtime" };

	if (text_ieq(name, TEXT("type"))) {
		args->outer = text_ieq(value, TEXT("outer")) || text_ieq(value, TEXT("left"));
		return args->outer || text_ieq(value, TEXT("inner")) ||
		       scan_fail(s, value.p, "type= is inner, outer or left");
	}
	if (text_ieq(name, TEXT("max")))
		return scan_to_count(s, name, value, 0, &args->max);
	if (text_ieq(name, TEXT("overwrite")))
		return scan_to_bool(s, name, value, &args->overwrite);
	if (text_ieq(name, TEXT("usetime")))
		return scan_to_bool(s, name, value, &args->by_time);
	if (text_ieq(name, TEXT("earlier")))
		return scan_to_bool(s, name, value, &args->earlier);
	if (text_ieq(name, TEXT("left")) || text_ieq(name, TEXT("right"))) {
		*(text_ieq(name, TEXT("left")) ? &args->left : &args->right) = value;
		return true;
	}
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		if (text_ieq(name, text_of(ignored[i]))) {
			compile_reserve(s->c, "join ignores " TEXT_FMT "=", TEXT_ARG(name));
			return true;
		}
	return scan_bad_option(s, name);
}

/* "L.id": the field "id" of the side that L stands for. */
static bool
aliased_field(struct scan *s, const struct join_args *args, struct text *name, bool *is_left)
{
	const char *at;
	struct text rest, alias;

	scan_blank(s);
	at = s->at;
	if (!scan_name(s, &rest, "a field behind an alias"))
		return false;
	alias = text_cut(&rest, '.');
	*name = rest;
	*is_left = text_eq(alias, args->left);
	return (!text_absent(rest) && (*is_left || text_eq(alias, args->right))) ||
	       scan_fail(s, at, "expected " TEXT_FMT ".<field> or " TEXT_FMT ".<field>",
			 TEXT_ARG(args->left), TEXT_ARG(args->right));
}

/* where L.id=R.pid L.user=R.user */
static bool
join_where(struct scan *s, struct join_args *args)
{
	size_t      cap = 0, right_cap = 0;
	struct text one, other;
	bool        one_left, other_left;
	const char *at = s->at;

	if (text_absent(args->left) || text_absent(args->right) || args->n_fields)
		return scan_fail(s, at, "where needs left=<alias> and right=<alias> before it");
	for (scan_commas(s); !scan_at(s, '[') && !scan_done(s); scan_commas(s)) {
		scan_keyword(s, "and");
		if (!aliased_field(s, args, &one, &one_left))
			return false;
		if (!scan_take(s, '='))
			return scan_expected(s, "\"=\"");
		if (!aliased_field(s, args, &other, &other_left))
			return false;
		if (one_left == other_left)
			return scan_fail(s, at, "where compares a field of the one side with one of "
					 "the other");
		arena_grow(s->c->keep, args->fields, args->n_fields, &cap);
		arena_grow(s->c->keep, args->right_fields, args->n_fields, &right_cap);
		args->fields[args->n_fields] = compile_column(s->c, one_left ? one : other);
		args->right_fields[args->n_fields++] =
		    column_make(s->c->keep, arena_copy(s->c->keep, one_left ? other : one), MODEL_NONE);
	}
	return args->n_fields > 0 || scan_expected(s, "a comparison of fields");
}

static bool
join_parse(struct scan *s, struct stage *stage)
{
	struct join_args *args = arena_new(s->c->keep, struct join_args, 1);
	struct text       name, value;
	size_t            cap = 0;

	stage->args = args;
	args->overwrite = args->earlier = true;
	args->max = 1;
	/* Options may stand among the fields. */
	for (scan_commas(s); !scan_at(s, '['); scan_commas(s)) {
		if (scan_done(s))
			return scan_expected(s, "a subsearch in [ ]");
		if (scan_keyword(s, "where")) {
			if (!join_where(s, args))
				return false;
			continue;
		}
		if (scan_option(s, &name, &value)) {
			if (!join_option(s, args, name, value))
				return false;
			continue;
		}
		if (!scan_name(s, &name, "a field name or a subsearch in [ ]"))
			return false;
		arena_grow(s->c->keep, args->fields, args->n_fields, &cap);
		args->fields[args->n_fields++] = compile_column(s->c, name);
	}
	if ((!text_absent(args->left) || !text_absent(args->right)) && !args->right_fields)
		return scan_expected(s, "\"where\" and fields of both aliases, such as where "
				     "L.id=R.id");
	return subsearch_parse(s, &args->sub, true);
}

static void
join_uses(const struct stage *stage, struct uses *uses)
{
	const struct join_args *args = stage->args;

	uses->all |= args->n_fields == 0 || args->right_fields;
	for (size_t i = 0; i < args->n_fields; i++)
		uses_add(uses, args->fields[i].name, USE_READS);
}

static void
join_columns(const struct stage *stage, struct columns *columns)
{
	(void)stage;
	columns->open = true;
}

struct matching {
	struct row     **rows;
	size_t           n, cap;
};

struct join_state {
	struct row_keys right; /* data: struct matching */
	struct row    **rows;  /* all of the right side */
	size_t          n;
	bool            loaded;
	struct column  *fields; /* of the arguments, those that some right row has, then the others */
	struct column  *left;   /* what left rows have for them */
	size_t          n_fields, n_missing;
};

/* A field that no row of the right side has is not compared with left rows that lack it, too. */
static void
find_missing(struct stage_run *sr)
{
	const struct join_args *args = sr->stage->args;
	struct join_state      *state = sr->state;

	state->fields = arena_new(sr->run->keep, struct column, args->n_fields);
	for (size_t i = 0; i < args->n_fields; i++) {
		struct arena scratch = *sr->run->scratch;
		bool         there = state->n == 0;

		for (size_t k = 0; k < state->n && !there; k++)
			there = row_value(state->rows[k], &args->fields[i], &scratch).kind !=
				VALUE_NULL;
		if (there)
			state->fields[state->n_fields++] = args->fields[i];
		else
			state->fields[args->n_fields - ++state->n_missing] = args->fields[i];
	}
	if (state->n_fields == 0) {
		state->n_fields = args->n_fields;
		state->n_missing = 0;
	}
	for (size_t i = 0; i < state->n_missing; i++)
		pipe_warn(sr->run,
			  "no row of the subsearch of join has " TEXT_FMT
			  ": rows that lack it, too, are joined by the other fields",
			  TEXT_ARG(state->fields[state->n_fields + i].name));
}

static void
file_right(struct stage_run *sr, struct row *row)
{
	struct join_state *state = sr->state;
	struct row_key    *key =
	    row_keys_get(&state->right, sr->run, row, state->fields, state->n_fields);
	struct matching   *m;

	if (!key)
		return;
	if (!key->data)
		key->data = arena_new(sr->run->keep, struct matching, 1);
	m = key->data;
	arena_grow(sr->run->keep, m->rows, m->n, &m->cap);
	m->rows[m->n++] = row;
}

/* Runs the subsearch. */
static bool
join_load(struct stage_run *sr)
{
	const struct join_args *args = sr->stage->args;
	struct join_state      *state = sr->state;
	bool                    cut;

	state->loaded = true;
	if (!pipeline_collect(sr->run, &args->sub, JOIN_ROWS_MAX, &state->rows, &state->n, &cut))
		return false;
	if (cut)
		pipe_warn(sr->run,
			  "the subsearch of join gave more than %d rows: only these are used",
			  JOIN_ROWS_MAX);
	if (args->right_fields) {
		state->fields = args->right_fields;
		state->n_fields = args->n_fields;
		state->left = args->fields;
	} else {
		find_missing(sr);
		state->left = state->fields;
	}
	for (size_t i = 0; args->n_fields && i < state->n; i++)
		file_right(sr, state->rows[i]);
	if (!state->n && !args->outer) {
		sr->enough = true;
		if (sr->depth == 0)
			pipe_warn(sr->run, "the subsearch of join finds nothing, so that no row "
					   "can have a partner: events were not read");
	}
	return true;
}

/*
 * The subsearch comes first, because without its rows no event need be read. One that reads a whole
 * data set behind a search for something rare waits until there is a row to join.
 */
static bool
waits(const struct stage_run *sr)
{
	const struct join_args *args = sr->stage->args;
	const struct search    *search = sr->run->search;
	const struct stage     *first = &search->main.stages[0], *right = &args->sub.stages[0];
	struct arena            scratch = *sr->run->scratch;

	return sr->depth == 0 && first->grouping && right->grouping &&
	       search_leaf_kept(search, first->leaf, scratch) &&
	       !search_leaf_kept(search, right->leaf, scratch);
}

static bool
join_start(struct stage_run *sr)
{
	sr->state = arena_new(sr->run->keep, struct join_state, 1);
	return waits(sr) || join_load(sr);
}

/* Fields of FROM, behind the alias of its side. */
static void
set_aliased(struct row *row, struct text alias, const struct row *from, struct arena *scratch)
{
	struct text *names;
	size_t       n = row_names(from, scratch, &names);

	for (size_t i = 0; i < n; i++)
		row_set(row,
			arena_printf(scratch, TEXT_FMT "." TEXT_FMT, TEXT_ARG(alias), TEXT_ARG(names[i])),
			row_get(from, names[i], scratch), scratch);
}

/* RIGHT NULL: there is none. */
static bool
emit_aliased(struct stage_run *sr, const struct row *left, const struct row *right)
{
	const struct join_args *args = sr->stage->args;
	struct arena           *scratch = sr->run->scratch;
	char                   *mark = pipe_mark(sr->run);
	struct row row = { .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE };
	bool       more;

	set_aliased(&row, args->left, left, scratch);
	row_add_events(&row, left, scratch);
	if (right) {
		set_aliased(&row, args->right, right, scratch);
		row_add_events(&row, right, scratch);
	}
	more = pipe_emit(sr, &row);
	pipe_release(sr->run, mark);
	return more;
}

static bool
emit_joined(struct stage_run *sr, const struct row *left, const struct row *right)
{
	const struct join_args *args = sr->stage->args;
	struct arena           *scratch = sr->run->scratch;
	char                   *mark = pipe_mark(sr->run);
	struct row              row = row_fork(left, scratch);
	struct text            *names;
	size_t                  n = row_names(right, scratch, &names);
	bool                    more;

	for (size_t i = 0; i < n; i++) {
		if (names[i].p[0] == '_' && row_get(&row, names[i], scratch).kind != VALUE_NULL)
			continue;
		if (args->overwrite || row_get(&row, names[i], scratch).kind == VALUE_NULL)
			row_set(&row, names[i], row_get(right, names[i], scratch), scratch);
	}
	row_add_events(&row, right, scratch);
	more = pipe_emit(sr, &row);
	pipe_release(sr->run, mark);
	return more;
}

/* Without fields: rows join when all fields that both have are equal. */
static bool
all_shared_equal(const struct row *left, const struct row *right, struct arena *scratch)
{
	struct text *names;
	size_t       n = row_names(right, scratch, &names);
	bool         any = false;

	for (size_t i = 0; i < n; i++) {
		struct text a =
		    names[i].p[0] == '_' ? TEXT_NONE : row_text(left, names[i], '\n', scratch);

		if (text_absent(a))
			continue;
		if (!text_eq(a, row_text(right, names[i], '\n', scratch)))
			return false;
		any = true;
	}
	return any;
}

/* The right rows with the row's values. */
static const struct matching *
matching_of(struct stage_run *sr, const struct row *row)
{
	struct join_state *state = sr->state;
	struct row_key    *key;

	for (size_t i = 0; i < state->n_missing; i++)
		if (row_value(row, &state->fields[state->n_fields + i], sr->run->scratch).kind !=
		    VALUE_NULL)
			return NULL;
	key = row_keys_find(&state->right, sr->run, row, state->left, state->n_fields);
	return key ? key->data : NULL;
}

static bool
fits_in_time(const struct join_args *args, const struct row *left, const struct row *right)
{
	if (!args->by_time || left->time_ns == WHEN_NONE || right->time_ns == WHEN_NONE)
		return true;
	return args->earlier ? right->time_ns <= left->time_ns : right->time_ns >= left->time_ns;
}

static bool
join_row(struct stage_run *sr, struct row *row)
{
	const struct join_args *args = sr->stage->args;
	struct join_state      *state = sr->state;
	struct row            **rows;
	size_t                  n;
	uint64_t                joined = 0;

	if (!state->loaded && (!join_load(sr) || sr->enough))
		return false;
	rows = state->rows;
	n = state->n;
	if (args->n_fields) {
		const struct matching *m = matching_of(sr, row);

		rows = m ? m->rows : NULL;
		n = m ? m->n : 0;
	}
	for (size_t i = 0; i < n && (args->max == 0 || joined < args->max); i++) {
		if (!fits_in_time(args, row, rows[i]) ||
		    (args->n_fields == 0 && !all_shared_equal(row, rows[i], sr->run->scratch)))
			continue;
		joined++;
		if (!(args->right_fields ? emit_aliased : emit_joined)(sr, row, rows[i]))
			return false;
	}
	if (joined || !args->outer)
		return true;
	return args->right_fields ? emit_aliased(sr, row, NULL) : pipe_emit(sr, row);
}

const struct pipe_command pipe_join = {
	.name = "join",
	.synopsis = "join [type=inner|outer] [max=<n>] <field> ... | left=L right=R where L.<field>=R.<field> "
		    "[ <search> ]",
	.help = "add fields of the rows of a subsearch that have the same values",
	.order = ROWS_EACH,
	.parse = join_parse,
	.uses = join_uses,
	.columns = join_columns,
	.start = join_start,
	.row = join_row,
};
