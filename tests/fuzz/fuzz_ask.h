/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_ask.h - every question that a case answers, and every byte of the answers looked at.
 */
#ifndef AUGER_TESTS_FUZZ_ASK_H
#define AUGER_TESTS_FUZZ_ASK_H

#include "base/pred.h"
#include "store/query.h"

static bool
on_host(void *ctx, const struct host_row *row)
{
	(void)ctx;
	return text_key(row->host) != 1;
}

static bool
on_user(void *ctx, const struct user_row *row)
{
	(void)ctx;
	return text_key(row->user) != 1;
}

static bool
on_finding(void *ctx, const struct finding_row *row)
{
	(void)ctx;
	return row != NULL;
}

static bool
on_event_row(void *ctx, const struct event_row *row)
{
	*(int64_t *)ctx = row->id;
	return true;
}

static bool
on_event(void *ctx, const struct event *ev)
{
	uint64_t *sum = ctx;

	for (uint32_t i = 0; i < ev->n_fields; i++)
		*sum += text_key(ev->fields[i].value);
	return true;
}

static bool
on_evidence(void *ctx, const struct evidence_row *row)
{
	(void)ctx;
	return row != NULL;
}

static bool
on_gap(void *ctx, const struct gap_row *row)
{
	(void)ctx;
	return row != NULL;
}

static bool
on_ledger(void *ctx, const struct ledger_entry *entry)
{
	(void)ctx;
	return entry != NULL;
}

static void
on_problem(void *ctx, struct text problem)
{
	*(uint64_t *)ctx += problem.n;
}

static void
ask_everything(struct casefile *cf)
{
	struct arena       keep = arena_open((size_t)1 << 28);
	struct case_filter all = CASE_FILTER_ALL;
	struct case_info   info;
	struct source      src = casefile_source(cf);
	struct event       ev;
	struct event_rule       *rules;
	uint64_t           sum = 0, count;
	int64_t            last = 0;
	bool               exact;

	casefile_info(cf, &keep, &info, NULL);
	query_hosts(cf, &all, on_host, NULL, NULL);
	query_users(cf, &all, on_user, NULL, NULL);
	query_findings(cf, &all, on_finding, NULL, NULL);
	query_events(cf, &all, (struct event_key){ WHEN_NONE, 0 }, true, 200, on_event_row, &last, NULL);
	query_count_events(cf, &all, &count, &exact, NULL);
	query_evidence(cf, on_evidence, NULL, NULL);
	query_gaps(cf, on_gap, NULL, NULL);
	query_ledger(cf, on_ledger, NULL, NULL);
	if (query_event(cf, last, true, &keep, &ev, NULL))
		query_event_rules(cf, last, &keep, &rules);
	src.events(src.self, NULL, (struct span){ WHEN_NONE, WHEN_MAX }, ORDER_NEWEST_FIRST,
		   on_event, &sum, NULL);
	casefile_verify(cf, on_problem, &sum, NULL);
	arena_close(&keep);
}

#endif
