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
	p->bins = 100;
}

bool
pivot_option(struct scan *s, struct pivot *p, struct text name, struct text value, bool *taken)
{
	*taken = true;
	if (text_ieq(name, TEXT("limit")))
		return scan_to_count(s, name,
				     text_istarts(value, TEXT("top")) ? text_from(value, 3) : value,
				     0, &p->limit);
	if (text_ieq(name, TEXT("useother")))
		return scan_to_bool(s, name, value, &p->use_other);
	if (text_ieq(name, TEXT("usenull")))
		return scan_to_bool(s, name, value, &p->use_null);
	if (text_ieq(name, TEXT("otherstr")))
		p->other = value;
	else if (text_ieq(name, TEXT("nullstr")))
		p->null_name = value;
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
	struct text name;
	double      weight;
	bool        other;
};

struct pivot_line {
	struct value         key;
	struct accumulator **cells; /* columns times aggregates; NULL: nothing there */
	struct group         events;
};

struct pivot_table {
	const struct pivot  *p;
	struct run          *run;
	struct pivot_column *columns;
	size_t               n_columns, columns_cap;
	struct pivot_line   *lines;
	size_t               n_lines, lines_cap;
	struct time_span     span;
	size_t               n_empty; /* rows that were made where nothing happened */
};

static struct text
column_text(const struct pivot *p, const struct group *g, struct arena *keep)
{
	return p->has_columns ? value_text(&g->by[1], ' ', keep) : TEXT("");
}

static int
by_weight(const void *a, const void *b)
{
	const struct pivot_column *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	return text_cmp(x->name, y->name);
}

static int
by_column_name(const void *a, const void *b)
{
	return text_cmp(((const struct pivot_column *)a)->name,
			((const struct pivot_column *)b)->name);
}

/* The columns that are kept: those with the greatest sum of their cells, then by name. */
static void
choose_columns(struct pivot_table *t, struct group *const *groups, size_t n)
{
	const struct pivot *p = t->p;
	struct arena       *keep = t->run->keep;
	bool                more = false;

	for (size_t i = 0; i < n; i++) {
		struct text  name = column_text(p, groups[i], keep);
		struct value v =
		    accumulated(&groups[i]->accumulators[0], &p->grouping.aggregates[0], keep);
		double       weight = 0;
		size_t       k = 0;

		value_number(&v, &weight);
		while (k < t->n_columns && !text_eq(t->columns[k].name, name))
			k++;
		if (k == t->n_columns) {
			arena_grow(keep, t->columns, t->n_columns, &t->columns_cap);
			t->columns[t->n_columns++] = (struct pivot_column){ .name = name };
		}
		t->columns[k].weight += weight;
	}
	if (t->n_columns > 1)
		qsort(t->columns, t->n_columns, sizeof(*t->columns), by_weight);
	if (p->limit && t->n_columns > p->limit) {
		t->n_columns = p->limit;
		more = true;
	}
	if (t->n_columns > 1)
		qsort(t->columns, t->n_columns, sizeof(*t->columns), by_column_name);
	if (more && p->use_other) {
		arena_grow(keep, t->columns, t->n_columns, &t->columns_cap);
		t->columns[t->n_columns++] = (struct pivot_column){.name = p->other, .other = true};
	}
}

static size_t
column_of(const struct pivot_table *t, struct text name)
{
	for (size_t i = 0; i < t->n_columns; i++)
		if (t->columns[i].other || text_eq(t->columns[i].name, name))
			return i;
	return TEXT_NOWHERE;
}

/* Lines come in the order of their keys, so a key is new or that of the last line. */
static struct pivot_line *
line_of(struct pivot_table *t, struct value key)
{
	struct pivot_line *line = t->n_lines ? &t->lines[t->n_lines - 1] : NULL;

	if (line && by_value_compare(&line->key, &key) == 0)
		return line;
	arena_grow(t->run->keep, t->lines, t->n_lines, &t->lines_cap);
	line = &t->lines[t->n_lines++];
	*line = (struct pivot_line){ .key = key };
	line->events.first_ns = WHEN_MAX;
	line->events.last_ns = WHEN_NONE;
	line->cells = arena_new(t->run->keep, struct accumulator *,
				t->n_columns * t->p->grouping.n_aggregates);
	return line;
}

