/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/csv_sniff.h"

#include "importers/csv_form.h"

enum found {
	FOUND_NOTHING,
	FOUND_TABLE,
	FOUND_EVENTS,
};

/* The first rows: a header, and one that fits it. */
static enum found
look(struct csv_rows *rows, struct arena *scratch, struct text *reason)
{
	struct csv_row header, first;
	struct csv_table table;
	unsigned remarks = 0;

	do {
		if (!csv_rows_next(rows, scratch, &header, &remarks))
			return FOUND_NOTHING;
	} while (header.n > 0 && text_starts(header.cells[0], TEXT("#TYPE")));
	if (!csv_is_header(&header))
		return FOUND_NOTHING;
	for (size_t i = 0; i < header.n; i++)
		header.cells[i] = arena_copy(scratch, header.cells[i]);
	if (!csv_rows_next(rows, scratch, &first, &remarks))
		return FOUND_NOTHING;
	if (csv_table_of(&table, &header, &first, scratch))
		return FOUND_EVENTS;
	*reason = csv_no_events(&header);
	return header.n == first.n ? FOUND_TABLE : FOUND_NOTHING;
}

static enum found
sniff(struct text head, struct text *reason)
{
	struct arena scratch = arena_open((size_t)32 * SNIFF_BYTES);
	struct csv_rows rows = { .taken = 0 };
	struct memory_input m;
	struct text start = head_to_utf8(head, &scratch);
	enum found found = FOUND_NOTHING;

	if (start.n > 0 && start.p[0] != '{' && start.p[0] != '[' && start.p[0] != '<') {
		window_open_text(&rows.window, &m, head);
		found = look(&rows, &scratch, reason);
		csv_rows_close(&rows);
	}
	arena_close(&scratch);
	return found;
}

enum bid
csv_bid(struct text head, uint64_t size)
{
	struct text reason;

	(void)size;
	return sniff(head, &reason) == FOUND_EVENTS ? BID_SURE : BID_NO;
}

bool
csv_table_find(struct text head, struct text *reason)
{
	struct text words;

	if (sniff(head, &words) != FOUND_TABLE)
		return false;
	*reason = words;
	return true;
}
