/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/lists.h"

#include "base/counted.h"
#include "base/when.h"
#include "tui/tally.h"

/* Do options say which rows are wanted? */
static bool
is_narrowed(const struct options *opt)
{
	for (int i = 0; i < OPTION_COUNT; i++)
		if (option_table[i].group & (GROUP_FILTER | GROUP_RANGE) &&
		    option_given(opt, (enum option_id)i))
			return true;
	return false;
}

void
list_say_silent(const struct cli *cli, struct casefile *cf)
{
	const char      *path = cli->opt->args[0];
	struct case_info info = { 0 };
	struct tally     rules;
	struct err       err = { 0 };

	if (!casefile_info(cf, cli->keep, &info, &err) ||
	    !tally_rules(cf, cli->keep, &rules, &err))
		return;
	if (tally_silent(&rules))
		cli_remark(cli, "%s of %s could not run: auger ledger %s says why",
			   counted_number(tally_silent(&rules)).words, counted(tally_all(&rules), "rule").words, path);
	if (info.gaps)
		cli_remark(cli, "%s: auger info %s says what could not be read",
			   counted(info.gaps, "gap").words, path);
}

/* Nothing there, or nothing left of it: findings that filters hide are not missing. */
static void
say_nothing(const struct cli *cli, struct casefile *cf, const char *unit, const char *why)
{
	const char      *path = cli->opt->args[0];
	struct case_info info = { 0 };
	struct err       err = { 0 };

	casefile_info(cf, cli->keep, &info, &err);
	if (is_narrowed(cli->opt))
		cli_remark(cli, "no %s with these options; without them: auger %s %s", unit,
			   cli->opt->command->name, path);
	else if (info.unfinished)
		cli_remark(cli, "no %s yet", unit);
	else
		cli_remark(cli, "no %s%s", unit, why);
	list_say_silent(cli, cf);
	if (info.hidden)
		cli_remark(cli, "%s hidden by filters of rules (see: auger filter %s)",
			   counted(info.hidden, "finding").words, path);
}

/* Hosts are listed all the same, each without risk. */
static bool
found_nothing(const struct cli *cli, struct casefile *cf)
{
	struct case_info info;
	struct err       err = { 0 };

	return casefile_info(cf, cli->keep, &info, &err) && info.findings == 0;
}

/* What of hosts is not counted anew for a range of time. */
static void
say_uncounted(const struct cli *cli, const struct case_filter *f)
{
	if (f->span.earliest_ns != WHEN_NONE || f->span.latest_ns != WHEN_MAX)
		cli_remark(cli, "risk and findings are those of the time asked for; events, first_time and "
				"last_time are of all that a host has");
}

int
list_command(struct cli *cli, struct casefile *cf, const struct case_view *view,
	     const char *unit, const char *why, struct err *err)
{
	struct case_filter filter;
	struct print_style style;
	uint64_t           rows;

	if (!cli_filter(cli, cf, &filter, err) || !cli_style(cli, cf, &style, err))
		return cli_fail(err);
	if (!case_view_print(view, cf, &filter, &style, &rows, err))
		return cli_style_end(&style, cli_fail(err));
	if (rows == 0)
		say_nothing(cli, cf, unit, why);
	else if (view == &case_view_hosts && found_nothing(cli, cf))
		list_say_silent(cli, cf);
	if (rows && view == &case_view_hosts)
		say_uncounted(cli, &filter);
	return cli_style_end(&style, EXIT_DONE);
}
