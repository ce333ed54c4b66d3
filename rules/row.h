/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * row.h - rows of a pipeline: fields by name, each value a text, a number, a time or a list.
 *
 * SPL has no booleans in rows; null is the absence of a field. A row comes either from an event
 * (its fields are looked up on demand through names.h) or from a command that made it. Times are
 * numbers to SPL; they are kept as nanoseconds, so that no fraction of a second is lost.
 */
#ifndef AUGER_RULES_ROW_H
#define AUGER_RULES_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/event.h"
#include "base/names.h"
#include "base/text.h"

enum value_kind { VALUE_NULL, VALUE_TEXT, VALUE_NUMBER, VALUE_TIME, VALUE_LIST };

struct value {
	enum value_kind kind;
	uint32_t        n_items;
	union {
		struct text         text;    /* VALUE_TEXT */
		double              number;  /* VALUE_NUMBER */
		int64_t             time_ns; /* VALUE_TIME; to SPL it is epoch seconds with a fraction */
		const struct value *items;   /* VALUE_LIST: no lists and no nulls, at least two */
	};
};

struct cell {
	struct text  name;
	struct value value; /* VALUE_NULL: the field was removed, the event's own is hidden */
};

struct row {
	struct cell        *cells;   /* in column order; set cells hide the event's fields */
	uint32_t            n, cap;
	const struct event *event;   /* NULL for rows that a command made */
	enum model          model;   /* whose names plain names of the event are */
	enum model          prefixed; /* whose names it lists, prefix and all, beside those of the event */
	bool                narrowed; /* of the event only _time and _raw are left */
	int64_t             time_ns; /* of _time; WHEN_NONE when the row has none */
	int64_t             first_ns, last_ns; /* of the events behind it; or WHEN_NONE */
	const int64_t      *events;  /* ids of the events behind the row, ascending */
	uint32_t            n_events;
	bool                events_capped;
	bool                decoded; /* an event satisfies the search only decoded */
	struct text         group_key; /* of what it was last grouped by; or absent */
};

/* A field that a search names, looked up once. */
struct column {
	struct text     name;
	struct name_ref ref; /* the name in the vocabulary of the model, for events */
};

/* MODEL: whose vocabulary plain names have. The name is not copied. */
struct column column_make(struct arena *keep, struct text name, enum model model);

struct row row_of_event(const struct event *ev, enum model model);

struct value row_value(const struct row *row, const struct column *column, struct arena *keep);
struct value row_get(const struct row *row, struct text name, struct arena *keep);
/* Of a field that was set; null as well when it was not. */
struct value row_cell_value(const struct row *row, struct text name);
/* Was the field set, or removed, by a command? */
bool row_has_cell(const struct row *row, struct text name);
/* Text of a field, several values joined by SEP; absent when it is null. */
struct text row_text(const struct row *row, struct text name, char sep, struct arena *keep);

/* Sets, or with a null value removes, a field; NAME and VALUE are not copied. */
void row_set(struct row *row, struct text name, struct value value, struct arena *keep);

/* Names of all fields that are not null: cells in order, then the event's. */
size_t row_names(const struct row *row, struct arena *keep, struct text **out);

/* The events behind OTHER are behind ROW as well. */
void row_add_events(struct row *row, const struct row *other, struct arena *keep);

/* A copy with its own cells, so that it can be changed; values stay shared. */
struct row row_fork(const struct row *row, struct arena *keep);
/* A copy that lives in KEEP and needs nothing else. With ONLY, just these fields (and _time). */
struct row row_keep(const struct row *row, const struct column *only, size_t n_only,
		    struct arena *keep);

/* Text of a value as Splunk prints it (numbers without trailing zeros); lists joined by SEP. */
struct text value_text(const struct value *v, char sep, struct arena *keep);

static inline struct value
value_of_text(struct text t)
{
	return t.p ? (struct value){ .kind = VALUE_TEXT, .text = t } : (struct value){ 0 };
}

static inline struct value
value_of_number(double n)
{
	return (struct value){ .kind = VALUE_NUMBER, .number = n };
}

static inline struct value
value_of_time(int64_t ns)
{
	return (struct value){ .kind = VALUE_TIME, .time_ns = ns };
}

/* Null for none, the item itself for one, else a list over ITEMS (not copied). */
struct value value_of_list(const struct value *items, size_t n);

/* The values of V: 0 for null, 1 for a single one. *ITEMS points into V or its list. */
size_t value_items(const struct value *v, const struct value **items);
struct value value_first(const struct value *v);
struct value value_keep(const struct value *v, struct arena *keep);

/* As a number: numbers, times, and texts that read as one. Lists: false. */
bool value_number(const struct value *v, double *out);
/* As a time: epoch seconds with a fraction; exact for times and texts. */
bool value_time(const struct value *v, int64_t *ns);

/* Order of two single values: numbers if both read as one, else bytewise text. */
int value_compare(const struct value *a, const struct value *b);

#endif
