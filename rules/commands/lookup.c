/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lookup: fields out of a table, by fields of the row. */
#include "config.h"

#include "rules/foresight.h"
#include "rules/lookup_match.h"
#include "rules/suggest.h"

struct lookup_pair {
	size_t        column; /* of the table */
	struct column field;  /* of the row */
};

struct lookup_args {
	const struct lookup *table; /* NULL: not loaded, matches nothing */
	struct lookup_pair  *keys, *outputs;
	size_t               n_keys, n_outputs;
	size_t              *columns;  /* of the table, of the outputs */
	bool                 only_new; /* OUTPUTNEW */
};

static bool
pair_parse(struct scan *s, const struct lookup *table, struct lookup_pair *pair)
{
	const char *at;
	struct text name, field;

	scan_blank(s);
	at = s->at;
	if (!scan_name(s, &name, "a column of the table"))
		return false;
	field = name;
	if (scan_keyword(s, "as") && !scan_name(s, &field, "a field name"))
		return false;
	pair->field = compile_column(s->c, field);
	if (!table)
		return true;
	pair->column = lookup_column(table, name);
	if (pair->column != TEXT_NOWHERE || table->is_empty_store)
		return true;
	struct text near = suggest(name, table->columns, table->n_columns);

	return scan_fail(
	    s, at, "the lookup \"" TEXT_FMT "\" has no column \"" TEXT_FMT "\"%s" TEXT_FMT "%s",
	    TEXT_ARG(table->name), TEXT_ARG(text_head(name, 60)),
	    text_absent(near) ? "" : ": did you mean \"", TEXT_ARG(near),
	    text_absent(near) ? "" : "\"?");
}

static bool
pairs_parse(struct scan *s, const struct lookup *table, struct lookup_pair **out, size_t *n)
{
	size_t cap = 0;

	for (scan_commas(s); !scan_done(s) && !scan_at_keyword(s, "output") &&
			     !scan_at_keyword(s, "outputnew"); scan_commas(s)) {
		arena_grow(s->c->keep, *out, *n, &cap);
		(*out)[*n] = (struct lookup_pair){ 0 };
		if (!pair_parse(s, table, &(*out)[(*n)++]))
			return false;
	}
	return true;
}

static bool
lookup_table_find(struct scan *s, struct lookup_args *args)
{
	struct text name;

	if (!compile_lookup(s, &name, &args->table))
		return false;
	compile_lookup_reserve(s->c, name, args->table);
	return true;
}

/* Without OUTPUT every column that is no key comes out. */
static void
all_outputs(struct scan *s, struct lookup_args *args)
{
	const struct lookup *t = args->table;

	args->outputs = arena_new(s->c->keep, struct lookup_pair, t->n_columns);
	for (uint32_t i = 0; i < t->n_columns; i++) {
		bool key = false;

		for (size_t k = 0; k < args->n_keys; k++)
			key |= args->keys[k].column == i;
		if (!key)
			args->outputs[args->n_outputs++] =
			    (struct lookup_pair){ i, compile_column(s->c, t->columns[i]) };
	}
}

static bool
lookup_parse(struct scan *s, struct stage *stage)
{
	struct lookup_args *args = arena_new(s->c->keep, struct lookup_args, 1);
	struct text         name, value;

	stage->args = args;
	while (scan_option(s, &name, &value))
		if (!text_ieq(name, TEXT("update")) && !text_ieq(name, TEXT("local")) &&
		    !text_ieq(name, TEXT("event_time_field")))
			return scan_bad_option(s, name);
	if (!lookup_table_find(s, args) || !pairs_parse(s, args->table, &args->keys, &args->n_keys))
		return false;
	if (args->n_keys == 0)
		return scan_expected(s, "a column of the table to look in");
	args->only_new = scan_keyword(s, "outputnew");
	if (args->only_new || scan_keyword(s, "output")) {
		if (!pairs_parse(s, args->table, &args->outputs, &args->n_outputs))
			return false;
		if (args->n_outputs == 0)
			return scan_expected(s, "a column of the table behind \"output\"");
	} else if (args->table) {
		all_outputs(s, args);
	}
	args->columns = arena_new(s->c->keep, size_t, args->n_outputs);
	for (size_t i = 0; i < args->n_outputs; i++)
		args->columns[i] = args->outputs[i].column;
	return true;
}

