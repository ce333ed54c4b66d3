/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auger rules: what is loaded, what compiles and why not, how it is evaluated. */
#include "config.h"

#include <unistd.h>

#include "base/visible.h"
#include "cli/rules_test.h"

static const struct print_column list_columns[] = {
	{ TEXT_INIT("rule_id"), COLUMN_FILES },    { TEXT_INIT("rule"), COLUMN_WHOLE },
	{ TEXT_INIT("type"), COLUMN_WIDE },        { TEXT_INIT("technique"), COLUMN_ALWAYS },
	{ TEXT_INIT("tactic"), COLUMN_FILES },     { TEXT_INIT("risk_score"), COLUMN_ALWAYS },
	{ TEXT_INIT("status"), COLUMN_ALWAYS },    { TEXT_INIT("source"), COLUMN_WIDE },
};

static const struct print_column check_columns[] = {
	{ TEXT_INIT("file"), COLUMN_ALWAYS },     { TEXT_INIT("line"), COLUMN_ALWAYS },
	{ TEXT_INIT("rule_id"), COLUMN_FILES },   { TEXT_INIT("rule"), COLUMN_WHOLE },
	{ TEXT_INIT("language"), COLUMN_FILES },  { TEXT_INIT("status"), COLUMN_ALWAYS },
	{ TEXT_INIT("reason"), COLUMN_WHOLE },
};

static const struct print_column info_columns[] = {
	{ TEXT_INIT("name"), COLUMN_ALWAYS },
	{ TEXT_INIT("synopsis"), COLUMN_ALWAYS },
	{ TEXT_INIT("help"), COLUMN_ALWAYS },
};

struct listing {
	struct cli           *cli;
	const struct ruleset *rs;
	struct print_style    style;
	struct print         *print;
	struct arena          scratch;
	uint32_t              rows, bad;
};

static bool
is_meant(const char *argument, const struct detection *d)
{
	struct text what = text_of(argument);

	return text_ieq(what, d->name) || text_ieq(what, d->id) || text_starts(d->source, what);
}

/* The arguments behind the verb choose rules: by file, folder, name or id; none chooses all. */
static bool
chosen(const struct cli *cli, const struct detection *d)
{
	bool good = cli->opt->n_args == 1;

	for (uint32_t i = 1; !good && i < cli->opt->n_args; i++)
		good = is_meant(cli->opt->args[i], d);
	return good;
}

static void
list_rule(struct listing *l, const struct detection *d)
{
	struct arena scratch = l->scratch;
	struct text  techniques = TEXT_NONE, reason;
	double       score = 0;

	for (uint32_t i = 0; i < d->n_techniques; i++)
		techniques = i ? arena_printf(&scratch, TEXT_FMT "\n" TEXT_FMT,
					      TEXT_ARG(techniques), TEXT_ARG(d->techniques[i]))
			       : d->techniques[i];
	for (uint32_t i = 0; i < d->n_risks; i++)
		if (d->risks[i].score > score)
			score = d->risks[i].score;
	print_row(l->print,
		  (struct print_cell[]){
		      cell_text(d->id), cell_text(d->name), cell_text(d->type),
		      cell_list(techniques), cell_text(d->tactics), cell_number(score),
		      cell_text(text_of(detection_status_name(
			  detection_status(d, &scratch, &reason)))),
		      cell_text(d->source) });
}

static void
check_rule(struct listing *l, const struct detection *d)
{
	struct arena          scratch = l->scratch;
	struct text           reason, rest;
	enum detection_status status = detection_status(d, &scratch, &reason);
	uint64_t              line = d->search_place.line;

	if (status == DETECTION_UNSUPPORTED || status == DETECTION_INVALID) {
		l->bad++;
		rest = reason;
		text_to_u64(text_cut(&rest, ':'), &line);
	}
	print_row(l->print, (struct print_cell[]){
				cell_text(d->source), cell_count(line), cell_text(d->id),
				cell_text(d->name), cell_text(TEXT("spl")),
				cell_text(text_of(detection_status_name(status))),
				cell_text(reason) });
}

static void
put_lines(struct listing *l, const char *indent, struct text block, struct arena scratch)
{
	struct text safe = visible_block(block, l->style.ascii, &scratch);

	while (!text_absent(safe)) {
		struct text line = text_cut(&safe, '\n');

		fprintf(l->style.out, "%s" TEXT_FMT "\n", line.n ? indent : "", TEXT_ARG(line));
	}
}