static void
add_group(struct pivot_table *t, const struct group *g)
{
	const struct pivot *p = t->p;
	struct value        key = g->by[0];
	struct pivot_line  *line;
	struct row events = {.events = g->events,
			     .n_events = (uint32_t)g->n_events,
			     .events_capped = g->events_capped,
			     .decoded = g->decoded,
			     .first_ns = g->first_ns == WHEN_MAX ? WHEN_NONE : g->first_ns,
			     .last_ns = g->last_ns};
	size_t column = column_of(t, column_text(p, g, t->run->keep));
	int64_t ns;

	if (p->is_time && value_time(&key, &ns))
		key = value_of_time(timespan_floor(t->span, ns));
	line = line_of(t, key);
	group_add_events(&line->events, &events, t->run->keep);
	for (size_t i = 0; column != TEXT_NOWHERE && i < p->grouping.n_aggregates; i++) {
		struct accumulator **cell = &line->cells[column * p->grouping.n_aggregates + i];

		if (!*cell)
			*cell = arena_new(t->run->keep, struct accumulator, 1);
		accumulators_merge(*cell, &g->accumulators[i], &p->grouping.aggregates[i], t->run);
	}
}

static const struct {
	enum time_unit unit;
	int64_t        count;
} nice_spans[] = {
    {UNIT_NS, WHEN_SECOND},
    {UNIT_NS, 5 * WHEN_SECOND},
    {UNIT_NS, 10 * WHEN_SECOND},
    {UNIT_NS, 30 * WHEN_SECOND},
    {UNIT_NS, 60 * WHEN_SECOND},
    {UNIT_NS, 300 * WHEN_SECOND},
    {UNIT_NS, 600 * WHEN_SECOND},
    {UNIT_NS, 1800 * WHEN_SECOND},
    {UNIT_NS, WHEN_HOUR},
    {UNIT_NS, WHEN_DAY},
    {UNIT_MONTH, 1},
};

static struct time_span
choose_span(const struct pivot *p, struct group *const *groups, size_t n)
{
	struct time_span span = p->span;
	int64_t          first, last;

	if (!p->auto_span || n == 0 || !value_time(&groups[0]->by[0], &first) ||
	    !value_time(&groups[n - 1]->by[0], &last))
		return span;
	for (size_t i = 0; i < sizeof(nice_spans) / sizeof(nice_spans[0]); i++) {
		span = (struct time_span){ nice_spans[i].unit, nice_spans[i].count };
		if (span.unit != UNIT_NS || (last - first) / span.count < (int64_t)p->bins)
			break;
	}
	return span;
}

static struct text
cell_name(const struct pivot_table *t, size_t column, size_t aggregate, struct arena *keep)
{
	const struct pivot *p = t->p;
	struct text         name = p->grouping.aggregates[aggregate].name;

	if (!p->has_columns)
		return name;
	if (p->grouping.n_aggregates == 1)
		return t->columns[column].name;
	return arena_printf(keep, TEXT_FMT ": " TEXT_FMT, TEXT_ARG(name),
			    TEXT_ARG(t->columns[column].name));
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

bool
pivot_finish(struct stage_run *sr)
{
	struct pivot_table t = { .p = sr->stage->args, .run = sr->run };
	struct group     **groups;
	size_t             n = groups_sorted(sr->state, &groups);

	t.span = choose_span(t.p, groups, n);
	choose_columns(&t, groups, n);
	for (size_t i = 0; i < n && pipe_check(sr->run); i++)
		add_group(&t, groups[i]);
	for (size_t i = 0; i < t.n_lines; i++) {
		if (t.p->is_time && !t.p->no_gaps && i > 0 && t.n_empty <= EMPTY_ROWS_MAX &&
		    !emit_gap(sr, &t, t.lines[i - 1].key.time_ns, t.lines[i].key.time_ns))
			return false;
		if (!emit_line(sr, &t, &t.lines[i]))
			return false;
	}
	return true;
}
