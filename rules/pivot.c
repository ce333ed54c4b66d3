/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/pivot.h"

#include <stdlib.h>

#include "base/when.h"

/* Rows of times at which nothing happened, in one timechart; Splunk gives up at as many rows. */
#define EMPTY_ROWS_MAX 50000
void
pivot_defaults(struct pivot *p)
{
	p->limit = 10;
	p->use_other = p->use_null = true;
	p->other = TEXT("OTHER");
	p->null_name = TEXT("NULL");
	p->separator = TEXT(": ");
	p->score = AGG_SUM;
	p->bins = 100;
}

/* "5", "top5", "bottom5" */
static bool
pivot_limit(struct scan *s, struct pivot *p, struct text name, struct text value)
{
	bool bottom = text_istarts(value, TEXT("bottom"));

	p->keep = bottom ? KEEP_BOTTOM : KEEP_TOP;
	if (bottom || text_istarts(value, TEXT("top")))
		value = text_from(value, bottom ? 6 : 3);
	return scan_to_count(s, name, value, 0, &p->limit);
}

static bool
pivot_score(struct scan *s, struct pivot *p)
{
	static const struct {
		const char         *name;
		enum aggregate_kind kind;
	} scores[] = {
		{ "sum", AGG_SUM }, { "count", AGG_SUM }, { "max", AGG_MAX },
		{ "min", AGG_MIN }, { "avg", AGG_AVG },	  { "mean", AGG_AVG },
	};

	for (size_t i = 0; i < sizeof(scores) / sizeof(scores[0]); i++)
		if (scan_keyword(s, scores[i].name)) {
			p->score = scores[i].kind;
			return true;
		}
	return scan_expected(s, "sum, count, max, min or avg");
}

bool
pivot_where(struct scan *s, struct pivot *p)
{
	const char *at;
	struct text word;

	if (!scan_keyword(s, "where"))
		return true;
	if (!pivot_score(s, p))
		return false;
	p->keep_others = scan_keyword(s, "notin");
	if (p->keep_others || scan_keyword(s, "in")) {
		scan_blank(s);
		word = scan_run(s, "()[]|\"");
		if (!text_istarts(word, TEXT("top")) && !text_istarts(word, TEXT("bottom")))
			return scan_expected(s, "top<n> or bottom<n>");
		return pivot_limit(s, p, TEXT("where"), word);
	}
	if (!scan_at(s, '<') && !scan_at(s, '>'))
		return scan_expected(s, "\"in\", \"notin\", \"<\" or \">\"");
	p->keep = scan_take(s, '<') ? KEEP_LESS : KEEP_MORE;
	scan_take(s, '>');
	scan_blank(s);
	at = s->at;
	word = scan_run(s, "()[]|\"");
	return text_to_double(word, &p->bound) || scan_fail(s, at, "expected a number");
}

bool
pivot_option(struct scan *s, struct pivot *p, struct text name, struct text value, bool *taken)
{
	*taken = true;
	if (text_ieq(name, TEXT("limit")))
		return pivot_limit(s, p, name, value);
	if (text_ieq(name, TEXT("useother")))
		return scan_to_bool(s, name, value, &p->use_other);
	if (text_ieq(name, TEXT("usenull")))
		return scan_to_bool(s, name, value, &p->use_null);
	if (text_ieq(name, TEXT("otherstr")))
		p->other = value;
	else if (text_ieq(name, TEXT("nullstr")))
		p->null_name = value;
	else if (text_ieq(name, TEXT("sep")))
		p->separator = value;
	else if (text_ieq(name, TEXT("format")))
		p->format = value;
	else
		*taken = false;
	return true;
}

void
pivot_uses(const struct stage *stage, struct uses *uses)
{
	const struct pivot *p = stage->args;

	for (size_t i = 0; i < p->grouping.n_by; i++)
		uses_add(uses, p->grouping.by[i].name, USE_READS);
	aggregates_use(p->grouping.aggregates, p->grouping.n_aggregates, uses);
	uses->closed = true;
}

void
pivot_columns(const struct stage *stage, struct columns *columns)
{
	const struct pivot *p = stage->args;

	columns_only(columns);
	columns_add(columns, p->grouping.by[0].name);
	columns->open = p->has_columns;
	for (size_t i = 0; !p->has_columns && i < p->grouping.n_aggregates; i++)
		columns_add(columns, p->grouping.aggregates[i].name);
}

bool
pivot_start(struct stage_run *sr)
{
	const struct pivot *p = sr->stage->args;

	sr->state = groups_new(sr->run, &p->grouping);
	return true;
}

