/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of one part of the filter, for completion. */
#include "config.h"

#include "store/filter.h"
#include "store/work.h"

/* NAME, and in how many events or findings where that is known; what matters most first. From what
 * the importer keeps: never from the events. */
static const char *
values_sql(enum filter_part part)
{
	switch (part) {
	case FILTER_HOST:
		return "SELECT name, events FROM host ORDER BY risk_score DESC, name LIMIT ?";
	case FILTER_USER:
		return "SELECT name, 0 FROM (SELECT name FROM user_name UNION SELECT name FROM "
		       "account) ORDER BY name COLLATE NOCASE LIMIT ?";
	case FILTER_RULE:
		return "SELECT rule, findings FROM rule_ledger ORDER BY findings DESC, rule LIMIT ?";
	case FILTER_TECHNIQUE:
		return "SELECT techniques, 0 FROM host WHERE techniques <> '' LIMIT ?";
	case FILTER_TACTIC:
		return "SELECT tactics, 0 FROM host WHERE tactics <> '' LIMIT ?";
	case FILTER_CHANNEL:
		return "SELECT name, 0 FROM channel ORDER BY name LIMIT ?";
	case FILTER_PROVIDER:
		return "SELECT name, 0 FROM provider ORDER BY name LIMIT ?";
	case FILTER_EVENT_ID:
		return "SELECT code, sum(n) FROM kind WHERE code > 0 GROUP BY code "
		       "ORDER BY sum(n) DESC, code LIMIT ?";
	case FILTER_EVIDENCE:
		return "SELECT path, events FROM evidence_file WHERE events > 0 ORDER BY path LIMIT ?";
	case FILTER_BOOKMARK:
		return "SELECT 'yes', count(*) FROM work WHERE bookmark LIMIT ?";
	case FILTER_SINCE:
		return "SELECT id, 0 FROM import ORDER BY id DESC LIMIT ?";
	case FILTER_TYPE:
	case FILTER_VERDICT:
	case FILTER_RISK:
	case FILTER_TIME:
	case FILTER_RECORD_ID:
	case FILTER_FIELD:
		break;
	}
	return NULL;
}

struct values {
	struct arena       *keep;
	struct value_count *of;
	size_t              n, cap;
};

static void
add(struct values *vs, struct text name, uint64_t count)
{
	arena_grow(vs->keep, vs->of, vs->n, &vs->cap);
	vs->of[vs->n++] = (struct value_count){ arena_copy(vs->keep, name), count };
}

/* One of several in a summary, once. */
static void
add_once(struct values *vs, struct text name)
{
	for (size_t i = 0; i < vs->n; i++)
		if (text_eq(vs->of[i].name, name))
			return;
	if (name.n)
		add(vs, name, 0);
}

/* "T1047:3 T1021.006:1" */
static void
add_techniques(struct values *vs, struct text all)
{
	while (!text_absent(all) && all.n) {
		struct text one = text_cut(&all, ' ');

		add_once(vs, text_cut(&one, ':'));
	}
}

/* "Execution, Lateral Movement" */
static void
add_tactics(struct values *vs, struct text all)
{
	while (!text_absent(all) && all.n)
		add_once(vs, text_trim(text_cut(&all, ',')));
}

size_t
query_values(struct casefile *cf, enum filter_part part, size_t most, struct arena *keep,
	     struct value_count **out)
{
	struct values vs = { .keep = keep };
	const char   *sql = values_sql(part);
	struct ask    q;

	for (size_t i = 0; part == FILTER_VERDICT && i < WORK_VERDICTS; i++)
		add(&vs, work_verdicts[i], 0);
	if (sql && ask(&q, cf, sql, NULL)) {
		ask_int(&q, 1, (int64_t)most);
		while (ask_row(&q)) {
			struct text name = ask_get_text(&q, 0);

			if (part == FILTER_TECHNIQUE)
				add_techniques(&vs, name);
			else if (part == FILTER_TACTIC)
				add_tactics(&vs, name);
			else if (name.n)
				add(&vs, name, (uint64_t)ask_get_int(&q, 1));
		}
		ask_end(&q);
	}
	*out = vs.of;
	return vs.n;
}
