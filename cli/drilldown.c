/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auger drilldown: the documented drilldowns of the findings of a host. */
#include "config.h"

#include "base/visible.h"
#include "cli/cli.h"
#include "cli/rows.h"
#include "store/given.h"

struct drilling {
	struct cli           *cli;
	struct casefile      *cf;
	const struct ruleset *rs;
	struct print_style    style;
	uint64_t              memory; /* of one search */
	struct rows          *rows; /* for programs: one table; NULL: one for each */
	struct span           case_span;
	int64_t              *findings; /* ids */
	size_t                n, cap;
	uint64_t              failed;
	struct done {
		struct text search;
		struct span span;
	} *done; /* findings of one rule often lead to the same question */
	size_t n_done, done_cap;
};

static bool
collect(void *ctx, const struct finding_row *row)
{
	struct drilling *d = ctx;

	arena_grow(d->cli->keep, d->findings, d->n, &d->cap);
	d->findings[d->n++] = row->id;
	return true;
}

static bool
done_before(struct drilling *d, const struct drilldown_search *ds)
{
	for (size_t i = 0; i < d->n_done; i++)
		if (d->done[i].span.earliest_ns == ds->span.earliest_ns &&
		    d->done[i].span.latest_ns == ds->span.latest_ns &&
		    text_eq(d->done[i].search, ds->search))
			return true;
	arena_grow(d->cli->keep, d->done, d->n_done, &d->done_cap);
	d->done[d->n_done++] = (struct done){ arena_copy(d->cli->keep, ds->search), ds->span };
	return false;
}

static bool
run_one(struct drilling *d, const struct drilldown_search *ds, struct arena *keep, struct err *err)
{
	const struct search_env env = { ruleset_macros(d->rs), ruleset_lookups(d->rs), false };
	const struct place      place = { ds->name, 1, 1 };
	struct source           source = casefile_source(d->cf);
	struct search_run       run = { .source = &source, .span = ds->span,
					.memory_bytes = d->memory };
	struct rows_printed     printed;
	struct search          *search;
	bool                    good;

	if (!search_compile(&search, keep, ds->search, place, &env, err))
		return false;
	if (d->rows)
		good = rows_add(d->rows, ds->name, search, &run, &printed, err);
	else
		good = rows_print(search, &run, &d->style, &printed, err);
	if (good && printed.stats.warnings)
		cli_warn("%s", printed.stats.warning);
	if (good && printed.stats.gave_up)
		d->failed++;
	return good;
}

/* A name goes before each result: in tables as a line, for programs as a remark. */
static void
announce(const struct drilling *d, int64_t finding, struct text name, struct text search,
	 struct arena *keep)
{
	FILE       *out = d->style.format == PRINT_TABLE ? d->style.out : stderr;
	struct text safe = visible_line(name, d->style.ascii, keep);
	struct text spl = visible_block(search, d->style.ascii, keep);

	if (out == stderr && d->cli->quiet)
		return;
	fprintf(out, "finding:%lld  " TEXT_FMT "\n  " TEXT_FMT "\n", (long long)finding,
		TEXT_ARG(safe), TEXT_ARG(spl));
	fflush(out);
}

static bool
drill_finding(struct drilling *d, int64_t id, struct arena keep, struct err *err)
{
	struct finding_row      row;
	const struct detection *rule;
	struct drilldown_search ds;

	if (!query_finding(d->cf, id, &keep, &row, err))
		return false;
	if (text_eq(row.finding.rule_id, GIVEN_RULE)) /* it rests on no search */
		return true;
	rule = ruleset_find(d->rs, row.finding.rule_id);
	if (!rule) {
		cli_warn("finding:%lld: its rule " TEXT_FMT " is not loaded (see: --rules)",
			 (long long)id, TEXT_ARG(row.finding.rule));
		if (!d->failed++)
			cli_warn_unread(d->rs);
		return true;
	}
	for (uint32_t i = 0; i < rule->n_drilldowns; i++) {
		struct err problem = { 0 };

		if (!drilldown_make(&ds, rule, &rule->drilldowns[i], &row.finding, d->case_span,
				    &keep, &problem)) {
			cli_fail(&problem);
			d->failed++;
			continue;
		}
		if (done_before(d, &ds))
			continue;
		announce(d, id, ds.name, ds.search, &keep);
		if (!text_absent(ds.remark))
			cli_remark(d->cli, TEXT_FMT, TEXT_ARG(ds.remark));
		if (!run_one(d, &ds, &keep, &problem)) {
			if (problem.kind == ERR_IO || problem.kind == ERR_CANCEL) {
				*err = problem;
				return false;
			}
			cli_fail(&problem);
			d->failed++;
		}
		if (!d->rows)
			putc('\n', d->style.out);
	}
	return true;
}

static bool
drill_host(struct drilling *d, struct text host, struct err *err)
{
	struct case_filter filter = CASE_FILTER_ALL;
	struct case_info   info;
	struct arena       keep = arena_open((size_t)1 << 32);
	bool               good;

	filter.host = host;
	good = casefile_info(d->cf, d->cli->keep, &info, err) &&
	       query_findings(d->cf, &filter, collect, d, err);
	if (good)
		d->case_span = (struct span){ info.first_ns, info.last_ns + 1 };
	if (good && d->n && d->style.format != PRINT_TABLE)
		d->rows = rows_begin(&d->style, TEXT("drilldown"));
	for (size_t i = 0; good && i < d->n; i++)
		good = drill_finding(d, d->findings[i], keep, err);
	arena_close(&keep);
	return good;
}

static int
drill(struct cli *cli, struct casefile *cf, const struct ruleset *rs, struct err *err)
{
	struct drilling d = { .cli = cli, .cf = cf, .rs = rs };
	struct text     host = text_of(cli->opt->args[1]);
	bool            good;

	if (!cli_memory(cli, &d.memory, err) || !cli_style(cli, cf, &d.style, err))
		return cli_fail(err);
	d.memory = d.memory / 4 * 3; /* the rest reads the case */
	if (cli_host_known(cli, cf, host, err))
		good = drill_host(&d, host, err);
	else
		good = err_where(err, TEXT_FMT, TEXT_ARG(host));
	if (d.rows)
		good &= rows_end(d.rows, good ? err : NULL);
	if (!good)
		return cli_style_end(&d.style, cli_fail(err));
	if (d.n == 0)
		cli_warn("%s has no findings, so no drilldowns (see: auger hosts %s)",
			 cli->opt->args[1], cli->opt->args[0]);
	return cli_style_end(&d.style,
			     d.n == 0 ? EXIT_NOTHING : d.failed ? EXIT_PARTLY : EXIT_DONE);
}

int
command_drilldown(struct cli *cli)
{
	return cli_with_rules(cli, drill);
}
