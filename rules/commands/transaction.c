/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * transaction: events that belong together as one row.
 *
 * Rows come newest first, so a transaction is met at its end: a row that fits endswith opens one,
 * a row that fits startswith completes it. Without either, all rows with the same values belong
 * together as far as maxspan, maxpause and maxevents let them.
 *
 * With several fields a row need not have them all: it joins a transaction with which it shares the
 * value of one and conflicts in none. If the transaction has none of the row's fields yet, it joins
 * with connected=f only. A row with none of the fields is an orphan.
 */
#include "config.h"

#include <stdlib.h>

#include "base/when.h"
#include "rules/expr.h"
#include "rules/row_keys.h"
#include "rules/search_expr.h"
#include "rules/timespec.h"

struct boundary {
	const struct expr *expr;     /* eval(...) */
	struct search_expr search;   /* or a search expression */
	bool               set;
};

struct transaction_args {
	struct column  *fields;
	size_t          n_fields, fields_cap;
	int64_t         max_span_ns, max_pause_ns; /* 0: any */
	uint64_t        max_events;
	struct boundary start, end;
	bool            keep_evicted;
	bool            keep_orphans;
	bool            connected;
	bool            list_all;  /* mvlist=t: values of all fields in order, repeated ones too */
	struct text    *lists;     /* or of these */
	size_t          n_lists;
};

static bool
boundary_parse(struct scan *s, struct boundary *b)
{
	struct scan  inner;
	struct text  string;
	struct expr *e;

	b->set = true;
	if (!scan_take(s, '='))
		return scan_expected(s, "\"=\"");
	if (scan_keyword(s, "eval")) {
		if (!scan_parentheses(s, &inner) || !expr_parse_condition(&inner, &e) ||
		    !scan_finish(&inner))
			return false;
		b->expr = e;
		return true;
	}
	if (scan_at(s, '"')) {
		const char *start = s->at + 1;

		if (!scan_string(s, &string))
			return false;
		inner = (struct scan){ s->c, start, s->at - 1 };
	} else if (!scan_parentheses(s, &inner)) {
		return false;
	}
	return search_expr_parse(&inner, &b->search, NULL) &&
	       (b->search.n_subs == 0 || scan_fail(s, inner.at, "no subsearch can stand here"));
}

static bool
transaction_span(struct scan *s, struct text value, int64_t *ns)
{
	struct time_span span;

	*ns = 0;
	if (text_eq(value, TEXT("-1")))
		return true;
	if (!timespan_parse(value, &span) || (span.unit != UNIT_NS && span.unit != UNIT_WEEK))
		return scan_fail(s, value.p,
				 "expected a span such as 30s or 5m, found \"" TEXT_FMT "\"",
				 TEXT_ARG(value));
	*ns = span.unit == UNIT_WEEK ? span.count * 7 * WHEN_DAY : span.count;
	return true;
}

/* Options that are not acted on, and the value that is always meant; none where it is no matter. */
static const struct {
	struct text name, meant;
} fixed_options[] = {
	{ TEXT_INIT("unifyends"), TEXT_INIT("f") },
	{ TEXT_INIT("mvraw"), TEXT_INIT("f") },
	{ TEXT_INIT("delim"), TEXT_NONE },
	{ TEXT_INIT("nullstr"), TEXT_NONE },
	{ TEXT_INIT("maxopentxn"), TEXT_NONE },
	{ TEXT_INIT("maxopenevents"), TEXT_NONE },
};

/* mvlist=t, or the fields whose values are listed. */
static bool
transaction_lists(struct scan *s, struct transaction_args *args, struct text value)
{
	size_t cap = args->n_lists;

	if (text_ieq(value, TEXT("t")) || text_ieq(value, TEXT("true")) || text_eq(value, TEXT("1"))) {
		args->list_all = true;
	} else if (!text_ieq(value, TEXT("f")) && !text_ieq(value, TEXT("false")) &&
		   !text_eq(value, TEXT("0"))) {
		while (!text_absent(value)) {
			arena_grow(s->c->keep, args->lists, args->n_lists, &cap);
			args->lists[args->n_lists++] =
			    arena_copy(s->c->keep, text_trim(text_cut(&value, ',')));
		}
	}
	return true;
}

static void
transaction_field(struct scan *s, struct transaction_args *args, struct text name)
{
	arena_grow(s->c->keep, args->fields, args->n_fields, &args->fields_cap);
	args->fields[args->n_fields++] = compile_column(s->c, name);
}

