/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Script blocks of several parts: joined, searched, matched. */
#include "config.h"

#include <sqlite3.h>

#include "store/pages.h"
#include "store/query.h"
#include "tests/cases.h"

#define BLOCK "5a6b7c8d-0000-0000-0000-000000000001"

struct seen {
	int    n;
	char   text[8][256];
	uint32_t flags[8];
	int64_t  id[8];
};

/* Rule 0 wants "invoke-wmiexec" in a script text. */
static size_t
match(void *ctx, const struct event *ev, const struct batch_hit **hits)
{
	static const struct batch_hit hit = { 0, 0 };
	struct seen                  *seen = ctx;
	struct text                   text = event_body(ev, TEXT("ScriptBlockText"));

	if (seen && seen->n < 8) {
		snprintf(seen->text[seen->n], 256, TEXT_FMT, TEXT_ARG(text));
		seen->flags[seen->n] = ev->flags;
		seen->id[seen->n++] = ev->id;
	}
	*hits = &hit;
	return text_ifind(text, TEXT("invoke-wmiexec")) != TEXT_NOWHERE;
}

static void
start(struct test_case *t)
{
	struct declared_rule rule = { .id = TEXT("wmiexec"), .n_leaves = 1 };

	case_new(t);
	case_open(t, CASEFILE_IMPORT);
	import_declare_rules(t->cf, &rule, 1, TEXT("x"), &t->err);
	case_file(t, "a", NULL);
}

static void
part(struct test_case *t, uint64_t record, uint32_t number, uint32_t total, const char *text)
{
	struct event ev = event_script(&t->arena, "WS-07", record, BLOCK, number, total,
				       text_of(text));

	batch_add(t->batch, &ev, NULL, 0);
}

static struct text
joined(struct test_case *t, int64_t id, uint32_t *flags)
{
	struct event ev;

	if (!query_event(t->cf, id, true, &t->arena, &ev, &t->err))
		return TEXT("(not read)");
	*flags = ev.flags;
	return event_body(&ev, TEXT("ScriptBlockText"));
}

static void
parts_out_of_order_are_one_text(void)
{
	struct test_case    t;
	struct seen         seen = { 0 };
	struct script_part *parts;
	struct event_rule        *rules;
	struct event        ev;
	uint32_t            flags;

	start(&t);
	part(&t, 11, 3, 3, "exec -Target x");
	part(&t, 12, 1, 3, "function a { invo");
	part(&t, 13, 2, 3, "ke-wmi");
	case_commit(&t);
	ok(import_finish(t.cf, match, &seen, &t.err), "the import is finished");
	ok(seen.n == 3 && seen.text[1][0] == 0 && seen.text[2][0] == 0,
	   "rules are asked once about the text, and about the other parts without it");
	ok(strcmp(seen.text[0], "function a { invoke-wmiexec -Target x") == 0,
	   "with the text in order");
	ok(seen.flags[0] & EVENT_SCRIPT_WHOLE && !(seen.flags[0] & EVENT_SCRIPT_GAPS),
	   "whole, without gaps");
	ok(seen.id[0] == 2, "the event of part 1 stands for it");
	ok(query_event_rules(t.cf, 2, &t.arena, &rules) == 1, "the hit is its");
	is(joined(&t, 2, &flags), TEXT("function a { invoke-wmiexec -Target x"),
	   "the event reads whole");
	ok(text_absent(joined(&t, 1, &flags)) && flags & EVENT_SCRIPT_REST,
	   "the others have no text of their own");
	ok(query_event(t.cf, 1, false, &t.arena, &ev, &t.err), "as recorded");
	is(event_body(&ev, TEXT("ScriptBlockText")), TEXT("exec -Target x"), "a part has its text");
	ok(query_script_parts(t.cf, 1, &t.arena, &parts) == 3, "three parts");
	ok(parts[0].id == 2 && parts[1].id == 3 && parts[2].id == 1 && parts[1].bytes == 6,
	   "known by number");
	case_done(&t);
}

static void
a_missing_part_is_marked(void)
{
	struct test_case    t;
	struct script_part *parts;
	uint32_t            flags;

	start(&t);
	part(&t, 11, 1, 3, "one");
	part(&t, 13, 3, 3, "three");
	case_commit(&t);
	import_finish(t.cf, match, NULL, &t.err);
	is(joined(&t, 1, &flags), TEXT("one\n[auger: part 2 of 3 is missing]\nthree"),
	   "a line stands where the part is missing");
	ok(flags & EVENT_SCRIPT_GAPS, "and a flag says so");
	ok(query_script_parts(t.cf, 1, &t.arena, &parts) == 3 && parts[1].id == 0,
	   "the missing part has no event");
	case_done(&t);
	start(&t);
	part(&t, 14, 4, 6, "four");
	case_commit(&t);
	import_finish(t.cf, match, NULL, &t.err);
	is(joined(&t, 1, &flags),
	   TEXT("[auger: parts 1 to 3 of 6 are missing]\nfour\n"
		"[auger: parts 5 to 6 of 6 are missing]\n"),
	   "several missing parts are one line");
	case_done(&t);
}

