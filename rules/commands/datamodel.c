/* SPDX-License-Identifier: GPL-3.0-or-later */
/* datamodel: the rows of a data set, its field names with their prefix unless flat. */
#include "config.h"

#include "rules/model_rows.h"

static bool
datamodel_parse(struct scan *s, struct stage *stage)
{
	const char *at;
	struct text model, set, mode = TEXT("search"), name, value;

	scan_blank(s);
	at = s->at;
	while (scan_option(s, &name, &value))
		if (!text_ieq(name, TEXT("strict_fields")) &&
		    !text_ieq(name, TEXT("summariesonly")) &&
		    !text_ieq(name, TEXT("allow_old_summaries")))
			return scan_bad_option(s, name);
	if (!scan_value(s, &model, "the name of a data model") ||
	    !scan_value(s, &set, "the name of a data set"))
		return false;
	if (!scan_done(s) && !scan_option(s, &name, &value) &&
	    !scan_value(s, &mode, "search or flat"))
		return false;
	while (scan_option(s, &name, &value))
		;
	if (!text_ieq(mode, TEXT("search")) && !text_ieq(mode, TEXT("flat")))
		return scan_fail(s, s->at,
				 "datamodel " TEXT_FMT " is not supported: use search or flat",
				 TEXT_ARG(text_head(mode, 60)));
	return model_rows_parse(
	    s, stage, at,
	    arena_printf(s->c->keep, TEXT_FMT "." TEXT_FMT, TEXT_ARG(model), TEXT_ARG(set)),
	    text_ieq(mode, TEXT("flat")));
}

const struct pipe_command pipe_datamodel = {
	.name = "datamodel",
	.synopsis = "datamodel <model> <data set> search|flat",
	.help = "the rows of a data set; flat: field names without its prefix",
	.flags = PIPE_FIRST | PIPE_ONLY_FIRST,
	.order = ROWS_EACH,
	.parse = datamodel_parse,
	.columns = model_rows_columns,
	.generate = model_rows_generate,
};