/* A name is one line, whatever it holds. */
static void
put_line(struct listing *l, const char *indent, struct text name, struct arena scratch)
{
	struct text safe = visible_line(name, l->style.ascii, &scratch);

	fprintf(l->style.out, "%s" TEXT_FMT "\n", indent, TEXT_ARG(safe));
}

static void
explain_rule(struct listing *l, const struct detection *d)
{
	struct arena scratch = l->scratch;

	if (l->rows > 1)
		putc('\n', l->style.out);
	put_line(l, "", arena_printf(&scratch, TEXT_FMT "  " TEXT_FMT, TEXT_ARG(d->name),
				     TEXT_ARG(d->id)), scratch);
	put_line(l, "  ", d->source, scratch);
	if (d->search) {
		put_lines(l, "  ", search_explain(d->search, &scratch), scratch);
	} else {
		l->bad++;
		put_lines(l, "  ",
			  arena_printf(&scratch, "does not compile: %s: %s", d->problem.where,
				       d->problem.what),
			  scratch);
	}
	if (!text_absent(d->remarks))
		put_line(l, "  ", d->remarks, scratch);
}

/* Every argument must choose something. */
static bool
arguments_choose(const struct cli *cli, const struct ruleset *rs, struct err *err)
{
	for (uint32_t a = 1; a < cli->opt->n_args; a++) {
		const char *argument = cli->opt->args[a];
		bool        any = false;

		for (uint32_t i = 0; !any && i < ruleset_count(rs); i++)
			any = is_meant(argument, ruleset_get(rs, i));
		if (any)
			continue;
		err_set(err, ERR_INPUT, "%s",
			access(argument, F_OK) == 0 ? "no rule files there"
						    : "no such rule or file (see: auger rules list)");
		return err_where(err, "%s", argument);
	}
	return true;
}

typedef void rule_fn(struct listing *l, const struct detection *d);

static int
each_rule(struct cli *cli, const struct ruleset *rs, const struct print_column *columns, size_t n,
	  rule_fn *fn, struct err *err)
{
	struct listing l = { .cli = cli, .rs = rs };

	if (!arguments_choose(cli, rs, err) || !cli_style(cli, NULL, &l.style, err))
		return cli_fail(err);
	l.scratch = arena_open((size_t)1 << 30);
	if (columns)
		l.print = print_begin(&l.style, columns, n);
	for (uint32_t i = 0; i < ruleset_count(rs); i++) {
		if (!chosen(cli, ruleset_get(rs, i)))
			continue;
		l.rows++;
		fn(&l, ruleset_get(rs, i));
	}
	if (l.print)
		print_end(l.print);
	arena_close(&l.scratch);
	if (fn == list_rule) /* the others say in their rows what could not be read */
		l.bad |= cli_warn_unread(rs) > 0;
	return cli_style_end(&l.style, l.bad ? EXIT_PARTLY : EXIT_DONE);
}

/* Sentences, which no program reads: a table is the only form that they may be asked for. */
static int
explain_rules(struct cli *cli, const struct ruleset *rs, struct err *err)
{
	const char *format = option_cstr(cli->opt, OPTION_FORMAT);

	if (!format || strcmp(format, "table") == 0)
		return each_rule(cli, rs, NULL, 0, explain_rule, err);
	err_set(err, ERR_USAGE,
		"rules explain --format %s: an explanation is text (for programs: auger rules check)",
		format);
	return cli_fail(err);
}

static int
test_rules(struct cli *cli, const struct ruleset *rs, struct err *err)
{
	struct print_style style;
	struct bench      *b;

	if (!arguments_choose(cli, rs, err) || !cli_style(cli, NULL, &style, err))
		return cli_fail(err);
	b = rules_test_begin(cli, &style, err);
	if (!b)
		return cli_style_end(&style, cli_fail(err));
	for (uint32_t i = 0; i < ruleset_count(rs); i++)
		if (chosen(cli, ruleset_get(rs, i)))
			rules_test_rule(b, ruleset_get(rs, i));
	return cli_style_end(&style, rules_test_end(b));
}

#define INFO_MOST 512

static bool
info_named(const struct command_info *infos, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(infos[i].name, name) == 0)
			return true;
	return false;
}

