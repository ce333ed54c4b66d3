/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/records.h"

#include "base/ascii.h"
#include "importers/date_line.h"
#include "importers/text_labels.h"

#define FRAME_MAX 4096 /* a declaration, a root tag, a line of a frame */
#define LABEL_LINE_MAX 512
#define ENCODING_LOOK 64
#define ENCODING_CHANGES_MAX 64 /* each reads a window anew */

static const char torn_xml[] = "event XML is cut off before </Event>";
static const char too_large[] = "event is larger than 8 MiB";
static const char no_event[] = "text that is no event";

void
records_open(struct records *r, struct input *in, uint64_t begin, uint64_t end, size_t step_bytes,
	     struct err *err)
{
	*r = (struct records){ .line_start = true };
	window_open(&r->window, in, begin, end, step_bytes, err);
}

void
records_close(struct records *r)
{
	window_close(&r->window);
}

/* Looks for NEEDLE at FROM and behind, in at most LIMIT bytes, reading on as needed. */
static size_t
find(struct window *w, struct text needle, size_t from, size_t limit)
{
	for (;;) {
		struct text have = text_head(window_text(w), limit);
		size_t hit;

		if (have.n > from) {
			hit = text_find(text_from(have, from), needle);
			if (hit != TEXT_NOWHERE)
				return from + hit;
			if (have.n - from >= needle.n)
				from = have.n - needle.n + 1;
		}
		if (have.n == limit || !window_more(w))
			return TEXT_NOWHERE;
	}
}

static bool
is_blank(char c)
{
	return ascii_blank(c) || c == '\0';
}

static bool
starts_at(struct window *w, size_t at, struct text head)
{
	return window_need(w, at + head.n) >= at + head.n &&
	       text_starts(text_from(window_text(w), at), head);
}

static bool
tag_starts_at(struct window *w, size_t at, struct text tag)
{
	char c;

	if (window_need(w, at + tag.n + 1) < at + tag.n + 1 || !starts_at(w, at, tag))
		return false;
	c = window_text(w).p[at + tag.n];
	return is_blank(c) || c == '>' || c == '/';
}

static size_t
skip_blanks(struct window *w, size_t at)
{
	while (window_need(w, at + 1) > at && is_blank(window_text(w).p[at]))
		at++;
	return at;
}

/* <Event ...> followed by <System: the beginning of an event and not a mere word. */
static bool
event_starts_at(struct window *w, size_t at)
{
	size_t end;

	if (!tag_starts_at(w, at, TEXT("<Event")))
		return false;
	end = find(w, TEXT(">"), at, at + FRAME_MAX);
	return end != TEXT_NOWHERE && tag_starts_at(w, skip_blanks(w, end + 1), TEXT("<System"));
}

/* Bytes of the line at AT including its line end; what there is when it is longer than MAX. */
static size_t
line_length(struct window *w, size_t at, size_t max)
{
	size_t lf = find(w, TEXT("\n"), at, at + max);
	size_t have = window_text(w).n;

	if (lf != TEXT_NOWHERE)
		return lf + 1 - at;
	return have - at < max ? have - at : max;
}

static struct text
line_at(struct window *w, size_t at, size_t max)
{
	size_t n = line_length(w, at, max);

	return text_trim((struct text){ window_text(w).p + at, n });
}

static bool
has_label(struct window *w, size_t at, struct text english)
{
	return window_need(w, at + 1) > at &&
	       text_label_begins(line_at(w, at, LABEL_LINE_MAX), english);
}

/* Which form of text record begins with the line at AT? RECORD_END: none. */
static enum record_kind
text_starts_at(struct window *w, size_t at)
{
	char c;
	size_t n;

	if (window_need(w, at + 1) <= at)
		return RECORD_END;
	c = window_text(w).p[at];
	if (c == 'E' && starts_at(w, at, TEXT("Event["))) {
		n = line_length(w, at, DATE_LINE_MAX);
		return starts_at(w, at + n, TEXT("  ")) && has_label(w, at + n, TEXT("Log Name"))
			   ? RECORD_WEVTUTIL
			   : RECORD_END;
	}
	if ((c == 'L' || c == 'N' || c == 'P') && has_label(w, at, TEXT("Log Name"))) {
		n = line_length(w, at, FRAME_MAX);
		return has_label(w, at + n, TEXT("Source")) ? RECORD_VIEWER : RECORD_END;
	}
	if ((c < '0' || c > '9') && (c & 0x80) == 0)
		return RECORD_END;
	n = line_length(w, at, DATE_LINE_MAX);
	if (!starts_at(w, at + n, TEXT("LogName=")) || !date_line_like(line_at(w, at, n)))
		return RECORD_END;
	return RECORD_CLASSIC;
}

