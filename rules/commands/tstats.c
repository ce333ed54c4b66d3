/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tstats: stats over the rows of a data model's data set, which are its events.
 *
 * With prestats=t the rows themselves go on, with the fields that it names, for a stats, chart or
 * timechart to add up; with append=t as well, behind those of the tstats before.
 */
#include "config.h"

#include "base/when.h"
#include "rules/groups.h"
#include "rules/leaf.h"
#include "rules/model_rows.h"
#include "rules/search_expr.h"

struct tstats_args {
	struct grouping    grouping;
	struct search_expr where;
	enum model         model;
	uint32_t           leaf;
	bool               closed; /* a data set that no event can be a member of */
	bool               prestats, append;
};

static const char *const clauses[] = { "from", "where", "by", "groupby", NULL };

static bool
tstats_option(struct scan *s, struct tstats_args *args, struct text name, struct text value)
{
	static const char *const ignored[] = { "summariesonly", "allow_old_summaries", "local",
					       "chunk_size",	"include_reduced_buckets",
					       "use_summary_index_values" };

	if (text_ieq(name, TEXT("fillnull_value"))) {
		args->grouping.fill = value;
		return true;
	}
	if (text_ieq(name, TEXT("prestats")))
		return scan_to_bool(s, name, value, &args->prestats);
	if (text_ieq(name, TEXT("append")))
		return scan_to_bool(s, name, value, &args->append);
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		if (text_ieq(name, text_of(ignored[i])))
			return true;
	return scan_bad_option(s, name);
}

/* from datamodel=Endpoint.Processes */
static bool
tstats_from(struct scan *s, struct tstats_args *args)
{
	const char *at;
	struct text name;

	if (!scan_keyword(s, "datamodel"))
		return scan_expected(s, "datamodel=<name>");
	if (!scan_take(s, '='))
		scan_take(s, ':');
	scan_blank(s);
	at = s->at;
	if (!model_rows_name(s, &name) || !model_rows_find(s, at, name, &args->model, &args->closed))
		return false;
	args->where.model = args->model;
	return true;
}

/* A plain name that only the data set has is read as its field. */
static struct column
model_column(struct compile *c, struct text name, enum model model)
{
	struct column  column = compile_column(c, name);
	struct text    prefix = model_prefix(model);
	struct name_ref ref;

	if (model == MODEL_NONE || name.n == 0 || name.p[0] == '_' ||
	    text_find_byte(name, '.') != TEXT_NOWHERE)
		return column;
	ref = name_ref(
	    arena_printf(c->keep, TEXT_FMT "." TEXT_FMT, TEXT_ARG(prefix), TEXT_ARG(name)));
	if (ref.n_entries && !text_eq(name, TEXT("host")) && !text_eq(name, TEXT("source")) &&
	    !text_eq(name, TEXT("sourcetype"))) {
		column.ref = ref;
		compile_reserve(c, "field \"" TEXT_FMT "\" is read as " TEXT_FMT "." TEXT_FMT,
				TEXT_ARG(name), TEXT_ARG(prefix), TEXT_ARG(name));
	}
	return column;
}

/* PREFIX(user=): what an event has behind "user=", which is its field of that name. The column is
 * called as the prefix. *TAKEN: it came next. */
static bool
prefix_column(struct scan *s, const struct tstats_args *args, struct column *out, bool *taken)
{
	struct scan ahead = *s, inner;
	struct text prefix, name;

	*taken = scan_keyword(&ahead, "PREFIX") && scan_at(&ahead, '(');
	if (!*taken)
		return true;
	if (!scan_parentheses(&ahead, &inner))
		return false;
	prefix = text_trim((struct text){ inner.at, (size_t)(inner.end - inner.at) });
	name = prefix.n && (prefix.p[prefix.n - 1] == '=' || prefix.p[prefix.n - 1] == ':')
		       ? text_head(prefix, prefix.n - 1) : prefix;
	if (!name.n)
		return scan_expected(&inner, "a prefix such as user=");
	*out = model_column(s->c, arena_copy(s->c->keep, name), args->model);
	out->name = arena_copy(s->c->keep, prefix);
	*s = ahead;
	return true;
}

