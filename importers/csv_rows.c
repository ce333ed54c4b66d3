/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/csv_rows.h"

#define WASTE_MAX (4 * (uint64_t)RECORD_MAX)

static const char open_quote[] = "quoted cell without its end";
static const char too_large[] = "row is larger than 8 MiB";

enum place {
	CELL_START,
	CELL_BARE,
	CELL_QUOTED,
	CELL_QUOTE, /* behind a quote in a quoted cell: its end, if it ends here */
};

/* Scans a row; goes on where it stopped when there is more of it. */
struct scan {
	size_t     at;
	enum place place;
	char       delimiter;
	bool       one_line; /* a line end ends the row even in quotes */
};

void
csv_rows_open(struct csv_rows *r, struct input *in, uint64_t begin, uint64_t end,
	      size_t step_bytes, struct err *err)
{
	*r = (struct csv_rows){ .taken = 0 };
	window_open(&r->window, in, begin, end, step_bytes, err);
}

void
csv_rows_close(struct csv_rows *r)
{
	window_close(&r->window);
}

static bool
in_quotes(const struct scan *s)
{
	return s->place == CELL_QUOTED || s->place == CELL_QUOTE;
}

static size_t
bare_end(const struct scan *s, struct text t)
{
	const char *p = t.p + s->at, *end = t.p + t.n;
	char delimiter = s->delimiter;

	while (p < end && *p != delimiter && *p != '\n')
		p++;
	return (size_t)(p - t.p);
}

/* Goes to the next byte that ends a cell, or to the end of T. True: T.p[s->at] ends a cell. */
static bool
cell_end(struct scan *s, struct text t)
{
	for (; s->at < t.n; s->at++) {
		char c = t.p[s->at];

		if (s->place == CELL_QUOTED && c != '"') {
			const char *quote;

			if (s->one_line) {
				if (c == '\n')
					return true;
				continue;
			}
			quote = memchr(t.p + s->at, '"', t.n - s->at);
			s->at = quote ? (size_t)(quote - t.p) : t.n;
			if (!quote)
				return false;
			s->place = CELL_QUOTE;
		} else if (s->place == CELL_QUOTED) {
			s->place = CELL_QUOTE;
		} else if (c == s->delimiter || c == '\n') {
			return true;
		} else if (s->place == CELL_START && c == '"') {
			s->place = CELL_QUOTED;
		} else if (s->place <= CELL_BARE) {
			s->place = CELL_BARE;
			s->at = bare_end(s, t) - 1;
		} else if (s->place == CELL_QUOTE && c != ' ' && c != '\r') {
			s->place = CELL_QUOTED;
		}
	}
	return false;
}

/* Length of the row in the window with its line end. *OPEN: it ends inside of quotes. */
static size_t
row_length(struct csv_rows *r, bool *open)
{
	struct window *w = &r->window;
	struct scan s = { .delimiter = r->delimiter, .one_line = w->skipped < r->one_line };

	for (;;) {
		struct text have = text_head(window_text(w), RECORD_MAX);

		while (cell_end(&s, have)) {
			*open = s.place == CELL_QUOTED;
			s.place = CELL_START;
			if (have.p[s.at++] == '\n')
				return s.at;
		}
		*open = s.place == CELL_QUOTED;
		if (have.n == RECORD_MAX || !window_more(w))
			return have.n;
	}
}

/* Without the doubled quotes of a quoted cell. */
static struct text
unquoted(struct text t, struct arena *keep)
{
	size_t n = 0;
	char *p;

	if (text_find_byte(t, '"') == TEXT_NOWHERE)
		return t;
	p = arena_alloc(keep, 1, 1, t.n);
	for (size_t i = 0; i < t.n; i++) {
		p[n++] = t.p[i];
		if (t.p[i] == '"' && i + 1 < t.n && t.p[i + 1] == '"')
			i++;
	}
	return (struct text){ p, n };
}

