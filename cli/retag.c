/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auger retag: new or changed rules over the events already in the case. */
#include "config.h"

#include "cli/cli.h"
#include "cli/tagging.h"

static bool
retag(const struct cli *cli, struct tagging *t, struct evaluation *found, struct err *err)
{
	casefile_cancel(t->cf, &t->progress.cancel);
	return cli_rules_remember(cli, t->cf, err) && tagging_rematch(t, err) &&
	       tagging_evaluate(t, true, found, err);
}

int
command_retag(struct cli *cli)
{
	struct tagging    t;
	struct evaluation found = { 0 };
	struct err        err = { 0 };
	bool              good;

	if (!tagging_begin(&t, cli, CASEFILE_WORK, &err))
		return cli_fail(&err);
	good = retag(cli, &t, &found, &err);
	tagging_end(&t);
	if (!good)
		return tagging_fail(&err);
	tagging_summary(cli, &found);
	return tagging_status(&t, &found);
}