/* By an argument behind the verb. */
static bool
is_asked(const struct options *opt, const char *name)
{
	for (uint32_t k = 1; k < opt->n_args; k++)
		if (strcmp(opt->args[k], name) == 0)
			return true;
	return false;
}

static int
print_infos(struct cli *cli, size_t (*list)(struct command_info *out, size_t cap), struct err *err)
{
	const struct options *opt = cli->opt;
	struct command_info *infos = arena_new(cli->keep, struct command_info, INFO_MOST);
	size_t               n = list(infos, INFO_MOST);
	struct print_style   style;
	struct print        *p;

	for (uint32_t k = 1; k < opt->n_args; k++) {
		if (info_named(infos, n, opt->args[k]))
			continue;
		err_set(err, ERR_USAGE, "rules %s: there is no %s (see: auger rules %s)",
			opt->args[0], opt->args[k], opt->args[0]);
		return cli_fail(err);
	}
	if (!cli_style(cli, NULL, &style, err))
		return cli_fail(err);
	p = print_begin(&style, info_columns, 3);
	for (size_t i = 0; i < n; i++)
		if (opt->n_args < 2 || is_asked(opt, infos[i].name))
			print_row(p, (struct print_cell[]){ cell_text(text_of(infos[i].name)),
							    cell_text(text_of(infos[i].synopsis)),
							    cell_text(text_of(infos[i].help)) });
	print_end(p);
	return cli_style_end(&style, EXIT_DONE);
}

/* Names of rules may have a slash too: "WMI/CIM Execution". */
static bool
looks_like_path(const char *word)
{
	return strchr(word, '/') && !strchr(word, ' ');
}

/* Paths among the arguments are loaded as if given with --rules. */
static bool
load_arguments(struct cli *cli, struct options *opt, struct err *err)
{
	struct option_values *rules = &opt->values[OPTION_RULES];
	const char          **items = arena_new(cli->keep, const char *, rules->n + opt->n_args);
	uint32_t              n = 0;

	for (; n < rules->n; n++)
		items[n] = rules->items[n];
	for (uint32_t i = 1; i < opt->n_args; i++) {
		if (access(opt->args[i], F_OK) == 0) {
			items[n++] = opt->args[i];
		} else if (looks_like_path(opt->args[i])) {
			err_set(err, ERR_INPUT, "no such file");
			return err_where(err, "%s", opt->args[i]);
		}
	}
	*rules = (struct option_values){ items, n };
	return true;
}

static int
with_rules(struct cli *cli, struct text verb, struct err *err)
{
	struct options  opt = *cli->opt;
	struct cli      sub = *cli;
	struct ruleset *rs;
	int             status;

	if (!load_arguments(cli, &opt, err))
		return cli_fail(err);
	sub.opt = &opt;
	if (!cli_rules(&sub, NULL, &rs, NULL, err))
		return cli_fail(err);
	if (text_eq(verb, TEXT("list")))
		status = each_rule(cli, rs, list_columns,
				   sizeof(list_columns) / sizeof(*list_columns), list_rule, err);
	else if (text_eq(verb, TEXT("check")))
		status = each_rule(cli, rs, check_columns,
				   sizeof(check_columns) / sizeof(*check_columns), check_rule, err);
	else if (text_eq(verb, TEXT("test")))
		status = test_rules(&sub, rs, err);
	else
		status = explain_rules(cli, rs, err);
	ruleset_free(rs);
	return status;
}

int
command_rules(struct cli *cli)
{
	struct text verb = text_of(cli->opt->args[0]);
	struct err  err = { 0 };

	if (text_eq(verb, TEXT("commands")))
		return print_infos(cli, search_commands, &err);
	if (text_eq(verb, TEXT("functions")))
		return print_infos(cli, search_functions, &err);
	if (text_eq(verb, TEXT("aggregates")))
		return print_infos(cli, search_aggregates, &err);
	if (text_eq(verb, TEXT("list")) || text_eq(verb, TEXT("check")) ||
	    text_eq(verb, TEXT("explain")) || text_eq(verb, TEXT("test")))
		return with_rules(cli, verb, &err);
	err_set(&err, ERR_USAGE,
		"rules %s: not list, check, explain, test, commands, functions or aggregates",
		cli->opt->args[0]);
	return cli_fail(&err);
}
