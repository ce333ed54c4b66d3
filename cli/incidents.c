/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auger incidents. */
#include "config.h"

#include "rules/incidents.h"

#include "base/when.h"
#include "cli/cli.h"
#include "cli/lists.h"
#include "cli/views.h"

#define ALWAYS(name) { TEXT_INIT(name), COLUMN_ALWAYS }
#define WIDE(name)   { TEXT_INIT(name), COLUMN_WIDE }
#define FILES(name)  { TEXT_INIT(name), COLUMN_FILES }

static const struct print_column columns[] = {
	FILES("rule"),          ALWAYS("risk_object"), FILES("risk_object_type"),
	ALWAYS("severity"),     ALWAYS("risk_score"),  WIDE("capped_score"),
	WIDE("sources"),        WIDE("tactics"),       WIDE("risk_events"),
	ALWAYS("first_time"),   WIDE("last_time"),     WIDE("now"),
	FILES("window_start"),  FILES("window_end"),   FILES("source_names"),
	ALWAYS("threshold"),  FILES("title"),
};
#define COLUMNS (sizeof(columns) / sizeof(*columns))

struct reading {
	struct incident_book *book;
	struct arena          scratch;
};

static bool
read_risk(void *ctx, const struct risk_event *re)
{
	struct reading *r = ctx;

	incident_book_add(r->book, re, r->scratch);
	return true;
}

static struct text
comma_lines(struct text names, struct arena *keep)
{
	struct text all = TEXT_NONE;

	while (!text_absent(names)) {
		struct text one = text_trim(text_cut(&names, ','));

		all = text_absent(all) ? one
				       : arena_printf(keep, TEXT_FMT "\n" TEXT_FMT, TEXT_ARG(all),
						      TEXT_ARG(one));
	}
	return all;
}

static void
print_incident(struct print *print, const struct incident *in, bool capped, struct arena scratch)
{
	print_row(print, (struct print_cell[COLUMNS]){
			     cell_text(text_of(incident_rule_name(in->rule))),
			     cell_text(in->object),
			     cell_text(text_of(risk_object_type_name(in->type))),
			     cell_text(text_of(incident_severity_name(in->severity))),
			     cell_number(in->score),
			     capped ? cell_number(in->capped_score) : cell_text(TEXT_NONE),
			     cell_count(in->n_sources),
			     cell_list(comma_lines(in->tactics, &scratch)),
			     cell_count(in->risk_events),
			     cell_time(in->first_ns),
			     cell_time(in->last_ns),
			     cell_text(in->now ? TEXT("yes") : TEXT("no")),
			     cell_time(in->window_start_ns),
			     cell_time(in->window_end_ns),
			     cell_list(in->sources),
			     cell_text(text_of(incident_threshold(in->rule))),
			     cell_text(incident_title(in, &scratch)),
			 });
}

static bool
print_incidents(struct casefile *cf, const struct case_filter *f, uint32_t cap,
		struct printing *to, struct err *err)
{
	struct arena            keep = arena_open((size_t)1 << 36);
	struct incident_options options = { .cap = cap };
	struct reading          r = { incident_book_new(&keep), to->scratch };
	struct case_info        info;
	struct incident        *found;
	bool                    good;

	good = casefile_info(cf, &keep, &info, err) && query_risk_events(cf, f, read_risk, &r, err);
	if (good) {
		options.clock_ns = info.clock_ns;
		size_t n = incidents_find(r.book, &options, &found);

		for (size_t i = 0; i < n; i++)
			print_incident(to->print, &found[i], cap > 0, to->scratch);
	}
	arena_close(&keep);
	return good;
}

static bool
incidents_rows(struct casefile *cf, const struct case_filter *f, struct printing *to,
	       struct err *err)
{
	return print_incidents(cf, f, 0, to, err);
}

const struct case_view case_view_incidents = { "incidents", columns, COLUMNS, incidents_rows };

static int
list(struct cli *cli, struct casefile *cf, struct err *err)
{
	struct case_filter all = CASE_FILTER_ALL;
	struct print_style style;
	uint32_t           cap = 0;
	uint64_t           rows;
	bool               good;

	if (!option_count(cli->opt, OPTION_CAP, INCIDENT_CAP_MOST, &cap, err) ||
	    !cli_style(cli, cf, &style, err))
		return cli_fail(err);
	struct printing to = { print_begin(&style, columns, COLUMNS), arena_open((size_t)64 << 20) };

	good = print_incidents(cf, &all, cap, &to, err);
	rows = print_rows(to.print);
	print_end(to.print);
	arena_close(&to.scratch);
	if (good && rows == 0)
		cli_remark(cli, "no incidents: no object has a risk above 100 within 24 hours, or "
				"3 tactics from 4 detections within 7 days");
	if (good && rows == 0)
		list_say_silent(cli, cf);
	return cli_style_end(&style, good ? EXIT_DONE : cli_fail(err));
}

int
command_incidents(struct cli *cli)
{
	return cli_with_case(cli, list);
}
