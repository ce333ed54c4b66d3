/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a search expression is worth while a search runs: its subsearches, and rows against it. */
#include "config.h"

#include "rules/search_expr.h"

#include "base/when.h"

#define SUBSEARCH_ROWS_MAX 10000

/* --- subsearches --- */

/* P with each holder replaced; VALUES NULL: by what lets most through (POSITIVE: true). */
static const struct pred *
substitute(const struct pred *p, const struct search_expr *e, const struct pred *const *values,
	   bool positive, struct arena *keep)
{
	for (size_t i = 0; i < e->n_subs; i++)
		if (e->subs[i].holder == p)
			return values ? values[i] : positive ? pred_true() : pred_false();
	if (p->n_kids == 0)
		return p;
	const struct pred **kids = arena_new(keep, const struct pred *, p->n_kids);

	for (uint32_t i = 0; i < p->n_kids; i++)
		kids[i] =
		    substitute(p->kids[i], e, values, positive != (p->kind == PRED_NOT), keep);
	return p->kind == PRED_NOT ? pred_not(keep, kids[0])
				   : pred_list(keep, p->kind, kids, p->n_kids);
}

const struct pred *
search_expr_widen(const struct search_expr *e, struct arena *keep)
{
	return e->n_subs ? substitute(e->pred, e, NULL, true, keep) : e->pred;
}

static const struct pred *
field_equals(struct text name, const struct value *v, enum model model, struct arena *keep)
{
	const struct value *items;
	size_t              n = value_items(v, &items);
	const struct pred **kids = arena_new(keep, const struct pred *, n);
	struct column       column = column_make(keep, arena_copy(keep, name), model);

	for (size_t i = 0; i < n; i++) {
		struct pred *node = arena_new(keep, struct pred, 1);

		node->kind = PRED_EQ;
		node->name = column.ref;
		node->pattern = pattern_make(
		    keep, arena_copy(keep, value_text(&items[i], ' ', keep)), false, false);
		kids[i] = node;
	}
	return pred_list(keep, PRED_OR, kids, n);
}

/* What rows of a subsearch say: OR over rows of AND over their fields. */
static const struct pred *
rows_to_pred(struct row *const *rows, size_t n, enum model model, struct arena *keep)
{
	const struct pred **ors = arena_new(keep, const struct pred *, n);
	size_t              n_ors = 0;

	for (size_t i = 0; i < n; i++) {
		struct text        *names;
		size_t              n_names = row_names(rows[i], keep, &names), n_ands = 0;
		const struct pred **ands = arena_new(keep, const struct pred *, n_names);

		for (size_t k = 0; k < n_names; k++) {
			struct value v = row_get(rows[i], names[k], keep);

			if (names[k].n && names[k].p[0] != '_')
				ands[n_ands++] = field_equals(names[k], &v, model, keep);
		}
		if (n_ands)
			ors[n_ors++] = pred_list(keep, PRED_AND, ands, n_ands);
	}
	return pred_list(keep, PRED_OR, ors, n_ors);
}

/* A single field "search" or "query" is search text itself (made by format and return). */
static bool
rows_are_text(struct row *const *rows, size_t n, struct arena *keep, struct text *out)
{
	*out = TEXT("");
	for (size_t i = 0; i < n; i++) {
		struct text t = row_text(rows[i], TEXT("search"), ' ', keep);

		if (text_absent(t))
			t = row_text(rows[i], TEXT("query"), ' ', keep);
		if (text_absent(t))
			return false;
		*out = out->n ? arena_printf(keep, TEXT_FMT " OR (" TEXT_FMT ")", TEXT_ARG(*out),
					     TEXT_ARG(t))
			      : arena_printf(keep, "(" TEXT_FMT ")", TEXT_ARG(t));
	}
	return n > 0;
}

