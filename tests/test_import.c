/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Batches into the case: duplicates, identities of records, interruption. */
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


static void
finish(struct test_case *t)
{
	ok(import_end_file(t->cf, t->evidence, "ok", &t->err) &&
	       import_finish(t->cf, NULL, NULL, &t->err),
	   "the import is finished");
}

static void
the_same_file_again_adds_nothing(void)
{
	struct test_case     t;
	struct event_origin *origins;
	int64_t              first;

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	case_file(&t, "a.evtx", NULL);
	first = t.evidence;
	add_range(&t, "WS-07", 1, 11);
	case_commit(&t);
	finish(&t);
	case_open(&t, CASEFILE_IMPORT);
	ok(case_file(&t, "a.evtx", NULL) == EVIDENCE_KNOWN, "the file is known");
	ok(t.evidence == first, "and has its number");
	ok(info_of(&t).events == 10 && !info_of(&t).unfinished, "nothing was added");
	ok(case_file_at(&t, "copy/a.evtx", "a.evtx", NULL) == EVIDENCE_KNOWN,
	   "under another path it is known, too");
	ok(query_event_origins(t.cf, 5, &t.arena, &origins) == 2, "and the case knows that path");
	is(origins[1].path, TEXT("copy/a.evtx"), "of every record in it");
	case_done(&t);
}

static void
records_of_a_copy_are_duplicates(void)
{
	struct test_case     t;
	struct event_origin *origins;
	size_t               n;

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	case_file(&t, "live.evtx", NULL);
	add_range(&t, "WS-07", 100, 400);
	case_commit(&t);
	finish(&t);
	case_open(&t, CASEFILE_IMPORT);
	ok(case_file(&t, "shadow copy.evtx", NULL) == EVIDENCE_NEW, "another file");
	add_range(&t, "ws-07", 50, 150);
	case_commit(&t);
	ok(t.counts.events == 50 && t.counts.duplicates == 50, "half of its records are known");
	add_range(&t, "WS-07.corp.example", 200, 210);
	add_range(&t, "WS-08", 200, 210);
	case_commit(&t);
	ok(t.counts.events == 10 && t.counts.duplicates == 10,
	   "the name with domain is the same machine, another name is not");
	finish(&t);
	ok(info_of(&t).events == 360 && info_of(&t).duplicates == 60, "each event is there once");
	n = query_event_origins(t.cf, 1, &t.arena, &origins);
	ok(n == 2, "a known event has two origins");
	ok(text_eq(origins[0].path, TEXT("live.evtx")) !=
	       text_eq(origins[1].path, TEXT("live.evtx")) &&
	       text_eq(origins[0].path, TEXT("shadow copy.evtx")) !=
	       text_eq(origins[1].path, TEXT("shadow copy.evtx")),
	   "the file and its copy");
	case_done(&t);
}

static void
two_domains_are_two_machines(void)
{
	struct test_case t;

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	case_file(&t, "a", NULL);
	add_range(&t, "dc01.north.example", 1, 11);
	case_commit(&t);
	add_range(&t, "dc01.south.example", 1, 11);
	case_commit(&t);
	ok(t.counts.events == 10, "the same label in another domain is another machine");
	add_range(&t, "10.0.0.1", 1, 11);
	case_commit(&t);
	add_range(&t, "10.0.0.2", 1, 11);
	case_commit(&t);
	ok(t.counts.events == 10, "addresses have no labels");
	case_done(&t);
}

