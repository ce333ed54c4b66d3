/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/doc.h"

#define NUMBER_WIDTH 6 /* columns, the blank behind them too */
#define PLAIN_INDENT 2
#define COUNTED_MAX  20000 /* lines in which matches are counted at every drawing */

static int
indent_of(const struct doc *d, const struct doc_item *item, int width)
{
	int indent = 1;

	switch (item->kind) {
	case DOC_FIELD:
		indent = item->label_need < width * 2 / 5 ? item->label_need : width * 2 / 5;
		indent = 2 + (indent > d->label_width ? indent : d->label_width);
		break;
	case DOC_RULE:
		return 0;
	case DOC_PLAIN:
		indent = PLAIN_INDENT;
		break;
	case DOC_CODE:
		indent = 1 + NUMBER_WIDTH;
		break;
	}
	return indent < width / 2 ? indent : width / 2;
}

static void
push_line(struct doc *d, struct doc_pane *p, size_t item, size_t from, size_t n, bool first)
{
	arena_grow(d->keep, p->lines, p->n, &p->cap);
	p->lines[p->n++] = (struct doc_line){ .item = (uint32_t)item,
					      .from = (uint32_t)from,
					      .n = (uint32_t)n,
					      .first = first };
}

/* Bytes of T for one line of ROOM columns: breaks at the last blank that is not too far left. */
static size_t
wrap_at(const struct screen *s, struct text t, int room, bool words)
{
	size_t fit = screen_fit(s, t, room);
	size_t at = fit;

	if (fit == t.n || !words)
		return fit;
	while (at > fit / 2 && t.p[at] != ' ')
		at--;
	return at > fit / 2 ? at : fit;
}

static void
lay_out_item(struct doc *d, struct doc_pane *p, const struct screen *s, size_t index, int width)
{
	const struct doc_item *item = &d->items[index];
	int    room = width - indent_of(d, item, width) - 1;
	size_t at = 0;
	bool   first = true;

	room = room < 4 ? 4 : room;
	if (item->kind == DOC_RULE || !item->text.n) {
		push_line(d, p, index, 0, item->text.n, true);
		return;
	}
	while (at < item->text.n) {
		struct text rest = text_from(item->text, at);
		size_t      end = text_find_byte(rest, '\n');
		size_t      n;

		if (end != TEXT_NOWHERE)
			rest.n = end;
		n = wrap_at(s, rest, room, item->kind != DOC_CODE);
		push_line(d, p, index, at, n, first);
		first = false;
		at += n;
		if (at < item->text.n && (item->text.p[at] == '\n' ||
					  (item->text.p[at] == ' ' && item->kind != DOC_CODE)))
			at++;
	}
}

static void
lay_out(struct doc *d, struct doc_pane *p, const struct screen *s, int which, int width)
{
	if (p->width == width)
		return;
	p->lines = NULL;
	p->n = p->cap = 0;
	for (size_t i = 0; i < d->n; i++)
		if (which < 0 || d->items[i].pane == which)
			lay_out_item(d, p, s, i, width);
	p->width = width;
}

static void
draw_matched(struct screen *s, int row, int column, int width, struct text t, enum role role,
	     const struct range *ranges, size_t n_ranges, size_t from)
{
	size_t at = 0;
	int    used = 0;

	for (size_t i = 0; i < n_ranges && at < t.n; i++) {
		size_t start = ranges[i].start, end = ranges[i].start + ranges[i].n;

		if (end <= from + at || start >= from + t.n)
			continue;
		start = start > from + at ? start - from : at;
		end = end - from < t.n ? end - from : t.n;
		used += screen_put_part(s, row, column + used, width - used,
					(struct text){ t.p + at, start - at }, role);
		used += screen_put_part(s, row, column + used, width - used,
					(struct text){ t.p + start, end - start }, ROLE_MATCH);
		at = end;
	}
	screen_put_part(s, row, column + used, width - used, text_from(t, at), role);
}

/* Where the text that is looked for begins in the line, or reaches into it; at most CAP places of
 * the item. Only what is near is looked at: an item may be megabytes, in thousands of lines. */
static size_t
found_in(const struct doc *d, const struct doc_line *line, struct range *out, size_t cap)
{
	struct text find = { d->find, d->n_find };
	size_t      reach = find.n ? find.n - 1 : 0, n = 0;
	size_t      at = line->from > reach ? line->from - reach : 0;
	struct text near = text_head(d->items[line->item].text, line->from + line->n + reach);

	while (n < cap && find.n) {
		size_t hit = text_ifind(text_from(near, at), find);

		if (hit == TEXT_NOWHERE)
			break;
		out[n++] = (struct range){ at + hit, find.n };
		at += hit + find.n;
	}
	return n;
}