bool
pivot_row(struct stage_run *sr, struct row *row)
{
	const struct pivot *p = sr->stage->args;
	struct arena       *scratch = sr->run->scratch;
	const struct column *second = &p->grouping.by[p->grouping.n_by - 1];

	if (p->has_columns && row_value(row, second, scratch).kind == VALUE_NULL) {
		if (!p->use_null)
			return true;
		row_set(row, second->name, value_of_text(p->null_name), scratch);
	}
	return groups_add(sr->state, row);
}

/* --- the table --- */

struct pivot_column {
	struct text        name;
	struct accumulator cell; /* of the line that is being added up */
	bool               in_line; /* it has something in it */
	double             score, n;
	bool               other, null;
};

/* What has the same key comes together: one line is there at a time. */
struct pivot_line {
	struct value         key; /* null: there is none yet */
	struct accumulator **cells; /* columns times aggregates; NULL: nothing there */
	struct group         events;
};

struct pivot_table {
	const struct pivot  *p;
	struct groups       *groups;
	struct stage_run    *sr;
	struct run          *run;
	struct pivot_column *columns;
	size_t               n_columns, columns_cap;
	size_t              *in_line; /* numbers of columns */
	size_t               n_in_line, in_line_cap;
	struct pivot_line    line;
	struct arena        *room; /* of it */
	struct time_span     span;
	int64_t              first_ns, last_ns; /* of the groups */
	bool                 any;
	size_t               n_empty; /* rows that were made where nothing happened */
};

static struct text
column_text(const struct pivot *p, const struct group *g, struct arena *keep)
{
	return p->has_columns ? value_text(&g->by[1], ' ', keep) : TEXT("");
}

static int
by_score(const void *a, const void *b)
{
	const struct pivot_column *x = a, *y = b;

	if (x->null != y->null)
		return x->null ? 1 : -1;
	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	return text_cmp(x->name, y->name);
}

/* Values by name, what had no value behind them. */
static int
by_column_name(const void *a, const void *b)
{
	const struct pivot_column *x = a, *y = b;

	if (x->null != y->null)
		return x->null ? 1 : -1;
	return text_cmp(x->name, y->name);
}

/* The cell of a column is whole: it counts for the score. */
static void
score_cell(const struct pivot_table *t, struct pivot_column *c)
{
	const struct pivot *p = t->p;
	struct value        v = accumulated(&c->cell, &p->grouping.aggregates[0], t->room);
	double              n;

	c->cell = (struct accumulator){ 0 };
	c->in_line = false;
	if (!value_number(&v, &n))
		return;
	if (p->score == AGG_SUM || p->score == AGG_AVG)
		c->score += n;
	else if (c->n == 0 || (p->score == AGG_MAX ? n > c->score : n < c->score))
		c->score = n;
	c->n++;
}

static struct value
line_key(const struct pivot_table *t, const struct group *g)
{
	struct value key = g->by[0];
	int64_t      ns;

	if (t->p->is_time && value_time(&key, &ns))
		return value_of_time(timespan_floor(t->span, ns));
	return key;
}

static size_t
column_find(struct pivot_table *t, struct text name)
{
	for (size_t i = 0; i < t->n_columns; i++)
		if (text_eq(t->columns[i].name, name))
			return i;
	arena_grow(t->run->keep, t->columns, t->n_columns, &t->columns_cap);
	t->columns[t->n_columns] = (struct pivot_column){
		.name = arena_copy(t->run->keep, name),
		.null = t->p->has_columns && text_eq(name, t->p->null_name),
	};
	return t->n_columns++;
}

/* Is the column at I, of N without NULL by falling score, one of those that are kept? */
static bool
is_kept(const struct pivot *p, const struct pivot_column *c, size_t i, size_t n)
{
	bool kept = true;

	switch (p->keep) {
	case KEEP_TOP:
		kept = p->limit == 0 || i < p->limit;
		break;
	case KEEP_BOTTOM:
		kept = p->limit == 0 || i + p->limit >= n;
		break;
	case KEEP_LESS:
		kept = c->score < p->bound;
		break;
	case KEEP_MORE:
		kept = c->score > p->bound;
		break;
	}
	return c->null || kept != p->keep_others;
}

/* A line begins: what the last one took goes back. */
static void
begin_line(struct pivot_table *t, struct value key)
{
	pipe_empty(t->room);
	t->line = (struct pivot_line){ .key = value_keep(&key, t->room) };
}

static bool
is_of_line(const struct pivot_table *t, const struct value *key)
{
	return t->line.key.kind != VALUE_NULL && by_value_compare(&t->line.key, key) == 0;
}

