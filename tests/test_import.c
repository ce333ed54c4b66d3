/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/query.h"
#include "tests/cases.h"

static struct case_info
info_of(struct test_case *t)
{
	struct case_info info;

	if (!casefile_info(t->cf, &t->arena, &info, &t->err))
		printf("# info: %s\n", t->err.what);
	return info;
}

static void
add_range(struct test_case *t, const char *host, uint64_t from, uint64_t to)
{
	for (uint64_t r = from; r < to; r++) {
		struct event ev = event_new(&t->arena, host, "Security", 4624, r, (int64_t)r);

		event_with(&ev, &t->arena, "TargetUserName",
			   arena_printf(&t->arena, "user%llu", (unsigned long long)(r % 7)));
		event_with(&ev, &t->arena, "Data", TEXT(""));
		event_with(&ev, &t->arena, "Data", TEXT("two"));
		batch_add(t->batch, &ev, NULL, 0);
	}
}

static void
batches_become_events(void)
{
	struct test_case t;
	struct event     ev;

	case_new(&t);
	ok(case_open(&t, CASEFILE_IMPORT), "a case is made");
	ok(case_file(&t, "a.evtx", NULL) == EVIDENCE_NEW, "the file is new");
	add_range(&t, "WS-07", 1, 301);
	batch_gap(t.batch, 4096, 512, 3, TEXT("torn record"));
	ok(case_commit(&t), "the batch is committed");
	ok(t.counts.events == 300 && t.counts.duplicates == 0 && t.counts.gaps == 1,
	   "300 events, 1 gap");
	ok(import_end_file(t.cf, t.evidence, "ok", NULL), "the file ends");
	ok(info_of(&t).unfinished, "until the end the case is unfinished");
	ok(import_finish(t.cf, NULL, NULL, &t.err), "the import is finished");
	ok(case_open(&t, CASEFILE_READ), "the case opens for reading");
	struct case_info info = info_of(&t);

	ok(info.events == 300 && info.hosts == 1 && info.gaps == 1 && !info.unfinished,
	   "it has 300 events of 1 host");
	ok(info.first_ns == T0 + WHEN_SECOND && info.last_ns == T0 + 300 * WHEN_SECOND,
	   "first and last time");
	ok(query_event(t.cf, 150, true, &t.arena, &ev, &t.err), "one event is read");
	ok(ev.record_id == 150 && ev.event_id == 4624 && ev.n_fields == 8 && ev.n_system == 5,
	   "it is the one");
	is(event_body(&ev, TEXT("TargetUserName")), TEXT("user3"), "with its field");
	ok(ev.fields[6].value.n == 0 && !text_absent(ev.fields[6].value),
	   "an empty value is there and empty");
	is(ev.fields[7].value, TEXT("two"), "a name may occur twice");
	is(ev.user, TEXT("user3"), "its user");
	is(ev.host, TEXT("WS-07"), "its host");
	case_done(&t);
}

int
main(void)
{
	batches_become_events();
	return done_testing();
}
