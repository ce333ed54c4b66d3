/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transaction: events that belong together as one row. */
#include "config.h"

#include "base/when.h"
#include "rules/timespec.h"
#include "rules/transactions.h"

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
	*ns = 0;
	return text_eq(value, TEXT("-1")) || timespan_length(value, ns) ||
	       scan_fail(s, value.p, "expected a span such as 30s or 5m, found \"" TEXT_FMT "\"",
			 TEXT_ARG(value));
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
    .start = transactions_start,
    .row = transactions_row,
    .finish = transactions_finish,
};
