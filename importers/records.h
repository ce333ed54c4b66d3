/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * records.h - cuts a text file into event records, whatever mixture of forms it is.
 *
 * Raw exports alternate event XML and classic blocks, so every record is told by its own first
 * line. What lies between records and belongs to no frame (comments, declarations, root tags,
 * "Record 7" lines) is handed out as waste, so that nothing is passed over in silence.
 */
#ifndef AUGER_IMPORTERS_RECORDS_H
#define AUGER_IMPORTERS_RECORDS_H

#include "importers/window.h"

enum record_kind {
	RECORD_END,
	RECORD_XML,	 /* <Event ...> ... </Event> */
	RECORD_CLASSIC,	 /* date line, LogName= ... Message= ... */
	RECORD_WEVTUTIL, /* Event[0] ... Description: ... */
	RECORD_VIEWER,	 /* Log Name: ... Description: ..., as Event Viewer copies it */
	RECORD_WASTE,	 /* no event */
};

struct record {
	enum record_kind kind;
	struct text text; /* until the next call; 8-bit text is as in the file */
	uint64_t offset, length;
	const char *why; /* RECORD_WASTE: reason for the gap */
	uint64_t lost;	 /* RECORD_WASTE: events lost, 0 if not known */
	bool quoted;	 /* cut out of a quoted string: still has its escapes */
	bool torn;	 /* RECORD_XML without its end, see records.torn */
};

struct records {
	struct window window;
	size_t taken;	 /* bytes of the last record, skipped by the next call */
	bool line_start; /* the window begins at the start of a line */
	bool quoted;	 /* the whole file is one quoted string */
	bool torn;	 /* set by the caller: an event without its end is no waste */
	unsigned changes; /* of the encoding, inside of the file */
	const char *remark; /* on what stood in front of the last record; cleared by the caller */
	/* In UTF-8 bytes from the start: what a search in vain has covered. */
	uint64_t no_close, no_start;
	struct record waste; /* gathered, not yet handed out; length 0: none */
	struct record ready; /* behind the waste; RECORD_END: none */
};

void records_open(struct records *r, struct input *in, uint64_t begin, uint64_t end,
		  size_t step_bytes, struct err *err);
void records_close(struct records *r);

/* False: reading failed. */
bool records_next(struct records *r, struct record *out);

/* Form of the first record in the first bytes of a file; RECORD_END when there is none.
 * *CLEAN: nothing but a frame stands before it. HEAD is UTF-8 or 8-bit text. */
enum record_kind records_sniff(struct text head, bool *clean);

#endif
