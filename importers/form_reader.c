/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/form_reader.h"

#include "base/when.h"
#include "importers/classic.h"
#include "importers/json_nxlog.h"

#define WRAPS_MAX  4 /* wrappers around wrappers */
#define KEYS_SHOWN 4

bool
form_reader_gap(struct form_reader *f, struct text why, uint64_t lost)
{
	struct gap g = {
		.offset = f->offset,
		.length = f->length,
		.records_lost = lost,
		.reason = why,
	};

	return gaps_add(&f->gaps, &g, why.n);
}

bool
form_reader_lose(struct form_reader *f, struct text why, struct text detail)
{
	struct gap g = {
		.offset = f->offset,
		.length = f->length,
		.records_lost = 1,
		.reason = arena_join(f->run.keep, why, detail),
	};

	return gaps_add(&f->gaps, &g, why.n);
}

static bool
unknown_form(struct form_reader *f, struct json_object *top)
{
	struct text keys = TEXT("; its keys:");
	int n = 0;

	for (struct json_member m = json_first(top); !text_absent(m.key) && n < KEYS_SHOWN;
	     m = json_next(m), n++)
		keys = arena_printf(f->run.keep, TEXT_FMT " " TEXT_FMT, TEXT_ARG(keys),
				    TEXT_ARG(text_head(m.key, 32)));
	return form_reader_lose(f, TEXT("JSON, but in no known form of events"), keys);
}

static void
add_remark(struct form_reader *f, struct text words)
{
	struct event *ev = &f->ev;

	if (words.n == 0)
		return;
	if (ev->remark.n > 0)
		words = arena_join(f->run.keep, arena_join(f->run.keep, ev->remark, TEXT("; ")),
				   words);
	ev->remark = words;
}

static bool
send_event(struct form_reader *f)
{
	if (f->remarks & DECODE_OVERWRITTEN && !form_reader_gap(f, OVERWRITTEN_WHY, 0))
		return false;
	if (!gaps_flush(&f->gaps))
		return false;
	/* About the encoding once a file, about what is broken every time. */
	add_remark(f, decode_remarks(f->remarks & ~f->said, f->run.keep));
	f->said |= f->remarks & DECODE_WINDOWS_1252;
	add_remark(f, f->remark);
	f->ev.offset = f->offset;
	f->ev.length = f->length;
	return f->out->event(f->out->self, &f->ev);
}

bool
form_reader_record(struct form_reader *f, const struct json_form *form, struct json_object *record)
{
	if (!form)
		form = json_form_find(record);
	if (!form)
		return unknown_form(f, record);
	if (form == &json_nxlog) {
		if (f->first_nxlog)
			f->first_nxlog(f->self);
		f->first_nxlog = NULL;
		if (!f->run.zone_known)
			f->run.zone_known = nxlog_zone(record, f->run.keep, &f->run.zone_s);
	}
	builder_clear(&f->builder);
	f->ev = (struct event){ .format = f->format, .time_ns = WHEN_NONE };
	switch (form->read(&f->run, record)) {
	case JSON_EVENT:
		break;
	case JSON_LOST:
		return form_reader_lose(f, f->run.why, TEXT_NONE);
	case JSON_SKIP:
	case JSON_NESTED:
		return true;
	case JSON_STOP:
		return false;
	}
	if (text_absent(builder_get(&f->builder, ROLE_EVENT_ID)) && f->ev.event_name.n == 0)
		return form_reader_lose(f, TEXT("record without an event id"), TEXT_NONE);
	builder_finish(&f->builder, &f->ev);
	return send_event(f);
}

/* Callbacks for wrappers. */

static bool
inner_record(void *self, struct json_object *inner)
{
	struct form_reader *f = self;
	bool go_on;

	if (f->wraps == WRAPS_MAX)
		return form_reader_lose(f, TEXT("event is wrapped too often"), TEXT_NONE);
	f->wraps++;
	go_on = json_is_object(inner) ? form_reader_record(f, NULL, inner) : true;
	f->wraps--;
	return go_on;
}