static struct text
cell_value(struct text t, bool quoted, struct arena *keep)
{
	if (!quoted)
		return t;
	while (t.n > 1 && t.p[t.n - 1] == ' ')
		t.n--;
	t = text_from(t, 1);
	if (t.n > 0 && t.p[t.n - 1] == '"')
		t.n--;
	return unquoted(t, keep);
}

static void
split(struct csv_row *row, char delimiter, struct arena *keep)
{
	struct scan s = { .delimiter = delimiter };
	size_t cap = 0, from = 0;
	bool more;

	row->cells = NULL;
	do {
		more = cell_end(&s, row->text) && row->n + 1 < CSV_CELLS_MAX;
		if (!more)
			s.at = row->text.n;
		arena_grow(keep, row->cells, row->n, &cap);
		row->cells[row->n++] =
		    cell_value((struct text){ row->text.p + from, s.at - from }, in_quotes(&s), keep);
		from = ++s.at;
		s.place = CELL_START;
	} while (more);
}

static char
delimiter_of(struct text line)
{
	static const char candidates[] = { ',', ';', '\t' };
	size_t most = 0;
	char best = ',';

	for (size_t i = 0; i < sizeof(candidates); i++) {
		struct scan s = { .delimiter = candidates[i], .one_line = true };
		size_t n = 0;

		while (cell_end(&s, line) && line.p[s.at] != '\n') {
			s.place = CELL_START;
			s.at++;
			n++;
		}
		if (n > most) {
			most = n;
			best = candidates[i];
		}
	}
	return best;
}

static size_t
line_length(struct window *w)
{
	size_t seen = 0;

	for (;;) {
		struct text have = text_head(window_text(w), RECORD_MAX);
		size_t lf = text_find_byte(text_from(have, seen), '\n');

		if (lf != TEXT_NOWHERE)
			return seen + lf + 1;
		seen = have.n;
		if (have.n == RECORD_MAX || !window_more(w))
			return have.n;
	}
}

/* Byte-order marks, blank lines. */
static void
skip_nothing(struct window *w)
{
	while (window_need(w, 3) > 0) {
		struct text have = window_text(w);
		size_t n = 0;

		while (n < have.n && (have.p[n] == '\n' || have.p[n] == '\r'))
			n++;
		if (n == 0 && text_starts(have, TEXT("\xef\xbb\xbf")))
			n = 3;
		if (n == 0)
			return;
		window_skip(w, n);
	}
}

static size_t
take(struct csv_rows *r, struct csv_row *row)
{
	struct window *w = &r->window;
	bool open;
	size_t n;

	n = row_length(r, &open);
	if (!open && n < RECORD_MAX)
		return n;
	row->why = open ? open_quote : too_large;
	r->wasted += n;
	if (r->wasted > WASTE_MAX && w->skipped + n > r->one_line)
		r->one_line = w->skipped + n;
	return line_length(w);
}

bool
csv_rows_next(struct csv_rows *r, struct arena *keep, struct csv_row *row, unsigned *remarks)
{
	struct window *w = &r->window;
	size_t n;

	*row = (struct csv_row){ .n = 0 };
	window_skip(w, r->taken);
	r->taken = 0;
	skip_nothing(w);
	row->offset = w->offset;
	if (w->failed)
		return false;
	if (window_need(w, 1) == 0)
		return true;
	/* "#TYPE ..." is a row of one cell, and says nothing about the others. */
	if (r->delimiter == '\0' && window_need(w, 1) > 0 && w->buf[w->at] != '#') {
		n = line_length(w);
		r->delimiter = delimiter_of(text_head(window_text(w), n));
	}
	n = take(r, row);
	r->taken = n;
	row->length = window_length(w, n);
	row->text = text_head(window_text(w), n);
	while (row->text.n > 0 &&
	       (row->text.p[row->text.n - 1] == '\n' || row->text.p[row->text.n - 1] == '\r'))
		row->text.n--;
	if (!row->why) {
		row->text = text_to_utf8(row->text, keep, remarks);
		split(row, r->delimiter, keep);
	}
	return !w->failed;
}