static bool
tstats_by(struct scan *s, struct tstats_args *args)
{
	struct grouping *g = &args->grouping;
	size_t           cap = 0;
	struct text      name, value;
	bool             taken;

	for (;;) {
		scan_commas(s);
		if (scan_done(s))
			break;
		if (scan_option(s, &name, &value)) {
			if (!text_ieq(name, TEXT("span"))) {
				if (!tstats_option(s, args, name, value))
					return false;
				continue;
			}
			/* how Splunk would choose one depends on the range of its own clock */
			g->spanned = !text_ieq(value, TEXT("auto"));
			if (g->spanned && !timespan_parse(value, &g->span))
				return scan_fail(
				    s, value.p,
				    "expected a span such as 5m or 1h, found \"" TEXT_FMT "\"",
				    TEXT_ARG(value));
			continue;
		}
		arena_grow(s->c->keep, g->by, g->n_by, &cap);
		if (!prefix_column(s, args, &g->by[g->n_by], &taken))
			return false;
		if (taken) {
			g->n_by++;
			continue;
		}
		if (!scan_name(s, &name, "a field name"))
			return false;
		if (text_find_byte(name, '*') != TEXT_NOWHERE)
			return scan_fail(s, s->at, "\"by\" takes no wildcards");
		g->by[g->n_by++] = model_column(s->c, arena_copy(s->c->keep, name), args->model);
	}
	return g->n_by > 0 || scan_expected(s, "a field name behind \"by\"");
}

static bool
check_aggregates(struct scan *s, struct tstats_args *args)
{
	for (size_t i = 0; i < args->grouping.n_aggregates; i++) {
		struct aggregate *a = &args->grouping.aggregates[i];

		if (a->expr)
			return scan_fail(s, s->at, "tstats takes no eval(...) in its aggregates");
		if (a->wildcard && a->kind == AGG_COUNT)
			*a = (struct aggregate){ .kind = AGG_COUNT, .name = a->name };
		if (a->wildcard)
			return scan_fail(s, s->at, "tstats takes no wildcards in its aggregates");
		if (a->field.name.n) {
			struct scan inner = *s;
			bool        taken;

			inner.at = a->field.name.p;
			inner.end = a->field.name.p + a->field.name.n;
			if (!prefix_column(&inner, args, &a->field, &taken))
				return false;
			if (!taken)
				a->field = model_column(s->c, a->field.name, args->model);
		}
	}
	return true;
}

/* Fields that the data set does not have are null in every row. */
static void
remark_on_fields(struct compile *c, const struct tstats_args *args)
{
	struct text prefix = model_prefix(args->model);
	struct uses uses = { .keep = c->keep };

	if (args->model == MODEL_NONE || args->model == MODEL_RISK)
		return;
	if (args->where.pred)
		search_expr_uses(&args->where, &uses, USE_READS);
	for (size_t i = 0; i < args->grouping.n_by && text_absent(args->grouping.fill); i++)
		uses_add(&uses, args->grouping.by[i].name, USE_READS);
	for (size_t i = 0; i < uses.n; i++) {
		struct text bare = uses.names[i], first = text_cut(&bare, '.');

		if (!text_absent(bare) && text_eq(first, prefix) &&
		    name_ref(uses.names[i]).n_entries == 0)
			compile_reserve(c, "field \"" TEXT_FMT "\" is none of the data set, or one of "
					"an asset table, which a case does not have: it is null",
					TEXT_ARG(uses.names[i]));
	}
}

static bool
tstats_leaf(struct scan *s, struct tstats_args *args)
{
	struct compile *c = s->c;

	if (args->closed)
		args->where.pred = pred_false();
	else if (args->model != MODEL_NONE && args->model != MODEL_RISK)
		args->where.pred = pred_and(c->keep, pred_model(c->keep, args->model), args->where.pred);
	else if (!args->where.pred)
		args->where.pred = pred_true();
	c->search->leaves[args->leaf] = (struct leaf){
		.pred = args->model == MODEL_RISK ? NULL
						  : search_expr_widen(&args->where, c->keep),
		.exact = args->where.n_subs == 0 && !c->inexact,
		.earliest = args->where.earliest,
		.latest = args->where.latest,
	};
	return true;
}

static bool
tstats_options(struct scan *s, const struct stage *stage, struct tstats_args *args)
{
	struct text name, value;

	while (scan_option(s, &name, &value))
		if (!tstats_option(s, args, name, value))
			return false;
	if (args->append && !args->prestats)
		return scan_fail(s, stage->source.p, "tstats append=true needs prestats=true");
	if (!stage->first && !args->append)
		return scan_fail(s, stage->source.p, "\"tstats\" can only come first, behind a leading \"|\", or "
					"with prestats=true append=true behind another");
	return true;
}

static bool
tstats_parse(struct scan *s, struct stage *stage)
{
	static const char *const behind_where[] = { "by", "groupby", NULL };
	struct tstats_args *args = arena_new(s->c->keep, struct tstats_args, 1);
	struct leaf         leaf = { 0 };

	stage->args = args;
	args->leaf = leaf_add(s->c, &leaf);
	if (!tstats_options(s, stage, args))
		return false;
	if (!aggregates_parse(s, &args->grouping.aggregates, &args->grouping.n_aggregates, clauses))
		return false;
	if (scan_keyword(s, "from") && !tstats_from(s, args))
		return false;
	if (scan_keyword(s, "where") && !search_expr_parse(s, &args->where, behind_where))
		return false;
	if ((scan_keyword(s, "by") || scan_keyword(s, "groupby")) && !tstats_by(s, args))
		return false;
	stage->grouping = args->prestats ? NULL : &args->grouping;
	if (args->prestats)
		stage->order = ROWS_EACH;
	else if (aggregates_unordered(args->grouping.aggregates, args->grouping.n_aggregates))
		stage->order = ROWS_UNORDERED;
	stage->leaf = args->leaf;
	remark_on_fields(s->c, args);
	return check_aggregates(s, args) && tstats_leaf(s, args);
}

