/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/json_sniff.h"

#include "importers/json_documents.h"
#include "importers/json_form.h"

#define SNIFF_RECORDS 16

/* Looks at whole records among the first bytes; the first that has a form decides. */
static enum bid
sniff_records(struct text head, struct json_tokener *tokener, struct arena *scratch)
{
	struct json_documents docs = { .at_line = true };
	struct memory_input m;
	struct document doc;
	enum bid bid = BID_NO;

	window_open_text(&docs.window, &m, head);
	for (int i = 0; i < SNIFF_RECORDS && bid < BID_SURE; i++) {
		struct json_object *top;
		unsigned remarks = 0;

		if (!documents_next(&docs, &doc) || doc.kind == DOCUMENT_END)
			break;
		if (doc.kind != DOCUMENT_OBJECT)
			continue;
		top = json_parse(tokener, text_to_utf8(doc.text, scratch, &remarks));
		if (top)
			bid = json_form_find(top) ? BID_SURE : BID_MAYBE;
		json_object_put(top);
	}
	documents_close(&docs);
	return bid;
}

enum bid
json_sniff(struct text head)
{
	struct arena scratch;
	struct text start;
	struct json_tokener *tokener;
	enum bid bid = BID_NO;

	if (text_find_byte(head, '{') == TEXT_NOWHERE)
		return BID_NO;
	scratch = arena_open((size_t)8 * SNIFF_BYTES);
	tokener = json_tokener_new_ex(JSON_DEPTH);
	if (tokener) {
		bid = sniff_records(head, tokener, &scratch);
		json_tokener_free(tokener);
	}
	/* The first record may be larger than what there is to look at. */
	start = head_to_utf8(head, &scratch);
	if (bid == BID_NO && start.n > 1 && (start.p[0] == '{' || start.p[0] == '[') &&
	    text_find(start, TEXT("\":")) != TEXT_NOWHERE)
		bid = BID_MAYBE;
	arena_close(&scratch);
	return bid;
}
