/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/textlog.h"

#include "importers/classic.h"
#include "importers/gaps.h"
#include "importers/xml_event.h"

/* A record may be there as read, unescaped, in UTF-8 (three times the size), cleaned and as values,
 * and that twice if it is damaged. Addresses only; memory is what is used. */
#define SCRATCH_SIZE ((size_t)32 * RECORD_MAX)
#define SCRATCH_KEEP ((size_t)1 << 20)

struct textlog {
	struct input *in;
	uint64_t begin, end;
	const struct import_options *opt;
	struct sink *out;
	struct event_builder builder;
	struct xml_reader *xml;
	enum date_order order;
	bool order_known, first_done;
	unsigned said;	    /* enum decode_remark that an event has carried */
	struct text remark; /* for the next event */
	struct gaps gaps;
};

/* What all classic dates of the file prove together about day and month. */
static enum date_order
order_of_file(const struct textlog *t)
{
	enum date_order order = DATE_ORDER_OPEN;
	struct records r;
	struct record rec;

	if (!t->in->seekable)
		return order;
	records_open(&r, t->in, t->begin, t->end, t->opt->window_bytes, NULL);
	while (order == DATE_ORDER_OPEN && records_next(&r, &rec) && rec.kind != RECORD_END) {
		struct text date = rec.text;

		if (rec.kind == RECORD_CLASSIC)
			order = date_order_of(text_trim(text_cut(&date, '\n')));
	}
	records_close(&r);
	return order;
}

static enum date_order
date_order(struct textlog *t, struct text record)
{
	enum date_order order = date_order_of(text_trim(text_cut(&record, '\n')));

	if (order != DATE_ORDER_OPEN) {
		t->order = order;
		t->order_known = true;
	} else if (!t->order_known) {
		t->order = order_of_file(t);
		t->order_known = true;
	}
	return t->order;
}

/* A record of a file that is one quoted string: its escapes become what they stand for. A record
 * with a quote of its own was not escaped. */
static struct text
unescaped(struct text t, struct arena *keep)
{
	char *p = arena_alloc(keep, 1, 1, t.n);
	size_t n = 0;

	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i];

		if (c == '"')
			return t;
		if (c == '\\' && i + 1 < t.n) {
			switch (t.p[++i]) {
			case 'n':
				c = '\n';
				break;
			case 'r':
				c = '\r';
				break;
			case 't':
				c = '\t';
				break;
			case '\\':
			case '"':
			case '/':
				c = t.p[i];
				break;
			default:
				return t;
			}
		}
		p[n++] = c;
	}
	return (struct text){ p, n };
}

static bool
send_gap(struct textlog *t, const struct record *rec, struct text why, uint64_t lost)
{
	struct gap g = {
		.offset = rec->offset,
		.length = rec->length,
		.records_lost = lost,
		.reason = why,
	};

	return gaps_add(&t->gaps, &g, why.n);
}

static void
add_remark(struct event *ev, struct text words, struct arena *keep)
{
	if (words.n == 0)
		return;
	if (ev->remark.n > 0)
		words = arena_join(keep, arena_join(keep, ev->remark, TEXT("; ")), words);
	ev->remark = words;
}

static bool
send_event(struct textlog *t, const struct record *rec, struct event *ev, unsigned remarks,
	   struct arena *keep)
{
	if (remarks & DECODE_OVERWRITTEN && !send_gap(t, rec, OVERWRITTEN_WHY, 0))
		return false;
	ev->offset = rec->offset;
	ev->length = rec->length;
	add_remark(ev, t->remark, keep);
	t->remark = TEXT_NONE;
	t->first_done = true;
	/* About the encoding once a file, about what is broken every time. */
	add_remark(ev, decode_remarks(remarks & ~(t->said & DECODE_WINDOWS_1252), keep), keep);
	t->said |= remarks;
	return gaps_flush(&t->gaps) && t->out->event(t->out->self, ev);
}