static void
pass(struct records *r, size_t n)
{
	struct window *w = &r->window;

	if (n > 0)
		r->line_start = w->buf[w->at + n - 1] == '\n';
	window_skip(w, n);
}

/* A line that tools print around events; 0: none. */
static size_t
frame_line(struct records *r)
{
	struct window *w = &r->window;
	struct text line;

	if (!r->line_start)
		return 0;
	switch (w->buf[w->at]) {
	case '#':
		return line_length(w, 0, FRAME_MAX);
	case 'R':
	case 'e':
	case 'E':
		break;
	default:
		return 0;
	}
	line = line_at(w, 0, FRAME_MAX);
	if (text_starts(line, TEXT("Record "))) {
		uint64_t number;

		return text_to_u64(text_from(line, 7), &number) ? line_length(w, 0, FRAME_MAX) : 0;
	}
	if (text_starts(line, TEXT("evtxexport ")) || text_eq(line, TEXT("Event Xml:")))
		return line_length(w, 0, FRAME_MAX);
	return 0;
}

/* Tags and declarations around events; 0: none. */
static size_t
frame_tag(struct window *w)
{
	size_t end = TEXT_NOWHERE, tail = 1;

	if (starts_at(w, 0, TEXT("<!--"))) {
		end = find(w, TEXT("-->"), 4, RECORD_MAX);
		tail = 3;
	} else if (starts_at(w, 0, TEXT("<?"))) {
		end = find(w, TEXT("?>"), 2, FRAME_MAX);
		tail = 2;
	} else if (tag_starts_at(w, 0, TEXT("<Events")) || tag_starts_at(w, 0, TEXT("</Events"))) {
		end = find(w, TEXT(">"), 7, FRAME_MAX);
	}
	return end == TEXT_NOWHERE ? 0 : end + tail;
}

/* Byte-order marks (also where files were glued together) and the escapes of a quoted file. */
static size_t
frame_mark(struct records *r)
{
	struct window *w = &r->window;

	if (starts_at(w, 0, TEXT("\xef\xbb\xbf")))
		return 3;
	if (w->encoding == ENCODING_BYTES && starts_at(w, 0, TEXT("\xff\xfe"))) {
		r->remark = "byte-order mark inside of the file";
		return 2;
	}
	if (w->skipped <= 3 && tag_starts_at(w, 0, TEXT("\"<Event")))
		r->quoted = true;
	if (!r->quoted)
		return 0;
	if (w->buf[w->at] == '"')
		return 1;
	return starts_at(w, 0, TEXT("\\n")) || starts_at(w, 0, TEXT("\\r")) ||
		       starts_at(w, 0, TEXT("\\t"))
		   ? 2
		   : 0;
}

/* Exports that were appended with different tools. Two 8-bit letters "<E" make one of UTF-16. */
static bool
other_encoding(struct window *w, enum encoding *encoding)
{
	struct text have;
	bool mark;

	if (w->encoding == ENCODING_UTF16_LE || w->encoding == ENCODING_UTF16_BE) {
		*encoding = ENCODING_BYTES;
		return starts_at(w, 0, w->encoding == ENCODING_UTF16_LE ? TEXT("\u453c")
									: TEXT("\u3c45"));
	}
	window_need(w, ENCODING_LOOK);
	have = text_head(window_text(w), ENCODING_LOOK);
	if (have.n < 8 || have.p[1] != '\0')
		return false;
	*encoding = encoding_sniff(have, &mark);
	return *encoding == ENCODING_UTF16_LE;
}

static bool
change_encoding(struct records *r)
{
	enum encoding encoding;

	if (r->changes == ENCODING_CHANGES_MAX || !other_encoding(&r->window, &encoding) ||
	    !window_change(&r->window, encoding))
		return false;
	r->changes++;
	/* Positions behind here have changed. */
	r->no_close = r->no_start = 0;
	r->remark = "the encoding changes inside of the file";
	return true;
}

static void
skip_frame(struct records *r)
{
	struct window *w = &r->window;

	while (window_need(w, 1) > 0) {
		bool line_start = r->line_start;
		size_t n = 0;

		if (is_blank(w->buf[w->at])) {
			struct text have = window_text(w);

			while (n < have.n && is_blank(have.p[n]))
				n++;
			pass(r, n);
			continue;
		}
		if ((n = frame_mark(r)) > 0) {
			pass(r, n);
			r->line_start = line_start;
		} else if (change_encoding(r)) {
			r->line_start = true;
		} else if ((n = w->buf[w->at] == '<' ? frame_tag(w) : frame_line(r)) > 0) {
			pass(r, n);
		} else {
			return;
		}
	}
}