static void
tstats_columns(const struct stage *stage, struct columns *columns)
{
	const struct tstats_args *args = stage->args;

	if (!args->append)
		columns_only(columns);
	for (size_t i = 0; i < args->grouping.n_by; i++)
		columns_add(columns, args->grouping.by[i].name);
	for (size_t i = 0; i < args->grouping.n_aggregates && !args->prestats; i++)
		columns_add(columns, args->grouping.aggregates[i].name);
}

struct tstats_state {
	struct groups     *groups;
	const struct pred *pred;
	bool               reading; /* rows that come now are its own */
};

static bool
tstats_start(struct stage_run *sr)
{
	const struct tstats_args *args = sr->stage->args;
	struct tstats_state      *state = arena_new(sr->run->keep, struct tstats_state, 1);

	sr->state = state;
	if (!args->prestats && !(state->groups = groups_of_stage(sr->run, sr->stage)))
		return false;
	return search_expr_resolve(sr->run, &args->where, &state->pred);
}

/* The start of the bucket that a time is in. */
static struct value
bucket_of(const struct grouping *g, struct text name, struct value v)
{
	int64_t ns;

	return g->spanned && text_eq(name, TEXT("_time")) && value_time(&v, &ns)
		   ? value_of_time(timespan_floor(g->span, ns))
		   : v;
}

/* The row with the fields that the tstats names; without one of its BY fields there is none. */
static bool
emit_prestats(struct stage_run *sr, const struct row *row)
{
	const struct tstats_args *args = sr->stage->args;
	const struct grouping    *g = &args->grouping;
	struct arena             *scratch = sr->run->scratch;
	struct row out = { .time_ns = row->time_ns, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE };

	for (size_t i = 0; i < g->n_aggregates; i++)
		if (g->aggregates[i].field.name.n)
			row_set(&out, g->aggregates[i].field.name,
				row_value(row, &g->aggregates[i].field, scratch), scratch);
	for (size_t i = 0; i < g->n_by; i++) {
		struct value v = row_value(row, &g->by[i], scratch);

		if (v.kind == VALUE_NULL)
			v = value_of_text(g->fill);
		if (v.kind == VALUE_NULL)
			return true;
		row_set(&out, g->by[i].name, bucket_of(g, g->by[i].name, v), scratch);
	}
	row_add_events(&out, row, scratch);
	out.decoded = row->decoded;
	return pipe_emit(sr, &out);
}

/* The rows of the leaf come here: this stage stands behind itself. */
static bool
tstats_row(struct stage_run *sr, struct row *row)
{
	const struct tstats_args  *args = sr->stage->args;
	const struct tstats_state *state = sr->state;

	if (args->append && !state->reading)
		return pipe_emit(sr, row);
	if (args->model == MODEL_RISK && !row_matches(row, state->pred, sr->run->scratch))
		return true;
	return args->prestats ? emit_prestats(sr, row) : groups_add(state->groups, row);
}

static bool
tstats_generate(struct stage_run *sr)
{
	const struct tstats_args *args = sr->stage->args;
	struct tstats_state      *state = sr->state;
	struct stage_run          reader = *sr;
	bool                      good;

	reader.next = sr;
	state->reading = true;
	good = args->model == MODEL_RISK
		   ? model_rows_risk(&reader, args->leaf, model_prefix(MODEL_RISK))
		   : leaf_run(&reader, args->leaf, state->pred);
	state->reading = false;
	return good;
}

static bool
tstats_finish(struct stage_run *sr)
{
	const struct tstats_args *args = sr->stage->args;
	struct tstats_state      *state = sr->state;

	if (!args->prestats)
		return groups_emit(state->groups, sr);
	return sr->stage->first || sr->enough || tstats_generate(sr);
}

const struct pipe_command pipe_tstats = {
    .name = "tstats",
    .synopsis =
	"tstats <aggregate> ... from datamodel=<model> [where <search expression>] [by <field> ...]",
    .help = "stats over a data set of a data model, such as Endpoint.Processes",
    .flags = PIPE_FIRST | PIPE_ONLY_FIRST | PIPE_APPENDS | PIPE_ROWS,
    .order = ROWS_ORDERED,
    .parse = tstats_parse,
    .columns = tstats_columns,
    .start = tstats_start,
    .row = tstats_row,
    .generate = tstats_generate,
    .finish = tstats_finish,
};
