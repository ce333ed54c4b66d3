/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * form_reader.h - one record with named values to an event or a gap, whatever file it came in.
 *
 * JSON documents, rows of CSV and results of Splunk's XML are the same records: the forms of
 * json_form.h read them. Wrapped events (raw text in a row, a hit around a document) are
 * delivered from inside.
 */
#ifndef AUGER_IMPORTERS_FORM_READER_H
#define AUGER_IMPORTERS_FORM_READER_H

#include "importers/gaps.h"
#include "importers/json_form.h"
#include "importers/xml_event.h"

/* What a record is made into takes up to thirty times its size. */
#define FORM_SCRATCH ((size_t)256 << 20)
#define FORM_KEEP    ((size_t)1 << 20)

struct form_reader {
	struct sink *out;
	enum event_format format; /* of events that are not wrapped text */
	struct arena mem;
	struct event_builder builder;
	struct xml_reader *xml;
	struct json_run run;
	struct event ev;
	struct gaps gaps;
	/* The record in the evidence. */
	uint64_t offset, length;
	unsigned remarks; /* enum decode_remark of the record */
	struct text remark; /* for its event, beside the encoding; absent: none */
	unsigned said;
	int wraps;
	/* Before the first NXLog record; may be NULL. */
	void *self;
	void (*first_nxlog)(void *self);
};

void form_reader_open(struct form_reader *f, const struct import_options *opt, struct sink *out,
		      enum event_format format);
void form_reader_close(struct form_reader *f);

/* A record begins at OFFSET; what is made of it lives in KEEP. */
void form_reader_at(struct form_reader *f, uint64_t offset, uint64_t length, struct arena *keep);

/* These are false when the sink wants no more. FORM NULL: told by the keys of the record. */
bool form_reader_record(struct form_reader *f, const struct json_form *form,
			struct json_object *record);
bool form_reader_gap(struct form_reader *f, struct text why, uint64_t lost);
/* One record is lost for a reason of which DETAIL may differ from record to record. */
bool form_reader_lose(struct form_reader *f, struct text why, struct text detail);
/* What only the end of the file can tell; BEGIN: where the file began. */
bool form_reader_end(struct form_reader *f, uint64_t begin);

#endif
