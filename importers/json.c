/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/formats.h"

#include "base/when.h"
#include "importers/classic.h"
#include "importers/gaps.h"
#include "importers/json_documents.h"
#include "importers/json_nxlog.h"
#include "importers/json_sniff.h"
#include "importers/xml_event.h"

#define WRAPS_MAX 4	 /* wrappers around wrappers */
#define ZONE_RECORDS 256 /* records that vote on the zone of the file */
#define ZONES_MAX 16
#define KEYS_SHOWN 4

#define SCRATCH_SIZE ((size_t)64 * DOCUMENT_MAX)
#define SCRATCH_KEEP ((size_t)1 << 20)

struct json_import {
	struct input *in;
	uint64_t begin, end;
	const struct import_options *opt;
	struct sink *out;
	struct json_tokener *tokener;
	struct event_builder builder;
	struct xml_reader *xml;
	struct json_run run;
	struct event ev;
	const struct document *doc;
	int wraps;
	unsigned remarks, said;
	bool zone_asked;
	struct gaps gaps;
};

static bool
send_gap(struct json_import *j, struct text why, uint64_t lost)
{
	struct gap g = {
		.offset = j->doc->offset,
		.length = j->doc->length,
		.records_lost = lost,
		.reason = why,
	};

	return gaps_add(&j->gaps, &g, why.n);
}

/* The document is lost for a reason of which DETAIL may differ from record to record. */
static bool
lose(struct json_import *j, struct text why, struct text detail)
{
	struct gap g = {
		.offset = j->doc->offset,
		.length = j->doc->length,
		.records_lost = 1,
		.reason = arena_join(j->run.keep, why, detail),
	};

	return gaps_add(&j->gaps, &g, why.n);
}

static bool
unknown_form(struct json_import *j, struct json_object *top)
{
	struct text keys = TEXT("; its keys:");
	int n = 0;

	for (struct json_member m = json_first(top); !text_absent(m.key) && n < KEYS_SHOWN;
	     m = json_next(m), n++)
		keys = arena_printf(j->run.keep, TEXT_FMT " " TEXT_FMT, TEXT_ARG(keys),
				    TEXT_ARG(text_head(m.key, 32)));
	return lose(j, TEXT("JSON, but in no known form of events"), keys);
}

static bool
send_event(struct json_import *j)
{
	struct text words = decode_remarks(j->remarks & ~j->said, j->run.keep);

	if (!gaps_flush(&j->gaps))
		return false;
	j->said |= j->remarks & DECODE_WINDOWS_1252;
	j->ev.offset = j->doc->offset;
	j->ev.length = j->doc->length;
	if (words.n > 0)
		j->ev.remark = words;
	return j->out->event(j->out->self, &j->ev);
}

/* What the first records of the file say together about the zone of its local times. */
static void
ask_zone(struct json_import *j)
{
	struct {
		int32_t zone_s;
		unsigned votes;
	} zones[ZONES_MAX];
	size_t n = 0, best = 0;
	struct json_documents docs;
	struct document doc;
	struct arena scratch;

	j->zone_asked = true;
	if (!j->in->seekable)
		return;
	scratch = arena_open(SCRATCH_SIZE);
	documents_open(&docs, j->in, j->begin, j->end, j->opt->window_bytes, NULL);
	for (int i = 0; i < ZONE_RECORDS && documents_next(&docs, &doc) && doc.kind != DOCUMENT_END;
	     i++) {
		struct arena one = scratch;
		unsigned remarks = 0;
		int32_t zone_s;
		size_t k = 0;
		struct json_object *top;

		if (doc.kind != DOCUMENT_OBJECT)
			continue;
		top = json_parse(j->tokener, text_to_utf8(doc.text, &one, &remarks));
		if (nxlog_zone(top, &one, &zone_s)) {
			while (k < n && zones[k].zone_s != zone_s)
				k++;
			if (k < ZONES_MAX) {
				if (k == n) {
					zones[n].zone_s = zone_s;
					zones[n++].votes = 0;
				}
				zones[k].votes++;
			}
		}
		json_object_put(top);
	}
	documents_close(&docs);
	arena_close(&scratch);
	for (size_t k = 1; k < n; k++)
		if (zones[k].votes > zones[best].votes)
			best = k;
	if (n > 0) {
		j->run.zone_known = true;
		j->run.zone_s = zones[best].zone_s;
	}
}

static bool
deliver(struct json_import *j, struct json_object *top)
{
	const struct json_form *form = json_form_find(top);

	if (!form)
		return unknown_form(j, top);
	if (form == &json_nxlog && !j->zone_asked)
		ask_zone(j);
	if (form == &json_nxlog && !j->run.zone_known)
		j->run.zone_known = nxlog_zone(top, j->run.keep, &j->run.zone_s);
	builder_clear(&j->builder);
	j->ev = (struct event){ .format = FORMAT_JSON, .time_ns = WHEN_NONE };
	switch (form->read(&j->run, top)) {
	case JSON_EVENT:
		break;
	case JSON_LOST:
		return lose(j, j->run.why, TEXT_NONE);
	case JSON_SKIP:
	case JSON_NESTED:
		return true;
	case JSON_STOP:
		return false;
	}
	if (text_absent(builder_get(&j->builder, ROLE_EVENT_ID)) && j->ev.event_name.n == 0)
		return lose(j, TEXT("record without an event id"), TEXT_NONE);
	builder_finish(&j->builder, &j->ev);
	return send_event(j);
}

/* Callbacks for wrappers. */

