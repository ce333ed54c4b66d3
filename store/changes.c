/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/changes.h"

#include "store/blocks.h"
#include "store/ledger.h"
#include "store/risk.h"
#include "store/script.h"

#define EVALUATED "case.evaluated"
#define NAMES     "case.evaluated_names"

/* Of an event that rules have read already; those of new ones are new anyway. */
static const char note_hits[] =
    "INSERT OR IGNORE INTO predicate_changed(predicate) SELECT p.predicate FROM "
    "(SELECT predicate FROM hit WHERE event = ?1 UNION ALL SELECT 0) AS p WHERE ?1 <= "
    "(SELECT CAST(value AS INTEGER) FROM setting WHERE name = '" EVALUATED "')";

bool
changes_note(struct casefile *cf, int64_t event, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, note_hits, err)) {
		ask_int(&q, 1, event);
		ask_run(&q);
	}
	return ask_end(&q);
}

void
changes_read(struct casefile *cf, struct changes *out)
{
	struct arena scratch = cf->leaf;
	struct text  last = db_setting(cf, EVALUATED, &scratch);

	*out = (struct changes){ 0 };
	out->ever = text_to_i64(last, &out->last);
	if (!out->ever)
		return;
	out->names = !text_eq(db_setting(cf, NAMES, &scratch), risk_summed(cf, &scratch));
	out->earlier = db_int(cf, "SELECT EXISTS(SELECT 1 FROM predicate_changed)", 1);
}

bool
changes_settle(struct casefile *cf, struct err *err)
{
	struct arena scratch = cf->leaf;
	long long    last = db_int(cf, "SELECT max(id) FROM event", 0);

	return db_run(cf, "DELETE FROM predicate_changed", err) &&
	       db_set(cf, NAMES, risk_summed(cf, &scratch), err) &&
	       db_set(cf, EVALUATED, arena_printf(&scratch, "%lld", last), err);
}

#define OF_RULE "EXISTS(SELECT 1 FROM rule r JOIN rule_predicate p ON p.rule = r.id JOIN "
static const char rules_before[] =
    "SELECT " LEDGER_COLUMNS ", " OF_RULE "hit t ON t.predicate = p.predicate AND t.event > ?1 "
    "WHERE r.rule_id = l.rule_id), " OF_RULE "predicate_changed c ON c.predicate = p.predicate "
    "WHERE r.rule_id = l.rule_id) FROM rule_ledger l ORDER BY l.rule_id";

bool
changes_rules(struct casefile *cf, int64_t last, rule_before_fn *fn, void *ctx, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, rules_before, err)) {
		ask_int(&q, 1, last);
		while (ask_row(&q)) {
			struct ledger_entry       entry = ledger_get(&q);
			const struct hits_changed changed = {
				.more = ask_get_int(&q, LEDGER_N) != 0,
				.others = ask_get_int(&q, LEDGER_N + 1) != 0,
			};

			if (!fn(ctx, &entry, changed))
				break;
		}
	}
	return ask_end(&q);
}

static const char count_new[] = "SELECT count(*) FROM (SELECT 1 FROM event WHERE id > ?1 LIMIT ?2)";
static const char new_events[] =
    "SELECT " FACTS_COLUMNS " FROM event e WHERE e.id > ?1 ORDER BY e.id";

static bool
too_many(struct casefile *cf, int64_t last, uint64_t most, bool *more, struct err *err)
{
	struct ask q;

	*more = true;
	if (ask(&q, cf, count_new, err)) {
		ask_int(&q, 1, last);
		ask_int(&q, 2, (int64_t)most + 1);
		if (ask_row(&q))
			*more = (uint64_t)ask_get_int(&q, 0) > most;
	}
	return ask_end(&q);
}

bool
changes_events(struct casefile *cf, int64_t last, uint64_t most, event_fn *fn, void *ctx,
	       bool *all, struct err *err)
{
	struct arena scratch = arena_open(BLOCK_RAW_MAX * 2);
	struct held  h = { 0 };
	struct ask   q;
	bool         more, good = too_many(cf, last, most, &more, err);

	*all = good && !more;
	if (*all && ask(&q, cf, new_events, err)) {
		ask_int(&q, 1, last);
		while (good && ask_row(&q)) {
			struct arena one = scratch;
			struct facts row = facts_get(&q);
			struct event ev;

			good = event_load(cf, &row, &h, &one, &ev, err) &&
			       script_apply(cf, &ev, &one, err);
			if (good && !fn(ctx, &ev))
				break;
		}
		good = ask_end(&q) && good;
	}
	held_release(&h);
	arena_close(&scratch);
	return good;
}
