/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * row.h - rows of a pipeline: fields by name, each value a text, a number or a list of texts.
 *
 * SPL has no booleans in rows; null is the absence of a field. A row comes either from an event
 * (its fields are looked up on demand through names.h) or from a command that made it.
 */
#ifndef AUGER_RULES_ROW_H
#define AUGER_RULES_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/event.h"
#include "base/text.h"

enum value_kind { VALUE_NULL, VALUE_TEXT, VALUE_NUMBER, VALUE_LIST };

struct value {
	enum value_kind kind;
	struct text     text;   /* VALUE_TEXT */
	double          number; /* VALUE_NUMBER */
	const struct value *items; /* VALUE_LIST: texts or numbers, at least two */
	uint32_t        n_items;
};

struct cell {
	struct text  name;
	struct value value;
};

struct row {
	struct cell        *cells;   /* in column order; set cells hide the event's fields */
	uint32_t            n, cap;
	const struct event *event;   /* NULL for rows that a command made */
	int64_t             time_ns; /* of _time; WHEN_NONE when the row has none */
	const int64_t      *events;  /* ids of the events behind the row, ascending */
	uint32_t            n_events;
	bool                events_capped;
};

/* Text of a value as Splunk prints it (numbers without trailing zeros); lists joined by SEP. */
struct text value_text(const struct value *v, char sep, struct arena *keep);

#endif