/* Comments, strings and commands among the LENGTH bytes from FROM of the item, drawn at COLUMN. */
static void
tint(struct screen *s, int row, int column, int width, const struct doc_item *item, size_t from,
     size_t length)
{
	static const enum role roles[] = { [SYNTAX_COMMENT] = ROLE_DIM,
					   [SYNTAX_STRING] = ROLE_MARK,
					   [SYNTAX_COMMAND] = ROLE_HEAD };
	size_t                 begin = item->spans_at + from, end = begin + length;
	size_t                 first = syntax_span_at(item->spans, item->n_spans, begin);

	for (size_t i = first; i < item->n_spans && item->spans[i].start < end; i++) {
		const struct syntax_span *span = &item->spans[i];
		size_t start = span->start > begin ? span->start - begin : 0;
		size_t stop = span->start + span->n < end ? span->start + span->n - begin : length;
		int    left;

		left = screen_width(s, text_head(text_from(item->text, from), start));
		if (left >= width)
			return;
		screen_tint(s,
			    (struct area){ row, column + left, 1,
					   screen_width(s, (struct text){
							       item->text.p + from + start,
							       stop - start }) },
			    item->role, roles[span->kind]);
	}
}

/* "~.parent_process_name": names that begin alike differ at their end. */
static void
draw_label(struct screen *s, int row, int column, int width, struct text label)
{
	size_t from;

	if (width > 1 && screen_width(s, label) > width) {
		from = label.n > (size_t)width - 1 ? label.n - (size_t)width + 1 : 0;
		while (from < label.n && ((unsigned char)label.p[from] & 0xc0) == 0x80)
			from++;
		screen_put(s, row, column++, 1, TEXT("~"), ROLE_DIM);
		width--;
		label = text_from(label, from);
	}
	screen_put(s, row, column, width, label, ROLE_DIM);
}

static void
draw_line(const struct doc *d, struct screen *s, struct area a, const struct doc_line *line)
{
	const struct doc_item *item = &d->items[line->item];
	struct text            t = text_head(text_from(item->text, line->from), line->n);
	int                    indent = indent_of(d, item, a.columns);
	struct range           found[64];
	size_t                 n_found;
	char                   number[16];

	if (item->kind == DOC_RULE) {
		screen_rule(s, a.row, a.column, a.columns, item->label, item->text);
		return;
	}
	if (item->kind == DOC_FIELD && line->first)
		draw_label(s, a.row, a.column + 1, indent - 2, item->label);
	if (item->kind == DOC_CODE && line->first && item->number) {
		int n = snprintf(number, sizeof(number), "%u", (unsigned)item->number);

		screen_put_right(s, a.row, a.column + 1, indent - 3,
				 (struct text){ number, (size_t)n }, ROLE_DIM);
	}
	n_found = d->n_find ? found_in(d, line, found, 64) : 0;
	draw_matched(s, a.row, a.column + indent, a.columns - indent, t, item->role,
		     d->n_find ? found : item->ranges, d->n_find ? n_found : item->n_ranges,
		     line->from);
	if (item->n_spans)
		tint(s, a.row, a.column + indent, a.columns - indent, item, line->from, t.n);
}

static void
draw_pane(struct doc *d, struct screen *s, struct area a, int which)
{
	struct doc_pane *p = &d->panes[which];

	lay_out(d, p, s, d->two_panes ? which : -1, a.columns);
	p->page = a.rows;
	if (p->cursor >= p->n)
		p->cursor = p->n ? p->n - 1 : 0;
	if (p->cursor < p->top)
		p->top = p->cursor;
	if (a.rows > 0 && p->cursor >= p->top + (size_t)a.rows)
		p->top = p->cursor - (size_t)a.rows + 1;
	if (a.rows > 0 && p->top + (size_t)a.rows > p->n)
		p->top = p->n > (size_t)a.rows ? p->n - (size_t)a.rows : 0;
	for (int i = 0; i < a.rows && p->top + (size_t)i < p->n; i++) {
		const struct doc_line *line = &p->lines[p->top + (size_t)i];

		draw_line(d, s, (struct area){ a.row + i, a.column, 1, a.columns }, line);
		if (p->top + (size_t)i != p->cursor || d->focus != which)
			continue;
		if (d->items[line->item].kind != DOC_RULE)
			screen_put(s, a.row + i, a.column, 1, screen_sign(s, SIGN_CURSOR),
				   ROLE_HEAD);
		s->cursor_row = a.row + i;
		s->cursor_column = a.column;
	}
}

static int
left_columns(int columns)
{
	return columns * 48 / 100;
}

int
doc_plain_columns(const struct screen *s, int pane)
{
	int left = left_columns(s->columns), width = pane ? s->columns - left - 1 : left;

	return (s->columns < DOC_PANES_FROM ? s->columns : width) - PLAIN_INDENT - 1;
}

void
doc_draw(struct doc *d, struct screen *s, struct area a, bool two_panes)
{
	int left = left_columns(a.columns);

	if (d->two_panes != two_panes)
		d->panes[0].width = d->panes[1].width = 0;
	d->two_panes = two_panes;
	if (!two_panes) {
		d->focus = 0;
		draw_pane(d, s, a, 0);
		return;
	}
	draw_pane(d, s, (struct area){ a.row, a.column, a.rows, left }, 0);
	for (int i = 0; i < a.rows; i++)
		screen_put(s, a.row + i, a.column + left, 1, screen_sign(s, SIGN_BAR), ROLE_DIM);
	draw_pane(d, s, (struct area){ a.row, a.column + left + 1, a.rows, a.columns - left - 1 },
		  1);
}

