/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The risk factors of a case: listed, set, switched off and on, forgotten. */
#include "config.h"

#include "base/counted.h"
#include "cli/cli.h"
#include "cli/factoring.h"
#include "cli/pointing.h"
#include "cli/risk_words.h"
#include "cli/views.h"
#include "store/risk_log.h"

#define ALWAYS(name) { TEXT_INIT(name), COLUMN_ALWAYS }
#define WHOLE(name)  { TEXT_INIT(name), COLUMN_WHOLE }
#define WIDE(name)   { TEXT_INIT(name), COLUMN_WIDE }

static const struct print_column columns[] = {
	ALWAYS("factor"),      ALWAYS("state"),    ALWAYS("add"),  ALWAYS("multiply"),
	ALWAYS("risk_events"), WHOLE("condition"), WIDE("author"), WIDE("time"),
	WIDE("problem"),
};
#define COLUMNS (sizeof(columns) / sizeof(*columns))

static bool
factor_rows(struct casefile *cf, const struct case_filter *f, struct printing *to, struct err *err)
{
	struct arena   keep = arena_open((size_t)1 << 28);
	struct factor *all;
	size_t         n = factors(cf, &keep, &all);

	(void)f, (void)err;
	for (size_t i = 0; i < n; i++)
		print_row(to->print, (struct print_cell[COLUMNS]){
					 cell_text(all[i].name),
					 cell_text(all[i].off	       ? TEXT("off")
						   : all[i].problem.n ? TEXT("broken")
								      : TEXT("on")),
					 cell_number(all[i].add),
					 cell_number(all[i].multiply),
					 cell_count(all[i].risk_events),
					 cell_text(all[i].condition),
					 cell_text(all[i].author),
					 cell_time(all[i].time_ns),
					 cell_text(all[i].problem),
				     });
	arena_close(&keep);
	return true;
}

const struct case_view case_view_factors = { "factors", columns, COLUMNS, factor_rows };

/* ---- how all of it came about ---- */

static const struct print_column change_columns[] = {
	ALWAYS("time"), ALWAYS("author"), ALWAYS("kind"), ALWAYS("name"), WHOLE("value"),
};
#define CHANGE_COLUMNS (sizeof(change_columns) / sizeof(*change_columns))

static bool
change_row(void *ctx, const struct risk_change *c)
{
	struct printing *to = ctx;

	print_row(to->print, (struct print_cell[CHANGE_COLUMNS]){
				 cell_time(c->time_ns),
				 cell_text(c->author),
				 cell_text(c->kind),
				 cell_text(c->name),
				 cell_list(c->value),
			     });
	return true;
}

static bool
change_rows(struct casefile *cf, const struct case_filter *f, struct printing *to, struct err *err)
{
	(void)f;
	return risk_log(cf, change_row, to, err);
}

const struct case_view case_view_risk_changes = { "risk_changes", change_columns, CHANGE_COLUMNS,
						  change_rows };

/* ---- the command ---- */

static int
list(struct cli *cli, struct casefile *cf, struct err *err)
{
	struct case_filter all = CASE_FILTER_ALL;
	struct print_style style;
	uint64_t           rows;

	if (!cli_style(cli, cf, &style, err))
		return cli_fail(err);
	if (!case_view_print(&case_view_factors, cf, &all, &style, &rows, err))
		return cli_style_end(&style, cli_fail(err));
	if (rows == 0)
		cli_remark(cli, "no factors; auger factor CASE NAME 'search user_watchlist=true' "
				"--multiply 1.5 makes one");
	return cli_style_end(&style, EXIT_DONE);
}

/* The factor as it is to be: what the options do not say stays. */
static bool
read_change(const struct cli *cli, struct casefile *cf, struct factor *out, struct err *err)
{
	const struct options *opt = cli->opt;
	bool on = option_given(opt, OPTION_ON), off = option_given(opt, OPTION_OFF);
	bool clear = option_given(opt, OPTION_CLEAR), defined = opt->n_args > 2;
	bool there = risk_words_factor(cf, text_of(opt->args[1]), cli->keep, out);

	if (on + off + clear > 1 || (clear && defined))
		return err_set(err, ERR_USAGE, "one of SPL, --clear, --on, --off");
	if (!there && !defined)
		return casefile_whole(cf, err) &&
		       err_set(err, ERR_USAGE, "this case has no such factor; with a condition it is made: "
					       "auger factor %s %s 'search ...' --add N",
			       opt->args[0], opt->args[1]);
	if (defined)
		out->condition = text_trim(text_of(opt->args[2]));
	if (defined && !out->condition.n)
		return err_set(err, ERR_USAGE, "the condition is empty; --clear takes a factor away");
	out->off = off || (out->off && !on);
	if (clear)
		out->condition = TEXT("");
	if (!option_number(opt, OPTION_ADD, &out->add, err) ||
	    !option_number(opt, OPTION_MULTIPLY, &out->multiply, err))
		return false;
	return risk_words_factor_good(out, err);
}

static bool
set(struct casefile *cf, const void *what, struct err *err)
{
	return factor_set(cf, what, err);
}

static void
say_outcome(const struct cli *cli, struct casefile *cf, const struct factor *f)
{
	struct factor *all;
	size_t         n = factors(cf, cli->keep, &all);

	for (size_t i = 0; i < n; i++)
		if (text_ieq(all[i].name, f->name))
			cli_remark(cli, "it applies to %s",
				   counted(all[i].risk_events, "risk event").words);
}

static int
change(struct cli *cli, struct casefile *cf, const struct ruleset *rs, struct err *err)
{
	struct factor f;
	int           status;

	if (!read_change(cli, cf, &f, err)) {
		err_where(err, "factor");
		return cli_fail(err);
	}
	if ((!f.condition.n || factoring_check(f.condition, rs, cli->keep, err)) &&
	    factoring_change(cf, rs,
			     &(struct factoring){ .change = set,
						  .what = &f,
						  .factor = f.off ? TEXT_NONE : f.name },
			     err)) {
		say_outcome(cli, cf, &f);
		return EXIT_DONE;
	}
	err_where(err, "factor " TEXT_FMT, TEXT_ARG(f.name));
	status = cli_fail(err);
	point_at(err, FACTOR_PLACE, f.condition);
	return status;
}

int
command_factor(struct cli *cli)
{
	return cli->opt->n_args > 1 ? cli_change_with_words(cli, change) : cli_with_case(cli, list);
}
