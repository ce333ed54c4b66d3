/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A case from a stranger. The input says what was done to a good one: six bytes are a page, a place
 * in it, and two bytes to put there; the first byte of all may cut it off.
 */
#include "config.h"

#include "tests/fuzz/fuzz_case.h"

#define PAGE 16384

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

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

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const struct fuzz_case *base = &fuzz_base;
	uint8_t                *bytes;
	size_t                  left;
	struct casefile        *cf;
	struct err              err = { 0 };

	fuzz_case_make();
	bytes = malloc(base->n);
	if (!bytes)
		abort();
	memcpy(bytes, base->bytes, base->n);
	for (size_t i = 1; i + 6 <= n; i += 6) {
		size_t at = ((size_t)p[i] << 8 | p[i + 1]) * PAGE + ((size_t)p[i + 2] << 8 | p[i + 3]);

		if (at + 2 <= base->n)
			memcpy(bytes + at, p + i + 4, 2);
	}
	left = n && p[0] >= 0x80 ? base->n / 128 * (p[0] - 0x80) : base->n;
	fuzz_case_put(bytes, left);
	free(bytes);
	if (casefile_open(&cf, base->made.file.path, n & 1 ? CASEFILE_READ : CASEFILE_WORK, 0, &err)) {
		ask_everything(cf);
		casefile_close(cf);
	} else if (err.what[0] == '\0') {
		abort();
	}
	return 0;
}
