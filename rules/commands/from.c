/* SPDX-License-Identifier: GPL-3.0-or-later */
/* from: the rows of a data set, its field names without a prefix; or of a table. */
#include "config.h"

#include "rules/model_rows.h"

static bool
from_parse(struct scan *s, struct stage *stage)
{
	const char *at;
	struct text kind, name;
	bool        is_table;

	scan_blank(s);
	at = s->at;
	kind = scan_run(s, ":=\"[]()|,");
	is_table = text_ieq(kind, TEXT("inputlookup")) || text_ieq(kind, TEXT("lookup"));
	if (!is_table && !text_ieq(kind, TEXT("datamodel")))
		return scan_fail(s, at,
				 "expected \"datamodel\" or \"lookup\", found \"" TEXT_FMT
				 "\": only data models and tables can be read",
				 TEXT_ARG(text_head(kind, 60)));
	if (!scan_take(s, ':'))
		scan_take(s, '=');
	if (is_table) {
		stage->command = command_find(TEXT("inputlookup"));
		return stage->command->parse(s, stage);
	}
	scan_blank(s);
	at = s->at;
	return model_rows_name(s, &name) && model_rows_parse(s, stage, at, name, true);
}

const struct pipe_command pipe_from = {
	.name = "from",
	.synopsis = "from datamodel:<model>.<data set> | lookup:<table>",
	.help = "the rows of a data set, such as Risk.All_Risk or Endpoint.Processes, or of a table",
	.flags = PIPE_FIRST | PIPE_ONLY_FIRST,
	.order = ROWS_EACH,
	.parse = from_parse,
	.columns = model_rows_columns,
	.generate = model_rows_generate,
};