/* "dest, user" */
static void
transaction_fields(struct scan *s, struct transaction_args *args, struct text names)
{
	while (!text_absent(names)) {
		struct text list = text_trim(text_cut(&names, ','));

		while (!text_absent(list)) {
			struct text name = text_cut(&list, ' ');

			if (name.n)
				transaction_field(s, args, name);
		}
	}
}

static bool
transaction_option(struct scan *s, struct transaction_args *args, struct text name,
		   struct text value)
{
	if (text_ieq(name, TEXT("maxspan")))
		return transaction_span(s, value, &args->max_span_ns);
	if (text_ieq(name, TEXT("maxpause")))
		return transaction_span(s, value, &args->max_pause_ns);
	if (text_ieq(name, TEXT("maxevents")))
		return scan_to_count(s, name, value, 1, &args->max_events);
	if (text_ieq(name, TEXT("keepevicted")))
		return scan_to_bool(s, name, value, &args->keep_evicted);
	if (text_ieq(name, TEXT("keeporphans")))
		return scan_to_bool(s, name, value, &args->keep_orphans);
	if (text_ieq(name, TEXT("connected")))
		return scan_to_bool(s, name, value, &args->connected);
	if (text_ieq(name, TEXT("mvlist")))
		return transaction_lists(s, args, value);
	if (text_ieq(name, TEXT("fields"))) {
		transaction_fields(s, args, value);
		return true;
	}
	for (size_t i = 0; i < sizeof(fixed_options) / sizeof(fixed_options[0]); i++) {
		struct text meant = fixed_options[i].meant;
		bool        yes;

		if (!text_ieq(name, fixed_options[i].name))
			continue;
		if (meant.n == 0)
			return true;
		if (!scan_to_bool(s, name, value, &yes))
			return false;
		if (yes)
			compile_reserve(s->c, "transaction runs with " TEXT_FMT "=" TEXT_FMT,
					TEXT_ARG(name), TEXT_ARG(meant));
		return true;
	}
	return scan_bad_option(s, name);
}

static bool
transaction_parse(struct scan *s, struct stage *stage)
{
	struct transaction_args *args = arena_new(s->c->keep, struct transaction_args, 1);
	struct text              name, value;

	stage->args = args;
	args->max_events = 1000;
	args->connected = true;
	for (scan_commas(s); !scan_done(s); scan_commas(s)) {
		if (scan_keyword(s, "startswith")) {
			if (!boundary_parse(s, &args->start))
				return false;
		} else if (scan_keyword(s, "endswith")) {
			if (!boundary_parse(s, &args->end))
				return false;
		} else if (scan_option(s, &name, &value)) {
			if (!transaction_option(s, args, name, value))
				return false;
		} else {
			if (!scan_name(s, &name, "a field name"))
				return false;
			transaction_field(s, args, name);
		}
	}
	return true;
}

static void
boundary_uses(const struct boundary *b, struct uses *uses)
{
	if (b->expr)
		expr_uses(b->expr, uses, USE_READS);
	else if (b->set)
		search_expr_uses(&b->search, uses, USE_READS);
}

static void
transaction_uses(const struct stage *stage, struct uses *uses)
{
	const struct transaction_args *args = stage->args;

	for (size_t i = 0; i < args->n_fields; i++)
		uses_add(uses, args->fields[i].name, USE_READS);
	boundary_uses(&args->start, uses);
	boundary_uses(&args->end, uses);
}

static void
transaction_columns(const struct stage *stage, struct columns *columns)
{
	(void)stage;
	columns_add(columns, TEXT("duration"));
	columns_add(columns, TEXT("eventcount"));
}

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

static bool
transaction_start(struct stage_run *sr)
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

static bool
transaction_row(struct stage_run *sr, struct row *row)
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

static bool
transaction_finish(struct stage_run *sr)
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

const struct pipe_command pipe_transaction = {
    .name = "transaction",
    .synopsis =
	"transaction <field> ... [startswith=(<search>)] [endswith=(<search>)] [maxspan=<span>] "
	"[maxpause=<span>]",
    .help = "events that belong together as one row, with duration and eventcount",
    .flags = PIPE_ROWS,
    .order = ROWS_ORDERED,
    .parse = transaction_parse,
    .uses = transaction_uses,
    .columns = transaction_columns,
    .start = transaction_start,
    .row = transaction_row,
    .finish = transaction_finish,
};