static void
parts_come_from_several_files(void)
{
	struct test_case t;
	struct seen      seen = { 0 };
	struct event_rule     *rules;
	uint32_t         flags;

	start(&t);
	part(&t, 12, 2, 2, "wmiexec");
	case_commit(&t);
	import_end_file(t.cf, t.evidence, "ok", &t.err);
	import_finish(t.cf, match, &seen, &t.err);
	ok(seen.n == 1 && query_event_rules(t.cf, 1, &t.arena, &rules) == 0,
	   "half a block has no hit");
	case_open(&t, CASEFILE_IMPORT);
	struct declared_rule rule = { .id = TEXT("wmiexec"), .n_leaves = 1 };

	import_declare_rules(t.cf, &rule, 1, TEXT("x"), &t.err);
	case_file(&t, "b", NULL);
	part(&t, 11, 1, 2, "invoke-");
	part(&t, 12, 2, 2, "wmiexec");
	case_commit(&t);
	ok(t.counts.events == 1 && t.counts.duplicates == 1,
	   "the part that is there is a duplicate");
	import_finish(t.cf, match, &seen, &t.err);
	ok(query_event_rules(t.cf, 2, &t.arena, &rules) == 1, "the whole block has one");
	is(joined(&t, 2, &flags), TEXT("invoke-wmiexec"), "and reads whole");
	ok(!(flags & EVENT_SCRIPT_GAPS), "without gaps");
	ok(text_absent(joined(&t, 1, &flags)) && !(flags & EVENT_SCRIPT_WHOLE),
	   "the event that stood for it before does no more");
	case_done(&t);
}

static void
copies_of_a_part_count_once(void)
{
	struct test_case t;
	struct seen      seen = { 0 };
	uint32_t         flags;

	start(&t);
	part(&t, 11, 1, 2, "a");
	part(&t, 12, 1, 2, "a");
	part(&t, 13, 1, 2, "something else");
	part(&t, 14, 2, 2, "b");
	case_commit(&t);
	import_finish(t.cf, match, &seen, &t.err);
	is(joined(&t, 1, &flags), TEXT("ab"), "a copy with equal text is passed over");
	ok(text_absent(joined(&t, 2, &flags)) && flags & EVENT_SCRIPT_REST,
	   "it is part of the rest");
	is(joined(&t, 3, &flags), TEXT("something else"), "a part with another text stays itself");
	ok(seen.n == 4 && strcmp(seen.text[2], "something else") == 0, "and is matched by itself");
	case_done(&t);
}

static void
what_is_too_much_to_join_stays_in_its_events(void)
{
	const uint32_t     total = 18;
	const size_t       mib = (size_t)1 << 20;
	const struct text  last = TEXT("\n[auger: parts 17 to 18 of 18 are not joined: 16 MiB are, "
				       "what follows is in events of its own]\n");
	struct test_case   t;
	struct event_rule *rules;
	struct text        text;
	uint32_t           flags;
	char              *large;

	start(&t);
	large = arena_alloc(&t.arena, 1, 1, mib + 1);
	memset(large, 'a', mib);
	large[mib] = '\0';
	for (uint32_t i = 1; i < total; i++) {
		part(&t, i, i, total, large);
		case_commit(&t);
	}
	part(&t, total, total, total, "invoke-wmiexec");
	case_commit(&t);
	ok(import_finish(t.cf, match, NULL, &t.err), "a block of 17 MiB is joined");
	text = joined(&t, 1, &flags);
	ok(text_eq(text_from(text, mib * 16), last), "up to 16 MiB, and its last line says so");
	ok(flags & EVENT_SCRIPT_WHOLE && flags & EVENT_SCRIPT_GAPS, "and a flag does");
	is(joined(&t, total, &flags), TEXT("invoke-wmiexec"), "a part behind them has its text");
	ok(!(flags & EVENT_SCRIPT_REST) && query_event_rules(t.cf, total, &t.arena, &rules) == 1,
	   "and is matched by itself");
	case_done(&t);
}

