/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/tagging.h"

#include <stdlib.h>

#include "base/counted.h"
#include "base/resident.h"
#include "base/sandbox.h"
#include "cli/stop.h"

/* What reading, writing and matching take besides the rules, and the least that searches get. */
#define WORK_BYTES  ((uint64_t)32 << 20)
#define LEAST_BYTES ((uint64_t)4 << 20)
#define SHARE_LEAST ((size_t)16 << 20) /* of one thread */
/* What one more thread that matches takes: the pages and blocks it has read, and its hits. */
#define THREAD_BYTES ((uint64_t)32 << 20)
/* What writing findings takes besides: their numbers, the events behind them, long rows. */
#define WRITING_BYTES ((size_t)8 << 20)
#define LINE_EVERY_S 5
#define LINE_EVERY_MOST_S 86400
/* Setting of the case: some of its events were matched with rules that have changed since. */
#define STALE "rules.stale"

static bool
work_options(struct tagging *t, const struct cli *cli, struct err *err)
{
	t->line_every_s = LINE_EVERY_S;
	return option_count(cli->opt, OPTION_PROGRESS, LINE_EVERY_MOST_S, &t->line_every_s, err) &&
	       cli_threads(cli, &t->threads, err) && cli_memory(cli, &t->memory_bytes, err);
}

/* Once the rules are there: the rest of the work needs its part, too. */
static bool
has_memory(const struct tagging *t, struct err *err)
{
	uint64_t least = resident_bytes() + WORK_BYTES;

	if (t->memory_bytes >= least)
		return true;
	return err_set(err, ERR_USAGE, "--memory: with these rules at least %lluM",
		       (unsigned long long)(least >> 20) + 1);
}

static void
name_rules(struct tagging *t, struct arena *keep)
{
	uint32_t              n = ruleset_count(t->rules);
	struct declared_rule *declared = arena_new(keep, struct declared_rule, n + 1);

	for (uint32_t i = 0; i < n; i++) {
		declared[i].id = ruleset_get(t->rules, i)->id;
		declared[i].n_leaves = ruleset_keys(t->rules, i, &declared[i].keys);
	}
	t->declared = declared;
}

/* What one thread matches with. */
struct matching_ctx {
	struct matcher   *matcher;
	struct batch_hit *hits;
};

static struct matching_ctx *
ctx_new(const struct tagging *t)
{
	struct matching_ctx *c = calloc(1, sizeof(*c));
	size_t               room = 1;

	for (uint32_t i = 0; i < ruleset_count(t->rules); i++) {
		const struct detection *d = ruleset_get(t->rules, i);

		room += d->search ? search_leaves(d->search) : 0;
	}
	if (!c || !(c->hits = calloc(room, sizeof(*c->hits))))
		arena_exhausted(room * sizeof(*c->hits));
	c->matcher = matcher_new(t->rules);
	return c;
}

static void
ctx_free(struct matching_ctx *c)
{
	if (!c)
		return;
	matcher_free(c->matcher);
	free(c->hits);
	free(c);
}

static bool
rules_changed(struct tagging *t, const struct cli *cli, bool *changed, struct err *err)
{
	struct case_info info;

	if (!casefile_info(t->cf, cli->keep, &info, err))
		return false;
	*changed = info.events &&
		   (casefile_get(t->cf, STALE, cli->keep).n ||
		    !text_eq(info.ruleset_digest, ruleset_digest(t->rules)));
	return true;
}

/* What evidence and rules say is read with fewer rights: only the case, open by now, is written. */
static void
renounce(const struct cli *cli, const struct casefile *cf)
{
	const char          *path = casefile_file(cf), *slash = strrchr(path, '/');
	struct text          folder = TEXT(".");
	struct sandbox_state state;

	if (option_given(cli->opt, OPTION_NO_SANDBOX))
		return;
	if (slash)
		folder = arena_printf(cli->keep, "%.*s/", (int)(slash - path), path);
	casefile_unnamed_files();
	state = sandbox_enter(SANDBOX_READER, folder.p);
	if (!state.calls)
		cli_remark(cli, "no sandbox here (see: auger --version): evidence is read with "
				"all rights of this account");
}

bool
tagging_begin(struct tagging *t, const struct cli *cli, enum casefile_mode mode, struct err *err)
{
	*t = (struct tagging){ 0 };
	if (!work_options(t, cli, err) || !cli_open(cli, mode, &t->cf, err))
		return false;
	renounce(cli, t->cf);
	if (!cli_rules(cli, t->cf, &t->rules, NULL, err) || !has_memory(t, err) ||
	    !rules_changed(t, cli, &t->stale, err)) {
		tagging_discard(t);
		return false;
	}
	t->unread = cli_warn_unread(t->rules);
	name_rules(t, cli->keep);
	t->own = ctx_new(t);
	t->watch = watch_begin(&t->progress, cli->quiet, t->line_every_s, err);
	if (t->watch && !stop_asked())
		return true;
	err_set(err, ERR_CANCEL, "stopped before it began");
	tagging_discard(t);
	return false;
}

bool
tagging_declare(struct tagging *t, struct err *err)
{
	return (!t->stale || casefile_set(t->cf, STALE, TEXT("1"), err)) &&
	       import_declare_rules(t->cf, t->declared, ruleset_count(t->rules),
				    ruleset_digest(t->rules), err);
}

