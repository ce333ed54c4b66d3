/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/filtering.h"

#include <stdlib.h>

#include "base/counted.h"
#include "cli/evaluate.h"
#include "cli/factoring.h"
#include "rules/search.h"
#include "store/case_macros.h"
#include "store/findings.h"
#include "store/work.h"

#define NAMES_MAX 64

/* ---- the definition by itself ---- */

/* As it stands behind a rule, so that columns are those of the definition. */
static bool
compile(struct text definition, const struct ruleset *rs, struct arena *keep, struct search **out,
	struct err *err)
{
	const struct search_env env = { ruleset_macros(rs), ruleset_lookups(rs), false };
	const struct place      place = { FILTER_PLACE, 0, 1 };

	return search_compile(out, keep, arena_join(keep, TEXT("search *|\n"), definition), place, &env,
			      err);
}

static bool
check(struct text definition, const struct ruleset *rs, struct arena *keep, struct search **out,
      struct err *err)
{
	struct err    again = { 0 };
	struct search *search;

	if (compile(definition, rs, keep, out, err))
		return true;
	if (!compile(arena_join(keep, TEXT("search "), definition), rs, keep, &search, &again))
		return false;
	err->what[0] = '\0';
	err->kind = ERR_NONE;
	return err_set(err, ERR_RULE, "a filter begins with a command; write: search " TEXT_FMT,
		       TEXT_ARG(definition));
}

static bool
among(struct text name, const struct text *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_eq(name, names[i]))
			return true;
	return false;
}

/* A field that the results of the rule do not have: NOT field=x then keeps all, field=x nothing. */
static struct text
missing_field(const struct search *filter, const struct search *rule, struct arena *keep)
{
	const struct pred *pred = search_leaf_pred(filter, 0);
	const struct text *columns;
	struct text        names[NAMES_MAX], all = TEXT("");
	size_t             n_columns = search_output_columns(rule, &columns);
	size_t             n = pred && n_columns ? pred_names(pred, names, NAMES_MAX) : 0;

	for (size_t i = 0; i < n_columns; i++)
		all = arena_printf(keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(all), i ? ", " : "",
				   TEXT_ARG(columns[i]));
	for (size_t i = 0; i < n && i < NAMES_MAX; i++)
		if (!among(names[i], columns, n_columns))
			return arena_printf(keep,
					    "the results of this rule have no field " TEXT_FMT
					    " (they have " TEXT_FMT ")",
					    TEXT_ARG(names[i]), TEXT_ARG(all));
	return TEXT_NONE;
}

/* ---- the rules with it ---- */

struct job {
	const struct cli           *cli;
	struct casefile            *cf;
	const struct filter_change *change;
	struct filter_outcome      *out;
	struct ruleset             *rs;
	uint32_t                    index; /* of the rule */
	struct text                 definition;
	struct err                 *err;
};

/* The macros of the case, the new one in its place. */
static void
put_macros(struct job *j)
{
	struct arena      *keep = j->cli->keep;
	struct case_macro *macros;
	size_t             n = case_macros(j->cf, keep, &macros);

	for (size_t i = 0; i < n; i++) {
		if (text_eq(macros[i].name, j->out->macro)) {
			j->out->before = macros[i].definition;
			j->out->before_off = macros[i].off;
		} else if (!macros[i].off) {
			ruleset_set_macro(j->rs, macros[i].name, macros[i].definition);
		}
	}
	if (j->definition.n && !j->change->off)
		ruleset_set_macro(j->rs, j->out->macro, j->definition);
}

static bool
load(struct job *j)
{
	struct arena           *keep = j->cli->keep;
	const struct detection *d;

	if (!cli_rules_load(j->cli, j->cf, &j->rs, j->err))
		return false;
	d = ruleset_find(j->rs, j->change->rule);
	if (!d && cli_warn_unread(j->rs))
		return err_set(j->err, ERR_INPUT, "none of the rules that could be read is called " TEXT_FMT,
			       TEXT_ARG(j->change->rule));
	if (!d)
		return err_set(j->err, ERR_USAGE,
			       "no rule of this case is called " TEXT_FMT " (see: auger ledger %s)",
			       TEXT_ARG(j->change->rule), casefile_path(j->cf));
	j->out->rule_id = arena_copy(keep, d->id);
	j->out->rule = arena_copy(keep, d->name);
	j->out->macro = arena_copy(keep, d->filter_macro);
	put_macros(j);
	ruleset_compile(j->rs);
	while (j->index < ruleset_count(j->rs) &&
	       !text_eq(ruleset_get(j->rs, j->index)->id, j->out->rule_id))
		j->index++;
	return true;
}