static void
other_processes_have_other_blocks(void)
{
	struct test_case t;
	uint32_t         flags;

	start(&t);
	for (int i = 0; i < 2; i++) {
		struct event ev = event_script(&t.arena, i ? "WS-08" : "WS-07", 11, BLOCK, 1, 2,
					       TEXT("x"));

		batch_add(t.batch, &ev, NULL, 0);
	}
	case_commit(&t);
	import_finish(t.cf, match, NULL, &t.err);
	joined(&t, 1, &flags);
	ok(flags & EVENT_SCRIPT_WHOLE, "each machine has its block");
	joined(&t, 2, &flags);
	ok(flags & EVENT_SCRIPT_WHOLE, "with the same id");
	case_done(&t);
}

static void
odd_numbers_are_no_block(void)
{
	struct test_case t;
	struct batch_hit hit = { 0, 0 };
	struct event_rule     *rules;

	start(&t);
	struct event zero = event_script(&t.arena, "WS-07", 1, BLOCK, 0, 2, TEXT("x"));
	struct event over = event_script(&t.arena, "WS-07", 2, BLOCK, 3, 2, TEXT("x"));
	struct event huge = event_script(&t.arena, "WS-07", 3, BLOCK, 1, 4000000000u, TEXT("x"));

	batch_add(t.batch, &zero, &hit, 1);
	batch_add(t.batch, &over, &hit, 1);
	batch_add(t.batch, &huge, &hit, 1);
	case_commit(&t);
	ok(import_finish(t.cf, match, NULL, &t.err), "odd part numbers are no trouble");
	for (int64_t i = 1; i <= 3; i++)
		ok(query_event_rules(t.cf, i, &t.arena, &rules) == 1, "and their hits stay");
	case_done(&t);
}

static bool
keep_text(void *ctx, const struct event *ev)
{
	struct seen *seen = ctx;

	if (seen->n < 8) {
		seen->id[seen->n] = ev->id;
		snprintf(seen->text[seen->n++], 256, TEXT_FMT,
			 TEXT_ARG(event_body(ev, TEXT("ScriptBlockText"))));
	}
	return true;
}

static void
a_search_finds_what_straddles_parts(void)
{
	struct test_case t;
	struct arena    *a;
	struct seen      seen = { 0 };

	start(&t);
	a = &t.arena;
	for (uint64_t r = 100; r < 400; r++) {
		struct event ev = event_new(a, "WS-07", "Security", 4624, r, (int64_t)r);

		batch_add(t.batch, &ev, NULL, 0);
	}
	part(&t, 11, 1, 2, "function a { inv");
	for (uint64_t r = 500; r < 800; r++) {
		struct event ev = event_new(a, "WS-07", "Security", 4624, r, (int64_t)r);

		batch_add(t.batch, &ev, NULL, 0);
	}
	part(&t, 12, 2, 2, "oke-wmiexec }");
	case_commit(&t);
	import_finish(t.cf, match, NULL, &t.err);
	case_open(&t, CASEFILE_READ);
	struct pred   p = { .kind = PRED_EQ, .name = name_ref(TEXT("ScriptBlockText")),
			    .pattern = pattern_make(a, TEXT("*INVOKE-WmiExec*"), false, false) };
	struct source src = casefile_source(t.cf);

	for (int order = ORDER_ANY; order <= ORDER_NEWEST_FIRST; order++) {
		seen.n = 0;
		ok(src.events(src.self, &p, CASE_FILTER_ALL.span, (enum order)order, keep_text,
			      &seen, &t.err) &&
		       seen.n == 1,
		   "one event is found");
		ok(seen.id[0] == 301 &&
		       strcmp(seen.text[0], "function a { invoke-wmiexec }") == 0,
		   "with its whole text");
	}
	seen.n = 0;
	ok(src.hits(src.self, TEXT("wmiexec"), 0, CASE_FILTER_ALL.span, ORDER_ANY, keep_text, &seen,
		    &t.err) && seen.n == 1 && seen.id[0] == 301,
	   "and among the stored hits");
	ok(src.hits(src.self, TEXT("no such rule"), 0, CASE_FILTER_ALL.span, ORDER_ANY, keep_text,
		    &seen, &t.err) && seen.n == 1,
	   "a rule that is not declared has none");
	case_done(&t);
}

/* A hit for every 4104, whatever its text. */
static size_t
match_code(void *ctx, const struct event *ev, const struct batch_hit **hits)
{
	static const struct batch_hit hit = { 0, 0 };

	(void)ctx;
	*hits = &hit;
	return ev->event_id == 4104;
}

static int
count_hits(struct test_case *t)
{
	int          n = 0;
	struct event_rule *rules;

	for (int64_t id = 1; id <= 3; id++)
		n += (int)query_event_rules(t->cf, id, &t->arena, &rules);
	return n;
}