/* A match_fn; CTX is a struct matching_ctx. */
static size_t
match(void *ctx, const struct event *ev, const struct batch_hit **hits)
{
	struct matching_ctx   *c = ctx;
	const struct rule_hit *found;
	size_t                 n = matcher_match(c->matcher, ev, &found);

	for (size_t i = 0; i < n; i++)
		c->hits[i] = (struct batch_hit){ found[i].rule, found[i].leaf };
	*hits = c->hits;
	return n;
}

/* Every event of the case has been matched with these rules. */
static bool
fresh(struct tagging *t, struct err *err)
{
	t->stale = false;
	return casefile_set(t->cf, STALE, TEXT(""), err);
}

bool
tagging_rematch(struct tagging *t, struct err *err)
{
	uint64_t              room = t->memory_bytes / THREAD_BYTES;
	uint32_t              n = t->threads <= room ? t->threads : room ? (uint32_t)room : 1;
	struct matching_ctx **ctx = calloc(n, sizeof(*ctx));
	struct matching       m = { match, (void *const *)ctx, n };
	bool                  good;

	if (!ctx)
		arena_exhausted(n * sizeof(*ctx));
	watch_doing(t->watch, TEXT("asking the rules about every event"));
	for (uint32_t i = 0; i < n; i++)
		ctx[i] = ctx_new(t);
	good = import_rematch(t->cf, t->declared, ruleset_count(t->rules), ruleset_digest(t->rules), &m,
			      &t->progress.cancel, err);
	for (uint32_t i = 0; i < n; i++)
		ctx_free(ctx[i]);
	free(ctx);
	return good && fresh(t, err);
}

/* The threads that searches run on: as many as leave each of them some memory. */
static uint32_t
searchers(const struct tagging *t)
{
	uint32_t n = t->threads;

	while (n > 1 && resident_left(t->memory_bytes, n) < n * SHARE_LEAST)
		n--;
	return n;
}

static bool
run_rules(struct tagging *t, bool anew, bool unindexed, struct evaluation *out, struct err *err)
{
	uint32_t                threads = searchers(t);
	uint64_t left = resident_left(t->memory_bytes - WRITING_BYTES, threads);
	const struct evaluating how = {
		.threads = threads,
		.memory_bytes = (size_t)(left > LEAST_BYTES ? left : LEAST_BYTES),
		.anew = anew,
		.unindexed = unindexed,
		.watch = t->watch,
		.cancel = &t->progress.cancel,
	};

	return evaluate(t->cf, t->rules, &how, out, err);
}

bool
tagging_evaluate(struct tagging *t, bool anew, struct evaluation *out, struct err *err)
{
	return run_rules(t, anew, false, out, err);
}

bool
tagging_finish(struct tagging *t, struct evaluation *out, struct err *err)
{
	/* from here on no batch is lost when a statement is interrupted */
	casefile_cancel(t->cf, &t->progress.cancel);
	watch_doing(t->watch, TEXT("joining script blocks, building indexes"));
	return import_finish_events(t->cf, match, t->own, err) &&
	       (!t->stale || tagging_rematch(t, err)) &&
	       run_rules(t, false, true, out, err) && casefile_whole(t->cf, err);
}

void
tagging_end(struct tagging *t)
{
	if (t->watch)
		watch_end(t->watch);
	ctx_free(t->own);
	if (t->rules)
		ruleset_free(t->rules);
	if (t->cf)
		casefile_close(t->cf);
	t->watch = NULL;
	t->own = NULL;
	t->rules = NULL;
	t->cf = NULL;
}

void
tagging_discard(struct tagging *t)
{
	casefile_discard(t->cf);
	t->cf = NULL;
	tagging_end(t);
}

int
tagging_fail(const struct err *err)
{
	struct err stopped = { 0 };

	if (err->kind != ERR_CANCEL)
		return cli_fail(err);
	err_set(&stopped, ERR_CANCEL, "stopped; the same command goes on from here");
	return cli_fail(&stopped);
}

void
tagging_summary(const struct cli *cli, const struct evaluation *e)
{
	uint32_t not_run = e->unsupported + e->failed;

	if (e->hidden)
		cli_remark(cli, "%s more hidden by filters (see: auger filter)",
			   counted_number(e->hidden).words);
	cli_remark(cli, "%s from %s of %s; %s had no data, %s could not run%s",
		   counted(e->findings, "finding").words, counted_number(e->found).words,
		   counted(e->rules, "rule").words, counted_number(e->no_data).words,
		   counted_number(not_run).words,
		   not_run ? " (auger ledger says why)" : "");
	if (e->run < e->rules - e->unsupported)
		cli_remark(cli, "%s run again, the others have nothing new (all anew: auger retag)",
			   counted(e->run, "rule").words);
}

int
tagging_status(const struct tagging *t, const struct evaluation *e)
{
	if (e->failed)
		cli_warn("%s failed: what there was to find is not known (auger ledger says why)",
			 counted(e->failed, "rule").words);
	if (e->no_factors)
		cli_warn("%s could not be applied (auger factor says why)",
			 counted(e->no_factors, "risk factor").words);
	return t->unread || e->failed || e->no_factors ? EXIT_PARTLY : EXIT_DONE;
}
