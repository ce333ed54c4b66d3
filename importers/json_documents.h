/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * json_documents.h - cuts a file into JSON documents: one a line, one behind the other, pretty
 * printed, or as items of a list.
 *
 * What a collector writes before a document on its line (a header of syslog) is left out.
 *
 * A document that is cut off ends where the next line begins a new one. One that is larger than
 * DOCUMENT_MAX is taken for a frame: the objects inside of it are handed out.
 */
#ifndef AUGER_IMPORTERS_JSON_DOCUMENTS_H
#define AUGER_IMPORTERS_JSON_DOCUMENTS_H

#include "importers/window.h"

/* Parsed, a document takes up to thirty times its size, and some 200 bytes for each value. */
#define DOCUMENT_MAX        ((size_t)4 << 20)
#define DOCUMENT_VALUES_MAX ((size_t)65536)

enum document_kind {
	DOCUMENT_END,
	DOCUMENT_OBJECT,
	DOCUMENT_WASTE,
};

struct document {
	enum document_kind kind;
	struct text        text; /* until the next call */
	uint64_t           offset, length;
	const char        *why; /* DOCUMENT_WASTE */
	uint64_t           lost;
};

struct json_documents {
	struct window   window;
	size_t          taken;
	bool            inside;  /* of a frame that was entered */
	bool            at_line; /* what is next begins a line */
	struct document waste, ready;
};

void documents_open(struct json_documents *d, struct input *in, uint64_t begin, uint64_t end,
		    size_t step_bytes, struct err *err);
void documents_close(struct json_documents *d);

/* False: reading failed. */
bool documents_next(struct json_documents *d, struct document *out);

#endif
