/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/foresight.h"

#include "base/when.h"
#include "rules/search_expr.h"

/* Verdicts that a run remembers, and how long the values may be that they are about. */
#define VERDICTS    1024
#define VERDICT_KEY 116

struct foresight {
	const struct grouping *spec;
	struct pipeline        trial;
	uint64_t               fields;
};

struct verdict {
	bool     drops;
	uint32_t n; /* of the key; 0: free */
	char     key[VERDICT_KEY];
};

struct foresight_run {
	const struct foresight *f;
	struct run             *run;
	struct stage_run       *stages;
	struct verdict         *verdicts; /* by hash of the key */
	bool                    through;
};

/* --- while compiling --- */

static size_t
origins_find(const struct origins *o, struct text name)
{
	size_t i = 0;

	while (i < o->n && !text_eq(o->names[i], name))
		i++;
	return i;
}

uint64_t
origins_get(const struct origins *o, struct text name)
{
	size_t i = origins_find(o, name);

	return i < o->n ? o->from[i] : 0;
}

void
origins_set(struct origins *o, struct text name, uint64_t from)
{
	size_t i = origins_find(o, name);

	if (i == o->n) {
		arena_grow(o->keep, o->names, o->n, &o->cap);
		arena_grow(o->keep, o->from, o->n, &o->from_cap);
		o->names[o->n++] = name;
	}
	o->from[i] = from;
}

void
origins_overlay(struct origins *o, struct text name, uint64_t from)
{
	origins_set(o, name, from & ORIGINS_SOLID ? from : origins_get(o, name) | from);
}

/* What the stage reads follows from these BY fields. */
static uint64_t
origins_of(const struct origins *o, const struct stage *stage)
{
	struct uses uses = { .keep = o->keep };
	uint64_t    from = 0;

	stage->command->uses(stage, &uses);
	for (size_t i = 0; i < uses.n; i++)
		from |= origins_get(o, uses.names[i]);
	return uses.all ? ORIGINS_UNKNOWN : from & ~ORIGINS_SOLID;
}

static bool
origins_begin(struct origins *o, const struct grouping *spec)
{
	if (spec->n_by == 0 || spec->n_by > ORIGINS_BY_MAX)
		return false;
	for (size_t i = 0; i < spec->n_aggregates; i++) {
		if (spec->aggregates[i].wildcard)
			return false;
		origins_set(o, spec->aggregates[i].name, ORIGINS_UNKNOWN);
	}
	for (size_t i = 0; i < spec->n_by; i++)
		origins_set(o, spec->by[i].name,
			    origins_get(o, spec->by[i].name) | ORIGINS_SOLID | UINT64_C(1) << i);
	return true;
}

/* A filter that runs a subsearch, or looks at the time of rows, is not asked twice. */
static bool
filters_plainly(const struct stage *stage)
{
	return stage->command->flags & PIPE_FILTERS && stage->command->uses &&
	       (stage->command != command_find(TEXT("search")) || search_stage_pred(stage));
}

const struct foresight *
foresight_make(struct compile *c, const struct pipeline *p, size_t i, const struct grouping *spec)
{
	struct origins    o = { .keep = c->keep };
	struct foresight *f = arena_new(c->keep, struct foresight, 1);
	struct stage     *stages = arena_new(c->keep, struct stage, p->n - i);
	size_t            n = 0, n_useful = 0;

	if (!origins_begin(&o, spec))
		return NULL;
	/* What the user's own filter hides is counted, so it has to come by there. */
	for (i++; i < p->n && !p->stages[i].is_filter; i++) {
		const struct stage *stage = &p->stages[i];

		if (filters_plainly(stage)) {
			uint64_t from = origins_of(&o, stage);

			if (from & ORIGINS_UNKNOWN)
				continue;
			f->fields |= from;
			stages[n++] = *stage;
			n_useful = n;
		} else if (stage->command->derives) {
			switch (stage->command->derives(stage, &o)) {
			case DERIVES_KNOWN:
				stages[n++] = *stage;
				break;
			case DERIVES_OTHERS:
				break;
			case DERIVES_UNCLEAR:
				i = p->n - 1;
				break;
			}
		} else {
			break;
		}
	}
	f->spec = spec;
	f->trial = (struct pipeline){ .stages = stages, .n = n_useful, .depth = p->depth };
	return n_useful && f->fields ? f : NULL;
}

uint64_t
foresight_fields(const struct foresight *f)
{
	return f->fields;
}

/* --- while running --- */

static bool
comes_through(void *ctx, const struct row *row)
{
	struct foresight_run *fr = ctx;

	(void)row;
	fr->through = true;
	return true;
}

struct foresight_run *
foresight_start(struct run *run, const struct foresight *f)
{
	struct foresight_run *fr = arena_new(run->keep, struct foresight_run, 1);

	fr->f = f;
	fr->run = run;
	fr->verdicts = arena_new(run->keep, struct verdict, VERDICTS);
	fr->stages = stages_start(run, &f->trial, comes_through, fr);
	return fr->stages ? fr : NULL;
}

/* False: it does not fit. */
static bool
make_key(const struct foresight_run *fr, const struct value *all, struct verdict *out)
{
	const struct foresight *f = fr->f;

	out->n = 0;
	for (size_t i = 0; i < f->spec->n_by; i++) {
		struct text t;

		if (!(f->fields >> i & 1))
			continue;
		t = value_text(&all[i], '\n', fr->run->scratch);
		if (out->n + 5 + t.n > sizeof(out->key))
			return false;
		out->key[out->n] = (char)all[i].kind;
		memcpy(out->key + out->n + 1, &(uint32_t){ (uint32_t)t.n }, 4);
		if (t.n)
			memcpy(out->key + out->n + 5, t.p, t.n);
		out->n += 5 + (uint32_t)t.n;
	}
	return true;
}

/* Sends a row of the BY values through the filters. Where they had something to say besides, the
 * row is let through, so that it is said once, at its place. */
static bool
try_row(struct foresight_run *fr, const struct value *all, bool *spoke)
{
	struct run               *run = fr->run;
	const struct grouping    *spec = fr->f->spec;
	const struct search_stats before = *run->stats;
	struct err                problem = { 0 }, *err = run->err;
	struct row row = { .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE };

	for (size_t i = 0; i < spec->n_by; i++)
		if (fr->f->fields >> i & 1)
			row_set(&row, spec->by[i].name, all[i], run->scratch);
	run->err = &problem;
	fr->through = false;
	fr->stages->stage->command->row(fr->stages, &row);
	run->err = err;
	*spoke = run->failed || run->stats->warnings != before.warnings ||
		 run->stats->gave_up != before.gave_up;
	run->failed = false;
	*run->stats = before;
	return !fr->through && !*spoke;
}

bool
foresight_drops(struct foresight_run *fr, const struct value *all)
{
	const struct grouping *spec = fr->f->spec;
	const struct value    *items;
	struct verdict         asked, *known;
	bool                   spoke;

	for (size_t i = 0; i < spec->n_by; i++)
		if (fr->f->fields >> i & 1 && value_items(&all[i], &items) != 1)
			return false;
	if (!make_key(fr, all, &asked))
		return try_row(fr, all, &spoke);
	known = &fr->verdicts[text_hash((struct text){ asked.key, asked.n }, 0) % VERDICTS];
	if (known->n != asked.n || memcmp(known->key, asked.key, asked.n) != 0) {
		asked.drops = try_row(fr, all, &spoke);
		if (spoke)
			return false;
		*known = asked;
	}
	return known->drops;
}
