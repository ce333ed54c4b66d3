/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/subsearch.h"

static bool
subsearch_read(struct scan *s, struct pipeline *out, bool first)
{
	struct compile *c = s->c;
	enum model      model = c->model;
	const char     *command = c->command;
	struct scan     inner;

	if (!scan_brackets(s, &inner))
		return false;
	if (first)
		c->model = MODEL_NONE;
	if (!pipeline_parse(&inner, out, first))
		return false;
	c->model = model;
	c->command = command;
	return true;
}

bool
subsearch_parse(struct scan *s, struct pipeline *out, bool first)
{
	return subsearch_read(s, out, first) && scan_finish(s);
}

/* datamodel:Endpoint.Processes, as from has it. */
static bool
data_set_read(struct scan *s, struct pipeline *out)
{
	struct compile *c = s->c;
	enum model      model = c->model;
	const char     *command = c->command, *at = s->at;
	struct text     name;

	if (!scan_value(s, &name, "a data set"))
		return false;
	c->model = MODEL_NONE;
	if (!pipeline_parse_text(c, arena_printf(c->keep, "| from " TEXT_FMT, TEXT_ARG(name)),
				 expansion_place(c->expansion, (size_t)(at - c->expansion->text.p)),
				 out, true))
		return false;
	c->model = model;
	c->command = command;
	return true;
}

bool
subsearches_parse(struct scan *s, size_t least, bool data_sets, struct subsearches *out)
{
	size_t cap = 0;

	*out = (struct subsearches){ 0 };
	for (scan_commas(s); scan_at(s, '[') || (data_sets && !scan_done(s)); scan_commas(s)) {
		arena_grow(s->c->keep, out->items, out->n, &cap);
		if (!(scan_at(s, '[') ? subsearch_read(s, &out->items[out->n++], true)
				      : data_set_read(s, &out->items[out->n++])))
			return false;
	}
	return out->n >= least || scan_expected(s, least > 1 ? "two searches or more, each in [ ]"
							     : "a search in [ ]");
}

bool
subsearch_emit(void *ctx, const struct row *row)
{
	struct stage_run *sr = ctx;
	struct row        own = row_fork(row, sr->run->scratch);
	unsigned          depth = sr->run->depth;
	bool              more;

	/* Behind the stage the rows are those of the outer search again. */
	sr->run->depth = sr->depth;
	more = pipe_emit(sr, &own);
	sr->run->depth = depth;
	return more;
}
