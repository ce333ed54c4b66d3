/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/cli.h"
#include "cli/tagging.h"

static bool
retag(const struct cli *cli, struct tagging *t, struct evaluation *found, struct err *err)
{
	casefile_cancel(t->cf, &t->progress.cancel);
	watch_doing(t->watch, TEXT("asking the rules about every event"));
	return cli_rules_remember(cli, t->cf, err) &&
	       import_rematch(t->cf, t->ids, ruleset_count(t->rules), ruleset_digest(t->rules),
			      tagging_match, t, &t->progress.cancel, err) &&
	       tagging_fresh(t, err) &&
	       evaluate(t->cf, t->rules, t->watch, &t->progress.cancel, found, err);
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
	return EXIT_DONE;
}
