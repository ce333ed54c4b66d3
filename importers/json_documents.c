/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/json_documents.h"

#include "base/ascii.h"

#define NEST_MAX 512
#define FRAME_LINE 64
#define PREFIX_MAX 512 /* what a collector writes before an object on its line */

static const char torn_json[] = "JSON record is cut off or broken";
static const char too_large[] = "JSON record is larger than 4 MiB";
static const char too_many[] = "JSON record has more than 65536 values";
static const char no_json[] = "text that is no JSON";

void
documents_open(struct json_documents *d, struct input *in, uint64_t begin, uint64_t end,
	       size_t step_bytes, struct err *err)
{
	*d = (struct json_documents){ .at_line = true };
	window_open(&d->window, in, begin, end, step_bytes, err);
}

void
documents_close(struct json_documents *d)
{
	window_close(&d->window);
}

enum scan_end {
	SCAN_WHOLE,  /* the object ends at .at */
	SCAN_BROKEN, /* what follows .at cannot belong to it */
	SCAN_SHORT,  /* the file ends inside of it */
	SCAN_LARGE,
};

struct scan {
	size_t at;
	bool in_string, escaped;
	char last; /* last byte outside of strings that is no blank */
	size_t values; /* commas and brackets: about as many */
	size_t depth;
	bool is_list[NEST_MAX];
	/* Objects that are items of a list, those inside them not counted. */
	size_t first_item; /* where the first one begins; 0: none */
	size_t in_items;   /* of the values */
	size_t item_depth; /* inside of one: depth of its list; else 0 */
	size_t item_from;  /* values before it */
};

static bool
is_blank(char c)
{
	return ascii_blank(c) || c == '\0';
}

/* A new record begins here, at the start of a line. */
static bool
record_starts_at(struct window *w, size_t at)
{
	struct text t;

	if (window_need(w, at + 2) < at + 2)
		return false;
	t = text_from(window_text(w), at);
	return t.p[0] == '{' && t.p[1] == '"';
}

static void
begin_item(struct scan *s)
{
	if (s->item_depth || s->depth == 0 || !s->is_list[s->depth - 1])
		return;
	if (!s->first_item)
		s->first_item = s->at;
	s->item_depth = s->depth;
	s->item_from = s->values;
}

static void
end_item(struct scan *s)
{
	if (!s->item_depth || s->depth != s->item_depth)
		return;
	s->in_items += s->values - s->item_from;
	s->item_depth = 0;
}

/* False: C cannot stand here. */
static bool
scan_structure(struct scan *s, char c)
{
	switch (c) {
	case ',':
		s->values++;
		break;
	case '{':
		begin_item(s);
		/* fall through */
	case '[':
		s->values++;
		if (s->depth == NEST_MAX)
			return false;
		if (s->depth > 0 && !s->is_list[s->depth - 1] && s->last != ':')
			return false;
		s->is_list[s->depth++] = c == '[';
		break;
	case '}':
	case ']':
		if (s->depth == 0 || s->is_list[s->depth - 1] != (c == ']'))
			return false;
		s->depth--;
		end_item(s);
		break;
	default:
		break;
	}
	return true;
}

/* Over the bytes of a string that mean only themselves. */
static size_t
plain_end(struct text t, size_t at)
{
	while (at < t.n && t.p[at] != '"' && t.p[at] != '\\' && t.p[at] != '\n')
		at++;
	return at;
}

