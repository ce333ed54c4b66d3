/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Search results as Splunk exports them in XML: <results preview='0'> with a <result> per row.
 *
 * A row is the same record as in Splunk's JSON. Its <field k='name'> holds <value><text>, several
 * for several values; the raw event stands in <v> and may have words marked by tags (<sg>).
 */
#include "config.h"
#include "importers/formats.h"

#include "base/visible.h"
#include "importers/form_reader.h"
#include "importers/window.h"

#define RESULTS_SCRATCH ((size_t)48 * RECORD_MAX)
#define TAG_MAX         4096

struct results {
	struct window window;
	bool preview;
	struct form_reader reader;
};

/* Behind NEEDLE at FROM or later, reading on as needed; TEXT_NOWHERE: not in RECORD_MAX bytes. */
static size_t
find(struct window *w, struct text needle, size_t from)
{
	for (;;) {
		struct text have = text_head(window_text(w), RECORD_MAX);
		size_t hit = text_find(text_from(have, from), needle);

		if (hit != TEXT_NOWHERE)
			return from + hit;
		if (have.n >= from + needle.n)
			from = have.n - needle.n + 1;
		if (have.n == RECORD_MAX || !window_more(w))
			return TEXT_NOWHERE;
	}
}

/* "&lt;" and the like at the front of T: its bytes go to OUT, its length is returned; 0: none. */
static size_t
reference(struct text t, char *out, size_t *n)
{
	static const struct {
		struct text name;
		char c;
	} known[] = {
		{ TEXT_INIT("&lt;"), '<' },    { TEXT_INIT("&gt;"), '>' },
		{ TEXT_INIT("&amp;"), '&' },   { TEXT_INIT("&quot;"), '"' },
		{ TEXT_INIT("&apos;"), '\'' },
	};
	struct text digits;
	uint64_t code;
	size_t end;

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (text_starts(t, known[i].name)) {
			out[(*n)++] = known[i].c;
			return known[i].name.n;
		}
	end = text_find_byte(text_head(t, 12), ';');
	if (!text_starts(t, TEXT("&#")) || end == TEXT_NOWHERE)
		return 0;
	digits = text_from(text_head(t, end), 2);
	if (text_starts(digits, TEXT("x"))) {
		char hex[16] = "0x";

		memcpy(hex + 2, digits.p + 1, digits.n - 1);
		if (!text_to_u64((struct text){ hex, digits.n + 1 }, &code))
			return 0;
	} else if (!text_to_u64(digits, &code)) {
		return 0;
	}
	if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	*n += utf8_encode((uint32_t)code, out + *n);
	return end + 1;
}

/* Without tags, and references as what they stand for. */
static struct text
plain(struct text t, struct arena *keep)
{
	char *p = arena_alloc(keep, 1, 1, t.n + 4);
	size_t n = 0, skip;

	for (size_t i = 0; i < t.n;) {
		if (t.p[i] == '<') {
			size_t end = text_find_byte(text_from(t, i), '>');

			if (end != TEXT_NOWHERE) {
				i += end + 1;
				continue;
			}
		}
		skip = t.p[i] == '&' ? reference(text_from(t, i), p, &n) : 0;
		if (skip > 0)
			i += skip;
		else
			p[n++] = t.p[i++];
	}
	return (struct text){ p, n };
}

/* Cuts the next <NAME ...>inside</NAME> off T. */
static bool
element(struct text *t, struct text name, struct text *tag, struct text *inside)
{
	char open[16] = "<", close[16] = "</";
	struct text opening = { open, name.n + 1 }, closing = { close, name.n + 3 };

	memcpy(open + 1, name.p, name.n);
	memcpy(close + 2, name.p, name.n);
	close[name.n + 2] = '>';
	for (;;) {
		size_t at = text_find(*t, opening), end;

		if (at == TEXT_NOWHERE)
			return false;
		*t = text_from(*t, at + opening.n);
		if (t->n == 0 || (t->p[0] != '>' && t->p[0] != ' '))
			continue;
		end = text_find_byte(*t, '>');
		if (end == TEXT_NOWHERE)
			return false;
		*tag = text_head(*t, end);
		*t = text_from(*t, end + 1);
		end = text_find(*t, closing);
		if (end == TEXT_NOWHERE)
			return false;
		*inside = text_head(*t, end);
		*t = text_from(*t, end + closing.n);
		return true;
	}
}

/* The value of an attribute; absent when TAG has none of that name. NAME: with "=". */
static struct text
attribute(struct text tag, struct text name, struct arena *keep)
{
	size_t at = text_find(tag, name);
	struct text rest = text_from(tag, at + name.n);
	char quote;

	if (at == TEXT_NOWHERE || rest.n == 0)
		return TEXT_NONE;
	quote = rest.p[0];
	rest = text_from(rest, 1);
	return plain(text_head(rest, text_find_byte(rest, quote)), keep);
}

static void
add_value(struct json_object *row, const char *name, struct text value)
{
	struct json_object *had = json_get(row, name);
	struct json_object *text = json_object_new_string_len(value.p, (int)value.n);
	struct json_object *list;

	if (!had) {
		json_object_object_add(row, name, text);
		return;
	}
	if (!json_is_list(had)) {
		list = json_object_new_array();
		json_object_array_add(list, json_object_get(had));
		json_object_object_add(row, name, list);
		had = list;
	}
	json_object_array_add(had, text);
}

