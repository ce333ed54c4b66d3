/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The integrity of a case: its database, its blocks, its counts. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "store/basis.h"
#include "store/blocks.h"
#include "store/finding_lists.h"
#include "store/pages.h"

#define PROBLEMS      100 /* of pages that are named */
#define PROBLEMS_TEXT "100"
#define LOOKS         5
#define LOOKS_WAIT_NS 20000000L /* another program may be writing the page right now */
#define PATIENCE      10        /* wrong pages after which it is not that */

/* busy, pages in the log, pages of it that are in the file */
static const char bring_in_log[] = "PRAGMA wal_checkpoint";
static const char check_trees[] = "PRAGMA integrity_check(" PROBLEMS_TEXT ")";

/* So that one which is no list does not end the question. */
#define EVENTS(finding) "iif(json_valid(" finding ".events), " finding ".events, '[]')"

/* Each gives one number: how many rows break the rule, and the words for it. */
static const struct {
	const char *sql, *words;
} rules[] = {
	{ "SELECT (SELECT count(*) FROM event) <> (SELECT coalesce(sum(n), 0) FROM block)",
	  "blocks and events differ in number" },
	{ "SELECT (SELECT count(*) FROM event) <> (SELECT coalesce(sum(n), 0) FROM kind)",
	  "the summary by kind does not add up to the events" },
	{ "SELECT (SELECT count(*) FROM event WHERE ts <> -9223372036854775808) <> "
	  "(SELECT coalesce(sum(n), 0) FROM activity)",
	  "the summary by hour does not add up to the events" },
	{ "SELECT count(*) FROM host h WHERE events <> "
	  "(SELECT coalesce(sum(n), 0) FROM kind k WHERE k.host = h.id)",
	  "hosts whose number of events is not that of their summaries" },
	{ "SELECT count(*) FROM host h WHERE NOT EXISTS (SELECT 1 FROM host m WHERE "
	  "m.id = h.machine AND m.machine = m.id)",
	  "host names whose machine is not there" },
	{ "SELECT (SELECT coalesce(sum(events - duplicates), 0) FROM evidence_file) <> "
	  "(SELECT count(*) FROM event)",
	  "evidence and events do not add up" },
	{ "SELECT count(*) FROM event WHERE evidence NOT IN (SELECT id FROM evidence_file)",
	  "events of unknown evidence" },
	{ "SELECT count(*) FROM hit WHERE event NOT IN (SELECT id FROM event)",
	  "hits of unknown events" },
	{ "SELECT count(*) FROM finding_event WHERE event NOT IN (SELECT id FROM event)",
	  "findings over unknown events" },
	{ "SELECT count(*) FROM event e JOIN evidence_file v ON v.id = e.evidence WHERE "
	  "e.id BETWEEN v.first_event AND v.last_event IS NOT TRUE",
	  "events that their evidence does not lead to" },
	{ "SELECT count(*) FROM event_source s JOIN evidence_file v ON v.id = s.evidence WHERE "
	  "s.event BETWEEN v.first_event AND v.last_event IS NOT TRUE",
	  "events that a further file with their record does not lead to" },
	{ "SELECT (SELECT coalesce(sum(n), 0) FROM finding_event) <> "
	  "(SELECT coalesce(sum(json_array_length(" EVENTS("b") ")), 0) FROM finding f JOIN finding_body b ON "
	  "b.id = f.body) OR EXISTS "
	  "(SELECT 1 FROM finding_body WHERE NOT json_valid(events)) OR EXISTS (SELECT 1 FROM "
	  "finding f JOIN finding_body b ON b.id = f.body JOIN json_each(" EVENTS("b") ") x WHERE NOT "
	  "EXISTS (SELECT 1 FROM finding_event y "
	  "WHERE y.event = x.value AND " BASIS_OF("y", "f.id") "))",
	  "findings and the list of their events do not agree" },
	{ "SELECT count(*) FROM finding WHERE id NOT IN (SELECT id FROM work WHERE event IS NULL)",
	  "findings without a key" },
	{ "SELECT count(*) FROM finding WHERE rule NOT IN (SELECT id FROM rule_text) OR "
	  "body NOT IN (SELECT id FROM finding_body)",
	  "findings without their texts" },
	{ "SELECT count(*) FROM risk_event WHERE finding NOT IN (SELECT id FROM finding)",
	  "risk events of unknown findings" },
	{ "SELECT count(*) FROM script_part WHERE event NOT IN (SELECT id FROM event)",
	  "script block parts without their event" },
	{ "SELECT count(*) FROM member_nameless WHERE event NOT IN (SELECT id FROM event)",
	  "members without their event" },
	{ "SELECT count(*) FROM work WHERE event NOT IN (SELECT id FROM event)",
	  "notes on unknown events" },
};

