/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metadata: hosts, sources or source types with the times of their events. */
#include "config.h"

#include "rules/pipeline.h"

static bool
metadata_kind(struct scan *s, struct text value, const char **out)
{
	static const char *const kinds[] = { "host", "source", "sourcetype" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (text_istarts(value, text_of(kinds[i])) && value.n == strlen(kinds[i]) + 1 &&
		    text_iends(value, TEXT("s"))) {
			*out = kinds[i];
			return true;
		}
	return scan_fail(s, value.p, "type= is hosts, sources or sourcetypes");
}

static bool
metadata_rewrite(struct scan *s, struct text *out)
{
	const char *kind = NULL;
	struct text name, value;

	while (scan_option(s, &name, &value)) {
		if (text_ieq(name, TEXT("type"))) {
			if (!metadata_kind(s, value, &kind))
				return false;
		} else if (!text_ieq(name, TEXT("index")) && !text_ieq(name, TEXT("splunk_server")) &&
			   !text_ieq(name, TEXT("datatype"))) {
			return scan_bad_option(s, name);
		}
	}
	if (!kind)
		return scan_expected(s, "type=hosts, type=sources or type=sourcetypes");
	*out = arena_printf(s->c->keep,
			    "search * | stats min(_time) as firstTime max(_time) as lastTime "
			    "max(_time) as recentTime count as totalCount by %s | eval type=\"%ss\" | "
			    "table firstTime %s lastTime recentTime totalCount type",
			    kind, kind, kind);
	return true;
}

const struct pipe_command pipe_metadata = {
	.name = "metadata",
	.synopsis = "metadata type=hosts|sources|sourcetypes",
	.help = "hosts, sources or source types with the times and number of their events",
	.flags = PIPE_FIRST | PIPE_ONLY_FIRST | PIPE_ROWS,
	.rewrite = metadata_rewrite,
};