static enum scan_end
scan_object(struct window *w, struct scan *s)
{
	*s = (struct scan){ .at = 0 };
	for (;;) {
		struct text t = text_head(window_text(w), DOCUMENT_MAX);

		for (; s->at < t.n; s->at++) {
			char c;

			if (s->in_string && !s->escaped)
				s->at = plain_end(t, s->at);
			if (s->at == t.n)
				break;
			c = t.p[s->at];
			if (s->in_string) {
				if (s->escaped)
					s->escaped = false;
				else if (c == '\\')
					s->escaped = true;
				else if (c == '"')
					s->in_string = false;
				if (c != '\n')
					continue;
				/* Some writers leave line ends in strings as they are. */
				if (record_starts_at(w, s->at + 1)) {
					s->at++;
					return SCAN_BROKEN;
				}
				t = text_head(window_text(w), DOCUMENT_MAX);
				continue;
			}
			if (c == '"')
				s->in_string = true;
			else if (!scan_structure(s, c))
				return SCAN_BROKEN;
			if (!is_blank(c))
				s->last = c;
			if (s->depth == 0) {
				s->at++;
				return SCAN_WHOLE;
			}
		}
		if (t.n >= DOCUMENT_MAX)
			return SCAN_LARGE;
		if (!window_more(w))
			return window_text(w).n >= DOCUMENT_MAX ? SCAN_LARGE : SCAN_SHORT;
	}
}

static size_t
line_end(struct window *w, size_t from)
{
	for (;;) {
		struct text t = window_text(w);
		size_t lf = text_find_byte(text_from(t, from), '\n');

		if (lf != TEXT_NOWHERE)
			return from + lf + 1;
		if (t.n >= DOCUMENT_MAX || !window_more(w))
			return window_text(w).n;
	}
}

/* Where a broken record ends: before the next line that begins one, else behind its line. */
static size_t
broken_length(struct window *w, size_t at)
{
	if (at > 0 && w->buf[w->at + at - 1] == '\n' && record_starts_at(w, at))
		return at;
	return line_end(w, at);
}

/* First line after the first that begins a record; all there is when none does. */
static size_t
next_start(struct window *w)
{
	size_t at = 0;

	while ((at = line_end(w, at)) < window_text(w).n)
		if (record_starts_at(w, at))
			return at;
	return window_text(w).n;
}

/* A frame such as {"results":[{ : bytes up to the first object inside of it. */
static size_t
frame_head(struct window *w)
{
	struct text t = window_text(w);
	size_t at = text_find_byte(text_from(t, 1), '{');

	return at == TEXT_NOWHERE ? t.n : at + 1;
}

static struct document
make(const struct json_documents *d, enum document_kind kind, size_t n, const char *why,
     uint64_t lost)
{
	return (struct document){
		.kind = kind,
		.text = text_head(window_text(&d->window), n),
		.offset = d->window.offset,
		.length = window_length(&d->window, n),
		.why = why,
		.lost = lost,
	};
}

/* "Record 7", as evtx_dump prints it; 0: not here. */
static size_t
record_line(struct window *w)
{
	size_t n;
	uint64_t number;
	struct text line;

	if (window_need(w, 7) < 7 || !text_starts(window_text(w), TEXT("Record ")))
		return 0;
	window_need(w, FRAME_LINE);
	n = text_find_byte(text_head(window_text(w), FRAME_LINE), '\n');
	if (n == TEXT_NOWHERE)
		return 0;
	line = text_trim(text_from(text_head(window_text(w), n), 7));
	return text_to_u64(line, &number) ? n : 0;
}

/* "<14>1 2024-03-05T10:15:27Z ws01 nxlog - - - {": what collectors write before an object; 0: not
 * here. The end of a broken record has quotes. */
static size_t
prefix_length(struct window *w)
{
	struct text t;
	size_t      at;

	window_need(w, PREFIX_MAX);
	t = text_head(window_text(w), PREFIX_MAX);
	at = text_find(t, TEXT("{\""));
	if (at == TEXT_NOWHERE)
		return 0;
	for (size_t i = 0; i < at; i++)
		if (t.p[i] == '"' || t.p[i] == '\n' || t.p[i] == '}' || t.p[i] == ',')
			return 0;
	return at;
}

/* Bytes between records that are no loss. */
static size_t
frame_length(struct json_documents *d)
{
	struct window *w = &d->window;
	struct text t = window_text(w);
	size_t n = 0;

	while (n < t.n && (is_blank(t.p[n]) || t.p[n] == ',' || t.p[n] == '[' || t.p[n] == ']'))
		n++;
	if (n > 0)
		return n;
	if (d->inside && t.p[0] == '}') /* of the frame; what follows is not inside */
		return 1;
	if (window_need(w, 3) >= 3 && text_starts(window_text(w), TEXT("\xef\xbb\xbf")))
		return 3;
	if ((n = record_line(w)) > 0)
		return n;
	return d->at_line ? prefix_length(w) : 0;
}

