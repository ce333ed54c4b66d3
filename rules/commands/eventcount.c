/* SPDX-License-Identifier: GPL-3.0-or-later */
/* eventcount: how many events there are. */
#include "config.h"

#include "rules/pipeline.h"

static bool
eventcount_rewrite(struct scan *s, struct text *out)
{
	static const char *const ignored[] = { "index", "report_size", "list_vix", "list_federated" };
	struct text name, value;
	bool        sum = true, known;

	while (scan_option(s, &name, &value)) {
		known = false;
		for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
			known |= text_ieq(name, text_of(ignored[i]));
		if (text_ieq(name, TEXT("summarize"))) {
			if (!scan_to_bool(s, name, value, &sum))
				return false;
		} else if (!known) {
			return scan_bad_option(s, name);
		}
	}
	*out = sum ? TEXT("search * | stats count") : TEXT("search * | stats count by index");
	return true;
}

const struct pipe_command pipe_eventcount = {
	.name = "eventcount",
	.synopsis = "eventcount [summarize=<bool>] [index=<name>]",
	.help = "how many events there are",
	.flags = PIPE_FIRST | PIPE_ONLY_FIRST,
	.rewrite = eventcount_rewrite,
};