/* One record of each kind, twice in one batch and once more in the next. */
static void
records_without_id_compare_by_content(void)
{
	struct test_case t;

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	case_file(&t, "a.csv", NULL);
	for (int turn = 0; turn < 3; turn++) {
		struct event ev = event_new(&t.arena, "WS-07", "Security", 4688, 0, 5);
		struct event later = event_new(&t.arena, "WS-07", "Security", 4688, 0, 6);
		struct event other = event_new(&t.arena, "WS-07", "Security", 4688, 0, 5);

		ev.offset = (uint64_t)turn * 3000 + 1000;
		later.offset = (uint64_t)turn * 3000 + 2000;
		other.offset = (uint64_t)turn * 3000 + 3000;
		event_with(&ev, &t.arena, "NewProcessName", TEXT("C:\\a.exe"));
		event_with(&later, &t.arena, "NewProcessName", TEXT("C:\\a.exe"));
		event_with(&other, &t.arena, "NewProcessName", TEXT("C:\\b.exe"));
		batch_add(t.batch, &ev, NULL, 0);
		batch_add(t.batch, &later, NULL, 0);
		batch_add(t.batch, &other, NULL, 0);
		if (turn != 0)
			case_commit(&t);
	}
	ok(t.counts.events == 0 && t.counts.duplicates == 3,
	   "the second batch brought nothing new");
	ok(info_of(&t).events == 3 && info_of(&t).duplicates == 6, "three events, six duplicates");
	case_done(&t);
}

static void
times_differ_by_precision_and_zone(void)
{
	static const struct {
		int64_t     ns;
		uint32_t    flags;
		bool        known;
		const char *what;
	} again[] = {
		{ WHEN_SECOND / 2, 0, true, "half a second apart is the same event" },
		{ 2 * WHEN_SECOND, 0, false, "two seconds apart is another" },
		{ 2 * WHEN_HOUR, 0, false, "two hours apart is another" },
		{ 2 * WHEN_HOUR, EVENT_ZONE_ASSUMED, true, "unless its zone was assumed" },
		{ 900 * WHEN_SECOND * 3 + WHEN_SECOND / 2, EVENT_ZONE_ASSUMED, true,
		  "zones are quarters of an hour" },
		{ 7 * 60 * WHEN_SECOND, EVENT_ZONE_ASSUMED, false, "seven minutes are no zone" },
		{ 15 * WHEN_HOUR, EVENT_ZONE_ASSUMED, false, "nor are 15 hours" },
	};

	for (size_t i = 0; i < sizeof(again) / sizeof(*again); i++) {
		struct test_case t;

		case_new(&t);
		case_open(&t, CASEFILE_IMPORT);
		case_file(&t, "a", NULL);
		struct event ev = event_new(&t.arena, "WS-07", "Security", 4624, 77, 0);

		batch_add(t.batch, &ev, NULL, 0);
		case_commit(&t);
		ev.time_ns += again[i].ns;
		ev.offset += 4096;
		ev.flags |= again[i].flags;
		batch_add(t.batch, &ev, NULL, 0);
		case_commit(&t);
		ok((t.counts.duplicates == 1) == again[i].known, "%s", again[i].what);
		case_done(&t);
	}
}

static void
a_reinstalled_host_counts_anew(void)
{
	struct test_case t;

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	case_file(&t, "a", NULL);
	add_range(&t, "WS-07", 1, 101);
	case_commit(&t);
	for (uint64_t r = 1; r <= 100; r++) {
		struct event ev =
		    event_new(&t.arena, "WS-07", "Security", 4624, r, 900000 + (int64_t)r);

		batch_add(t.batch, &ev, NULL, 0);
	}
	case_commit(&t);
	ok(t.counts.events == 100, "the same record ids a week later are new events");
	case_done(&t);
}

