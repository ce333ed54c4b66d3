/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions that read JSON and XML. */
#include "config.h"

#include "rules/document.h"
#include "rules/functions.h"

struct gathered {
	struct arena *scratch;
	struct value *items;
	size_t        n, cap;
};

static void
gather(void *ctx, struct text path, struct text value)
{
	struct gathered *g = ctx;

	(void)path;
	arena_grow(g->scratch, g->items, g->n, &g->cap);
	g->items[g->n++] = value_of_text(value);
}

static struct value
values_at(const struct doc *d, struct text path, struct eval *ev)
{
	struct gathered g = { .scratch = ev->run->scratch };

	if (d)
		doc_find(d, path, gather, &g, g.scratch);
	return value_of_list(g.items, g.n);
}

struct value
function_spath(const struct expr *call, struct eval *ev)
{
	struct text t, path;

	if (!arg_text(call, ev, 0, &t) || !arg_text(call, ev, 1, &path))
		return (struct value){ 0 };
	return values_at(doc_read(t, ev->run->scratch), path, ev);
}

struct value
function_json_extract(const struct expr *call, struct eval *ev)
{
	struct text t, path = TEXT("");

	if (!arg_text(call, ev, 0, &t) || (call->n_kids > 1 && !arg_text(call, ev, 1, &path)))
		return (struct value){ 0 };
	return values_at(doc_read_json(t, ev->run->scratch), path, ev);
}

struct value
function_json_valid(const struct expr *call, struct eval *ev)
{
	struct text t;

	if (!arg_text(call, ev, 0, &t))
		return (struct value){ 0 };
	return value_of_number(doc_read_json(t, ev->run->scratch) != NULL);
}