/* First line inside [FROM, TO) at which a text record begins, else TO. */
static size_t
text_start_within(struct window *w, size_t from, size_t to)
{
	while (from < to) {
		size_t lf = find(w, TEXT("\n"), from, to);

		if (lf == TEXT_NOWHERE)
			return to;
		from = lf + 1;
		if (text_starts_at(w, from) != RECORD_END)
			return from;
	}
	return to;
}

/* Where the next event begins in [FROM, TO); TEXT_NOWHERE: nowhere. */
static size_t
event_start_within(struct records *r, size_t from, size_t to)
{
	struct window *w = &r->window;
	uint64_t first = w->skipped + from;

	if (first < r->no_start)
		from = (size_t)(r->no_start - w->skipped);
	while (from < to) {
		size_t hit = find(w, TEXT("<Event"), from, to);

		if (hit == TEXT_NOWHERE)
			break;
		if (event_starts_at(w, hit))
			return hit;
		from = hit + 6;
	}
	if (to > 6 && w->skipped + to - 6 > r->no_start)
		r->no_start = w->skipped + to - 6;
	return TEXT_NOWHERE;
}

static size_t
close_tag(struct records *r, size_t from)
{
	struct window *w = &r->window;
	size_t hit, seen;

	if (w->skipped + from < r->no_close)
		from = (size_t)(r->no_close - w->skipped);
	hit = find(w, TEXT("</Event>"), from, RECORD_MAX);
	seen = text_head(window_text(w), RECORD_MAX).n;
	if (hit == TEXT_NOWHERE && seen > 8)
		r->no_close = w->skipped + seen - 8;
	return hit;
}

/* The event's own end tag: behind that of an element <Event> inside, other end tags follow. */
static size_t
event_end(struct records *r, size_t close)
{
	struct window *w = &r->window;

	for (;;) {
		size_t at = skip_blanks(w, close + 8), next;

		if (!starts_at(w, at, TEXT("</")) || tag_starts_at(w, at, TEXT("</Events")))
			return close + 8;
		next = close_tag(r, at);
		if (next == TEXT_NOWHERE || event_start_within(r, at, next) != TEXT_NOWHERE)
			return close + 8;
		close = next;
	}
}

static struct record
make(const struct records *r, enum record_kind kind, size_t n)
{
	return (struct record){
		.kind = kind,
		.text = text_head(window_text(&r->window), n),
		.offset = r->window.offset,
		.length = window_length(&r->window, n),
		.quoted = r->quoted,
	};
}

static struct record
make_waste(const struct records *r, size_t n, const char *why, uint64_t lost)
{
	struct record rec = make(r, RECORD_WASTE, n);

	rec.why = why;
	rec.lost = lost;
	return rec;
}

static struct record
take_xml(struct records *r, size_t *n)
{
	struct window *w = &r->window;
	size_t close = close_tag(r, 6);
	size_t limit = close == TEXT_NOWHERE ? text_head(window_text(w), RECORD_MAX).n : close;
	size_t next = event_start_within(r, 6, limit);
	struct record torn;

	if (next == TEXT_NOWHERE && close != TEXT_NOWHERE) {
		*n = event_end(r, close);
		return make(r, RECORD_XML, *n);
	}
	if (next == TEXT_NOWHERE && limit == RECORD_MAX) {
		*n = 6; /* the rest is looked through for records like any other waste */
		return make_waste(r, *n, too_large, 1);
	}
	*n = text_start_within(w, 0, next == TEXT_NOWHERE ? limit : next);
	torn = make(r, RECORD_XML, *n);
	torn.torn = true;
	return r->torn && text_find(torn.text, TEXT("</System>")) != TEXT_NOWHERE
		   ? torn
		   : make_waste(r, *n, torn_xml, 1);
}

/* "Event Xml:", "Ereignis-XML:", and then the XML: where that begins; 0: not here. */
static size_t
xml_behind(struct window *w, size_t at)
{
	size_t      length = line_length(w, at, DATE_LINE_MAX), xml;
	struct text line = line_at(w, at, DATE_LINE_MAX);

	if (line.n == 0 || line.p[line.n - 1] != ':' || text_ifind(line, TEXT("xml")) == TEXT_NOWHERE)
		return 0;
	xml = skip_blanks(w, at + length);
	return event_starts_at(w, xml) ? xml : 0;
}