/* The same import, cut off after every number of batches, and then run again. */
static void
an_interrupted_import_goes_on(void)
{
	for (int stop = 0; stop <= 4; stop++) {
		struct test_case t;
		uint64_t         resume;

		case_new(&t);
		case_open(&t, CASEFILE_IMPORT);
		case_file(&t, "a", NULL);
		for (int i = 0; i < stop; i++) {
			add_range(&t, "WS-07", (uint64_t)i * 300 + 1, (uint64_t)i * 300 + 301);
			batch_gap(t.batch, (uint64_t)i * 7, 7, 1, TEXT("torn"));
			case_commit(&t);
		}
		add_range(&t, "WS-07", 5000, 5100); /* never committed */
		case_open(&t, CASEFILE_READ);
		ok(info_of(&t).events == (uint64_t)stop * 300, "whole batches are there");
		ok(info_of(&t).unfinished, "and the case says that it is not finished");
		case_open(&t, CASEFILE_IMPORT);
		ok(case_file(&t, "a", &resume) == EVIDENCE_RESUMED &&
		       resume == (uint64_t)stop * 100,
		   "the file goes on behind the last batch");
		/* Importers may begin a little earlier than they were told. */
		for (int i = stop > 0 ? stop - 1 : 0; i < 4; i++) {
			add_range(&t, "WS-07", (uint64_t)i * 300 + 1, (uint64_t)i * 300 + 301);
			batch_gap(t.batch, (uint64_t)i * 7, 7, 1, TEXT("torn"));
			case_commit(&t);
		}
		finish(&t);
		ok(info_of(&t).events == 1200 && info_of(&t).duplicates == 0 &&
		       !info_of(&t).unfinished,
		   "the case is as if nothing had happened");
		ok(info_of(&t).gaps == 4 && info_of(&t).gap_bytes == 28, "its gaps too");
		case_done(&t);
	}
}

static void
a_case_of_many_batches_is_sound(void)
{
	struct test_case t;
	int              problems = 0;

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	for (int file = 0; file < 3; file++) {
		case_file(&t, file == 0 ? "one" : file == 1 ? "two" : "three", NULL);
		for (uint64_t i = 0; i < 5; i++) {
			add_range(&t, file == 1 ? "WS-08" : "WS-07", i * 100 + 1, i * 100 + 141);
			case_commit(&t);
		}
		import_end_file(t.cf, t.evidence, "ok", &t.err);
	}
	ok(import_finish(t.cf, NULL, NULL, &t.err), "the import is finished");
	ok(casefile_verify(t.cf, count_problem, &problems, &t.err) && problems == 0,
	   "nothing is wrong with the case");
	ok(info_of(&t).events == 1080, "overlapping batches and files leave each event once");
	case_done(&t);
}

static void
a_file_nobody_could_read_is_tried_again(void)
{
	struct test_case     t;
	enum evidence_state  state;
	uint64_t             resume;
	char                 hex[DIGEST_HEX + 1];
	struct evidence_file file = { .path = TEXT("x.bin"), .size = 3 };

	digest_text(TEXT("x.bin"), hex);
	file.sha256 = text_of(hex);
	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	import_begin_file(t.cf, &file, &t.evidence, &state, &resume, &t.err);
	import_end_file(t.cf, t.evidence, "not read", &t.err);
	import_begin_file(t.cf, &file, &t.evidence, &state, &resume, &t.err);
	ok(state == EVIDENCE_KNOWN, "it is known as long as nothing can read it");
	file.format = TEXT("json");
	import_begin_file(t.cf, &file, &t.evidence, &state, &resume, &t.err);
	ok(state == EVIDENCE_RESUMED && resume == 0, "and read once something can");
	case_done(&t);
}

