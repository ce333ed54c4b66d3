/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What audit events of Windows change. */
#include "config.h"

#include "base/names.h"

#include "base/name_entry.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct change {
	uint32_t         event_id;
	enum change_part part;
	struct text      action, type, category, attributes, result;
};

static const struct change *
change_of(const struct event *ev)
{
	static const struct change changes[] = {
#define CHANGE(id, what, did, kind, of, with, came)                                              \
	{ .event_id = (id), .part = CHANGE_##what, .action = TEXT_INIT(did),                     \
	  .type = TEXT_INIT(kind), .category = TEXT_INIT(of), .attributes = TEXT_INIT(with),     \
	  .result = TEXT_INIT(came) },
#include "base/changes.def"
#undef CHANGE
	};

	size_t low = 0, high = COUNT(changes);

	if (ev->scope != SCOPE_SECURITY)
		return NULL;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (changes[mid].event_id < ev->event_id)
			low = mid + 1;
		else
			high = mid;
	}
	return low < COUNT(changes) && changes[low].event_id == ev->event_id ? &changes[low] : NULL;
}

enum change_part
event_change_part(const struct event *ev)
{
	const struct change *change = change_of(ev);

	return change ? change->part : CHANGE_NOTHING;
}

bool
event_changes_group(const struct event *ev)
{
	return event_change_part(ev) == CHANGE_GROUP ||
	       (ev->scope == SCOPE_SECURITY && ev->event_id == 4799);
}

/* "CN=ann,OU=staff" and "CORP\\ann" -> "ann" */
static struct text
member(const struct event *ev, struct text field)
{
	struct text value = event_body(ev, field);
	size_t      end = 3;

	if (!event_changes_group(ev) || value.n == 0 || text_eq(value, TEXT("-")) ||
	    text_eq(value, TEXT("S-1-0-0")))
		return TEXT_NONE;
	if (!text_istarts(value, TEXT("CN=")))
		return text_last_part(value);
	while (end < value.n && value.p[end] != ',')
		end += value.p[end] == '\\' ? 2 : 1;
	return text_from(text_head(value, end < value.n ? end : value.n), 3);
}

struct audit_title {
	uint32_t    event_id;
	struct text title;
};

static struct text
audit_title(const struct event *ev)
{
	static const struct audit_title titles[] = {
#define AUDIT_TITLE(id, called) { (id), TEXT_INIT(called) },
#include "base/audit_titles.def"
#undef AUDIT_TITLE
	};
	size_t low = 0, high = COUNT(titles);

	if (ev->scope != SCOPE_SECURITY)
		return TEXT_NONE;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (titles[mid].event_id < ev->event_id)
			low = mid + 1;
		else
			high = mid;
	}
	return low < COUNT(titles) && titles[low].event_id == ev->event_id ? titles[low].title
									    : TEXT_NONE;
}

struct text
change_value(const struct event *ev, const struct name_entry *e)
{
	const struct change *change = change_of(ev);

	switch ((int)e->how) {
	case HOW_CHANGED:
		return change ? event_body(ev, e->argument) : TEXT_NONE;
	case HOW_GROUP:
		return event_changes_group(ev) ? event_body(ev, e->argument) : TEXT_NONE;
	case HOW_MEMBER:
		return member(ev, e->argument);
	case HOW_CHANGE_ACTION:
		return change ? change->action : TEXT_NONE;
	case HOW_CHANGE_TYPE:
		return change ? change->type : TEXT_NONE;
	case HOW_OBJECT_CATEGORY:
		return change ? change->category : TEXT_NONE;
	case HOW_OBJECT_ATTRIBUTES:
		return change ? change->attributes : TEXT_NONE;
	case HOW_CHANGE_RESULT:
		return change ? change->result : TEXT_NONE;
	case HOW_AUDIT_TITLE:
		return audit_title(ev);
	}
	return TEXT_NONE;
}
