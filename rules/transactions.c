/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/transactions.h"

#include <stdlib.h>

#include "base/when.h"
#include "rules/row_keys.h"

struct transaction {
	struct row        **rows; /* newest first */
	size_t              n, cap;
	int64_t             newest_ns, oldest_ns;
	bool                open;
	struct text        *values; /* of the fields, as far as its rows have them; else absent */
	struct transaction *next;   /* in the order they were opened */
};

/* A transaction that has this value of a field; newer ones first. */
struct member {
	struct transaction *t;
	struct member      *next;
};

struct transaction_state {
	struct row_keys     keys;   /* data: the open transaction with just these values */
	struct row_keys    *having; /* per field; data: struct member */
	struct row_key      single; /* without fields */
	struct transaction *first, *last;
};

/* So many transactions that share a value are tried for a row. */
#define MEMBERS_TRIED 5000

bool
transactions_start(struct stage_run *sr)
{
	const struct transaction_args *args = sr->stage->args;
	struct transaction_state      *state = arena_new(sr->run->keep, struct transaction_state, 1);

	sr->state = state;
	state->having = arena_new(sr->run->keep, struct row_keys, args->n_fields + 1);
	return true;
}

static bool
at_boundary(struct stage_run *sr, const struct boundary *b, const struct row *row)
{
	struct eval ev = { .run = sr->run, .row = row };

	if (!b->set)
		return false;
	return b->expr ? expr_truth(b->expr, &ev) == TRUTH_TRUE
		       : row_matches(row, b->search.pred, sr->run->scratch);
}

static int
by_text(const void *a, const void *b)
{
	const struct value *x = a, *y = b;

	return text_cmp(x->text, y->text);
}

static bool
is_listed(const struct transaction_args *args, struct text name)
{
	bool listed = args->list_all;

	for (size_t i = 0; i < args->n_fields; i++)
		if (text_eq(args->fields[i].name, name))
			return false;
	for (size_t i = 0; i < args->n_lists; i++)
		listed |= text_eq(args->lists[i], name);
	return listed;
}

/* All values of a field over the rows: oldest first, or each once, bytewise. */
static struct value
union_of(const struct transaction *t, struct text name, bool listed, struct arena *keep)
{
	struct value *items = NULL;
	size_t        n = 0, cap = 0, kept = 0;

	for (size_t i = t->n; i > 0; i--) {
		struct value        v = row_get(t->rows[i - 1], name, keep);
		const struct value *parts;
		size_t              n_parts = value_items(&v, &parts);

		for (size_t k = 0; k < n_parts; k++) {
			arena_grow(keep, items, n, &cap);
			items[n++] = value_of_text(value_text(&parts[k], ' ', keep));
		}
	}
	if (listed)
		return value_of_list(items, n);
	if (n > 1)
		qsort(items, n, sizeof(*items), by_text);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || !text_eq(items[i].text, items[kept - 1].text))
			items[kept++] = items[i];
	return value_of_list(items, kept);
}

static void
union_fields(const struct transaction_args *args, const struct transaction *t, struct row *out,
	     struct arena *keep)
{
	for (size_t i = 0; i < t->n; i++) {
		struct text *names;
		size_t       n = row_names(t->rows[i], keep, &names);

		for (size_t k = 0; k < n; k++)
			if (names[k].p[0] != '_' && !row_has_cell(out, names[k]))
				row_set(out, names[k],
					union_of(t, names[k], is_listed(args, names[k]), keep),
					keep);
		row_add_events(out, t->rows[i], keep);
	}
}

/* The texts of its events, oldest first. */
static struct value
raw_of(const struct transaction *t, struct arena *keep)
{
	struct text raw = TEXT("");

	for (size_t i = t->n; i > 0; i--) {
		struct text one = row_text(t->rows[i - 1], TEXT("_raw"), '\n', keep);

		if (!text_absent(one))
			raw = arena_printf(keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(raw),
					   raw.n ? "\n" : "", TEXT_ARG(one));
	}
	return raw.n ? value_of_text(raw) : (struct value){ 0 };
}

