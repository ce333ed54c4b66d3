/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of formats, and which of them a file is. */
#include "config.h"
#include "importers/importer.h"

#include "importers/csv_sniff.h"
#include "importers/decode.h"
#include "importers/formats.h"
#include "importers/signatures.h"

const struct importer *const importers[] = {
	&importer_evtx, &importer_splunk_results, &importer_xml,  &importer_text,
	&importer_csv,	&importer_json,		  NULL,
};

static const struct importer *
highest_bid(struct text head, uint64_t size)
{
	const struct importer *best = NULL;
	enum bid bid = BID_NO;

	for (size_t i = 0; importers[i] && bid < BID_SURE; i++) {
		enum bid b = importers[i]->bid(head, size);

		if (b > bid) {
			bid = b;
			best = importers[i];
		}
	}
	return best;
}

static bool
is_text(struct text t)
{
	size_t odd = 0;

	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];

		odd += c < 0x20 && c != '\t' && c != '\n' && c != '\r';
	}
	return odd <= t.n / 32;
}

/* What a file is that nobody bids on. */
static struct text
explain(struct text head, uint64_t size)
{
	struct arena scratch;
	struct text reason = TEXT_NONE;

	if (size == 0)
		return TEXT("empty file");
	if (head.n == 0)
		return TEXT("nothing could be read");
	scratch = arena_open((size_t)4 * SNIFF_BYTES);
	head = head_to_utf8(text_head(head, SNIFF_BYTES), &scratch);
	if (head.n == 0)
		reason = TEXT("nothing but blanks");
	else if (!text_signature_find(head, &reason) && !csv_table_find(head, &reason))
		reason = is_text(head)
			     ? TEXT("text in a form that is not known as an event log")
			     : TEXT("binary file in a form that is not known as an event log");
	arena_close(&scratch);
	return reason;
}

const struct importer *
importer_find(struct text head, uint64_t size, struct text *reason, bool *ignore)
{
	const struct importer *found;

	*reason = TEXT_NONE;
	*ignore = false;
	/* Binary signatures first: they are exact, while a bid may find events inside of anything.
	 */
	if (signature_find(head, reason, ignore))
		return NULL;
	found = highest_bid(head, size);
	if (!found)
		*reason = explain(head, size);
	return found;
}
