/* SPDX-License-Identifier: GPL-3.0-or-later */
/* iplocation: accepted; where an address is only a database could say, so its fields stay null. */
#include "config.h"

#include "rules/pipeline.h"

static bool
iplocation_parse(struct scan *s, struct stage *stage)
{
	struct column *field = arena_new(s->c->keep, struct column, 1);
	struct text    name, value;

	stage->args = field;
	for (;;) {
		if (scan_option(s, &name, &value)) {
			if (!text_ieq(name, TEXT("prefix")) && !text_ieq(name, TEXT("allfields")) &&
			    !text_ieq(name, TEXT("lang")))
				return scan_bad_option(s, name);
		} else if (!scan_done(s) && text_absent(field->name)) {
			if (!scan_name(s, &name, "a field with an IP address"))
				return false;
			*field = compile_column(s->c, name);
		} else {
			break;
		}
	}
	if (text_absent(field->name))
		return scan_expected(s, "a field with an IP address");
	compile_reserve(s->c, "iplocation needs a database of IP addresses, which auger does not "
			"have: City, Country, Region, lat and lon stay null");
	return true;
}

static void
iplocation_uses(const struct stage *stage, struct uses *uses)
{
	const struct column *field = stage->args;

	uses_add(uses, field->name, USE_READS);
}

static bool
iplocation_row(struct stage_run *sr, struct row *row)
{
	return pipe_emit(sr, row);
}

const struct pipe_command pipe_iplocation = {
	.name = "iplocation",
	.synopsis = "iplocation [prefix=<text>] [allfields=<bool>] <field>",
	.help = "accepted: where an address is needs a database, so its fields stay null",
	.order = ROWS_EACH,
	.parse = iplocation_parse,
	.uses = iplocation_uses,
	.keeps = keeps_all,
	.row = iplocation_row,
};