static void
score_line(struct pivot_table *t)
{
	for (size_t i = 0; i < t->n_in_line; i++)
		score_cell(t, &t->columns[t->in_line[i]]);
	t->n_in_line = 0;
}

static bool
score_group(void *ctx, struct group *g)
{
	struct pivot_table *t = ctx;
	struct run         *run = t->run;
	char               *mark = pipe_mark(run);
	struct value        key = line_key(t, g);
	size_t              at;

	if (!is_of_line(t, &key)) {
		score_line(t);
		begin_line(t, key);
	}
	at = column_find(t, column_text(t->p, g, run->scratch));
	if (!t->columns[at].in_line) {
		t->columns[at].in_line = true;
		arena_grow(run->keep, t->in_line, t->n_in_line, &t->in_line_cap);
		t->in_line[t->n_in_line++] = at;
	}
	accumulators_merge(&t->columns[at].cell, group_sum(t->groups, g, 0),
			   &t->p->grouping.aggregates[0], run, t->room);
	pipe_release(run, mark);
	return pipe_check(run);
}

/* The columns that are kept, by name; NULL and OTHER come last. */
static bool
choose_columns(struct pivot_table *t)
{
	const struct pivot *p = t->p;
	struct arena       *keep = t->run->keep;
	size_t              n_values = 0, kept = 0;

	if (!groups_each(t->groups, score_group, t))
		return false;
	score_line(t);
	t->line = (struct pivot_line){ 0 };
	for (size_t i = 0; i < t->n_columns; i++) {
		if (p->score == AGG_AVG && t->columns[i].n > 0)
			t->columns[i].score /= t->columns[i].n;
		n_values += !t->columns[i].null;
	}
	if (t->n_columns > 1)
		qsort(t->columns, t->n_columns, sizeof(*t->columns), by_score);
	for (size_t i = 0; i < t->n_columns; i++)
		if (!p->has_columns || is_kept(p, &t->columns[i], i, n_values))
			t->columns[kept++] = t->columns[i];
	bool more = kept < t->n_columns;

	t->n_columns = kept;
	if (t->n_columns > 1)
		qsort(t->columns, t->n_columns, sizeof(*t->columns), by_column_name);
	if (more && p->use_other) {
		arena_grow(keep, t->columns, t->n_columns, &t->columns_cap);
		t->columns[t->n_columns++] = (struct pivot_column){.name = p->other, .other = true};
	}
	return true;
}

static size_t
column_of(const struct pivot_table *t, struct text name)
{
	for (size_t i = 0; i < t->n_columns; i++)
		if (t->columns[i].other || text_eq(t->columns[i].name, name))
			return i;
	return TEXT_NOWHERE;
}

/* "$AGG$ of $VAL$" */
static struct text
formatted_name(const struct pivot *p, struct text aggregate, struct text value, struct arena *keep)
{
	struct text rest = p->format, out = TEXT("");

	while (rest.n) {
		bool is_aggregate = text_istarts(rest, TEXT("$AGG$"));
		bool is_value = text_istarts(rest, TEXT("$VAL$"));

		out = arena_join(keep, out, is_aggregate ? aggregate : is_value ? value : text_head(rest, 1));
		rest = text_from(rest, is_aggregate || is_value ? 5 : 1);
	}
	return out;
}

static struct text
cell_name(const struct pivot_table *t, size_t column, size_t aggregate, struct arena *keep)
{
	const struct pivot *p = t->p;
	struct text         name = p->grouping.aggregates[aggregate].name;

	if (!p->has_columns)
		return name;
	if (!text_absent(p->format))
		return formatted_name(p, name, t->columns[column].name, keep);
	if (p->grouping.n_aggregates == 1)
		return t->columns[column].name;
	return arena_printf(keep, TEXT_FMT TEXT_FMT TEXT_FMT, TEXT_ARG(name),
			    TEXT_ARG(p->separator), TEXT_ARG(t->columns[column].name));
}

/* A sum of timechart per second, hour ...: over the length of the line's bucket. */
static struct value
paced(const struct pivot_table *t, const struct pivot_line *line, const struct aggregate *a,
      struct value v)
{
	int64_t ns;
	double  n;

	if (!a->per_ns || !value_time(&line->key, &ns) || !value_number(&v, &n))
		return v;
	return value_of_number(n * (double)a->per_ns / (double)(timespan_next(t->span, ns) - ns));
}