static bool
inner_record(void *self, struct json_object *inner)
{
	struct json_import *j = self;
	bool go_on;

	if (j->wraps == WRAPS_MAX)
		return lose(j, TEXT("event is wrapped too often"), TEXT_NONE);
	j->wraps++;
	go_on = json_is_object(inner) ? deliver(j, inner) : true;
	j->wraps--;
	return go_on;
}

static bool
inner_json(struct json_import *j, struct text raw)
{
	struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH);
	struct json_object *inner = tokener ? json_parse(tokener, raw) : NULL;
	bool go_on = json_is_object(inner)
			 ? inner_record(j, inner)
			 : lose(j, TEXT("JSON inside of JSON does not parse"), TEXT_NONE);

	json_object_put(inner);
	if (tokener)
		json_tokener_free(tokener);
	return go_on;
}

static bool
inner_raw(void *self, struct text raw, struct json_object *row)
{
	struct json_import *j = self;
	struct json_run *run = &j->run;
	struct text why = TEXT_NONE;
	enum xml_outcome outcome;
	int64_t ns;
	bool has_zone;

	raw = text_trim(raw);
	if (text_starts(raw, TEXT("{")))
		return inner_json(j, raw);
	if (text_starts(raw, TEXT("<Event"))) {
		outcome = xml_read(j->xml, raw, run->keep, &j->ev, &why);
		if (outcome == XML_LOST)
			return lose(j, why, TEXT_NONE);
		if (outcome == XML_DAMAGED && !send_gap(j, why, 0))
			return false;
	} else if (text_find(text_head(raw, DATE_LINE_MAX), TEXT("LogName=")) != TEXT_NOWHERE &&
		   classic_read(&j->builder, RECORD_CLASSIC, raw, DATE_ORDER_OPEN,
				run->import_zone_s, run->keep, &j->ev)) {
		/* The index knows the zone that the text leaves out. */
		if (json_time(json_get_text(row, "_time", run->keep), &ns, &has_zone) && has_zone) {
			j->ev.time_ns = ns;
			j->ev.flags &= ~(uint32_t)EVENT_ZONE_ASSUMED;
		}
	} else {
		return lose(j, TEXT("raw text of a row is in no known form of events"), TEXT_NONE);
	}
	if (row)
		json_row_extras(run, row);
	return send_event(j);
}

static void
inner_fragment(void *self, struct text xml)
{
	struct json_import *j = self;

	xml_read_fragment(j->xml, xml, j->run.keep);
}

static bool
document(struct json_import *j, const struct document *doc, struct arena *keep)
{
	struct json_object *top;
	struct text text;
	bool go_on;

	j->doc = doc;
	j->run.keep = keep;
	if (doc->kind == DOCUMENT_WASTE)
		return send_gap(j, text_of(doc->why), doc->lost);
	j->remarks = 0;
	text = text_to_utf8(doc->text, keep, &j->remarks);
	top = json_parse(j->tokener, text);
	if (!top)
		return lose(j, TEXT("JSON does not parse: "),
			    text_of(json_tokener_error_desc(json_tokener_get_error(j->tokener))));
	go_on = deliver(j, top);
	json_object_put(top);
	return go_on;
}

static bool
previews_only(struct json_import *j)
{
	struct gap g = {
		.offset = j->begin,
		.records_lost = j->run.previews,
		.reason =
		    TEXT("preview of a search that was still running, without its final rows"),
	};

	if (j->run.previews == 0 || j->run.finals > 0)
		return true;
	return gaps_add(&j->gaps, &g, g.reason.n);
}

static bool
json_decode(struct input *in, uint64_t begin, uint64_t end, const struct import_options *opt,
	    struct sink *out, struct err *err)
{
	struct json_import j = {
		.in = in, .begin = begin, .end = end, .opt = opt, .out = out, .gaps = { .out = out },
	};
	struct arena keep = arena_open(1 << 20), scratch = arena_open(SCRATCH_SIZE);
	struct json_documents docs;
	struct document doc;
	bool good, go_on = true;

	builder_open(&j.builder);
	j.xml = xml_reader_open(&j.builder, &keep);
	j.tokener = json_tokener_new_ex(JSON_DEPTH);
	if (!j.tokener)
		arena_exhausted(JSON_DEPTH);
	j.run = (struct json_run){
		.b = &j.builder,
		.ev = &j.ev,
		.import_zone_s = opt->zone_offset_s,
		.self = &j,
		.record = inner_record,
		.raw = inner_raw,
		.fragment = inner_fragment,
	};
	documents_open(&docs, in, begin, end, opt->window_bytes, err);
	while ((good = documents_next(&docs, &doc)) && doc.kind != DOCUMENT_END && go_on) {
		struct arena one = scratch;

		go_on = document(&j, &doc, &one);
		if (arena_used(&one) > SCRATCH_KEEP)
			arena_reset(&scratch, SCRATCH_KEEP);
		if (out->consumed)
			out->consumed(out->self, doc.offset + doc.length - begin);
	}
	if (good && go_on)
		go_on = previews_only(&j) && gaps_flush(&j.gaps);
	if (good && go_on && out->consumed)
		out->consumed(out->self, docs.window.offset - begin);
	documents_close(&docs);
	json_tokener_free(j.tokener);
	xml_reader_close(j.xml);
	builder_close(&j.builder);
	arena_close(&scratch);
	arena_close(&keep);
	return good;
}

static enum bid
json_bid(struct text head, uint64_t size)
{
	(void)size;
	return json_sniff(head);
}

const struct importer importer_json = {
	.name = "json",
	.title =
	    "JSON: NXLog, Winlogbeat, evtx_dump, Velociraptor, Splunk, PowerShell, CrowdStrike",
	.format = FORMAT_JSON,
	.bid = json_bid,
	.decode = json_decode,
};