static bool
inner_json(struct form_reader *f, struct text raw)
{
	struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH);
	struct json_object *inner = tokener ? json_parse(tokener, raw) : NULL;
	bool go_on = json_is_object(inner)
			 ? inner_record(f, inner)
			 : form_reader_lose(f, TEXT("JSON inside of JSON does not parse"),
					    TEXT_NONE);

	json_object_put(inner);
	if (tokener)
		json_tokener_free(tokener);
	return go_on;
}

static bool
inner_raw(void *self, struct text raw, struct json_object *row)
{
	struct form_reader *f = self;
	struct json_run *run = &f->run;
	struct text why = TEXT_NONE;
	enum xml_outcome outcome;
	int64_t ns;
	bool has_zone;

	/* Blanks at the end may belong to a value. */
	raw = text_from(raw, raw.n > 0 ? (size_t)(text_trim(raw).p - raw.p) : 0);
	if (text_starts(raw, TEXT("{")))
		return inner_json(f, raw);
	if (text_starts(raw, TEXT("<Event"))) {
		outcome = xml_read(f->xml, raw, run->keep, &f->ev, &why);
		if (outcome == XML_LOST)
			return form_reader_lose(f, why, TEXT_NONE);
		if (outcome == XML_DAMAGED && !form_reader_gap(f, why, 0))
			return false;
	} else if (text_find(text_head(raw, DATE_LINE_MAX), TEXT("LogName=")) != TEXT_NOWHERE &&
		   classic_read(&f->builder, RECORD_CLASSIC, raw, run->order, run->import_zone_s,
				run->keep, &f->ev)) {
		/* The index knows the zone that the text leaves out. */
		if (json_time(json_get_text(row, "_time", run->keep), &ns, &has_zone) && has_zone) {
			f->ev.time_ns = ns;
			f->ev.flags &= ~(uint32_t)EVENT_ZONE_ASSUMED;
		}
	} else {
		return form_reader_lose(f, TEXT("raw text of a row is in no known form of events"),
					TEXT_NONE);
	}
	if (row)
		json_row_extras(run, row);
	return send_event(f);
}

static void
inner_fragment(void *self, struct text xml)
{
	struct form_reader *f = self;

	xml_read_fragment(f->xml, xml, f->run.keep);
}

void
form_reader_open(struct form_reader *f, const struct import_options *opt, struct sink *out,
		 enum event_format format)
{
	*f = (struct form_reader){ .out = out, .format = format, .gaps = { .out = out } };
	f->mem = arena_open(1 << 20);
	builder_open(&f->builder);
	f->xml = xml_reader_open(&f->builder, &f->mem);
	f->run = (struct json_run){
		.b = &f->builder,
		.ev = &f->ev,
		.import_zone_s = opt->zone_offset_s,
		.self = f,
		.record = inner_record,
		.raw = inner_raw,
		.fragment = inner_fragment,
	};
}

void
form_reader_close(struct form_reader *f)
{
	xml_reader_close(f->xml);
	builder_close(&f->builder);
	arena_close(&f->mem);
}

void
form_reader_at(struct form_reader *f, uint64_t offset, uint64_t length, struct arena *keep)
{
	f->offset = offset;
	f->length = length;
	f->run.keep = keep;
	f->remarks = DECODE_FINE;
	f->remark = TEXT_NONE;
}

bool
form_reader_end(struct form_reader *f, uint64_t begin)
{
	struct gap g = {
		.offset = begin,
		.records_lost = f->run.previews,
		.reason =
		    TEXT("preview of a search that was still running, without its final rows"),
	};

	if (f->run.previews > 0 && f->run.finals == 0 && !gaps_add(&f->gaps, &g, g.reason.n))
		return false;
	return gaps_flush(&f->gaps);
}
