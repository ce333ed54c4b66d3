/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evidence, gaps and the ledger; which events and fields a case has. */
#include "config.h"

#include <stdlib.h>

#include "base/when.h"
#include "store/filter.h"
#include "store/ledger.h"

static const char all_evidence[] = "SELECT id, path, sha256, format, status, size, events, "
				   "duplicates, gaps FROM evidence_file ORDER BY id";

bool
query_evidence(struct casefile *cf, evidence_fn *fn, void *ctx, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, all_evidence, err))
		while (ask_row(&q)) {
			struct evidence_row row = {
				.id = ask_get_int(&q, 0),
				.path = ask_get_text(&q, 1),
				.sha256 = ask_get_text(&q, 2),
				.format = ask_get_text(&q, 3),
				.status = ask_get_text(&q, 4),
				.size = (uint64_t)ask_get_int(&q, 5),
				.events = (uint64_t)ask_get_int(&q, 6),
				.duplicates = (uint64_t)ask_get_int(&q, 7),
				.gaps = (uint64_t)ask_get_int(&q, 8),
			};

			if (!fn(ctx, &row))
				break;
		}
	return ask_end(&q);
}

static const char all_gaps[] =
    "SELECT g.id, g.evidence, f.path, g.reason, g.offset, g.length, "
    "g.records_lost FROM gap g JOIN evidence_file f ON f.id = g.evidence "
    "ORDER BY g.id";

bool
query_gaps(struct casefile *cf, gap_fn *fn, void *ctx, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, all_gaps, err))
		while (ask_row(&q)) {
			struct gap_row row = {
				.id = ask_get_int(&q, 0),
				.evidence_id = ask_get_int(&q, 1),
				.path = ask_get_text(&q, 2),
				.reason = ask_get_text(&q, 3),
				.offset = (uint64_t)ask_get_int(&q, 4),
				.length = (uint64_t)ask_get_int(&q, 5),
				.records_lost = (uint64_t)ask_get_int(&q, 6),
			};

			if (!fn(ctx, &row))
				break;
		}
	return ask_end(&q);
}

static const char all_ledger[] =
    "SELECT " LEDGER_COLUMNS " FROM rule_ledger l ORDER BY l.rule, l.rule_id";

struct ledger_entry
ledger_get(struct ask *q)
{
	int64_t status = ask_get_int(q, 3);

	return (struct ledger_entry){
		.rule_id = ask_get_text(q, 0),
		.rule = ask_get_text(q, 1),
		.source = ask_get_text(q, 2),
		.status = status >= LEDGER_FOUND && status <= LEDGER_FAILED
			      ? (enum ledger_status)status
			      : LEDGER_FAILED,
		.hits = (uint64_t)ask_get_int(q, 4),
		.findings = (uint64_t)ask_get_int(q, 5),
		.filtered = (uint64_t)ask_get_int(q, 6),
		.reason = ask_get_text(q, 7),
		.version = ask_get_text(q, 8),
		.sha256 = ask_get_text(q, 9),
		.fingerprint = ask_get_text(q, 10),
		.clock_ns = ask_get_null(q, 11) ? WHEN_NONE : ask_get_int(q, 11),
	};
}

bool
query_ledger(struct casefile *cf, ledger_fn *fn, void *ctx, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, all_ledger, err))
		while (ask_row(&q)) {
			struct ledger_entry entry = ledger_get(&q);

			if (!fn(ctx, &entry))
				break;
		}
	return ask_end(&q);
}

static const char event_kinds[] = "SELECT c.name, k.code FROM (SELECT DISTINCT channel, code "
				  "FROM kind) k LEFT JOIN channel c ON c.id = k.channel";

bool
query_event_kinds(struct casefile *cf, event_kind_fn *fn, void *ctx, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, event_kinds, err))
		while (ask_row(&q) && fn(ctx, ask_get_text(&q, 0), (uint32_t)ask_get_int(&q, 1)))
			;
	return ask_end(&q);
}

static const char has_field[] = "SELECT EXISTS (SELECT 1 FROM field WHERE name = ?1)";

static const char hits_of_rule[] =
    "SELECT count(*) FROM rule r JOIN rule_predicate p ON p.rule = r.id AND p.leaf = 0 "
    "JOIN hit t ON t.predicate = p.predicate WHERE r.rule_id = ?1";

uint64_t
query_hits(struct casefile *cf, struct text rule_id)
{
	struct ask q;
	int64_t    n = 0;

	if (ask(&q, cf, hits_of_rule, NULL)) {
		ask_text(&q, 1, rule_id);
		if (ask_row(&q))
			n = ask_get_int(&q, 0);
	}
	ask_end(&q);
	return (uint64_t)n;
}

bool
query_has_field(struct casefile *cf, struct text name)
{
	struct ask q;
	bool       has = false;

	if (ask(&q, cf, has_field, NULL)) {
		ask_text(&q, 1, name);
		has = ask_row(&q) && ask_get_int(&q, 0);
	}
	ask_end(&q);
	return has;
}

size_t
query_fields(struct casefile *cf, size_t most, struct arena *keep, struct text **out)
{
	struct ask q;
	size_t     n = 0, cap = 0;

	*out = NULL;
	if (ask(&q, cf, "SELECT name FROM field ORDER BY name", NULL))
		while (n < most && ask_row(&q)) {
			arena_grow(keep, *out, n, &cap);
			(*out)[n++] = arena_copy(keep, ask_get_text(&q, 0));
		}
	ask_end(&q);
	return n;
}

size_t
query_kinds(struct casefile *cf, struct text host, struct arena *keep, struct kind_count **out)
{
	struct question s = { .n = 0 };
	struct ask      q;
	size_t          n = 0, cap = 0;

	*out = NULL;
	question_add(&s, "SELECT c.name, p.name, k.code, sum(k.n) AS total FROM kind k "
			 "LEFT JOIN channel c ON c.id = k.channel "
			 "LEFT JOIN provider p ON p.id = k.provider WHERE 1");
	if (!text_absent(host)) {
		question_add(&s, " AND ");
		filter_host(&s, cf, "k.host", host);
	}
	question_add(&s, " GROUP BY k.channel, k.provider, k.code "
			 "ORDER BY total DESC, c.name, k.code, p.name");
	if (question_ask(&q, cf, &s, NULL))
		while (ask_row(&q)) {
			arena_grow(keep, *out, n, &cap);
			struct kind_count k = {
				.channel = arena_copy(keep, ask_get_text(&q, 0)),
				.provider = arena_copy(keep, ask_get_text(&q, 1)),
				.event_id = (uint32_t)ask_get_int(&q, 2),
				.events = (uint64_t)ask_get_int(&q, 3),
			};

			(*out)[n++] = k;
		}
	ask_end(&q);
	return n;
}
