/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auger risk: risk events, and risk given by hand. */
#include "config.h"

#include "base/when.h"
#include "cli/factoring.h"
#include "cli/kind.h"
#include "cli/lists.h"
#include "cli/views.h"
#include "rules/timespec.h"
#include "store/given.h"

#define ALWAYS(name) { TEXT_INIT(name), COLUMN_ALWAYS }
#define WIDE(name)   { TEXT_INIT(name), COLUMN_WIDE }

static const struct print_column columns[] = {
	ALWAYS("number"),  ALWAYS("state"), ALWAYS("time"),   ALWAYS("risk_object"),
	WIDE("kind"),      ALWAYS("score"), ALWAYS("message"), WIDE("finding_id"),
	WIDE("author"),    WIDE("written"),
};
#define COLUMNS (sizeof(columns) / sizeof(*columns))

static bool
given_rows(struct casefile *cf, const struct case_filter *f, struct printing *to, struct err *err)
{
	struct arena       keep = arena_open((size_t)1 << 30);
	struct given_risk *all;
	size_t             n = given_risks(cf, &keep, &all);

	(void)f, (void)err;
	for (size_t i = 0; i < n; i++)
		print_row(to->print,
			  (struct print_cell[COLUMNS]){
			      cell_count((uint64_t)all[i].id),
			      cell_text(all[i].taken_back ? TEXT("taken back") : TEXT("on")),
			      cell_time(all[i].at_ns),
			      cell_text(all[i].object),
			      cell_text(text_of(risk_object_type_name(all[i].kind))),
			      cell_number(all[i].score),
			      cell_text(all[i].message),
			      all[i].finding ? cell_count((uint64_t)all[i].finding)
					     : cell_text(TEXT_NONE),
			      cell_text(all[i].author),
			      cell_time(all[i].time_ns),
			  });
	arena_close(&keep);
	return true;
}

const struct case_view case_view_given = { "given_risk", columns, COLUMNS, given_rows };

static int
list(struct cli *cli, struct casefile *cf, struct err *err)
{
	return list_command(cli, cf, &case_view_risk_events, "risk events",
			    "; auger ledger CASE says what became of every rule", err);
}

static int
list_given(struct cli *cli, struct casefile *cf, struct err *err)
{
	return list_command(cli, cf, &case_view_given, "risk given by hand",
			    "; auger risk CASE NAME SCORE REASON gives some", err);
}

/* NAME SCORE REASON, and --at. */
static bool
read_given(const struct cli *cli, struct casefile *cf, struct given_risk *out, struct err *err)
{
	const struct options *opt = cli->opt;
	struct text           at = option_text(opt, OPTION_AT);
	struct case_info      info;

	if (opt->n_args != 4)
		return err_set(err, ERR_USAGE, "auger risk %s NAME SCORE REASON", opt->args[0]);
	*out = (struct given_risk){ .object = text_trim(text_of(opt->args[1])),
				    .message = text_trim(text_of(opt->args[3])) };
	if (!text_to_double(text_of(opt->args[2]), &out->score) || !(out->score > -1e6) ||
	    !(out->score < 1e6) || out->score == 0)
		return err_set(err, ERR_USAGE, "%s: not a score, such as 40 or -25", opt->args[2]);
	if (!out->message.n)
		return err_set(err, ERR_USAGE, "the reason is empty");
	if (!casefile_info(cf, cli->keep, &info, err))
		return false;
	out->at_ns = info.clock_ns;
	if (!text_absent(at) && !timespec_resolve(at, info.clock_ns, &out->at_ns))
		return err_set(err, ERR_USAGE, "--at " TEXT_FMT ": not a time", TEXT_ARG(at));
	if (out->at_ns == WHEN_NONE)
		return err_set(err, ERR_USAGE, "the case has no time yet: --at TIME");
	return kind_of_name(cli, cf, out->object, &out->kind, err);
}

static bool
add(struct casefile *cf, const void *what, struct err *err)
{
	return given_add(cf, what, err);
}

static bool
take_back(struct casefile *cf, const void *what, struct err *err)
{
	return given_take_back(cf, *(const int64_t *)what, err);
}

static int
change(struct cli *cli, struct casefile *cf, const struct ruleset *rs, struct err *err)
{
	struct given_risk g;
	uint32_t          number = 0;
	int64_t           id;
	bool              takes = option_given(cli->opt, OPTION_TAKE_BACK), good;

	good = takes ? option_count(cli->opt, OPTION_TAKE_BACK, UINT32_MAX, &number, err)
		     : read_given(cli, cf, &g, err);
	id = number;
	if (good && factoring_change(cf, rs, takes ? take_back : add, takes ? (const void *)&id : &g,
				     TEXT_NONE, err))
		return EXIT_DONE;
	err_where(err, "risk");
	return cli_fail(err);
}

int
command_risk(struct cli *cli)
{
	if (cli->opt->n_args > 1 || option_given(cli->opt, OPTION_TAKE_BACK))
		return cli_change_with_words(cli, change);
	return cli_with_case(cli, option_given(cli->opt, OPTION_GIVEN) ? list_given : list);
}
