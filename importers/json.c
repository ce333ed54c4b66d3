/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events in JSON: the documents of a file, one record each. */
#include "config.h"
#include "importers/formats.h"

#include "importers/form_reader.h"
#include "importers/json_documents.h"
#include "importers/json_nxlog.h"
#include "importers/json_sniff.h"

#define ZONE_RECORDS 256 /* records that vote on the zone of the file */
#define ZONES_MAX 16

struct json_import {
	struct input *in;
	uint64_t begin, end;
	const struct import_options *opt;
	struct json_tokener *tokener;
	struct form_reader reader;
};

/* What the first records of the file say together about the zone of its local times. */
static void
ask_zone(void *self)
{
	struct json_import *j = self;
	struct {
		int32_t zone_s;
		unsigned votes;
	} zones[ZONES_MAX];
	size_t n = 0, best = 0;
	struct json_documents docs;
	struct document doc;
	struct arena scratch;

	if (!j->in->seekable)
		return;
	scratch = arena_open(FORM_SCRATCH);
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
		j->reader.run.zone_known = true;
		j->reader.run.zone_s = zones[best].zone_s;
	}
}

static bool
document(struct json_import *j, const struct document *doc, struct arena *keep)
{
	struct form_reader *f = &j->reader;
	struct json_object *top;
	struct text text;
	bool go_on;

	form_reader_at(f, doc->offset, doc->length, keep);
	if (doc->kind == DOCUMENT_WASTE)
		return form_reader_gap(f, text_of(doc->why), doc->lost);
	text = text_to_utf8(doc->text, keep, &f->remarks);
	top = json_parse(j->tokener, text);
	if (!top)
		return form_reader_lose(
		    f, TEXT("JSON does not parse: "),
		    text_of(json_tokener_error_desc(json_tokener_get_error(j->tokener))));
	go_on = form_reader_record(f, NULL, top);
	json_object_put(top);
	return go_on;
}

static bool
json_decode(struct input *in, uint64_t begin, uint64_t end, const struct import_options *opt,
	    struct sink *out, struct err *err)
{
	struct json_import j = { .in = in, .begin = begin, .end = end, .opt = opt };
	struct arena scratch = arena_open(FORM_SCRATCH);
	struct json_documents docs;
	struct document doc;
	bool good, go_on = true;

	form_reader_open(&j.reader, opt, out, FORMAT_JSON);
	j.reader.self = &j;
	j.reader.first_nxlog = ask_zone;
	j.tokener = json_tokener_new_ex(JSON_DEPTH);
	if (!j.tokener)
		arena_exhausted(JSON_DEPTH);
	documents_open(&docs, in, begin, end, opt->window_bytes, err);
	while ((good = documents_next(&docs, &doc)) && doc.kind != DOCUMENT_END && go_on) {
		struct arena one = scratch;

		go_on = document(&j, &doc, &one);
		if (arena_used(&one) > FORM_KEEP)
			arena_reset(&scratch, FORM_KEEP);
		if (out->consumed)
			out->consumed(out->self, doc.offset + doc.length - begin);
	}
	if (good && go_on && form_reader_end(&j.reader, begin) && out->consumed)
		out->consumed(out->self, docs.window.offset - begin);
	documents_close(&docs);
	json_tokener_free(j.tokener);
	form_reader_close(&j.reader);
	arena_close(&scratch);
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
	    "JSON: NXLog, Winlogbeat, evtx_dump, Velociraptor, Splunk, PowerShell, CrowdStrike, "
	    "findings of Chainsaw and Hayabusa",
	.format = FORMAT_JSON,
	.bid = json_bid,
	.decode = json_decode,
};
