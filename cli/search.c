/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auger search: any search of the supported language over the case. */
#include "config.h"

#include "base/counted.h"
#include "cli/cli.h"
#include "cli/pointing.h"
#include "cli/rows.h"
#include "rules/silence.h"
#include "tui/facts.h"

#define SEARCH_PLACE "search"

/* A name that is mistyped finds nothing, too. */
static void
remark_nothing(struct cli *cli, struct casefile *cf, const struct search *search,
	       const struct search_stats *stats)
{
	struct case_facts facts;
	struct text       lacks = TEXT_NONE;

	if (facts_of_case(cf, cli->keep, &facts, NULL))
		lacks = silence_of_search(search, stats, &facts, cli->keep);

	if (lacks.n)
		cli_remark(cli, "no rows: " TEXT_FMT, TEXT_ARG(lacks));
	else if (stats->emptied_by[0])
		cli_remark(cli, "no rows; the last were lost at: %s", stats->emptied_by);
	else
		cli_remark(cli, "no rows");
}

static int
run_search(struct cli *cli, struct casefile *cf, const struct ruleset *rs, struct err *err)
{
	const struct search_env env = { ruleset_macros(rs), ruleset_lookups(rs), false };
	const struct place      place = { TEXT(SEARCH_PLACE), 1, 1 };
	struct text             text = text_of(cli->opt->args[1]);
	struct source           source = casefile_source(cf);
	struct search_run       run = { .source = &source };
	struct search          *search;
	struct print_style      style;
	struct rows_printed     printed;
	uint64_t                memory;

	if (!search_compile(&search, cli->keep, text, place, &env, err)) {
		int status = cli_fail(err);

		point_at(err, TEXT(SEARCH_PLACE), text);
		return status;
	}
	if (!cli_memory(cli, &memory, err))
		return cli_fail(err);
	run.memory_bytes = memory / 4 * 3; /* the rest reads the case */
	if (!cli_span(cli, cf, &run.span, err) || !cli_style(cli, cf, &style, err))
		return cli_fail(err);
	if (!text_absent(search_reservation(search)))
		cli_remark(cli, TEXT_FMT, TEXT_ARG(search_reservation(search)));
	if (!rows_print(search, &run, &style, &printed, err))
		return cli_style_end(&style, cli_fail(err));
	if (printed.stats.warnings)
		cli_warn("%s", printed.stats.warning);
	if (printed.stats.warnings > 1)
		cli_warn("and %s", counted(printed.stats.warnings - 1, "more warning").words);
	if (printed.rows == 0)
		remark_nothing(cli, cf, search, &printed.stats);
	return cli_style_end(&style, printed.stats.gave_up ? EXIT_PARTLY : EXIT_DONE);
}

int
command_search(struct cli *cli)
{
	return cli_with_words(cli, run_search);
}
