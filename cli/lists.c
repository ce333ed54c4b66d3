/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/lists.h"

int
list_command(struct cli *cli, struct casefile *cf, const struct case_view *view,
	     const char *nothing, struct err *err)
{
	struct case_filter filter;
	struct print_style style;
	uint64_t           rows;

	if (!cli_filter(cli, cf, &filter, err) || !cli_style(cli, cf, &style, err))
		return cli_fail(err);
	if (!case_view_print(view, cf, &filter, &style, &rows, err))
		return cli_style_end(&style, cli_fail(err));
	if (rows == 0)
		cli_remark(cli, "%s", nothing);
	return cli_style_end(&style, EXIT_DONE);
}
