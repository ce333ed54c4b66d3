/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The _filter macros of a case: listed, set, switched off and on, forgotten. */
#include "config.h"

#include "base/counted.h"
#include "base/visible.h"
#include "cli/cli.h"
#include "cli/filtering.h"
#include "cli/pointing.h"
#include "cli/stop.h"
#include "cli/views.h"
#include "store/case_macros.h"

#define ALWAYS(name) { TEXT_INIT(name), COLUMN_ALWAYS }
#define WHOLE(name)  { TEXT_INIT(name), COLUMN_WHOLE }
#define WIDE(name)   { TEXT_INIT(name), COLUMN_WIDE }
#define FILES(name)  { TEXT_INIT(name), COLUMN_FILES }
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* ---- all filters ---- */

static const struct print_column filter_columns[] = {
	WHOLE("rule"),    FILES("rule_id"), FILES("macro"), ALWAYS("state"), ALWAYS("hidden"),
	WHOLE("filter"), WIDE("author"),   WIDE("time"),
};

struct listing {
	struct printing         *to;
	const struct case_macro *macros;
	size_t                   n;
};

static void
macro_row(struct printing *to, const struct case_macro *m)
{
	print_row(to->print, (struct print_cell[COUNT(filter_columns)]){
				 cell_text(text_absent(m->rule) ? m->name : m->rule),
				 cell_text(m->rule_id),
				 cell_text(m->name),
				 cell_text(m->off ? TEXT("off") : TEXT("on")),
				 cell_count(m->hidden),
				 cell_text(m->definition),
				 cell_text(m->author.n ? m->author : TEXT_NONE),
				 cell_time(m->time_ns ? m->time_ns : WHEN_NONE),
			     });
}

/* Filters that come with the files of the rules hide as well. */
static bool
file_row(void *ctx, const struct ledger_entry *e)
{
	const struct listing *l = ctx;

	if (!e->filtered)
		return true;
	for (size_t i = 0; i < l->n; i++)
		if (text_eq(l->macros[i].rule_id, e->rule_id) && !l->macros[i].off)
			return true;
	print_row(l->to->print, (struct print_cell[COUNT(filter_columns)]){
				    cell_text(e->rule),
				    cell_text(e->rule_id),
				    cell_text(TEXT_NONE),
				    cell_text(TEXT("rule file")),
				    cell_count(e->filtered),
			    });
	return true;
}

static bool
filter_rows(struct casefile *cf, const struct case_filter *f, struct printing *to, struct err *err)
{
	struct arena       keep = arena_open((size_t)1 << 30);
	struct case_macro *macros;
	struct listing     l = { .to = to };
	bool               good;

	(void)f;
	l.n = case_macros(cf, &keep, &macros);
	l.macros = macros;
	for (size_t i = 0; i < l.n; i++)
		macro_row(to, &macros[i]);
	good = query_ledger(cf, file_row, &l, err);
	arena_close(&keep);
	return good;
}

const struct case_view case_view_filters = { "filters", filter_columns, COUNT(filter_columns),
					     filter_rows };

/* ---- what filters hide ---- */

static const struct print_column hidden_columns[] = {
	ALWAYS("finding_id"), ALWAYS("last_time"), ALWAYS("host"),    WIDE("user"),
	FILES("rule"),        FILES("rule_id"),    ALWAYS("message"), ALWAYS("risk_score"),
	ALWAYS("verdict"),    FILES("note"),
};

static bool
hidden_row(void *ctx, const struct hidden_row *h)
{
	const struct printing *to = ctx;

	print_row(to->print, (struct print_cell[COUNT(hidden_columns)]){
				 cell_count((uint64_t)h->id),
				 cell_time(h->last_ns),
				 cell_text(h->host),
				 cell_text(h->user),
				 cell_text(h->rule),
				 cell_text(h->rule_id),
				 cell_text(h->message),
				 cell_number(h->risk_score),
				 cell_text(h->verdict),
				 cell_text(h->note),
			     });
	return true;
}

static bool
hidden_rows(struct casefile *cf, const struct case_filter *f, struct printing *to, struct err *err)
{
	return query_hidden(cf, f->rule, hidden_row, to, err);
}

const struct case_view case_view_hidden = { "hidden", hidden_columns, COUNT(hidden_columns),
					    hidden_rows };

/* ---- the command ---- */

static int
print_view(struct cli *cli, struct casefile *cf, const struct case_view *view,
	   const struct case_filter *f, const char *nothing, struct err *err)
{
	struct print_style style;
	uint64_t           rows;

	if (!cli_style(cli, cf, &style, err))
		return cli_fail(err);
	if (!case_view_print(view, cf, f, &style, &rows, err))
		return cli_style_end(&style, cli_fail(err));
	if (rows == 0)
		cli_remark(cli, "%s", nothing);
	return cli_style_end(&style, EXIT_DONE);
}

static struct text
rule_given(const struct cli *cli)
{
	return cli->opt->n_args > 1 ? text_of(cli->opt->args[1]) : TEXT_NONE;
}

static bool
of_rule(const struct case_macro *m, struct text rule)
{
	return text_ieq(m->rule_id, rule) || text_ieq(m->rule, rule) || text_ieq(m->name, rule);
}

struct named {
	struct text what, id;
	struct arena *keep;
};

static bool
find_rule(void *ctx, const struct ledger_entry *e)
{
	struct named *n = ctx;

	if (text_ieq(e->rule_id, n->what) || text_ieq(e->rule, n->what))
		n->id = arena_copy(n->keep, e->rule_id);
	return text_absent(n->id);
}

