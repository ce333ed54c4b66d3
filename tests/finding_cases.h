/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * finding_cases.h - cases with findings: made, added, counted under a filter.
 */
#ifndef AUGER_TESTS_FINDING_CASES_H
#define AUGER_TESTS_FINDING_CASES_H

#include "store/findings.h"
#include "store/query.h"
#include "store/work.h"
#include "tests/cases.h"

__attribute__((unused)) static struct finding
finding_of(struct test_case *t, const char *key, const char *rule, const char *object,
	   enum risk_object_type type, double score)
{
	static const int64_t   events[] = { 1, 2 };
	struct risk_object    *o = arena_new(&t->arena, struct risk_object, 1);
	struct finding_field  *f = arena_new(&t->arena, struct finding_field, 2);
	struct threat_object  *x = arena_new(&t->arena, struct threat_object, 1);

	o[0] = (struct risk_object){ text_of(object), type, score, .message = TEXT("it did it") };
	f[0] = (struct finding_field){ TEXT("Computer"), text_of(object) };
	f[1] = (struct finding_field){ TEXT("values"), TEXT("a\nb") };
	x[0] = (struct threat_object){ TEXT("evil.exe"), TEXT("process_name") };
	return (struct finding){
		.key = text_of(key),
		.rule_id = text_of(rule),
		.rule = arena_printf(&t->arena, "Rule %s", rule),
		.type = TEXT("TTP"),
		.first_ns = T0,
		.last_ns = T0 + WHEN_HOUR,
		.host = type == RISK_SYSTEM ? text_of(object) : TEXT_NONE,
		.user = TEXT("CORP\\Ann"),
		.message = TEXT("something happened"),
		.techniques = TEXT("T1047 T1021.006"),
		.tactics = TEXT("Execution, Lateral Movement"),
		.risk_score = score,
		.count = 2,
		.fields = f,
		.n_fields = 2,
		.objects = o,
		.n_objects = score > 0,
		.threats = x,
		.n_threats = 1,
		.events = events,
		.n_events = 2,
		.stories = TEXT("Story A\nStory B"),
		.annotations = TEXT("kill_chain_phases=Installation\nnist=DE.CM"),
	};
}

__attribute__((unused)) static void
start(struct test_case *t)
{
	static const char *const hosts[] = { "WS-07", "ws-08.corp.example", "DC01.north.example",
					     "DC01.south.example" };

	case_new(t);
	case_open(t, CASEFILE_IMPORT);
	case_file(t, "a", NULL);
	for (uint64_t i = 0; i < 4; i++) {
		struct event ev = event_new(&t->arena, hosts[i], "Security", 1, i + 1, (int64_t)i);

		batch_add(t->batch, &ev, NULL, 0);
	}
	case_commit(t);
	import_finish(t->cf, NULL, NULL, &t->err);
	case_open(t, CASEFILE_WORK);
}

__attribute__((unused)) static bool
add(struct test_case *t, struct finding f)
{
	return findings_add(t->cf, &f, &t->err);
}

__attribute__((unused)) static bool
count_finding(void *ctx, const struct finding_row *row)
{
	(void)row;
	(*(int *)ctx)++;
	return true;
}

__attribute__((unused)) static int
count(struct test_case *t, struct case_filter f)
{
	int n = 0;

	if (!query_findings(t->cf, &f, count_finding, &n, &t->err))
		printf("# %s\n", t->err.what);
	return n;
}

#endif