static bool
emit_transaction(struct stage_run *sr, const struct transaction *t, bool closed)
{
	struct arena *keep = sr->run->scratch;
	char         *mark = pipe_mark(sr->run);
	struct row    row = { .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE };
	bool          more;

	if (t->oldest_ns != WHEN_NONE)
		row_set(&row, TEXT("_time"), value_of_time(t->oldest_ns), keep);
	union_fields(sr->stage->args, t, &row, keep);
	row_set(&row, TEXT("_raw"), raw_of(t, keep), keep);
	row_set(&row, TEXT("duration"),
		value_of_number((double)((uint64_t)t->newest_ns - (uint64_t)t->oldest_ns) / 1e9),
		keep);
	row_set(&row, TEXT("eventcount"), value_of_number((double)t->n), keep);
	row_set(&row, TEXT("closed_txn"), value_of_number(closed), keep);
	more = pipe_emit(sr, &row);
	pipe_release(sr->run, mark);
	return more;
}

/* A transaction that no start completed is only kept when asked for. */
static bool
close_transaction(struct stage_run *sr, struct transaction *t, bool complete)
{
	const struct transaction_args *args = sr->stage->args;

	t->open = false;
	complete |= !args->start.set && !args->end.set;
	return (!complete && !args->keep_evicted) || emit_transaction(sr, t, complete);
}

static struct transaction *
open_transaction(struct stage_run *sr)
{
	const struct transaction_args *args = sr->stage->args;
	struct transaction_state      *state = sr->state;
	struct transaction            *t = arena_new(sr->run->keep, struct transaction, 1);

	t->open = true;
	t->newest_ns = t->oldest_ns = WHEN_NONE;
	t->values = arena_new(sr->run->keep, struct text, args->n_fields + 1);
	if (state->last)
		state->last->next = t;
	else
		state->first = t;
	state->last = t;
	return t;
}

/* --- to which transaction a row belongs --- */

/* Does the row differ in none of the fields that both have? SHARES: and agree in one? */
static bool
agrees(const struct transaction *t, const struct text *values, size_t n, bool *shares)
{
	*shares = false;
	for (size_t i = 0; i < n; i++) {
		if (text_absent(values[i]) || text_absent(t->values[i]))
			continue;
		if (!text_eq(values[i], t->values[i]))
			return false;
		*shares = true;
	}
	return true;
}

/* The newest open transaction that shares a value with the row. */
static struct transaction *
find_sharing(struct stage_run *sr, const struct row *row, const struct text *values)
{
	const struct transaction_args *args = sr->stage->args;
	struct transaction_state      *state = sr->state;
	size_t                         tried = 0;
	bool                           shares;

	for (size_t i = 0; i < args->n_fields; i++) {
		struct row_key *key =
		    row_keys_find(&state->having[i], sr->run, row, &args->fields[i], 1);

		for (struct member *m = key ? key->data : NULL; m && tried < MEMBERS_TRIED;
		     m = m->next, tried++)
			if (m->t->open && agrees(m->t, values, args->n_fields, &shares))
				return m->t;
	}
	return NULL;
}

/* An open transaction that has none of the row's fields. */
static struct transaction *
find_unconnected(struct stage_run *sr, const struct text *values)
{
	const struct transaction_args *args = sr->stage->args;
	struct transaction_state      *state = sr->state;
	size_t                         tried = 0;
	bool                           shares;

	for (struct transaction *t = state->first; t && tried < MEMBERS_TRIED; t = t->next, tried++)
		if (t->open && agrees(t, values, args->n_fields, &shares) && !shares)
			return t;
	return NULL;
}

/* The open transaction of the row; NULL: none. ORPHAN: the row has none of the fields. */
static struct transaction *
transaction_of(struct stage_run *sr, const struct row *row, const struct text *values,
	       bool *orphan)
{
	const struct transaction_args *args = sr->stage->args;
	struct transaction_state      *state = sr->state;
	struct row_key                *key = &state->single;
	struct transaction            *t;

	*orphan = args->n_fields > 0;
	for (size_t i = 0; i < args->n_fields; i++)
		*orphan &= text_absent(values[i]);
	if (*orphan)
		return NULL;
	if (args->n_fields)
		key = row_keys_find(&state->keys, sr->run, row, args->fields, args->n_fields);
	t = key ? key->data : NULL;
	if ((!t || !t->open) && args->n_fields > 1) {
		t = find_sharing(sr, row, values);
		if (!t && !args->connected)
			t = find_unconnected(sr, values);
	}
	return t && t->open ? t : NULL;
}