static void
lookup_uses(const struct stage *stage, struct uses *uses)
{
	const struct lookup_args *args = stage->args;

	for (size_t i = 0; i < args->n_keys; i++)
		uses_add(uses, args->keys[i].field.name, USE_READS);
	for (size_t i = 0; args->only_new && i < args->n_outputs; i++)
		uses_add(uses, args->outputs[i].field.name, USE_READS);
}

static void
lookup_columns(const struct stage *stage, struct columns *columns)
{
	const struct lookup_args *args = stage->args;

	for (size_t i = 0; i < args->n_outputs; i++)
		columns_add(columns, args->outputs[i].field.name);
}

/* A row without a key keeps what it had. */
static enum derives
lookup_derives(const struct stage *stage, struct origins *o)
{
	const struct lookup_args *args = stage->args;
	enum derives              known = DERIVES_OTHERS;
	uint64_t                  keys = 0;

	for (size_t i = 0; i < args->n_keys; i++)
		keys |= origins_get(o, args->keys[i].field.name);
	for (size_t i = 0; i < args->n_outputs; i++) {
		struct text to = args->outputs[i].field.name;

		origins_set(o, to, (origins_get(o, to) | keys) & ~ORIGINS_SOLID);
		if (!(origins_get(o, to) & ORIGINS_UNKNOWN))
			known = DERIVES_KNOWN;
	}
	return known;
}

static bool
lookup_start(struct stage_run *sr)
{
	const struct lookup_args *args = sr->stage->args;
	size_t                   *keys = arena_new(sr->run->keep, size_t, args->n_keys);

	for (size_t i = 0; i < args->n_keys; i++)
		keys[i] = args->keys[i].column;
	if (args->table && args->table->n_rows)
		sr->state = lookup_match_new(args->table, keys, args->n_keys, sr->run->keep);
	return true;
}

/* Looks up every value of a lone key; several keys take the first value of each. */
static bool
gather_row(struct stage_run *sr, const struct row *row, struct lookup_found *out)
{
	const struct lookup_args *args = sr->stage->args;
	struct arena             *scratch = sr->run->scratch;
	struct text              *values = arena_new(scratch, struct text, args->n_keys);
	const struct value       *items;
	struct value              v;
	size_t                    n = 1;

	for (size_t i = 0; i < args->n_keys; i++) {
		v = row_value(row, &args->keys[i].field, scratch);
		n = value_items(&v, &items);
		if (n == 0)
			return false;
		values[i] = value_text(&items[0], ' ', scratch);
	}
	for (size_t k = 0; k < (args->n_keys == 1 ? n : 1); k++) {
		if (args->n_keys == 1)
			values[0] = value_text(&items[k], ' ', scratch);
		lookup_match_values(args->table, sr->state, values, args->columns, args->n_outputs,
				    scratch, out);
	}
	return true;
}

static bool
lookup_row(struct stage_run *sr, struct row *row)
{
	const struct lookup_args *args = sr->stage->args;
	struct arena             *scratch = sr->run->scratch;
	struct lookup_found      *out = arena_new(scratch, struct lookup_found, args->n_outputs);

	if (args->table && !gather_row(sr, row, out))
		return pipe_emit(sr, row);
	for (size_t i = 0; i < args->n_outputs; i++) {
		const struct column *to = &args->outputs[i].field;

		if (args->only_new && row_value(row, to, scratch).kind != VALUE_NULL)
			continue;
		row_set(row, to->name, value_of_list(out[i].items, out[i].n), scratch);
	}
	return pipe_emit(sr, row);
}

const struct pipe_command pipe_lookup = {
    .name = "lookup",
    .synopsis =
	"lookup <table> <column> [as <field>] ... [output|outputnew <column> [as <field>] ...]",
    .help = "fields out of a CSV table, by fields of the row",
    .order = ROWS_EACH,
    .parse = lookup_parse,
    .uses = lookup_uses,
    .columns = lookup_columns,
    .derives = lookup_derives,
    .start = lookup_start,
    .keeps = keeps_others,
    .row = lookup_row,
};