struct verified {
	problem_fn  *fn;
	void        *ctx;
	struct arena scratch;
	uint64_t     wrong;
};

static bool
is_wrong(struct casefile *cf, int64_t page, bool patient, uint64_t *sum)
{
	const struct timespec wait = { .tv_nsec = LOOKS_WAIT_NS };

	for (unsigned i = 0; i < LOOKS; i++) {
		if (i > 0 && patient)
			nanosleep(&wait, NULL);
		if (pages_look(cf->db, page, sum))
			return false;
	}
	return true;
}

/* What is made of a page that was not read is not known to be wrong. */
static bool
all_read(struct casefile *cf, struct err *err)
{
	int reason = pages_unread(cf->db);

	return !reason || db_fault(cf, err, "it cannot be read: %s", strerror(reason));
}

/* A page of which the log has a newer one may lie half written in the file. */
static bool
is_log_in_file(struct casefile *cf)
{
	struct ask q;
	struct err unable = { 0 };
	bool       all = false;

	if (ask(&q, cf, bring_in_log, &unable) && ask_row(&q))
		all = ask_get_int(&q, 0) == 0 && ask_get_int(&q, 1) == ask_get_int(&q, 2);
	return ask_end(&q) && all;
}

/* Pages as they lie in the file, each alone; their checksums added up. */
static bool
verify_each_page(struct casefile *cf, struct verified *v, uint64_t *sum, struct err *err)
{
	int64_t     bytes, n;
	struct stat st;

	if (!db_get_int(cf, "PRAGMA page_size", 0, &bytes, err))
		return false;
	if (bytes <= 0)
		return true;
	if (stat(cf->path, &st) != 0)
		return db_fault(cf, err, "its size cannot be seen: %s", strerror(errno));
	n = st.st_size / bytes;
	for (int64_t page = 1; page <= n; page++) {
		uint64_t one;
		bool     wrong;

		if (casefile_cancelled(cf))
			return err_set(err, ERR_CANCEL, "stopped");
		wrong = is_wrong(cf, page, v->wrong < PATIENCE, &one);
		if (!all_read(cf, err))
			return false;
		if (wrong && v->wrong++ < PROBLEMS)
			v->fn(v->ctx,
			      arena_printf(&v->scratch,
					   "page %lld of %lld (of %lld bytes) is not as auger wrote it",
					   (long long)page, (long long)n, (long long)bytes));
		*sum += one;
	}
	if (v->wrong > PROBLEMS)
		v->fn(v->ctx,
		      arena_printf(&v->scratch, "further pages that are not as auger wrote them: %llu",
				   (unsigned long long)(v->wrong - PROBLEMS)));
	return true;
}

static bool
no_total(struct casefile *cf, struct err *err)
{
	return db_fault(cf, err, "the sum of its pages cannot be read: %s", strerror(errno));
}

/* While the log is in the file, and others may not bring more of it there. Where that does not say enough,
 * pages in use are left to verify_trees. */
static bool
verify_pages(struct casefile *cf, struct verified *v, struct err *err)
{
	uint64_t before = 0, after = 0, sum = 0;
	bool     known, still, good;

	if (!pages_checked(cf->db) || !is_log_in_file(cf))
		return true;
	casefile_read_begin(cf);
	db_int(cf, "SELECT count(*) FROM sqlite_schema", 0);
	good = (pages_total(cf->db, &before, &known) || no_total(cf, err)) &&
	       verify_each_page(cf, v, &sum, err) &&
	       (pages_total(cf->db, &after, &still) || no_total(cf, err));
	casefile_read_end(cf);
	known = good && known && still && before == after;
	if (!good || v->wrong || pages_unsummed(cf->db))
		return good;
	cf->total_unknown = !known;
	if (known && sum != before) {
		v->wrong++;
		v->fn(v->ctx, TEXT("its pages are of several states of the case: each is as auger once "
				   "wrote it, but at least one is older than the others"));
	}
	return true;
}