static struct json_object *
row_of(struct text result, struct arena *keep)
{
	struct json_object *row = json_object_new_object();
	struct text tag, field, inside;

	while (element(&result, TEXT("field"), &tag, &field)) {
		const char *name = arena_cstr(keep, attribute(tag, TEXT("k="), keep));
		struct text values = field;

		while (element(&values, TEXT("text"), &tag, &inside))
			add_value(row, name, plain(inside, keep));
		while (element(&field, TEXT("v"), &tag, &inside))
			add_value(row, name, plain(inside, keep));
	}
	return row;
}

/* A <result> of N bytes stands at the front of the window. False: the sink wants no more. */
static bool
deliver(struct results *r, size_t n, struct arena *keep)
{
	struct window *w = &r->window;
	struct form_reader *f = &r->reader;
	struct json_object *frame;
	bool go_on;

	form_reader_at(f, w->offset, window_length(w, n), keep);
	frame = json_object_new_object();
	json_object_object_add(frame, "preview", json_object_new_boolean(r->preview));
	json_object_object_add(
	    frame, "result",
	    row_of(text_to_utf8(text_head(window_text(w), n), keep, &f->remarks), keep));
	go_on = form_reader_record(f, &json_splunk_export, frame);
	json_object_put(frame);
	return go_on;
}

static bool
lose(struct results *r, size_t n, struct arena *keep)
{
	form_reader_at(&r->reader, r->window.offset, window_length(&r->window, n), keep);
	return form_reader_gap(&r->reader, TEXT("search result is cut off before </result>"), 1);
}

/* Where the <result> at the front of the window ends, or what else begins before that. */
static size_t
result_end(struct window *w, bool *whole)
{
	size_t from = 7;

	for (;;) {
		size_t at = find(w, TEXT("result"), from);
		struct text have = text_head(window_text(w), RECORD_MAX);

		*whole = false;
		if (at == TEXT_NOWHERE)
			return have.n;
		if (have.p[at - 1] == '<')
			return at - 1;
		*whole = have.p[at - 1] == '/' && have.p[at - 2] == '<';
		if (*whole)
			return window_need(w, at + 7) < at + 7 ? at + 6 : at + 7;
		from = at + 6;
	}
}

/* Deals with what begins with "<result" at the front of the window. */
static bool
result(struct results *r, struct arena *keep)
{
	struct window *w = &r->window;
	struct text tag;
	size_t end;
	bool whole, go_on;

	window_need(w, TAG_MAX);
	if (text_starts(window_text(w), TEXT("<results"))) {
		tag = text_head(window_text(w), TAG_MAX);
		tag = text_cut(&tag, '>');
		r->preview = text_eq(attribute(tag, TEXT("preview="), keep), TEXT("1"));
		window_skip(w, 8);
		return true;
	}
	end = result_end(w, &whole);
	go_on = whole ? deliver(r, end, keep) : lose(r, end, keep);
	window_skip(w, end);
	return go_on;
}

static bool
results_decode(struct input *in, uint64_t begin, uint64_t end, const struct import_options *opt,
	       struct sink *out, struct err *err)
{
	struct arena scratch = arena_open(RESULTS_SCRATCH);
	struct results r = { .preview = false };
	struct window *w = &r.window;
	bool go_on = true, good;

	form_reader_open(&r.reader, opt, out, FORMAT_XML);
	window_open(w, in, begin, end, opt->window_bytes, err);
	while (go_on && window_need(w, 8) > 0) {
		struct arena one = scratch;
		struct text have = window_text(w);
		size_t at = text_find(have, TEXT("<result"));

		if (at == TEXT_NOWHERE) {
			window_skip(w, have.n < 8 ? have.n : have.n - 7);
			continue;
		}
		window_skip(w, at);
		go_on = result(&r, &one);
		if (arena_used(&one) > FORM_KEEP)
			arena_reset(&scratch, FORM_KEEP);
		if (out->consumed)
			out->consumed(out->self, w->offset - begin);
	}
	good = !w->failed;
	if (good && go_on && form_reader_end(&r.reader, begin) && out->consumed)
		out->consumed(out->self, w->offset - begin);
	window_close(w);
	form_reader_close(&r.reader);
	arena_close(&scratch);
	return good;
}

static enum bid
results_bid(struct text head, uint64_t size)
{
	struct arena scratch = arena_open((size_t)8 * SNIFF_BYTES);
	struct text t = head_to_utf8(head, &scratch);
	bool found;

	(void)size;
	if (text_starts(t, TEXT("<?xml")) && text_find_byte(t, '>') != TEXT_NOWHERE)
		t = text_trim(text_from(t, text_find_byte(t, '>') + 1));
	found = text_starts(t, TEXT("<results>")) || text_starts(t, TEXT("<results "));
	arena_close(&scratch);
	return found ? BID_SURE : BID_NO;
}

const struct importer importer_splunk_results = {
	.name = "results",
	.title = "search results of Splunk in XML",
	.format = FORMAT_XML,
	.bid = results_bid,
	.decode = results_decode,
};