void
doc_draw_plain(struct doc *d, struct screen *s, struct area a)
{
	d->focus = -1;
	d->two_panes = false;
	d->panes[0].cursor = d->panes[0].top = 0;
	draw_pane(d, s, a, 0);
	d->focus = 0;
}

static void
move_by(struct doc_pane *p, long step)
{
	long to = (long)p->cursor + step;

	p->cursor = to < 0 ? 0 : (size_t)to < p->n ? (size_t)to : p->n ? p->n - 1 : 0;
}

bool
doc_act(struct doc *d, enum action a)
{
	struct doc_pane *p = &d->panes[d->focus];
	long             page = p->page > 1 ? p->page : 1;

	switch ((int)a) {
	case ACTION_DOWN:
		move_by(p, 1);
		return true;
	case ACTION_UP:
		move_by(p, -1);
		return true;
	case ACTION_PAGE_DOWN:
		p->top += (size_t)page;
		move_by(p, page);
		return true;
	case ACTION_PAGE_UP:
		p->top -= p->top < (size_t)page ? p->top : (size_t)page;
		move_by(p, -page);
		return true;
	case ACTION_HALF_DOWN:
		move_by(p, page / 2);
		return true;
	case ACTION_HALF_UP:
		move_by(p, -(page / 2));
		return true;
	case ACTION_FIRST:
		move_by(p, -(long)p->n);
		return true;
	case ACTION_LAST:
		move_by(p, (long)p->n);
		return true;
	case ACTION_MATCH_NEXT:
		return doc_next_match(d, 1);
	case ACTION_MATCH_PREV:
		return doc_next_match(d, -1);
	case ACTION_TAB_NEXT:
	case ACTION_TAB_PREV:
		if (!d->two_panes)
			return false;
		d->focus = !d->focus;
		return true;
	}
	return false;
}

void
doc_seek(struct doc *d, struct text what)
{
	what = text_head(what, sizeof(d->find));
	text_fold(d->find, what);
	d->n_find = what.n;
}

/* How many matched places begin in a line. */
static size_t
places_in(const struct doc *d, const struct doc_line *line)
{
	const struct doc_item *item = &d->items[line->item];
	struct range           found[64];
	const struct range    *ranges = item->ranges;
	size_t                 n = item->n_ranges, count = 0;

	if (item->kind == DOC_RULE)
		return 0;
	if (d->n_find) {
		n = found_in(d, line, found, 64);
		ranges = found;
	}
	for (size_t i = 0; i < n; i++)
		count += ranges[i].start >= line->from && ranges[i].start < line->from + line->n;
	return count;
}

bool
doc_next_match(struct doc *d, int step)
{
	for (int tries = 0; tries < (d->two_panes ? 2 : 1); tries++) {
		int              which = tries ? !d->focus : d->focus;
		struct doc_pane *p = &d->panes[which];
		size_t           at = tries ? (step > 0 ? (size_t)-1 : p->n) : p->cursor;

		for (at += (size_t)step; at < p->n; at += (size_t)step) {
			if (!places_in(d, &p->lines[at]))
				continue;
			p->cursor = at;
			d->focus = which;
			/* in the middle of what is around it */
			p->top = at > (size_t)p->page / 2 ? at - (size_t)p->page / 2 : 0;
			return true;
		}
	}
	return false;
}

bool
doc_match_count(const struct doc *d, size_t *at, size_t *of)
{
	*at = *of = 0;
	if (d->panes[0].n + d->panes[1].n > COUNTED_MAX)
		return false;
	for (int which = 0; which < (d->two_panes ? 2 : 1); which++) {
		const struct doc_pane *p = &d->panes[which];

		for (size_t i = 0; i < p->n; i++) {
			size_t n = places_in(d, &p->lines[i]);

			if (n && (which < d->focus || (which == d->focus && i <= p->cursor)))
				*at = *of + 1;
			*of += n;
		}
	}
	return true;
}

const struct doc_item *
doc_current(const struct doc *d)
{
	const struct doc_pane *p = &d->panes[d->focus];

	return p->cursor < p->n ? &d->items[p->lines[p->cursor].item] : NULL;
}

size_t
doc_line_count(const struct doc *d)
{
	return d->panes[d->focus].n;
}

size_t
doc_cursor(const struct doc *d)
{
	return d->panes[d->focus].cursor;
}

static bool
begins_anew(struct text line)
{
	return !line.n || strchr(" \t-*#", line.p[0]) != NULL ||
	       (line.p[0] >= '0' && line.p[0] <= '9');
}

struct text
doc_paragraphs(struct text prose, struct arena *keep)
{
	char  *out = arena_new(keep, char, prose.n + 1);
	size_t n = 0;
	bool   open = false; /* the line before may go on */

	while (!text_absent(prose)) {
		struct text line = text_cut(&prose, '\n');

		if (n)
			out[n++] = open && !begins_anew(line) ? ' ' : '\n';
		memcpy(out + n, line.p, line.n);
		n += line.n;
		open = line.n > 0;
	}
	return (struct text){ out, n };
}