static void
what_a_file_had_that_could_not_be_read_is_gone_once_it_is_read(void)
{
	struct test_case     t;
	enum evidence_state  state;
	uint64_t             resume;
	char                 hex[DIGEST_HEX + 1];
	struct evidence_file other = { .path = TEXT("y.bin"), .size = 3 };
	struct evidence_file file = { .path = TEXT("x.bin"), .size = 3 };

	digest_text(TEXT("x.bin"), hex);
	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	for (int i = 0; i < 2; i++) {
		import_begin_file(t.cf, i ? &file : &other, &t.evidence, &state, &resume, &t.err);
		batch_reset(t.batch, t.evidence);
		batch_gap(t.batch, 0, 3, 0, TEXT("cannot read"));
		case_commit(&t);
		import_end_file(t.cf, t.evidence, "not read", &t.err);
	}
	ok(info_of(&t).evidence_files == 2 && info_of(&t).gaps == 2,
	   "two files that cannot be hashed are two gaps");
	file.sha256 = text_of(hex);
	file.format = TEXT("json");
	ok(import_begin_file(t.cf, &file, &t.evidence, &state, &resume, &t.err) &&
	       state == EVIDENCE_NEW && info_of(&t).evidence_files == 2 && info_of(&t).gaps == 1,
	   "one that can be read later is no gap any more");
	import_end_file(t.cf, t.evidence, "ok", &t.err);
	other.sha256 = text_of(hex);
	other.format = TEXT("json");
	ok(import_begin_file(t.cf, &other, &t.evidence, &state, &resume, &t.err) &&
	       state == EVIDENCE_KNOWN && info_of(&t).evidence_files == 1 && info_of(&t).gaps == 0,
	   "nor is one that turns out to be a copy of it");
	case_done(&t);
}

static size_t
no_match(void *ctx, const struct event *ev, const struct batch_hit **hits)
{
	(void)ctx;
	(void)ev;
	(void)hits;
	return 0;
}

static size_t
match_odd(void *ctx, const struct event *ev, const struct batch_hit **hits)
{
	static const struct batch_hit hit = { 1, 0 };

	(void)ctx;
	*hits = &hit;
	return ev->record_id % 2;
}

static void
retag_replaces_hits(void)
{
	void                 *nothing[3] = { NULL };
	const struct matching m = { match_odd, nothing, 3 };
	struct test_case  t;
	/* the last two ask for the same */
	const struct text odd[] = { TEXT("odd") };
	struct event_rule      *rules;
	const struct declared_rule declared[] = {
		{ .id = TEXT("rule-a"), .n_leaves = 1 },
		{ .id = TEXT("rule-b"), .n_leaves = 1, .keys = odd },
		{ .id = TEXT("rule-c"), .n_leaves = 1, .keys = odd },
	};
	struct batch_hit  hit = { 0, 0 };
	const atomic_bool stop = true;

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	ok(import_declare_rules(t.cf, declared, 3, TEXT("digest one"), &t.err), "rules are declared");
	case_file(&t, "a", NULL);
	for (uint64_t r = 1; r <= 4; r++) {
		struct event ev = event_new(&t.arena, "WS-07", "Security", 1, r, (int64_t)r);

		batch_add(t.batch, &ev, &hit, 1);
	}
	case_commit(&t);
	import_end_file(t.cf, t.evidence, "ok", &t.err);
	import_finish(t.cf, no_match, NULL, &t.err);
	ok(query_event_rules(t.cf, 3, &t.arena, &rules) == 1, "an event has its hit");
	is(rules[0].name, TEXT("rule-a"), "of the first rule");
	ok(!import_rematch(t.cf, declared, 3, TEXT("no"), &m, &stop, &t.err) &&
	       t.err.kind == ERR_CANCEL,
	   "a retag can be stopped");
	ok(query_event_rules(t.cf, 3, &t.arena, &rules) == 1, "and then leaves all as it was");
	t.err = (struct err){ 0 };
	ok(import_rematch(t.cf, declared, 3, TEXT("digest two"), &m, NULL, &t.err),
	   "a retag runs");
	ok(query_event_rules(t.cf, 3, &t.arena, &rules) == 2, "event 3 has a hit");
	is(rules[0].name, TEXT("rule-b"), "of the second rule");
	is(rules[1].name, TEXT("rule-c"), "and of the third, which asks for the same");
	ok(query_event_rules(t.cf, 2, &t.arena, &rules) == 0, "event 2 has none");
	is(info_of(&t).ruleset_digest, TEXT("digest two"),
	   "the case knows the rules it was tagged with");
	case_done(&t);
}