static bool
emit_line(struct stage_run *sr, const struct pivot_table *t, struct pivot_line *line)
{
	static const struct accumulator nothing;
	const struct pivot             *p = t->p;
	struct arena                   *scratch = sr->run->scratch;
	char                           *mark = pipe_mark(sr->run);
	struct row row = { .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE };
	bool       more;

	row_set(&row, p->grouping.by[0].name, line->key, scratch);
	for (size_t a = 0; a < p->grouping.n_aggregates; a++)
		for (size_t c = 0; c < t->n_columns; c++) {
			const struct accumulator *acc =
			    line->cells ? line->cells[c * p->grouping.n_aggregates + a] : NULL;
			struct value v =
			    accumulated(acc ? acc : &nothing, &p->grouping.aggregates[a], scratch);

			v = paced(t, line, &p->grouping.aggregates[a], v);
			row_set(&row, cell_name(t, c, a, scratch), v, scratch);
		}
	group_give_events(&line->events, &row);
	more = pipe_emit(sr, &row);
	pipe_release(sr->run, mark);
	return more;
}

/* Times between two lines at which nothing happened. */
static bool
emit_gap(struct stage_run *sr, struct pivot_table *t, int64_t from, int64_t to)
{
	for (int64_t ns = timespan_next(t->span, from); ns < to; ns = timespan_next(t->span, ns)) {
		struct pivot_line line = { .key = value_of_time(ns),
					   .events = { .first_ns = WHEN_MAX,
						       .last_ns = WHEN_NONE } };

		if (t->n_empty++ == EMPTY_ROWS_MAX) {
			pipe_warn(sr->run,
				  "timechart leaves out empty rows behind the first %d: use a "
				  "longer span",
				  EMPTY_ROWS_MAX);
			return true;
		}
		if (!emit_line(sr, t, &line))
			return false;
	}
	return true;
}

/* The line is whole. */
static bool
end_line(struct pivot_table *t)
{
	return t->line.key.kind == VALUE_NULL || emit_line(t->sr, t, &t->line);
}

static bool
next_line(struct pivot_table *t, struct value key)
{
	bool    was_time = t->line.key.kind == VALUE_TIME;
	int64_t from = was_time ? t->line.key.time_ns : 0;

	if (!end_line(t))
		return false;
	if (t->p->is_time && !t->p->no_gaps && was_time && t->n_empty <= EMPTY_ROWS_MAX &&
	    !emit_gap(t->sr, t, from, key.time_ns))
		return false;
	begin_line(t, key);
	t->line.events.first_ns = WHEN_MAX;
	t->line.events.last_ns = WHEN_NONE;
	t->line.cells = arena_new(t->room, struct accumulator *,
				  t->n_columns * t->p->grouping.n_aggregates);
	return true;
}

static bool
add_group(void *ctx, struct group *g)
{
	struct pivot_table *t = ctx;
	const struct pivot *p = t->p;
	char               *mark = pipe_mark(t->run);
	struct value        key = line_key(t, g);
	struct row          events = { 0 };
	size_t              column = column_of(t, column_text(p, g, t->run->scratch));

	if (!is_of_line(t, &key) && !next_line(t, key))
		return false;
	group_give_events(g, &events);
	group_add_events(&t->line.events, &events, t->room);
	for (size_t i = 0; column != TEXT_NOWHERE && i < p->grouping.n_aggregates; i++) {
		struct accumulator **cell =
		    &t->line.cells[column * p->grouping.n_aggregates + i];

		if (!*cell)
			*cell = arena_new(t->room, struct accumulator, 1);
		accumulators_merge(*cell, group_sum(t->groups, g, i), &p->grouping.aggregates[i],
				   t->run, t->room);
	}
	pipe_release(t->run, mark);
	return pipe_check(t->run);
}

static bool
note_time(void *ctx, struct group *g)
{
	struct pivot_table *t = ctx;
	int64_t             ns;

	if (!value_time(&g->by[0], &ns))
		return true;
	if (!t->any)
		t->first_ns = ns;
	t->last_ns = ns;
	t->any = true;
	return true;
}

static bool
choose_span(struct pivot_table *t)
{
	t->span = t->p->span;
	if (!t->p->auto_span)
		return true;
	if (!groups_each(t->groups, note_time, t))
		return false;
	if (t->any)
		t->span = timespan_fitting(t->last_ns - t->first_ns, t->p->bins);
	return true;
}

bool
pivot_finish(struct stage_run *sr)
{
	struct pivot_table t = { .p = sr->stage->args, .groups = sr->state, .sr = sr,
				 .run = sr->run, .room = pipe_room(sr->run) };

	return choose_span(&t) && choose_columns(&t) && groups_each(t.groups, add_group, &t) &&
	       end_line(&t);
}
