/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * csv_form.h - the forms in which events come as tables, told by the header (csv_forms.c).
 *
 * A row becomes a record with named values, empty cells left out, which a form of json_form.h
 * reads: the same columns come as JSON, too.
 */
#ifndef AUGER_IMPORTERS_CSV_FORM_H
#define AUGER_IMPORTERS_CSV_FORM_H

#include "importers/csv_rows.h"
#include "importers/json_form.h"

struct csv_table {
	const struct json_form *form;
	const char            **names; /* of the columns, each once; NULL: leave the column out */
	struct text            *header; /* as it stands, to know it again */
	size_t                  n;
	size_t                  date; /* column whose dates may be local; TEXT_NOWHERE: none */
	bool                    multi_values; /* Splunk's "__mv_" columns are there */
	struct arena           *keep;
};

/* Whether HEADER can be one: texts, several of them. */
bool csv_is_header(const struct csv_row *header);

/* Fills TABLE in KEEP from its header and, for forms that the header alone does not tell, the row
 * behind it (n 0: there is none). False: a table, but in no known form of events. */
bool csv_table_of(struct csv_table *table, const struct csv_row *header,
		  const struct csv_row *first, struct arena *keep);

/* A row as a record: free it with json_object_put. Surplus cells are called column<N>. */
struct json_object *csv_record(const struct csv_table *table, const struct csv_row *row,
			       struct arena *keep);

/* What a table is whose columns are no form of events, as words for a gap. */
struct text csv_no_events(const struct csv_row *header);

/* A form that comes as a table only. */
extern const struct json_form csv_event_viewer;

#endif
