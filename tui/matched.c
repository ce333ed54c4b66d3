/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/matched.h"

#include <stdlib.h>

struct collecting {
	const struct event *ev;
	struct text         value;
	struct arena        scratch;
	struct range       *out;
	size_t              n;
};

/* Does the field that the comparison names show this text, or a part of it? */
static bool
sees(const struct collecting *c, const struct name_ref *name)
{
	struct arena scratch = c->scratch;
	struct text  values[NAME_VALUES_MAX];
	size_t       n = event_values(c->ev, name, &scratch, values, NAME_VALUES_MAX);

	for (size_t i = 0; i < n; i++) {
		if (values[i].p >= c->value.p &&
		    values[i].p + values[i].n <= c->value.p + c->value.n)
			return true;
		if (values[i].n >= 8 && values[i].n <= ((size_t)1 << 20) &&
		    text_find(values[i], c->value) != TEXT_NOWHERE)
			return true;
		if (text_eq(values[i], c->value))
			return true;
	}
	return false;
}

static void
collect(struct collecting *c, const struct pred *p)
{
	switch (p->kind) {
	case PRED_AND:
	case PRED_OR:
		for (uint32_t i = 0; i < p->n_kids; i++)
			collect(c, p->kids[i]);
		break;
	case PRED_EQ:
		if (!p->pattern.any && p->pattern.n_pieces && sees(c, &p->name))
			c->n += pattern_ranges(&p->pattern, c->value, c->out + c->n,
					       MATCHED_MAX - c->n);
		break;
	case PRED_WORD:
		if (!p->pattern.any) {
			struct pattern inside = p->pattern;

			inside.open_start = inside.open_end = true;
			c->n +=
			    pattern_ranges(&inside, c->value, c->out + c->n, MATCHED_MAX - c->n);
		}
		break;
	case PRED_TRUE:
	case PRED_FALSE:
	case PRED_NOT:
	case PRED_NE:
	case PRED_LT:
	case PRED_LE:
	case PRED_GT:
	case PRED_GE:
	case PRED_MODEL:
	case PRED_TIME:
		break;
	}
}

static int
by_start(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

size_t
matched_merge(struct range *ranges, size_t n)
{
	size_t kept = 0;

	qsort(ranges, n, sizeof(*ranges), by_start);
	for (size_t i = 0; i < n; i++) {
		if (!ranges[i].n)
			continue;
		if (kept && ranges[i].start <= ranges[kept - 1].start + ranges[kept - 1].n) {
			size_t end = ranges[i].start + ranges[i].n;
			size_t was = ranges[kept - 1].start + ranges[kept - 1].n;

			ranges[kept - 1].n = (end > was ? end : was) - ranges[kept - 1].start;
		} else {
			ranges[kept++] = ranges[i];
		}
	}
	return kept;
}

size_t
matched_ranges(const struct detection *d, const struct event *ev, struct text value,
	       struct arena scratch, struct range out[MATCHED_MAX])
{
	struct collecting c = { .ev = ev, .value = value, .scratch = scratch, .out = out };

	if (!d || !d->search || !value.n)
		return 0;
	for (uint32_t i = 0; i < search_leaves(d->search); i++) {
		const struct pred *p = search_leaf_pred(d->search, i);

		if (p)
			collect(&c, p);
	}
	return matched_merge(out, c.n);
}
