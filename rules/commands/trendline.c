/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trendline: moving averages over the rows as they come: simple, weighted, exponential. */
#include "config.h"

#include "rules/pipeline.h"

#define PERIOD_MAX 10000

enum trend_kind { TREND_SIMPLE, TREND_WEIGHTED, TREND_EXPONENTIAL };

struct trend {
	enum trend_kind kind;
	uint64_t        period; /* rows */
	struct column   field;
	struct text     to;
};

struct trendline_args {
	struct trend *trends;
	size_t        n;
};

/* "sma5", "wma10", "ema3" */
static bool
trend_word(struct text word, struct trend *t)
{
	static const struct text heads[] = { TEXT_INIT("sma"), TEXT_INIT("wma"), TEXT_INIT("ema") };

	for (size_t i = 0; i < 3; i++)
		if (text_istarts(word, heads[i])) {
			t->kind = (enum trend_kind)i;
			return text_to_u64(text_from(word, 3), &t->period) && t->period > 1 &&
			       t->period <= PERIOD_MAX;
		}
	return false;
}

static bool
trend_parse(struct scan *s, struct trend *t)
{
	const char *at;
	struct text word, name;
	struct scan inner;

	scan_blank(s);
	at = s->at;
	word = scan_run(s, ",()=|[]\"");
	if (!trend_word(word, t))
		return scan_fail(s, at, "expected sma, wma or ema and a number of rows from 2 to %d, as "
				 "in sma5(count)", PERIOD_MAX);
	if (!scan_parentheses(s, &inner) || !scan_name(&inner, &name, "a field name") ||
	    !scan_finish(&inner))
		return false;
	t->field = compile_column(s->c, name);
	t->to = arena_printf(s->c->keep, TEXT_FMT "(" TEXT_FMT ")", TEXT_ARG(word), TEXT_ARG(name));
	if (!scan_keyword(s, "as"))
		return true;
	if (!scan_name(s, &name, "a name behind \"as\""))
		return false;
	t->to = arena_copy(s->c->keep, name);
	return true;
}

static bool
trendline_parse(struct scan *s, struct stage *stage)
{
	struct trendline_args *args = arena_new(s->c->keep, struct trendline_args, 1);
	size_t                 cap = 0;

	stage->args = args;
	for (scan_commas(s); !scan_done(s); scan_commas(s)) {
		arena_grow(s->c->keep, args->trends, args->n, &cap);
		args->trends[args->n] = (struct trend){ 0 };
		if (!trend_parse(s, &args->trends[args->n++]))
			return false;
	}
	return args->n > 0 || scan_expected(s, "a trend such as sma5(count)");
}

static void
trendline_uses(const struct stage *stage, struct uses *uses)
{
	const struct trendline_args *args = stage->args;

	for (size_t i = 0; i < args->n; i++)
		uses_add(uses, args->trends[i].field.name, USE_READS);
}

static void
trendline_columns(const struct stage *stage, struct columns *columns)
{
	const struct trendline_args *args = stage->args;

	for (size_t i = 0; i < args->n; i++)
		columns_add(columns, args->trends[i].to);
}

struct sums {
	double sum, weighted; /* each number once; each times its place, the first one's 1 */
};

/*
 * Simple and weighted averages: numbers come in blocks of a period. A period is the end of the block
 * before and the beginning of this one, so that no number costs more than another, and none that
 * has left leaves anything behind in a sum.
 */
struct trend_state {
	double      *block;
	struct sums  begun;  /* of the block so far */
	struct sums *behind; /* of the block before, from each place on to its end */
	double       exponential;
	uint64_t     n;
};

static bool
trendline_start(struct stage_run *sr)
{
	const struct trendline_args *args = sr->stage->args;
	struct trend_state *states = arena_new(sr->run->keep, struct trend_state, args->n);

	sr->state = states;
	for (size_t i = 0; i < args->n; i++)
		if (args->trends[i].kind != TREND_EXPONENTIAL) {
			uint64_t period = args->trends[i].period;

			states[i].block = arena_new(sr->run->keep, double, period);
			states[i].behind = arena_new(sr->run->keep, struct sums, period + 1);
		}
	return true;
}

static void
block_ends(struct trend_state *state, uint64_t size)
{
	for (uint64_t i = size; i-- > 0;) {
		double sum = state->behind[i + 1].sum + state->block[i];

		state->behind[i] = (struct sums){ sum, state->behind[i + 1].weighted + sum };
	}
	state->begun = (struct sums){ 0 };
}

/* The average with N, the newest; only whole once as many numbers as its period came. */
static double
trend_add(const struct trend *t, struct trend_state *state, double n)
{
	uint64_t     size = t->period, at = state->n++ % size;
	double       count = (double)size, older = (double)(size - at - 1);
	struct sums *begun = &state->begun, behind, all;

	if (t->kind == TREND_EXPONENTIAL) {
		double share = 2 / (count + 1);

		state->exponential =
		    state->n > 1 ? share * n + (1 - share) * state->exponential : n;
		return state->exponential;
	}
	behind = state->behind[at + 1];
	state->block[at] = n;
	begun->sum += n;
	begun->weighted += (double)(at + 1) * n;
	all.sum = behind.sum + begun->sum;
	all.weighted = behind.weighted + begun->weighted + older * begun->sum;
	if (at + 1 == size)
		block_ends(state, size);
	return t->kind == TREND_SIMPLE ? all.sum / count
				       : all.weighted / (count * (count + 1) / 2);
}

static bool
trendline_row(struct stage_run *sr, struct row *row)
{
	const struct trendline_args *args = sr->stage->args;
	struct trend_state          *states = sr->state;
	double                       n;

	for (size_t i = 0; i < args->n; i++) {
		const struct trend *t = &args->trends[i];
		struct value        v = row_value(row, &t->field, sr->run->scratch);

		if (!value_number(&v, &n))
			continue;
		n = trend_add(t, &states[i], n);
		if (states[i].n >= t->period)
			row_set(row, t->to, value_of_number(n), sr->run->scratch);
	}
	return pipe_emit(sr, row);
}

const struct pipe_command pipe_trendline = {
	.name = "trendline",
	.synopsis = "trendline sma|wma|ema<rows>(<field>) [as <name>] ...",
	.help = "moving averages: simple, weighted, exponential",
	.order = ROWS_ORDERED,
	.parse = trendline_parse,
	.uses = trendline_uses,
	.columns = trendline_columns,
	.start = trendline_start,
	.row = trendline_row,
};
