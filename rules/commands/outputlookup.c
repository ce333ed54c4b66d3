/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outputlookup: rows go on; no table is written. */
#include "config.h"

#include "rules/pipeline.h"

static bool
outputlookup_parse(struct scan *s, struct stage *stage)
{
	struct text name, option, value;

	(void)stage;
	/* Options say how it would be written. */
	while (scan_option(s, &option, &value))
		continue;
	if (!scan_value(s, &name, "the name of a lookup"))
		return false;
	while (scan_option(s, &option, &value))
		continue;
	compile_reserve(s->c, "outputlookup writes nothing to \"" TEXT_FMT "\": searches of a case "
			      "only read", TEXT_ARG(text_head(name, 80)));
	return true;
}

static bool
outputlookup_row(struct stage_run *sr, struct row *row)
{
	return pipe_emit(sr, row);
}

const struct pipe_command pipe_outputlookup = {
	.name = "outputlookup",
	.synopsis = "outputlookup <table>",
	.help = "accepted: rows go on, but no table is written",
	.order = ROWS_EACH,
	.parse = outputlookup_parse,
	.keeps = keeps_all,
	.row = outputlookup_row,
};