static bool
text_to_pred(struct run *run, struct text text, const struct pred **out)
{
	static const struct search_env no_env;
	struct search      *search = arena_new(run->keep, struct search, 1);
	struct compile c = {.keep = run->keep, .search = search, .env = &no_env, .err = run->err};
	struct search_expr  e = { 0 };
	struct macros      *none = macros_new(run->keep);
	struct scan         s = { .c = &c };

	search->keep = run->keep;
	c.expansion = &search->expansion;
	if (!expand(&search->expansion, run->keep, text, (struct place){TEXT("(subsearch)"), 1, 1},
		    none, run->err)) {
		run->failed = true;
		return false;
	}
	s.at = search->expansion.text.p;
	s.end = s.at + search->expansion.text.n;
	if (!search_expr_parse(&s, &e, NULL) || e.n_subs) {
		run->failed = true;
		return err_set(run->err, ERR_RULE,
			       "the text of a subsearch is no search expression");
	}
	*out = e.pred;
	return true;
}

static bool
subsearch_pred(struct run *run, const struct subsearch *sub, enum model model,
	       const struct pred **out)
{
	struct row **rows;
	struct text  text;
	size_t       n;
	bool         cut;

	if (!pipeline_collect(run, &sub->pipeline, SUBSEARCH_ROWS_MAX, &rows, &n, &cut))
		return false;
	if (cut)
		pipe_warn(run, "a subsearch gave more than %d rows: only these are used",
			  SUBSEARCH_ROWS_MAX);
	if (rows_are_text(rows, n, run->keep, &text))
		return text_to_pred(run, text, out);
	*out = rows_to_pred(rows, n, model, run->keep);
	return true;
}

bool
search_expr_resolve(struct run *run, const struct search_expr *e, const struct pred **out)
{
	const struct pred **values = arena_new(run->keep, const struct pred *, e->n_subs);

	for (size_t i = 0; i < e->n_subs; i++)
		if (!subsearch_pred(run, &e->subs[i], e->model, &values[i]))
			return false;
	*out = e->n_subs ? substitute(e->pred, e, values, true, run->keep) : e->pred;
	return true;
}

static void
pred_uses(const struct pred *p, struct uses *uses, enum use kind)
{
	if (p->name.name.n)
		uses_add(uses, p->name.name, kind);
	if (p->kind == PRED_WORD)
		uses_add(uses, TEXT("_raw"), USE_READS);
	for (uint32_t i = 0; i < p->n_kids; i++)
		pred_uses(p->kids[i], uses, kind);
}

void
search_expr_uses(const struct search_expr *e, struct uses *uses, enum use kind)
{
	pred_uses(e->pred, uses, kind);
	if (e->n_subs)
		uses->all = true;
}

/* --- rows --- */

static size_t
row_subject_values(const void *self, const struct name_ref *ref, struct arena *keep,
		   struct text *out, size_t cap, bool *one)
{
	const struct row   *row = self;
	struct column       column = { .name = ref->name, .ref = *ref };
	struct text         prefix = row->model ? model_prefix(row->model) : TEXT_NONE;
	const struct value *items;
	struct value        v;

	/* Plain names of a data set were given its prefix when they were compiled. */
	if (prefix.n && ref->model && text_eq(model_prefix(ref->model), prefix) &&
	    ref->name.n > prefix.n + 1)
		column.name = text_from(ref->name, prefix.n + 1);
	/* Every spelling that an event's source compares equal to counts here. */
	if (row->event && !row->narrowed && !row_has_cell(row, column.name))
		return event_match_values(row->event, ref, keep, out, cap, one);
	*one = false;
	v = row_value(row, &column, keep);
	size_t n = value_items(&v, &items);

	if (n > cap)
		n = cap;
	for (size_t i = 0; i < n; i++)
		out[i] = value_text(&items[i], ' ', keep);
	return n;
}

static struct text
row_subject_raw(const void *self, struct arena *keep)
{
	return row_text(self, TEXT("_raw"), '\n', keep);
}

static bool
row_subject_member(const void *self, enum model m)
{
	const struct row *row = self;

	return row->event && model_has(m, row->event);
}

bool
row_matches(const struct row *row, const struct pred *pred, struct arena *scratch)
{
	struct subject s = {
		.self = row,
		.values = row_subject_values,
		.raw = row_subject_raw,
		.member = row_subject_member,
		.time_ns = row->time_ns,
	};

	return pred_eval(pred, &s, *scratch);
}
