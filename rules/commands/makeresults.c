/* SPDX-License-Identifier: GPL-3.0-or-later */
/* makeresults: rows that have only _time, or those written in it, to try expressions on. */
#include "config.h"

#include "base/when.h"
#include "rules/data_rows.h"
#include "rules/pipeline.h"

#define RESULTS_MAX 1000000

struct makeresults_args {
	uint64_t         count;
	struct text      format, data; /* rows as text: "csv" or "json" */
	struct data_rows rows;
};

static bool
makeresults_option(struct scan *s, struct makeresults_args *args, struct text name,
		   struct text value)
{
	bool ignored;

	if (text_ieq(name, TEXT("count")))
		return scan_to_count(s, name, value, 0, &args->count) &&
		       (args->count <= RESULTS_MAX ||
			scan_fail(s, value.p, "count= is at most %d", RESULTS_MAX));
	if (text_ieq(name, TEXT("format")))
		args->format = value;
	else if (text_ieq(name, TEXT("data")))
		args->data = value;
	else if (text_ieq(name, TEXT("splunk_server")) || text_ieq(name, TEXT("splunk_server_group")))
		return true;
	else if (!text_ieq(name, TEXT("annotate")))
		return scan_bad_option(s, name);
	else
		return scan_to_bool(s, name, value, &ignored);
	return true;
}

static bool
makeresults_data(struct scan *s, struct makeresults_args *args)
{
	const char *why = NULL;

	if (text_absent(args->data) != text_absent(args->format))
		return scan_expected(s, "format= and data= together");
	if (text_absent(args->data))
		return true;
	if (text_ieq(args->format, TEXT("csv")))
		why = data_rows_of_csv(args->data, &args->rows, s->c->keep);
	else if (text_ieq(args->format, TEXT("json")))
		why = data_rows_of_json(args->data, &args->rows, s->c->keep);
	else
		return scan_fail(s, args->format.p, "format= is csv or json");
	return !why || scan_fail(s, args->data.p, "data= %s", why);
}

static bool
makeresults_parse(struct scan *s, struct stage *stage)
{
	struct makeresults_args *args = arena_new(s->c->keep, struct makeresults_args, 1);
	struct leaf              leaf = { 0 };
	struct text              name, value;

	stage->args = args;
	args->count = 1;
	if (s->c->search->n_leaves == 0)
		leaf_add(s->c, &leaf);
	while (scan_option(s, &name, &value))
		if (!makeresults_option(s, args, name, value))
			return false;
	return makeresults_data(s, args);
}

static void
makeresults_columns(const struct stage *stage, struct columns *columns)
{
	const struct makeresults_args *args = stage->args;

	columns_only(columns);
	if (text_absent(args->data))
		columns_add(columns, TEXT("_time"));
	for (size_t i = 0; i < args->rows.n_names; i++)
		columns_add(columns, args->rows.names[i]);
}

static bool
makeresults_generate(struct stage_run *sr)
{
	const struct makeresults_args *args = sr->stage->args;
	bool                           given = !text_absent(args->data);
	uint64_t                       n = given ? args->rows.n : args->count;

	for (uint64_t i = 0; i < n; i++) {
		char      *mark = pipe_mark(sr->run);
		struct row row = {
		    .time_ns = WHEN_NONE, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE};
		bool       more;

		if (given)
			for (size_t k = 0; k < args->rows.items[i].n; k++)
				row_set(&row, args->rows.items[i].cells[k].name,
					args->rows.items[i].cells[k].value, sr->run->scratch);
		else
			row_set(&row, TEXT("_time"), value_of_time(pipe_clock(sr->run)),
				sr->run->scratch);
		more = pipe_emit(sr, &row);
		pipe_release(sr->run, mark);
		if (!more)
			return false;
	}
	return true;
}

const struct pipe_command pipe_makeresults = {
	.name = "makeresults",
	.synopsis = "makeresults [count=<n>] | [format=csv|json data=\"<rows>\"]",
	.help = "rows that have only _time, or those given, to try expressions on",
	.flags = PIPE_FIRST | PIPE_ONLY_FIRST | PIPE_ROWS,
	.order = ROWS_ORDERED,
	.parse = makeresults_parse,
	.columns = makeresults_columns,
	.generate = makeresults_generate,
};