static bool
check_definition(struct job *j)
{
	const struct detection *d = ruleset_get(j->rs, j->index);
	struct search          *search;

	if (!j->definition.n)
		return true;
	if (!check(j->definition, j->rs, j->cli->keep, &search, j->err))
		return false;
	if (!d->search) {
		*j->err = d->problem;
		return false;
	}
	j->out->remark = missing_field(search, d->search, j->cli->keep);
	return true;
}

/* ---- before and after ---- */

struct shown {
	struct arena *keep;
	int64_t      *ids;
	struct text  *lines; /* of true positives; absent for others */
	size_t        n, cap, lines_cap;
};

static bool
note_shown(void *ctx, const struct finding_row *row)
{
	struct shown *s = ctx;
	bool          is_true = text_eq(row->verdict, work_verdicts[1]);

	arena_grow(s->keep, s->ids, s->n, &s->cap);
	arena_grow(s->keep, s->lines, s->n, &s->lines_cap);
	s->lines[s->n] = TEXT_NONE;
	if (is_true)
		s->lines[s->n] = arena_printf(s->keep, "finding:%lld  " TEXT_FMT "  " TEXT_FMT,
					      (long long)row->id, TEXT_ARG(row->finding.host),
					      TEXT_ARG(row->finding.message));
	s->ids[s->n++] = row->id;
	return true;
}

static int
by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static bool
shown_now(struct job *j, struct shown *s)
{
	struct case_filter only = CASE_FILTER_ALL;

	*s = (struct shown){ .keep = j->cli->keep };
	only.rule = j->out->rule_id;
	return query_findings(j->cf, &only, note_shown, s, j->err);
}

static bool
count_hidden(void *ctx, const struct hidden_row *row)
{
	(void)row;
	(*(uint64_t *)ctx)++;
	return true;
}

static bool
compare(struct job *j, const struct shown *before)
{
	struct filter_outcome *out = j->out;
	struct shown           after;

	if (!shown_now(j, &after) ||
	    !query_hidden(j->cf, out->rule_id, count_hidden, &out->hidden, j->err))
		return false;
	if (after.n)
		qsort(after.ids, after.n, sizeof(*after.ids), by_id);
	out->shown = after.n;
	out->lost = arena_new(j->cli->keep, struct text, before->n + 1);
	for (size_t i = 0; i < before->n; i++) {
		if (after.n &&
		    bsearch(&before->ids[i], after.ids, after.n, sizeof(*after.ids), by_id))
			continue;
		out->newly++;
		if (!text_absent(before->lines[i]))
			out->lost[out->n_lost++] = before->lines[i];
	}
	return true;
}

/* Inside of the transaction. */
static bool
run(struct job *j)
{
	const struct case_macro macro = {
		.name = j->out->macro,
		.definition = j->definition,
		.rule_id = j->out->rule_id,
		.off = j->change->off,
	};
	struct shown before;

	if (!shown_now(j, &before) ||
	    !evaluate_rule(j->cf, j->rs, j->index, j->change->cancel, j->err) ||
	    !compare(j, &before))
		return false;
	if (j->change->try_only)
		return true;
	if (j->out->n_lost && !j->change->force)
		return err_set(j->err, ERR_USAGE,
			       "would hide %s marked true positive; nothing was changed",
			       counted(j->out->n_lost, "finding").words);
	return case_macro_set(j->cf, &macro, j->err);
}

bool
filtering_change(const struct cli *cli, struct casefile *cf, const struct filter_change *change,
		 struct filter_outcome *out, struct err *err)
{
	struct job j = {
		.cli = cli,
		.cf = cf,
		.change = change,
		.out = out,
		.definition = text_trim(change->definition),
		.err = err,
	};
	bool good;

	*out = (struct filter_outcome){ .before = TEXT("") };
	good = load(&j) && check_definition(&j) && findings_begin(cf, err);
	if (good) {
		good = run(&j) && (change->try_only || factoring_sum_up(cf, j.rs, NULL, err));
		if (good && !change->try_only)
			good = findings_end(cf, err);
		else
			findings_abort(cf);
	}
	if (j.rs)
		ruleset_free(j.rs);
	return good;
}
