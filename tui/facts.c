/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/facts.h"

#include "base/pred.h"
#include "store/query.h"

struct kind {
	struct text channel;
	uint32_t    event_id;
};

struct known {
	struct casefile *cf;
	struct arena    *keep;
	struct kind     *kinds;
	size_t           n, cap;
};

static bool
add_kind(void *ctx, struct text channel, uint32_t event_id)
{
	struct known *k = ctx;

	arena_grow(k->keep, k->kinds, k->n, &k->cap);
	k->kinds[k->n++] = (struct kind){ arena_copy(k->keep, channel), event_id };
	return true;
}

static bool
has_events(void *self, struct text channel, uint32_t event_id)
{
	const struct known *k = self;

	for (size_t i = 0; i < k->n; i++)
		if ((!event_id || k->kinds[i].event_id == event_id) &&
		    (text_absent(channel) || text_ieq(k->kinds[i].channel, channel)))
			return true;
	return false;
}

static bool
has_field(void *self, struct text name)
{
	const struct known *k = self;

	return query_has_field(k->cf, name);
}

static bool
seen_host(void *ctx, const struct host_row *row)
{
	bool *seen = ctx;

	(void)row;
	*seen = true;
	return false;
}

static bool
has_host(void *self, struct text host)
{
	const struct known *k = self;
	struct case_filter  only = CASE_FILTER_ALL;
	struct err          none = { 0 };
	bool                seen = false;

	only.host = host;
	return !query_hosts(k->cf, &only, seen_host, &seen, &none) || seen;
}

struct hosts_asked {
	const struct pred *pred;
	struct arena       scratch;
	bool               satisfied;
};

/* Does the predicate hold of a computer, under any of its names? */
static bool
ask_host(void *ctx, const struct host_row *row)
{
	struct hosts_asked *asked = ctx;
	struct text         names = row->aliases, name = row->host;

	do {
		struct event   ev = { .host = text_trim(name) };
		struct subject subject = event_subject(&ev);

		asked->satisfied |= pred_eval(asked->pred, &subject, asked->scratch);
		name = text_cut(&names, ',');
	} while (name.n);
	return !asked->satisfied;
}

static bool
is_of_host(const struct pred *pred)
{
	static const char *const names[] = { "host", "Computer", "ComputerName", "dest", "dvc" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (pred->kind == PRED_EQ && text_eq(pred->name.name, text_of(names[i])))
			return true;
	return false;
}

static bool
may_satisfy(void *self, const struct pred *pred)
{
	const struct known *k = self;

	if (is_of_host(pred)) {
		struct hosts_asked       asked = { .pred = pred, .scratch = *k->keep };
		const struct case_filter all = CASE_FILTER_ALL;
		struct err               none = { 0 };

		return !query_hosts(k->cf, &all, ask_host, &asked, &none) || asked.satisfied;
	}
	for (size_t i = 0; i < k->n; i++) {
		struct event kind = { .channel = k->kinds[i].channel,
				      .event_id = k->kinds[i].event_id };

		event_finish(&kind);
		/* events without a log have their facts from elsewhere */
		if (!kind.channel.n || pred_sure(pred, &kind, *k->keep) != SURE_NOT)
			return true;
	}
	return k->n == 0;
}

bool
facts_of_case(struct casefile *cf, struct arena *keep, struct case_facts *out, struct err *err)
{
	struct known    *k = arena_new(keep, struct known, 1);
	struct case_info info;

	if (!casefile_info(cf, keep, &info, err))
		return false;
	*k = (struct known){ .cf = cf, .keep = keep };
	*out = (struct case_facts){ k, has_events, has_field, has_host, may_satisfy,
				    info.first_ns, info.last_ns };
	return query_event_kinds(cf, add_kind, k, err);
}
