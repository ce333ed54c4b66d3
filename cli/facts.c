/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/facts.h"

#include "store/query.h"

static bool
has_events(void *self, struct text channel, uint32_t event_id)
{
	return query_has_events(self, channel, event_id);
}

static bool
has_field(void *self, struct text name)
{
	return query_has_field(self, name);
}

struct case_facts
facts_of_case(struct casefile *cf)
{
	return (struct case_facts){ cf, has_events, has_field };
}
