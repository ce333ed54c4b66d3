/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auger risk: risk events, and risk given by hand. */
#include "config.h"

#include <stdlib.h>

#include "base/counted.h"
#include "base/when.h"
#include "cli/factoring.h"
#include "cli/kind.h"
#include "cli/lists.h"
#include "cli/replay.h"
#include "cli/risk_words.h"
#include "cli/views.h"
#include "rules/timespec.h"

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
	*out = (struct given_risk){ .object = text_trim(text_of(opt->args[1])) };
	if (!risk_words_given(text_of(opt->args[2]), text_of(opt->args[3]), out, err) ||
	    !casefile_info(cf, cli->keep, &info, err))
		return false;
	out->at_ns = info.clock_ns;
	if (!text_absent(at) && !timespec_resolve(at, info.clock_ns, &out->at_ns))
		return err_set(err, ERR_USAGE, "--at " TEXT_FMT ": not a time", TEXT_ARG(at));
	if (out->at_ns == WHEN_NONE)
		return err_set(err, ERR_USAGE, "the case has no time yet: --at TIME");
	/* by the name that stands for it, so that lists have one line for it */
	return kind_of_name(cf, option_text(opt, OPTION_KIND), out->object, cli->keep, &out->kind, err) &&
	       kind_whole_name(cf, out->kind, out->object, cli->keep, &out->object, err);
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
	if (good && factoring_change(cf, rs,
				     &(struct factoring){ .change = takes ? take_back : add,
							  .what = takes ? (const void *)&id : &g },
				     err))
		return EXIT_DONE;
	err_where(err, "risk");
	return cli_fail(err);
}

/* ---- as runs on a schedule would give it ---- */

struct replayed {
	struct risk_event *all;
	size_t             n, cap;
	struct arena      *keep;
};

static bool
note_replayed(void *ctx, const struct finding *f)
{
	struct replayed *r = ctx;

	for (uint32_t i = 0; i < f->n_objects; i++) {
		const struct risk_object *o = &f->objects[i];

		arena_grow(r->keep, r->all, r->n, &r->cap);
		r->all[r->n] = (struct risk_event){
			.id = (int64_t)r->n,
			.time_ns = f->last_ns,
			.object = { .value = arena_copy(r->keep, o->value),
				    .type = o->type,
				    .score = o->score,
				    .message = arena_copy(r->keep, o->message) },
			.rule = arena_copy(r->keep, f->rule),
			.rule_id = arena_copy(r->keep, f->rule_id),
			.technique = arena_copy(r->keep, f->techniques),
			.tactic = arena_copy(r->keep, f->tactics),
			.stories = arena_copy(r->keep, f->stories),
		};
		r->n++;
	}
	return true;
}

static int
newest_first(const void *a, const void *b)
{
	const struct risk_event *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? 1 : -1;
	return (x->id > y->id) - (x->id < y->id);
}

static int
print_replayed(struct cli *cli, struct casefile *cf, const struct replayed *r, uint32_t failed,
	       struct err *err)
{
	const struct case_view *view = &case_view_risk_events;
	struct print_style      style;

	if (!cli_style(cli, cf, &style, err))
		return cli_fail(err);
	struct printing to = { print_begin(&style, view->columns, view->n_columns),
			       arena_open((size_t)64 << 20) };

	for (size_t i = 0; i < r->n; i++)
		case_view_print_risk(&to, &r->all[i]);
	print_end(to.print);
	arena_close(&to.scratch);
	if (failed)
		cli_warn("%s failed", counted(failed, "rule").words);
	return cli_style_end(&style, failed ? EXIT_PARTLY : EXIT_DONE);
}

static int
list_replayed(struct cli *cli, struct casefile *cf, const struct ruleset *rs, struct err *err)
{
	struct replayed  r = { .keep = cli->keep };
	struct text      word = option_text(cli->opt, OPTION_EVERY);
	int64_t          length_ns;
	uint32_t         failed;

	if (!timespan_length(word, &length_ns) || length_ns < WHEN_SECOND) {
		err_set(err, ERR_USAGE, "--window " TEXT_FMT ": no length of time, such as 1h or 30m",
			TEXT_ARG(word));
		return cli_fail(err);
	}
	if (!replay(cf, rs, length_ns, note_replayed, &r, &failed, err))
		return cli_fail(err);
	if (r.n)
		qsort(r.all, r.n, sizeof(*r.all), newest_first);
	return print_replayed(cli, cf, &r, failed, err);
}

/* What some of these ask for, others would do nothing with. */
static bool
is_one_request(const struct options *opt, struct err *err)
{
	bool gives = opt->n_args > 1, takes = option_given(opt, OPTION_TAKE_BACK);
	bool given = option_given(opt, OPTION_GIVEN), every = option_given(opt, OPTION_EVERY);

	if (gives + takes + given + every > 1)
		return err_set(err, ERR_USAGE,
			       "one of NAME SCORE REASON, --take-back, --given, --window");
	if (!gives && (option_given(opt, OPTION_AT) || option_given(opt, OPTION_KIND)))
		return err_set(err, ERR_USAGE, "--at and --kind are for NAME SCORE REASON");
	for (int i = 0; i < OPTION_COUNT && gives + takes + given + every; i++)
		if (option_given(opt, (enum option_id)i) &&
		    option_table[i].group & (GROUP_FILTER | GROUP_RANGE))
			return err_set(err, ERR_USAGE, "--%s is for lists of the risk events of the case",
				       option_table[i].name);
	return true;
}

int
command_risk(struct cli *cli)
{
	struct err err = { 0 };

	if (!is_one_request(cli->opt, &err)) {
		err_where(&err, "risk");
		return cli_fail(&err);
	}
	if (cli->opt->n_args > 1 || option_given(cli->opt, OPTION_TAKE_BACK))
		return cli_change_with_words(cli, change);
	if (option_given(cli->opt, OPTION_EVERY))
		return cli_with_rules(cli, list_replayed);
	return cli_with_case(cli, option_given(cli->opt, OPTION_GIVEN) ? list_given : list);
}
