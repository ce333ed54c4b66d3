/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auger report: the forms, and the command. */
#include "config.h"

#include "cli/report.h"

#include <unistd.h>

#include "base/counted.h"
#include "cli/cli.h"

const struct report_form report_forms[] = {
	{ "html", ".html", "report.html", "report as one HTML file, to read and print", report_html },
	{ "markdown", ".md", "report.md", "report as Markdown", report_markdown },
	{ "layer", ".json", "attack-layer.json", "layer for ATT&CK Navigator", layer_write },
	{ "timesketch", ".csv", "timesketch.csv", "timeline of the findings' events for Timesketch",
	  timesketch_write },
	{ NULL, NULL, NULL, NULL, NULL },
};

/* By its name, or by the ending of PATH; NULL: none. */
static const struct report_form *
form_of(const char *name, const char *path)
{
	for (const struct report_form *f = report_forms; f->name; f++)
		if (name ? strcmp(f->name, name) == 0
			 : path && text_iends(text_of(path), text_of(f->ending)))
			return f;
	return NULL;
}

static int
write_report(struct cli *cli, struct casefile *cf, struct err *err)
{
	const char               *path = cli_output_path(cli);
	const char               *name = option_cstr(cli->opt, OPTION_FORM);
	const struct report_form *form = form_of(name, name ? NULL : path);
	struct case_filter        f;
	struct output             file = { .out = stdout };
	uint64_t                  rows;
	bool                      good;

	if (!form && name)
		err_set(err, ERR_USAGE, "--format %s: not html, markdown, layer or timesketch", name);
	else if (!form && path)
		err_set(err, ERR_USAGE,
			"%s: the ending says no format; --format html, markdown, layer or timesketch",
			path);
	else if (!form)
		form = form_of("markdown", NULL);
	if (!form || !cli_filter(cli, cf, &f, err))
		return cli_fail(err);
	if (path && !output_open(&file, cf, path, cli->keep, err))
		return cli_fail(err);
	file.keeps = true;
	good = form->write(cf, &f, file.out, NULL, &rows, err);
	if (path && !output_close(&file, good, err))
		good = false;
	if (!good)
		return cli_fail(err);
	if (path)
		cli_remark(cli, "%s: %s, %s %s", path, form->what, counted_number(rows).words,
			   strcmp(form->name, "timesketch") == 0 ? "lines"
			   : strcmp(form->name, "layer") == 0    ? "techniques"
								 : "findings");
	if (file.old[0])
		cli_remark(cli, "%s: the one that was there", file.old);
	return EXIT_DONE;
}

int
command_report(struct cli *cli)
{
	return cli_with_case(cli, write_report);
}
