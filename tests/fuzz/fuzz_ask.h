/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_ask.h - every question that a case answers, and every byte of the answers looked at.
 */
#ifndef AUGER_TESTS_FUZZ_ASK_H
#define AUGER_TESTS_FUZZ_ASK_H

#include "base/pred.h"
#include "base/when.h"
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

static bool
on_piece(void *ctx, int64_t at_ns, double amount)
{
	*(uint64_t *)ctx += (uint64_t)at_ns + (amount > 0);
	return true;
}

/* What lists and charts ask besides. */
static void
ask_for_summaries(struct casefile *cf, int64_t event, struct arena *keep)
{
	struct case_filter   all = CASE_FILTER_ALL;
	struct hour_count   *hours;
	struct kind_count   *kinds;
	struct value_count  *values;
	struct script_part  *parts;
	struct event_origin *origins;
	uint64_t             sum = 0;

	query_activity(cf, &all, keep, &hours);
	for (int kind = 0; kind < ACTIVITIES; kind++)
		query_activity_of(cf, (enum activity)kind, &all, WHEN_HOUR, on_piece, &sum, NULL);
	query_kinds(cf, TEXT_NONE, keep, &kinds);
	for (int part = 0; part <= FILTER_FIELD; part++)
		query_values(cf, (enum filter_part)part, 100, keep, &values);
	query_script_parts(cf, event, keep, &parts);
	query_event_origins(cf, event, keep, &origins);
	query_noted_events(cf, &all, on_event_row, &event, NULL);
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
	struct pred        says = { .kind = PRED_EQ, .name = name_ref(TEXT("ScriptBlockText")),
				    .pattern = pattern_make(&keep, TEXT("*invoke*"), false, false) };
	uint64_t           sum = 0, count;
	int64_t            last = 0;
	bool               exact;

	casefile_info(cf, &keep, &info, NULL);
	query_hosts(cf, &all, on_host, NULL, NULL);
	query_users(cf, &all, on_user, NULL, NULL);
	query_findings(cf, &all, on_finding, NULL, NULL);
	query_events(cf, &all, event_key_before(OLDEST_ONWARD), OLDEST_ONWARD, 200, on_event_row, &last, NULL);
	query_count_events(cf, &all, &count, &exact, NULL);
	query_evidence(cf, on_evidence, NULL, NULL);
	query_gaps(cf, on_gap, NULL, NULL);
	query_ledger(cf, on_ledger, NULL, NULL);
	if (query_event(cf, last, true, &keep, &ev, NULL))
		query_event_rules(cf, last, &keep, &rules);
	src.events(src.self, NULL, (struct span){ WHEN_NONE, WHEN_MAX }, ORDER_NEWEST_FIRST,
		   on_event, &sum, NULL);
	src.events(src.self, &says, (struct span){ WHEN_NONE, WHEN_MAX }, ORDER_NEWEST_FIRST,
		   on_event, &sum, NULL);
	ask_for_summaries(cf, last, &keep);
	casefile_verify(cf, on_problem, &sum, NULL);
	arena_close(&keep);
}

#endif