static void
retag_gives_the_hits_of_the_import(void)
{
	struct test_case t;
	const struct declared_rule rule = { .id = TEXT("wmiexec"), .n_leaves = 1 };

	start(&t);
	for (uint32_t number = 1; number <= 3; number++)
		part(&t, 10 + number, number, 3, "x");
	case_commit(&t);
	import_finish(t.cf, match_code, NULL, &t.err);
	ok(count_hits(&t) == 3, "every part is an event that a rule can find by what else it says");
	void                 *nothing[2] = { NULL };
	const struct matching m = { match_code, nothing, 2 };

	ok(import_rematch(t.cf, &rule, 1, TEXT("x"), &m, NULL, &t.err) &&
	       count_hits(&t) == 3,
	   "and so it is when rules are matched anew");
	case_done(&t);
}

/* Changes the case behind the program's back, with checksums of pages that are right. */
static void
tamper(struct test_case *t, const char *sql)
{
	sqlite3 *db;

	casefile_close(t->cf);
	t->cf = NULL;
	ok(sqlite3_open_v2(t->path, &db, SQLITE_OPEN_READWRITE, pages_vfs()) == SQLITE_OK &&
	       sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK,
	   "a case is tampered with");
	sqlite3_close(db);
	case_open(t, CASEFILE_IMPORT);
}

static void
damage_is_no_missing_part(void)
{
	struct test_case    t;
	struct script_part *parts;
	struct event        ev;

	start(&t);
	part(&t, 11, 1, 2, "one");
	case_commit(&t);
	part(&t, 12, 2, 2, "two");
	case_commit(&t);
	import_finish(t.cf, match, NULL, &t.err);
	tamper(&t, "UPDATE block SET data = x'00' WHERE id = 2");
	ok(!query_event(t.cf, 1, true, &t.arena, &ev, &t.err) && strstr(t.err.what, "event 2"),
	   "a part that cannot be read is an error, not an empty text");
	tamper(&t, "UPDATE script_block SET total = 4000000000");
	t.err = (struct err){ 0 };
	ok(!query_event(t.cf, 1, true, &t.arena, &ev, &t.err) && strstr(t.err.what, "4000000000"),
	   "so is a block of more parts than there can be");
	ok(query_script_parts(t.cf, 1, &t.arena, &parts) == 0, "whose parts are not listed");
	case_done(&t);
}

static struct text
decoded(struct casefile *cf, int64_t id, struct test_case *t)
{
	struct event ev;

	if (!query_event(cf, id, true, &t->arena, &ev, &t->err))
		return TEXT("(not read)");
	return event_body(&ev, TEXT("ScriptBlockText_decoded"));
}

static void
what_a_block_decodes_to_follows_its_parts(void)
{
	struct casefile *reader;
	struct test_case t;

	start(&t);
	part(&t, 11, 1, 3, "[Convert]::FromBase64String('V3JpdGUtSG9zdCAi");
	part(&t, 12, 2, 3, "aGVsbG8gZnJvbSB0aGUgb3RoZXIgc2lkZSI=')\n");
	case_commit(&t);
	import_finish(t.cf, match, NULL, &t.err);
	ok(casefile_open(&reader, t.path, CASEFILE_READ, 0, &t.err), "somebody reads the case");
	for (int i = 0; i < 2; i++)
		is(decoded(reader, 1, &t), TEXT("Write-Host \"hello from the other side\""),
		   "a text that straddles parts is decoded, as often as it is read");
	ok(text_absent(decoded(reader, 2, &t)), "at the first part alone");
	part(&t, 13, 3, 3, "[Convert]::FromBase64String('V3JpdGUtSG9zdCAiYW5kIGdvb2QgYnllIg==')");
	case_commit(&t);
	import_finish(t.cf, match, NULL, &t.err);
	is(decoded(reader, 1, &t),
	   TEXT("Write-Host \"hello from the other side\"\nWrite-Host \"and good bye\""),
	   "when another part comes, the same reader sees what it says");
	casefile_close(reader);
	case_done(&t);
}

int
main(void)
{
	parts_out_of_order_are_one_text();
	a_missing_part_is_marked();
	parts_come_from_several_files();
	copies_of_a_part_count_once();
	what_is_too_much_to_join_stays_in_its_events();
	other_processes_have_other_blocks();
	odd_numbers_are_no_block();
	a_search_finds_what_straddles_parts();
	retag_gives_the_hits_of_the_import();
	damage_is_no_missing_part();
	what_a_block_decodes_to_follows_its_parts();
	return done_testing();
}