/* Text ends where the next record begins; what Event Viewer copies also at its XML. */
static struct record
take_text(struct records *r, enum record_kind kind, size_t *n)
{
	struct window *w = &r->window;
	size_t at = line_length(w, 0, FRAME_MAX);

	/* Nothing begins in the lines that begin this record. */
	at += line_length(w, at, FRAME_MAX);
	while (at < RECORD_MAX) {
		size_t lf;

		if (window_need(w, at + 1) <= at)
			break;
		if (text_starts_at(w, at) != RECORD_END ||
		    (w->buf[w->at + at] == '<' && event_starts_at(w, at)) ||
		    (w->encoding == ENCODING_BYTES && starts_at(w, at, TEXT("\xff\xfe"))))
			break;
		if (kind == RECORD_VIEWER && (*n = xml_behind(w, at)) > 0)
			return make(r, RECORD_END, *n); /* the same event, and better */
		lf = find(w, TEXT("\n"), at, RECORD_MAX);
		at = lf == TEXT_NOWHERE ? text_head(window_text(w), RECORD_MAX).n : lf + 1;
	}
	*n = at;
	if (at >= RECORD_MAX)
		return make_waste(r, at, too_large, 1);
	return make(r, kind, at);
}

/* A piece of what is no record: up to the end of its line, or an event inside the line. */
static size_t
waste_length(struct records *r)
{
	struct window *w = &r->window;
	size_t n = line_length(w, 0, FRAME_MAX);
	size_t hit;

	if (n > 1) {
		hit = text_find(text_from(text_head(window_text(w), n), 1), TEXT("<Event"));
		if (hit != TEXT_NOWHERE)
			return hit + 1;
	}
	if (n > 8 && w->buf[w->at + n - 1] != '\n')
		n -= 8; /* the window may have cut a tag in two */
	return n;
}

static struct record
take(struct records *r, size_t *n)
{
	struct window *w = &r->window;
	enum record_kind kind;

	skip_frame(r);
	*n = 0;
	if (window_need(w, 1) == 0)
		return make(r, RECORD_END, 0);
	if (tag_starts_at(w, 0, TEXT("<Event")))
		return take_xml(r, n);
	kind = r->line_start ? text_starts_at(w, 0) : RECORD_END;
	if (kind != RECORD_END)
		return take_text(r, kind, n);
	*n = waste_length(r);
	return make_waste(r, *n, no_event, 0);
}

/* Waste that adjoins waste is one gap, if one reason fits both. */
static bool
gather(struct record *all, const struct record *more)
{
	if (all->length == 0) {
		*all = *more;
		all->text = TEXT_NONE;
		return true;
	}
	if (more->lost > 0 || all->why == torn_xml)
		return false;
	all->length = more->offset + more->length - all->offset;
	return true;
}

bool
records_next(struct records *r, struct record *out)
{
	if (r->ready.length > 0) {
		*out = r->ready;
		r->ready = (struct record){ .kind = RECORD_END };
		return true;
	}
	for (;;) {
		size_t n;

		pass(r, r->taken);
		*out = take(r, &n);
		r->taken = n;
		if (r->window.failed)
			return false;
		if (out->kind == RECORD_END && n > 0)
			continue;
		if (out->kind == RECORD_WASTE && gather(&r->waste, out))
			continue;
		if (r->waste.length == 0)
			return true;
		if (out->kind != RECORD_END)
			r->ready = *out;
		*out = r->waste;
		r->waste = (struct record){ .kind = RECORD_END };
		return true;
	}
}

enum record_kind
records_sniff(struct text head, bool *clean)
{
	enum record_kind kind = RECORD_END;
	struct records r = { .line_start = true };
	struct memory_input m;

	*clean = true;
	window_open_text(&r.window, &m, head);
	for (;;) {
		struct window *w = &r.window;

		skip_frame(&r);
		if (window_need(w, 1) == 0)
			break;
		/* Among other words, the tag alone may be a word, too. */
		if (event_starts_at(w, 0) || (*clean && tag_starts_at(w, 0, TEXT("<Event"))))
			kind = RECORD_XML;
		else if (r.line_start)
			kind = text_starts_at(w, 0);
		if (kind != RECORD_END)
			break;
		*clean = false;
		pass(&r, waste_length(&r));
	}
	records_close(&r);
	return kind;
}
