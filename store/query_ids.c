/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists by the numbers of their rows, in any order. */
#include "config.h"

#include "base/when.h"
#include "store/filter.h"

enum row_order_kind { ORDER_TEXT, ORDER_NUMBER, ORDER_TIME };

struct row_order {
	enum row_order_kind kind;
	const char     *value;
};

#define OBJECT_TYPE                                                                                \
	"CASE r.type WHEN 0 THEN 'system' WHEN 1 THEN 'user' WHEN 2 THEN 'other' END"

static const struct row_order finding_orders[FINDING_ORDERS] = {
	[FINDING_BY_ID] = { ORDER_NUMBER, "f.id" },
	[FINDING_BY_FIRST] = { ORDER_TIME, "f.first_ns" },
	[FINDING_BY_LAST] = { ORDER_TIME, "f.last_ns" },
	[FINDING_BY_HOST] = { ORDER_TEXT, "f.host" },
	[FINDING_BY_USER] = { ORDER_TEXT, "f.user" },
	[FINDING_BY_RULE] = { ORDER_TEXT, "f.rule" },
	[FINDING_BY_RULE_ID] = { ORDER_TEXT, "f.rule_id" },
	[FINDING_BY_TYPE] = { ORDER_TEXT, "f.type" },
	[FINDING_BY_TECHNIQUES] = { ORDER_TEXT, "f.techniques" },
	[FINDING_BY_TACTICS] = { ORDER_TEXT, "f.tactics" },
	[FINDING_BY_RISK] = { ORDER_NUMBER, "f.risk_score" },
	[FINDING_BY_OBJECT] = { ORDER_TEXT, "r.value" },
	[FINDING_BY_OBJECT_TYPE] = { ORDER_TEXT, OBJECT_TYPE },
	[FINDING_BY_MESSAGE] = { ORDER_TEXT, "f.message" },
	[FINDING_BY_COUNT] = { ORDER_NUMBER, "f.count" },
	[FINDING_BY_VERDICT] = { ORDER_TEXT, "coalesce(w.verdict, 'open')" },
	[FINDING_BY_NOTE] = { ORDER_TEXT, "w.note" },
	[FINDING_BY_BOOKMARK] = { ORDER_TEXT, "CASE WHEN w.bookmark THEN 'yes' END" },
	[FINDING_BY_WHAT] = { ORDER_TEXT, "f.what" },
};

static const struct row_order risk_orders[RISK_ORDERS] = {
	[RISK_BY_TIME] = { ORDER_TIME, "r.ts" },
	[RISK_BY_OBJECT] = { ORDER_TEXT, "r.value" },
	[RISK_BY_OBJECT_TYPE] = { ORDER_TEXT, OBJECT_TYPE },
	[RISK_BY_SCORE] = { ORDER_NUMBER, "r.score" },
	[RISK_BY_RULE] = { ORDER_TEXT, "f.rule" },
	[RISK_BY_RULE_ID] = { ORDER_TEXT, "f.rule_id" },
	[RISK_BY_MESSAGE] = { ORDER_TEXT, "coalesce(r.message, f.message)" },
	[RISK_BY_TECHNIQUES] = { ORDER_TEXT, "f.techniques" },
	[RISK_BY_TACTICS] = { ORDER_TEXT, "f.tactics" },
	[RISK_BY_STORIES] = { ORDER_TEXT, "f.stories" },
	[RISK_BY_FINDING] = { ORDER_NUMBER, "r.finding" },
};

/* Absent values last, whichever way. */
static void
add_order(struct question *s, const struct row_order *o, bool descending)
{
	const char *way = descending ? " DESC, " : ", ";

	switch (o->kind) {
	case ORDER_TEXT:
		question_add(s, "coalesce(");
		question_add(s, o->value);
		question_add(s, ", '') = '', ");
		question_add(s, o->value);
		question_add(s, " COLLATE NOCASE");
		break;
	case ORDER_TIME:
		question_add(s, o->value);
		question_add(s, " = ?, ");
		question_int(s, WHEN_NONE);
		question_add(s, o->value);
		break;
	case ORDER_NUMBER:
		question_add(s, o->value);
		break;
	}
	question_add(s, way);
}

static bool
read_ids(struct casefile *cf, const struct question *s, row_id_fn *fn, void *ctx, struct err *err)
{
	struct ask q;

	if (question_ask(&q, cf, s, err))
		while (ask_row(&q) && fn(ctx, ask_get_int(&q, 0)))
			;
	return ask_end(&q);
}

bool
query_finding_ids(struct casefile *cf, const struct case_filter *f, enum finding_order order,
		  bool descending, row_id_fn *fn, void *ctx, struct err *err)
{
	struct question   s = { .n = 0 };
	struct conditions cs;

	filter_conditions(f, FILTER_ANY, &cs);
	question_add(&s, "SELECT f.id FROM finding_whole f LEFT JOIN work w ON w.id = f.id "
			 "LEFT JOIN risk_event r ON r.id = f.id * 4096 WHERE 1");
	filter_findings(&s, cf, &cs, FILTER_ANY);
	question_add(&s, " ORDER BY ");
	if (order != FINDING_BY_LAST || !descending) /* that is the order of what is equal */
		add_order(&s, &finding_orders[order], descending);
	question_add(&s, "f.last_ns DESC, f.id DESC");
	return read_ids(cf, &s, fn, ctx, err);
}

bool
query_risk_ids(struct casefile *cf, const struct case_filter *f, const struct risk_whose *whose,
	       enum risk_order order, bool descending, row_id_fn *fn, void *ctx, struct err *err)
{
	struct question s = { .n = 0 };

	question_add(&s, "SELECT r.id FROM risk_event r JOIN finding_whole f ON f.id = r.finding "
			 "LEFT JOIN work w ON w.id = f.id WHERE 1");
	filter_risk(&s, cf, f);
	if (whose->host) {
		question_add(&s, " AND r.host_ref = ?");
		question_int(&s, whose->host);
	} else if (!text_absent(whose->user)) {
		question_add(&s, " AND r.type = 1 AND r.normalized = ? COLLATE NOCASE");
		question_text(&s, whose->user);
	}
	question_add(&s, " ORDER BY ");
	if (order != RISK_BY_TIME || !descending)
		add_order(&s, &risk_orders[order], descending);
	question_add(&s, "r.ts DESC, r.id DESC");
	return read_ids(cf, &s, fn, ctx, err);
}

/* By way of the log, which has entries of those only that somebody said something of. */
static const char ids_of_verdict[] =
    "SELECT DISTINCT w.id FROM work_log l CROSS JOIN work w ON w.id = l.work WHERE w.verdict = ?1";

bool
query_verdict_ids(struct casefile *cf, struct text verdict, row_id_fn *fn, void *ctx,
		  struct err *err)
{
	struct ask q;

	if (ask(&q, cf, ids_of_verdict, err)) {
		ask_text(&q, 1, verdict);
		while (ask_row(&q) && fn(ctx, ask_get_int(&q, 0)))
			;
	}
	return ask_end(&q);
}