static void
hostile_sizes_are_held(void)
{
	struct test_case t;
	struct event     back;
	size_t           n = (size_t)3 << 20;
	char            *big;

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	case_file(&t, "a", NULL);
	big = arena_new(&t.arena, char, n);
	memset(big, 'x', n);
	struct event ev = event_new(&t.arena, "", "", UINT32_MAX, UINT64_MAX, 0);

	ev.time_ns = WHEN_NONE;
	event_with(&ev, &t.arena, "Big", (struct text){ big, n });
	for (int i = 0; i < 2000; i++) {
		ev.fields =
		    (struct field *)memcpy(arena_new(&t.arena, struct field, ev.n_fields + 1),
					   ev.fields, ev.n_fields * sizeof(*ev.fields));
		ev.fields[ev.n_fields++] = (struct field){
			arena_printf(&t.arena, "odd %d", i), TEXT("v"), (uint32_t)i % 3
		};
	}
	batch_add(t.batch, &ev, NULL, 0);
	ev.record_id--;
	ev.offset = UINT64_MAX;
	batch_add(t.batch, &ev, NULL, 0);
	ok(case_commit(&t), "an event of 3 MiB and 2,000 fields is committed");
	finish(&t);
	ok(query_event(t.cf, 2, false, &t.arena, &back, &t.err), "and read");
	ok(back.n_fields == ev.n_fields && back.time_ns == WHEN_NONE &&
	       back.event_id == UINT32_MAX && back.record_id == UINT64_MAX - 1,
	   "as it was");
	ok(text_eq(event_get(&back, TEXT("Big")), event_get(&ev, TEXT("Big"))), "whole");
	is(event_get(&back, TEXT("odd 1999")), TEXT("v"), "with its last field");
	case_done(&t);
}

static uint64_t
events_seen(const struct test_case *t)
{
	struct casefile *reader;
	struct case_info info = { 0 };
	struct arena     a = arena_open(1 << 20);
	struct err       err = { 0 };

	if (casefile_open(&reader, t->path, CASEFILE_READ, 0, &err))
		casefile_info(reader, &a, &info, &err);
	casefile_close(reader);
	arena_close(&a);
	return info.events;
}

static void
small_files_share_a_transaction(void)
{
	struct test_case t;
	const char      *names[] = { "a", "b", "c" };
	uint64_t         resume;

	case_new(&t);
	case_open(&t, CASEFILE_IMPORT);
	ok(import_gather(t.cf, &t.err), "files are gathered");
	for (uint64_t i = 0; i < 3; i++) {
		struct event ev = event_new(&t.arena, "WS-07", "Security", 4624, i + 1, 1);

		case_file(&t, names[i], NULL);
		batch_add(t.batch, &ev, NULL, 0);
		case_commit(&t);
		import_end_file(t.cf, t.evidence, "ok", &t.err);
		if (i == 1)
			ok(events_seen(&t) == 0 && import_flush(t.cf, &t.err) &&
			       events_seen(&t) == 2,
			   "others see them when they are flushed");
	}
	ok(case_open(&t, CASEFILE_IMPORT) && events_seen(&t) == 2,
	   "a crash takes what was not flushed");
	ok(case_file(&t, "a", &resume) == EVIDENCE_KNOWN &&
	       case_file(&t, "c", &resume) == EVIDENCE_NEW,
	   "and that is read again");
	case_done(&t);
}

int
main(void)
{
	batches_become_events();
	the_same_file_again_adds_nothing();
	records_of_a_copy_are_duplicates();
	two_domains_are_two_machines();
	records_without_id_compare_by_content();
	times_differ_by_precision_and_zone();
	a_reinstalled_host_counts_anew();
	an_interrupted_import_goes_on();
	a_case_of_many_batches_is_sound();
	a_file_nobody_could_read_is_tried_again();
	what_a_file_had_that_could_not_be_read_is_gone_once_it_is_read();
	retag_replaces_hits();
	hostile_sizes_are_held();
	small_files_share_a_transaction();
	return done_testing();
}
