/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many events a filter leaves. */
#include "config.h"

#include "base/when.h"
#include "store/filter.h"
#include "store/id_range.h"

static bool
count_by(struct casefile *cf, const struct question *s, uint64_t *n, struct err *err)
{
	struct ask q;

	if (question_ask(&q, cf, s, err) && ask_row(&q))
		*n = (uint64_t)ask_get_int(&q, 0);
	return ask_end(&q);
}

static void
kind_code(struct question *s, struct casefile *cf, struct text code)
{
	uint64_t number;

	(void)cf;
	question_add(s, "code = ?");
	question_int(s, text_to_u64(code, &number) && number <= UINT32_MAX ? (int64_t)number : -1);
}

static void
kind_channel(struct question *s, struct casefile *cf, struct text channel)
{
	(void)cf;
	question_add(s, "channel = (SELECT id FROM channel WHERE name = ?)");
	question_text(s, channel);
}

static void
kind_provider(struct question *s, struct casefile *cf, struct text provider)
{
	(void)cf;
	question_add(s, "provider IN (SELECT id FROM provider WHERE name = ? COLLATE NOCASE)");
	question_text(s, provider);
}

/* Summaries know hosts and what kind of event it is. */
static void
kind_conditions(struct question *s, struct casefile *cf, const struct conditions *cs)
{
	static condition_fn *const known[] = { [FILTER_HOST] = filter_summary_host,
					       [FILTER_CHANNEL] = kind_channel,
					       [FILTER_PROVIDER] = kind_provider,
					       [FILTER_EVENT_ID] = kind_code };

	for (size_t i = 0; i < cs->n; i++)
		if (cs->of[i].part < sizeof(known) / sizeof(known[0]) && known[cs->of[i].part])
			condition_any(s, cf, &cs->of[i], known[cs->of[i].part]);
}

/* Hours are exact only when the range begins and ends with one. */
static bool
whole_hours(const struct conditions *cs)
{
	for (size_t i = 0; i < cs->n; i++) {
		struct span span = cs->of[i].span;

		if (cs->of[i].part == FILTER_TIME &&
		    ((span.earliest_ns != WHEN_NONE && span.earliest_ns % WHEN_HOUR != 0) ||
		     (span.latest_ns != WHEN_MAX && span.latest_ns % WHEN_HOUR != 0)))
			return false;
	}
	return true;
}

/* Row by row, led by the few events that findings or bookmarks are about. */
static bool
count_behind(struct casefile *cf, const struct conditions *cs, uint64_t *n, struct err *err)
{
	struct question s = { .n = 0 };

	question_add(&s, "SELECT count(*) FROM event e WHERE 1");
	for (size_t i = 0; i < cs->n; i++)
		if (cs->of[i].part == FILTER_TIME)
			condition_time(&s, &cs->of[i], "+e.ts");
	filter_events(&s, cf, cs, true);
	return count_by(cf, &s, n, err);
}

bool
query_count_events(struct casefile *cf, const struct case_filter *f, uint64_t *n, bool *exact,
		   struct err *err)
{
	const unsigned    time = FILTER_PARTS(FILTER_TIME), host = FILTER_PARTS(FILTER_HOST);
	const unsigned    kinds = FILTER_PARTS(FILTER_CHANNEL) | FILTER_PARTS(FILTER_PROVIDER) |
			       FILTER_PARTS(FILTER_EVENT_ID);
	struct question   by_kind = { .n = 0 }, by_hour = { .n = 0 };
	struct conditions cs;
	uint64_t          in_hours = 0;
	struct id_range   files;

	*n = 0;
	filter_conditions(f, FILTER_ANY, &cs);
	*exact = !filter_has(&cs, FILTER_PARTS(FILTER_FIELD));
	if (!id_range_of(cf, &cs, &files, err))
		return false;
	if (filter_includes(&cs, FILTER_OF_FINDINGS | FILTER_PARTS(FILTER_BOOKMARK) |
				     FILTER_PARTS(FILTER_SINCE)) || files.few)
		return count_behind(cf, &cs, n, err);
	question_add(&by_kind, "SELECT sum(n) FROM kind WHERE 1");
	kind_conditions(&by_kind, cf, &cs);
	if (!count_by(cf, &by_kind, n, err))
		return false;
	*exact = !filter_has(&cs, ~(host | kinds));
	if (!filter_includes(&cs, time))
		return true;
	question_add(&by_hour, "SELECT sum(n) FROM activity WHERE 1");
	filter_hours(&by_hour, cf, &cs);
	if (!count_by(cf, &by_hour, &in_hours, err))
		return false;
	*exact = whole_hours(&cs) && !filter_excludes(&cs, time) && !filter_has(&cs, ~(host | time));
	if (in_hours < *n)
		*n = in_hours;
	return true;
}
