/* SPDX-License-Identifier: GPL-3.0-or-later */
/* from: the rows of a data set, its field names without a prefix. */
#include "config.h"

#include "rules/model_rows.h"

static bool
from_parse(struct scan *s, struct stage *stage)
{
	const char *at;
	struct text kind, name;

	scan_blank(s);
	at = s->at;
	kind = scan_run(s, ":=\"[]()|,");
	if (!text_ieq(kind, TEXT("datamodel")))
		return scan_fail(s, at,
				 "expected \"datamodel\", found \"" TEXT_FMT
				 "\": only data models can "
				 "be read (tables: | inputlookup <table>)",
				 TEXT_ARG(text_head(kind, 60)));
	if (!scan_take(s, ':'))
		scan_take(s, '=');
	scan_blank(s);
	at = s->at;
	if (!scan_value(s, &name, "the name of a data model"))
		return false;
	return model_rows_parse(s, stage, at, name, true);
}

const struct pipe_command pipe_from = {
	.name = "from",
	.synopsis = "from datamodel <model>.<data set>",
	.help = "the rows of a data set, such as Risk.All_Risk or Endpoint.Processes",
	.flags = PIPE_FIRST | PIPE_ONLY_FIRST,
	.order = ROWS_EACH,
	.parse = from_parse,
	.columns = model_rows_columns,
	.generate = model_rows_generate,
};