/* One with too many values: a frame is one only by what it lists, which is read one by one. */
static struct document
take_full_object(struct json_documents *d, const struct scan *s, size_t *n)
{
	*n = s->at;
	if (!s->first_item || s->values - s->in_items > DOCUMENT_VALUES_MAX)
		return make(d, DOCUMENT_WASTE, *n, too_many, 1);
	*n = s->first_item;
	d->inside = true;
	return make(d, DOCUMENT_END, *n, NULL, 0);
}

static struct document
take_object(struct json_documents *d, size_t *n)
{
	struct window *w = &d->window;
	struct scan s;

	switch (scan_object(w, &s)) {
	case SCAN_WHOLE:
		if (s.values > DOCUMENT_VALUES_MAX)
			return take_full_object(d, &s, n);
		*n = s.at;
		return make(d, DOCUMENT_OBJECT, *n, NULL, 0);
	case SCAN_BROKEN:
		*n = broken_length(w, s.at);
		return make(d, DOCUMENT_WASTE, *n, torn_json, 1);
	case SCAN_SHORT:
		*n = next_start(w);
		return make(d, DOCUMENT_WASTE, *n, torn_json, 1);
	case SCAN_LARGE:
		break;
	}
	*n = frame_head(w);
	if (*n >= DOCUMENT_MAX)
		return make(d, DOCUMENT_WASTE, *n, too_large, 1);
	d->inside = true;
	return make(d, DOCUMENT_END, *n, NULL, 0);
}

static void
pass(struct json_documents *d, size_t n)
{
	struct window *w = &d->window;
	char last = n > 0 ? w->buf[w->at + n - 1] : '\0';

	if (n > 0 && last != '\xbf') /* of a byte-order mark */
		d->at_line = last == '\n';
	window_skip(w, n);
}

static struct document
take(struct json_documents *d, size_t *n)
{
	struct window *w = &d->window;
	size_t brace;

	while (window_need(w, 1) > 0 && (*n = frame_length(d)) > 0)
		pass(d, *n);
	*n = 0;
	if (window_need(w, 1) == 0)
		return make(d, DOCUMENT_END, 0, NULL, 0);
	if (w->buf[w->at] == '{')
		return take_object(d, n);
	/* Up to the end of the line; inside of a frame, up to an object in it. */
	*n = line_end(w, 0);
	brace = text_find_byte(text_head(window_text(w), *n), '{');
	if (brace != TEXT_NOWHERE && d->inside)
		*n = brace;
	return make(d, DOCUMENT_WASTE, *n, no_json, 0);
}

/* Waste that adjoins waste is one gap, if one reason fits both. */
static bool
gather(struct document *all, const struct document *more)
{
	if (all->length == 0) {
		*all = *more;
		all->text = TEXT_NONE;
		return true;
	}
	if (more->lost > 0 || all->why == torn_json)
		return false;
	all->length = more->offset + more->length - all->offset;
	return true;
}

bool
documents_next(struct json_documents *d, struct document *out)
{
	if (d->ready.length > 0) {
		*out = d->ready;
		d->ready = (struct document){ .kind = DOCUMENT_END };
		return true;
	}
	for (;;) {
		size_t n;

		pass(d, d->taken);
		*out = take(d, &n);
		d->taken = n;
		if (d->window.failed)
			return false;
		if (out->kind == DOCUMENT_END && n > 0)
			continue;
		if (out->kind == DOCUMENT_WASTE && gather(&d->waste, out))
			continue;
		if (d->waste.length == 0)
			return true;
		if (out->kind != DOCUMENT_END)
			d->ready = *out;
		*out = d->waste;
		d->waste = (struct document){ .kind = DOCUMENT_END };
		return true;
	}
}