/* What the row has from now on leads to T. */
static void
transaction_takes(struct stage_run *sr, struct transaction *t, const struct row *row,
		  const struct text *values)
{
	const struct transaction_args *args = sr->stage->args;
	struct transaction_state      *state = sr->state;
	struct arena                  *keep = sr->run->keep;
	struct row_key                *key = &state->single;

	if (args->n_fields)
		key = row_keys_get(&state->keys, sr->run, row, args->fields, args->n_fields);
	if (key)
		key->data = t;
	for (size_t i = 0; i < args->n_fields; i++) {
		struct member *m;

		if (text_absent(values[i]) || !text_absent(t->values[i]))
			continue;
		t->values[i] = arena_copy(keep, values[i]);
		if (args->n_fields == 1)
			continue;
		key = row_keys_get(&state->having[i], sr->run, row, &args->fields[i], 1);
		m = arena_new(keep, struct member, 1);
		*m = (struct member){ t, key->data };
		key->data = m;
	}
}

static bool
transaction_add(struct stage_run *sr, struct transaction *t, const struct row *row)
{
	struct arena *keep = sr->run->keep;

	arena_grow(keep, t->rows, t->n, &t->cap);
	t->rows[t->n] = arena_new(keep, struct row, 1);
	*t->rows[t->n++] = row_keep(row, sr->stage->closed ? sr->stage->needed : NULL,
				    sr->stage->n_needed, keep);
	if (row->time_ns != WHEN_NONE) {
		if (t->newest_ns == WHEN_NONE || row->time_ns > t->newest_ns)
			t->newest_ns = row->time_ns;
		if (t->oldest_ns == WHEN_NONE || row->time_ns < t->oldest_ns)
			t->oldest_ns = row->time_ns;
	}
	return pipe_check(sr->run);
}

static bool
has_room(const struct transaction_args *args, const struct transaction *t, const struct row *row)
{
	if (t->n >= args->max_events)
		return false;
	if (row->time_ns == WHEN_NONE || t->oldest_ns == WHEN_NONE)
		return true;
	return (args->max_pause_ns == 0 || t->oldest_ns - row->time_ns <= args->max_pause_ns) &&
	       (args->max_span_ns == 0 || t->newest_ns - row->time_ns <= args->max_span_ns);
}

/* A row of no transaction. */
static bool
emit_alone(struct stage_run *sr, struct row *row, const char *mark)
{
	row_set(row, text_of(mark), value_of_number(mark[0] == '_'), sr->run->scratch);
	return pipe_emit(sr, row);
}

bool
transactions_row(struct stage_run *sr, struct row *row)
{
	const struct transaction_args *args = sr->stage->args;
	struct arena                  *scratch = sr->run->scratch;
	bool ends = at_boundary(sr, &args->end, row), starts = at_boundary(sr, &args->start, row);
	struct text        *values = arena_new(scratch, struct text, args->n_fields + 1);
	struct transaction *t;
	bool                orphan;

	for (size_t i = 0; i < args->n_fields; i++) {
		struct value v = row_value(row, &args->fields[i], scratch);

		values[i] = v.kind == VALUE_NULL ? TEXT_NONE : value_text(&v, '\n', scratch);
	}
	t = transaction_of(sr, row, values, &orphan);
	if (orphan)
		return !args->keep_orphans || emit_alone(sr, row, "_txn_orphan");
	if (t && (ends || !has_room(args, t, row))) {
		/* With an end but no start, the next end completes it. */
		if (!close_transaction(sr, t, !args->start.set && args->end.set))
			return false;
		t = NULL;
	}
	if (!t && args->end.set && !ends)
		return !args->keep_evicted || emit_alone(sr, row, "closed_txn");
	if (!t)
		t = open_transaction(sr);
	transaction_takes(sr, t, row, values);
	return transaction_add(sr, t, row) && (!starts || close_transaction(sr, t, true));
}

bool
transactions_finish(struct stage_run *sr)
{
	const struct transaction_args *args = sr->stage->args;
	struct transaction_state      *state = sr->state;
	bool                           complete = !args->start.set;

	for (struct transaction *t = state->first; t; t = t->next) {
		if (!t->open || (!complete && !args->keep_evicted))
			continue;
		if (!emit_transaction(sr, t, complete))
			return false;
	}
	return true;
}
