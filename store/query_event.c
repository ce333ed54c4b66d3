/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One event whole, where it came from, and the rules that it hit. */
#include "config.h"

#include "store/query.h"
#include "store/script.h"

/* Texts that point into a block go with it; these stay. */
static void
keep_event(struct event *ev, struct arena *keep)
{
	struct text *texts[] = { &ev->host, &ev->channel, &ev->provider, &ev->user,
				 &ev->event_name, &ev->message, &ev->remark };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		*texts[i] = arena_copy(keep, *texts[i]);
	for (uint32_t i = 0; i < ev->n_fields; i++) {
		ev->fields[i].name = arena_copy(keep, ev->fields[i].name);
		ev->fields[i].value = arena_copy(keep, ev->fields[i].value);
	}
}

bool
query_event(struct casefile *cf, int64_t id, bool joined, struct arena *keep, struct event *out,
	    struct err *err)
{
	struct facts row;
	struct held  h = { 0 };

	blocks_notice(cf);
	bool good = facts_of(cf, id, &row, err) && event_load(cf, &row, &h, keep, out, err) &&
		    (!joined || script_apply(cf, out, keep, err));

	if (good)
		keep_event(out, keep);
	held_release(&h);
	return good;
}

/* By the record's file and then by its other paths: joined with all paths at once, each event would
 * cost a look at every file of the case. */
static const char origins[] =
    "WITH x(turn, evidence, offset, length) AS "
    "(SELECT 0, evidence, offset, length FROM event WHERE id = ?1 UNION ALL "
    " SELECT 1, evidence, offset, length FROM event_source WHERE event = ?1) "
    "SELECT f.id, f.path AS path, f.sha256, f.format, x.offset AS offset, x.length, f.size, "
    "x.turn AS turn, x.evidence AS evidence, 0 AS copy "
    "FROM x CROSS JOIN evidence_file f ON f.id = x.evidence UNION ALL "
    "SELECT f.id, c.path, f.sha256, f.format, x.offset, x.length, f.size, x.turn, x.evidence, 1 "
    "FROM x CROSS JOIN evidence_copy c ON c.evidence = x.evidence "
    "CROSS JOIN evidence_file f ON f.id = x.evidence "
    "ORDER BY turn, evidence, copy, offset, path";

size_t
query_event_origins(struct casefile *cf, int64_t id, struct arena *keep,
		    struct event_origin **out)
{
	struct ask q;
	size_t     n = 0, cap = 0;

	*out = NULL;
	if (ask(&q, cf, origins, NULL)) {
		ask_int(&q, 1, id);
		while (ask_row(&q)) {
			arena_grow(keep, *out, n, &cap);
			struct event_origin o = {
				.evidence_id = ask_get_int(&q, 0),
				.path = arena_copy(keep, ask_get_text(&q, 1)),
				.sha256 = arena_copy(keep, ask_get_text(&q, 2)),
				.format = arena_copy(keep, ask_get_text(&q, 3)),
				.offset = (uint64_t)ask_get_int(&q, 4),
				.length = (uint64_t)ask_get_int(&q, 5),
				.size = (uint64_t)ask_get_int(&q, 6),
			};

			(*out)[n++] = o;
		}
	}
	ask_end(&q);
	return n;
}

static const char rules_of[] =
    "SELECT DISTINCT r.rule_id, coalesce(nullif(l.rule, ''), r.rule_id) AS name FROM hit t "
    "JOIN rule_predicate p ON p.predicate = t.predicate JOIN rule r ON r.id = p.rule "
    "LEFT JOIN rule_ledger l ON l.rule_id = r.rule_id WHERE t.event = ?1 ORDER BY name, r.rule_id";

size_t
query_event_rules(struct casefile *cf, int64_t id, struct arena *keep, struct event_rule **out)
{
	struct ask q;
	size_t     n = 0, cap = 0;

	*out = NULL;
	if (ask(&q, cf, rules_of, NULL)) {
		ask_int(&q, 1, id);
		while (ask_row(&q)) {
			arena_grow(keep, *out, n, &cap);
			struct event_rule rule = { arena_copy(keep, ask_get_text(&q, 0)),
						   arena_copy(keep, ask_get_text(&q, 1)) };

			(*out)[n++] = rule;
		}
	}
	ask_end(&q);
	return n;
}