static bool
verify_trees(struct casefile *cf, problem_fn *fn, void *ctx, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, check_trees, err))
		while (ask_row(&q))
			if (!text_eq(ask_get_text(&q, 0), TEXT("ok")) && all_read(cf, err))
				fn(ctx, ask_get_text(&q, 0));
	return ask_end(&q) && all_read(cf, err);
}

static bool
verify_rules(struct casefile *cf, problem_fn *fn, void *ctx, struct arena scratch,
	     struct err *err)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		struct ask q;
		int64_t    n = 0;

		if (ask_once(&q, cf, rules[i].sql, err) && ask_row(&q))
			n = ask_get_int(&q, 0);
		if (!ask_end(&q))
			return false;
		if (n == 1)
			fn(ctx, text_of(rules[i].words));
		else if (n)
			fn(ctx, arena_printf(&scratch, "%s: %lld", rules[i].words, (long long)n));
	}
	return true;
}

static const char every_list[] = "SELECT fields, threats FROM finding_body";

/* What cannot be read of lists is left out wherever they are shown. */
static bool
verify_lists(struct casefile *cf, problem_fn *fn, void *ctx, struct arena scratch, struct err *err)
{
	struct arena lists = arena_open((size_t)1 << 32);
	struct ask   q;
	uint64_t     n = 0;

	if (ask(&q, cf, every_list, err))
		while (ask_row(&q)) {
			struct arena   inner = lists;
			struct finding f = { 0 };

			finding_fields_read(ask_get_text(&q, 0), &f, &inner);
			finding_threats_read(ask_get_text(&q, 1), &f, &inner);
			n += !text_eq(finding_fields_text(&f, &inner), ask_get_text(&q, 0)) ||
			     !text_eq(finding_threats_text(&f, &inner), ask_get_text(&q, 1));
		}
	arena_close(&lists);
	if (n)
		fn(ctx, arena_printf(&scratch, "findings whose fields or threat objects cannot be read: %llu",
				     (unsigned long long)n));
	return ask_end(&q);
}

static const char every_event[] = "SELECT " FACTS_COLUMNS " FROM event e ORDER BY e.id";

static bool
verify_fields(struct casefile *cf, problem_fn *fn, void *ctx, struct arena scratch,
	      struct err *err)
{
	struct held h = { 0 };
	struct ask  q;

	if (ask(&q, cf, every_event, err))
		while (ask_row(&q)) {
			struct facts row = facts_get(&q);
			struct arena inner = scratch;
			struct err   why = { 0 };
			struct event ev;

			if (casefile_cancelled(cf)) {
				q.failed = true;
				err_set(err, ERR_CANCEL, "stopped");
			} else if (!event_load(cf, &row, &h, &inner, &ev, &why)) {
				if (!all_read(cf, err)) {
					q.failed = true;
					break;
				}
				fn(ctx, text_of(why.what));
				casefile_told(cf);
			}
		}
	held_release(&h);
	return ask_end(&q);
}

bool
casefile_verify(struct casefile *cf, problem_fn *fn, void *ctx, struct err *err)
{
	struct arena    scratch = arena_open(BLOCK_RAW_MAX * 2);
	struct verified v = { fn, ctx, scratch, 0 };
	bool            good = verify_pages(cf, &v, err);

	/* What is read from wrong pages says no more. */
	if (good && v.wrong == 0)
		good = verify_trees(cf, fn, ctx, err) && verify_rules(cf, fn, ctx, scratch, err) &&
		       verify_lists(cf, fn, ctx, scratch, err) && verify_fields(cf, fn, ctx, scratch, err);

	arena_close(&scratch);
	return good;
}

const char *
casefile_unsummed(struct casefile *cf)
{
	struct arena scratch = cf->leaf;
	struct text  sums = db_setting(cf, PAGES_SETTING, &scratch);

	if (text_absent(sums))
		return "made by an older auger, whose pages have no checksums: import into a new case "
		       "to have them";
	if (pages_unsummed(cf->db))
		return "another program put pages into it (all, or those that an import had still in its "
		       "log), without checksums";
	if (cf->total_unknown)
		return "whether a page is of an earlier state of the case: a program was ended while it "
		       "wrote into it, or another program did";
	return NULL;
}
