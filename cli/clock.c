/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The case clock: what "now" and "the last 7 days" mean. */
#include "config.h"

#include "base/when.h"
#include "cli/cli.h"
#include "cli/sheet.h"
#include "rules/timespec.h"

#define LAST_EVENT TEXT("last-event")

static int
print_clock(struct cli *cli, struct casefile *cf, struct err *err)
{
	struct case_info   info;
	struct print_style style;
	struct sheet      *sheet;

	if (!casefile_info(cf, cli->keep, &info, err) || !cli_style(cli, cf, &style, err))
		return cli_fail(err);
	sheet = sheet_begin(&style);
	sheet_section(sheet, "case clock");
	sheet_time(sheet, TEXT("case_clock"), info.clock_ns);
	sheet_text(sheet, TEXT("set_by"), info.clock_set ? TEXT("analyst") : TEXT("last event"),
		   TEXT_NONE);
	sheet_time(sheet, TEXT("last_event"), info.last_ns);
	sheet_end(sheet);
	return cli_style_end(&style, EXIT_DONE);
}

static bool
set_clock(const struct cli *cli, struct casefile *cf, struct text when, struct err *err)
{
	struct case_info info;
	int64_t          ns = WHEN_NONE;

	if (!casefile_info(cf, cli->keep, &info, err))
		return false;
	if (!text_ieq(when, LAST_EVENT) && !timespec_resolve(when, info.last_ns, &ns)) {
		err_set(err, ERR_USAGE,
			"not a time; write 2024-03-01T09:00:00Z, -2d (before the last event), or "
			"last-event");
		return err_where(err, TEXT_FMT, TEXT_ARG(when));
	}
	return casefile_set_clock(cf, ns, err);
}

int
command_clock(struct cli *cli)
{
	bool             sets = cli->opt->n_args > 1;
	struct casefile *cf;
	struct err       err = { 0 };
	int              status = EXIT_DONE;

	if (!cli_open(cli, sets ? CASEFILE_WORK : CASEFILE_READ, &cf, &err))
		return cli_fail(&err);
	if (sets && !set_clock(cli, cf, text_of(cli->opt->args[1]), &err))
		status = cli_fail(&err);
	if (status == EXIT_DONE)
		status = print_clock(cli, cf, &err);
	if (sets && status == EXIT_DONE)
		cli_remark(cli,
			   "findings of rules that look back from now stay as they were until: "
			   "auger retag %s",
			   cli->opt->args[0]);
	return cli_close(cf, status);
}