/* One rule: its filter, and what it hides. */
static int
show_rule(struct cli *cli, struct casefile *cf, struct err *err)
{
	struct case_filter only = CASE_FILTER_ALL;
	struct named       rule = { rule_given(cli), TEXT_NONE, cli->keep };
	struct case_macro *macros;
	size_t             n = case_macros(cf, cli->keep, &macros);

	if (!query_ledger(cf, find_rule, &rule, err))
		return cli_fail(err);
	for (size_t i = 0; i < n; i++) {
		if (!of_rule(&macros[i], rule.what))
			continue;
		cli_remark(cli, "%s: %s" TEXT_FMT, macros[i].name.p,
			   macros[i].off ? "(off) " : "", TEXT_ARG(macros[i].definition));
		rule.id = macros[i].rule_id;
	}
	if (text_absent(rule.id)) {
		err_set(err, ERR_USAGE,
			"this case was not asked about such a rule (see: auger ledger %s)",
			cli->opt->args[0]);
		err_where(err, "%s", cli->opt->args[1]);
		return cli_fail(err);
	}
	only.rule = rule.id;
	return print_view(cli, cf, &case_view_hidden, &only, "nothing of this rule is hidden", err);
}

static void
say_outcome(const struct cli *cli, const struct filter_change *change,
	    const struct filter_outcome *o)
{
	const char *would = change->try_only ? "would be" : o->hidden == 1 ? "is" : "are";

	if (!text_absent(o->remark))
		cli_warn(TEXT_FMT, TEXT_ARG(o->remark));
	if (o->before.n)
		cli_remark(cli, "before: %s" TEXT_FMT, o->before_off ? "(off) " : "",
			   TEXT_ARG(o->before));
	cli_remark(cli, TEXT_FMT ": %s %s hidden (%s of them newly), %s shown",
		   TEXT_ARG(o->rule), counted(o->hidden, "finding").words, would,
		   counted_number(o->newly).words, counted_number(o->shown).words);
}

/* The definition that the options ask for. */
static bool
read_change(const struct cli *cli, struct casefile *cf, struct filter_change *out, struct err *err)
{
	const struct options *opt = cli->opt;
	bool on = option_given(opt, OPTION_ON), off = option_given(opt, OPTION_OFF);
	bool clear = option_given(opt, OPTION_CLEAR), defined = opt->n_args > 2;
	struct case_macro *macros;
	size_t             n = case_macros(cf, cli->keep, &macros);

	*out = (struct filter_change){
		.rule = rule_given(cli),
		.definition = defined ? text_of(opt->args[2]) : TEXT(""),
		.off = off,
		.try_only = option_given(opt, OPTION_TRY),
		.force = option_given(opt, OPTION_FORCE),
		.cancel = stop_flag(),
	};
	if (on + off + clear + (defined && (on || clear)) > 1)
		return err_set(err, ERR_USAGE, "one of SPL, --clear, --on, --off");
	if (defined && !text_trim(out->definition).n)
		return err_set(err, ERR_USAGE, "the filter is empty; --clear takes one away");
	for (size_t i = 0; i < n && !defined && !clear; i++)
		if (of_rule(&macros[i], out->rule))
			out->definition = macros[i].definition;
	for (size_t i = 0; i < n; i++)
		if (text_ieq(macros[i].name, out->rule) && macros[i].rule_id.n)
			out->rule = macros[i].rule_id;
	if (!defined && !clear && !out->definition.n)
		return err_set(err, ERR_USAGE, "the rule has no filter in this case");
	return true;
}

static int
change_filter(struct cli *cli, struct casefile *cf, struct err *err)
{
	struct filter_change  change;
	struct filter_outcome outcome = { 0 };
	int                   status;

	if (!read_change(cli, cf, &change, err)) {
		err_where(err, "filter");
		return cli_fail(err);
	}
	if (filtering_change(cli, cf, &change, &outcome, err)) {
		say_outcome(cli, &change, &outcome);
		for (uint32_t i = 0; i < outcome.n_lost; i++)
			cli_warn("marked true positive, %s hidden: " TEXT_FMT,
				 change.try_only ? "would be" : "now", TEXT_ARG(outcome.lost[i]));
		return EXIT_DONE;
	}
	for (uint32_t i = 0; i < outcome.n_lost; i++)
		cli_warn("marked true positive: " TEXT_FMT, TEXT_ARG(outcome.lost[i]));
	if (outcome.n_lost) {
		err_where(err, TEXT_FMT, TEXT_ARG(outcome.rule));
		cli_fail(err);
		cli_remark(cli, "--force hides them all the same");
		return EXIT_NOTHING;
	}
	status = cli_fail(err);
	point_at(err, FILTER_PLACE, change.definition);
	return status;
}

int
command_filter(struct cli *cli)
{
	const struct options *opt = cli->opt;
	struct case_filter    all = CASE_FILTER_ALL;
	struct casefile      *cf;
	struct err            err = { 0 };
	bool changes = opt->n_args > 2 || option_given(opt, OPTION_CLEAR) ||
		       option_given(opt, OPTION_ON) || option_given(opt, OPTION_OFF);
	int status;

	if (changes && opt->n_args < 2) {
		err_set(&err, ERR_USAGE, "of which rule? auger filter %s RULE ...", opt->args[0]);
		err_where(&err, "filter");
		return cli_fail(&err);
	}
	if (!cli_open(cli, changes ? CASEFILE_WORK : CASEFILE_READ, &cf, &err))
		return cli_fail(&err);
	if (changes)
		status = change_filter(cli, cf, &err);
	else if (opt->n_args > 1)
		status = show_rule(cli, cf, &err);
	else
		status = print_view(cli, cf, &case_view_filters, &all,
				    "no filters; auger filter CASE RULE 'search NOT (host=\"X\")' "
				    "makes one",
				    &err);
	return cli_close(cf, status);
}
