/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a document is made of, added in reading order. */
#include "config.h"

#include "tui/doc.h"

#define BRIEF_SLACK  12  /* columns that breaking at words may cost */
#define LABEL_WIDTH  13  /* columns, at least */
#define LINE_LONG    160 /* bytes of a line of script that is broken */
#define DOC_TEXT_MAX (UINT32_C(1) << 30)

void
doc_reset(struct doc *d, struct arena *keep)
{
	d->keep = keep;
	d->items = NULL;
	d->n = d->cap = d->part = 0;
	d->label_width = LABEL_WIDTH;
	d->pane = 0;
	d->has_right = false;
	for (int i = 0; i < 2; i++) {
		struct doc_pane *p = &d->panes[i];

		*p = (struct doc_pane){ .top = p->top, .cursor = p->cursor };
	}
}

void
doc_rewind(struct doc *d)
{
	for (int i = 0; i < 2; i++)
		d->panes[i].top = d->panes[i].cursor = 0;
	d->focus = 0;
	d->n_find = 0;
}

static struct doc_item *
add(struct doc *d, struct doc_item item)
{
	arena_grow(d->keep, d->items, d->n, &d->cap);
	item.pane = d->pane;
	d->has_right |= d->pane == 1;
	item.text.n = item.text.n < DOC_TEXT_MAX ? item.text.n : DOC_TEXT_MAX;
	d->items[d->n] = item;
	return &d->items[d->n++];
}

/* Labels of one part stand above each other: all are as wide as the longest. */
static void
widen_labels(struct doc *d, const struct doc_item *item)
{
	int need = (int)item->label.n, known = d->items[d->part].label_need;

	if (need <= known) {
		d->items[d->n - 1].label_need = known;
		return;
	}
	for (size_t i = d->part; i < d->n; i++)
		d->items[i].label_need = need;
}

struct doc_item *
doc_field(struct doc *d, const char *label, struct text t)
{
	struct doc_item *item =
	    add(d, (struct doc_item){ .kind = DOC_FIELD, .label = text_of(label), .text = t });

	widen_labels(d, item);
	return item;
}

struct doc_item *
doc_fact(struct doc *d, const char *label, struct text t)
{
	return t.n ? doc_field(d, label, t) : NULL;
}

struct doc_item *
doc_brief(struct doc *d, const char *label, struct text t, int columns, const struct screen *s)
{
	int    room = 2 * (columns - d->label_width) - BRIEF_SLACK;
	size_t n = screen_fit(s, t, room > BRIEF_SLACK ? room : BRIEF_SLACK);

	return doc_fact(d, label, n < t.n ? arena_join(d->keep, text_head(t, n), TEXT("~")) : t);
}

struct doc_item *
doc_rule(struct doc *d, struct text title, struct text right)
{
	struct doc_item *item =
	    add(d, (struct doc_item){ .kind = DOC_RULE, .label = title, .text = right });

	d->part = d->n;
	return item;
}

struct doc_item *
doc_plain(struct doc *d, struct text t)
{
	return add(d, (struct doc_item){ .kind = DOC_PLAIN, .text = t });
}

void
doc_blank(struct doc *d)
{
	add(d, (struct doc_item){ .kind = DOC_PLAIN });
}

void
doc_match(struct doc *d, struct doc_item *item, const struct range *ranges, size_t n_ranges)
{
	if (!item || !n_ranges)
		return;
	item->ranges = arena_new(d->keep, struct range, n_ranges);
	memcpy(item->ranges, ranges, n_ranges * sizeof(*ranges));
	item->n_ranges = (uint32_t)n_ranges;
}

/* The parts of RANGES that lie within LINE, counted from its start. */
static void
line_ranges(struct doc *d, struct doc_item *item, size_t start, size_t end,
	    const struct range *ranges, size_t n_ranges)
{
	size_t n = 0;

	for (size_t i = 0; i < n_ranges; i++)
		n += ranges[i].start < end && ranges[i].start + ranges[i].n > start;
	if (!n)
		return;
	item->ranges = arena_new(d->keep, struct range, n);
	for (size_t i = 0; i < n_ranges; i++) {
		size_t from = ranges[i].start > start ? ranges[i].start : start;
		size_t to = ranges[i].start + ranges[i].n;

		if (ranges[i].start >= end || to <= start)
			continue;
		to = to < end ? to : end;
		item->ranges[item->n_ranges++] = (struct range){ from - start, to - from };
	}
}

static void
add_code(struct doc *d, struct text t, const struct range *ranges, size_t n_ranges,
	 const struct syntax_span *spans, size_t n_spans)
{
	uint32_t number = 1;
	size_t   start = 0;

	while (start <= t.n && !text_absent(t)) {
		size_t newline = text_find_byte(text_from(t, start), '\n');
		size_t end = newline == TEXT_NOWHERE ? t.n : start + newline;
		bool   first = true;

		if (start == t.n && start > 0)
			return; /* the last line ended */
		do {
			struct text      line = { t.p + start, end - start };
			struct doc_item *item;

			if (n_spans)
				line.n = syntax_break(line, start, spans, n_spans, LINE_LONG);
			item = add(d, (struct doc_item){ .kind = DOC_CODE,
							 .text = line,
							 .number = first ? number++ : 0,
							 .spans = spans,
							 .n_spans = n_spans,
							 .spans_at = start });
			line_ranges(d, item, start, start + line.n, ranges, n_ranges);
			start += line.n;
			first = false;
		} while (start < end);
		start = end + 1;
	}
}

void
doc_code(struct doc *d, struct text t, const struct range *ranges, size_t n_ranges)
{
	add_code(d, t, ranges, n_ranges, NULL, 0);
}

void
doc_script(struct doc *d, struct text t, const struct range *ranges, size_t n_ranges)
{
	struct syntax_span *spans = NULL;
	size_t              n = syntax_spans(t, d->keep, &spans);

	add_code(d, t, ranges, n_ranges, spans, n);
}
