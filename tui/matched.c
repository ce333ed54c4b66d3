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

/* What a value and a shown text have in common. */
struct common {
	size_t in_value, in_shown, n;
};

#define TELLING 8 /* bytes; shorter texts are alike by chance */
#define LONGEST ((size_t)1 << 20)

/* A view made of several fields ends as the last of them does. */
static struct common
common_tail(struct text value, struct text shown)
{
	size_t n = 0;

	while (n < value.n && n < shown.n &&
	       value.p[value.n - 1 - n] == shown.p[shown.n - 1 - n])
		n++;
	return (struct common){ value.n - n, shown.n - n, n >= TELLING ? n : 0 };
}

/* The value may be a part of the shown text, the other way round, or both may end alike. */
static struct common
common_text(struct text value, struct text shown)
{
	size_t at;

	if (value.p >= shown.p && value.p + value.n <= shown.p + shown.n)
		return (struct common){ 0, (size_t)(value.p - shown.p), value.n };
	if (text_ieq(value, shown))
		return (struct common){ 0, 0, value.n };
	if (value.n < TELLING || value.n > LONGEST)
		return (struct common){ 0 };
	at = text_find(value, shown);
	if (at != TEXT_NOWHERE)
		return (struct common){ at, 0, shown.n };
	return common_tail(value, shown);
}

/* Those of the N ranges of a value that lie in the common text, as ranges of the shown one. */
static size_t
carry_over(struct range *ranges, size_t n, struct common common)
{
	size_t end = common.in_value + common.n, kept = 0;

	for (size_t i = 0; i < n; i++) {
		size_t from = ranges[i].start, to = from + ranges[i].n;

		from = from > common.in_value ? from : common.in_value;
		to = to < end ? to : end;
		if (from < to)
			ranges[kept++] = (struct range){ from - common.in_value + common.in_shown,
							 to - from };
	}
	return kept;
}

/* The field may be a view of what is shown: Processes.process_name is the end of Image. */
static void
collect_compared(struct collecting *c, const struct pred *p)
{
	struct arena scratch = c->scratch;
	struct text  values[NAME_VALUES_MAX];
	bool         one;
	size_t       n =
	    event_match_values(c->ev, &p->name, &scratch, values, NAME_VALUES_MAX, &one);

	for (size_t i = 0; i < n; i++) {
		struct common common = common_text(values[i], c->value);
		struct range *out = c->out + c->n;
		size_t        found = 0, room = MATCHED_MAX - c->n;

		if (common.n == 0)
			continue;
		/* A long value may repeat itself: what is shown has the first say. */
		if (common.n == c->value.n)
			found = pattern_ranges(&p->pattern, c->value, out, room);
		if (found == 0)
			found = carry_over(out, pattern_ranges(&p->pattern, values[i], out, room),
					   common);
		c->n += found;
	}
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
		if (!p->pattern.any)
			collect_compared(c, p);
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