static bool
xml_record(struct textlog *t, const struct record *rec, struct text text, unsigned remarks,
	   struct arena *keep)
{
	struct event ev;
	struct text why = TEXT_NONE;
	enum xml_outcome outcome = xml_read(t->xml, text, keep, &ev, &why);

	if (rec->torn)
		why = TEXT("event XML is cut off before </Event>: what is whole was read");
	if (outcome == XML_LOST)
		return send_gap(t, rec, why, 1);
	if (outcome == XML_DAMAGED && !send_gap(t, rec, why, 0))
		return false;
	return send_event(t, rec, &ev, remarks, keep);
}

static bool
text_record(struct textlog *t, const struct record *rec, struct text text, unsigned remarks,
	    struct arena *keep)
{
	enum date_order order = date_order(t, text);
	struct event ev;

	if (!classic_read(&t->builder, rec->kind, text, order, t->opt->zone_offset_s, keep, &ev))
		return send_gap(t, rec, TEXT("text event without an event code"), 1);
	if (rec->text.n > 0 && rec->text.p[rec->text.n - 1] != '\n')
		add_remark(&ev, TEXT("the file ends in this event without a line end: it may have "
				     "been cut off"), keep);
	return send_event(t, rec, &ev, remarks, keep);
}

/* False: stop. */
static bool
deliver(struct textlog *t, const struct record *rec, struct arena *keep)
{
	struct text text = rec->text;
	unsigned remarks = 0;

	if (rec->kind == RECORD_WASTE)
		return send_gap(t, rec, text_of(rec->why), rec->lost);
	if (rec->quoted)
		text = unescaped(text, keep);
	text = text_to_utf8(text, keep, &remarks);
	return rec->kind == RECORD_XML ? xml_record(t, rec, text, remarks, keep)
				       : text_record(t, rec, text, remarks, keep);
}

static void
remark_on_file(struct textlog *t, const struct window *w)
{
	if (w->bom || w->encoding == ENCODING_BYTES)
		return;
	t->remark = w->encoding == ENCODING_UTF16_LE ? TEXT("UTF-16LE without a byte-order mark")
						     : TEXT("UTF-16BE without a byte-order mark");
}

bool
textlog_decode(struct input *in, uint64_t begin, uint64_t end, const struct import_options *opt,
	       struct sink *out, struct err *err)
{
	struct textlog t = {
		.in = in, .begin = begin, .end = end, .opt = opt, .out = out, .gaps = { .out = out },
	};
	struct arena keep = arena_open(1 << 20), scratch = arena_open(SCRATCH_SIZE);
	struct records r;
	struct record rec;
	bool good;

	builder_open(&t.builder);
	t.xml = xml_reader_open(&t.builder, &keep);
	records_open(&r, in, begin, end, opt->window_bytes, err);
	r.torn = opt->recover;
	while ((good = records_next(&r, &rec)) && rec.kind != RECORD_END) {
		struct arena one = scratch;

		if (!t.first_done)
			remark_on_file(&t, &r.window);
		if (r.remark)
			t.remark = text_of(r.remark);
		r.remark = NULL;
		if (!deliver(&t, &rec, &one))
			break;
		if (arena_used(&one) > SCRATCH_KEEP)
			arena_reset(&scratch, SCRATCH_KEEP);
		if (out->consumed)
			out->consumed(out->self, rec.offset + rec.length - begin);
	}
	if (good && rec.kind == RECORD_END && gaps_flush(&t.gaps) && out->consumed)
		out->consumed(out->self, r.window.offset - begin);
	records_close(&r);
	xml_reader_close(t.xml);
	builder_close(&t.builder);
	arena_close(&scratch);
	arena_close(&keep);
	return good;
}

enum bid
textlog_bid(struct text head, enum record_kind first, enum record_kind last)
{
	bool clean;
	enum record_kind kind = records_sniff(head, &clean);

	if (kind < first || kind > last)
		return BID_NO;
	return clean ? BID_SURE : BID_LIKELY;
}
