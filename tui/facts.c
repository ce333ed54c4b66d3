/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/facts.h"

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

bool
facts_of_case(struct casefile *cf, struct arena *keep, struct case_facts *out, struct err *err)
{
	struct known *k = arena_new(keep, struct known, 1);

	*k = (struct known){ .cf = cf, .keep = keep };
	*out = (struct case_facts){ k, has_events, has_field };
	return query_event_kinds(cf, add_kind, k, err);
}
