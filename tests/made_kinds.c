/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kinds of events that a predicate may be about. */
#include "config.h"

#include "tests/satisfy.h"

#include "base/name_entry.h"
#include "tests/plain_pred.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct kinds {
	struct arena *keep;
	struct text   channels[16], event_names[8];
	uint32_t      ids[48];
	size_t        n_channels, n_names, n_ids;
	bool          models[MODEL_COUNT], any_model;
};

static const struct text known_channels[] = {
	TEXT_INIT("Security"), TEXT_INIT("Microsoft-Windows-Sysmon/Operational"),
	TEXT_INIT("System"), TEXT_INIT("Microsoft-Windows-PowerShell/Operational"),
	TEXT_INIT("Application"), TEXT_INIT("Microsoft-Windows-Windows Defender/Operational"),
	TEXT_INIT("Microsoft-Windows-TaskScheduler/Operational"), TEXT_INIT("Windows PowerShell"),
};

static enum event_scope
channel_scope(struct text channel)
{
	struct event ev = { .channel = channel, .format = FORMAT_EVTX };

	event_finish(&ev);
	return ev.scope;
}

static void
add_channel(struct kinds *k, struct text channel)
{
	for (size_t i = 0; i < k->n_channels; i++)
		if (text_ieq(k->channels[i], channel))
			return;
	if (k->n_channels < COUNT(k->channels))
		k->channels[k->n_channels++] = channel;
}

static void
add_source(struct kinds *k, struct text glob)
{
	if (text_istarts(glob, TEXT("Xml")))
		glob = text_from(glob, 3);
	if (text_istarts(glob, TEXT("WinEventLog:")))
		glob = text_from(glob, 12);
	if (text_find_byte(glob, '*') == TEXT_NOWHERE) {
		add_channel(k, glob);
		return;
	}
	for (size_t i = 0; i < COUNT(known_channels); i++)
		if (plain_glob(arena_fold(k->keep, glob), arena_fold(k->keep, known_channels[i])))
			add_channel(k, known_channels[i]);
}

static void
add_fact(struct kinds *k, const struct pred *p)
{
	uint64_t id;

	for (uint32_t i = 0; i < p->name.n_entries; i++) {
		const struct name_entry *e = &p->name.entries[i];

		if (e->how == HOW_SOURCE || e->how == HOW_CHANNEL ||
		    (e->how == HOW_SOURCETYPE && text_find_byte(p->pattern.source, ':') != TEXT_NOWHERE))
			add_source(k, p->pattern.source);
		else if (e->how == HOW_EVENT_NAME && k->n_names < COUNT(k->event_names))
			k->event_names[k->n_names++] = p->pattern.source;
		else if (e->how == HOW_EVENT_ID && k->n_ids < COUNT(k->ids) &&
			 text_to_u64(p->pattern.source, &id))
			k->ids[k->n_ids++] = (uint32_t)id;
	}
}

static void
find_kinds(struct kinds *k, const struct pred *p)
{
	if (p->kind == PRED_MODEL)
		k->models[p->model] = k->any_model = true;
	else if (p->kind == PRED_EQ)
		add_fact(k, p);
	for (uint32_t i = 0; i < p->n_kids; i++)
		find_kinds(k, p->kids[i]);
}

static const struct {
	enum model       model;
	enum event_scope scope;
	uint32_t         event_id;
	struct text      event_name;
} members[] = {
#define MEMBER(set, where, id, name) { MODEL_##set, SCOPE_##where, (id), TEXT_INIT(name) },
#include "base/members.def"
#undef MEMBER
};

static struct text
scope_channel(enum event_scope scope)
{
	for (size_t i = 0; i < COUNT(known_channels); i++)
		if (channel_scope(known_channels[i]) == scope)
			return known_channels[i];
	return TEXT_NONE;
}

size_t
made_kinds(const struct pred *pred, struct arena *keep, struct made_kind *out, size_t cap)
{
	struct kinds k = { .keep = keep };
	size_t       n = 0;

	find_kinds(&k, pred);
	for (size_t i = 0; i < COUNT(members) && k.any_model; i++)
		if (k.models[members[i].model] && n < cap)
			out[n++] = (struct made_kind){ scope_channel(members[i].scope),
						       members[i].event_name, members[i].event_id,
						       members[i].scope };
	if (k.any_model)
		return n;
	if (k.n_channels == 0)
		for (size_t i = 0; i < COUNT(known_channels); i++)
			add_channel(&k, known_channels[i]);
	if (k.n_ids == 0)
		k.ids[k.n_ids++] = 1;
	for (size_t i = 0; i < k.n_channels; i++)
		for (size_t j = 0; j < k.n_ids && n < cap; j++)
			out[n++] = (struct made_kind){ k.channels[i], TEXT_NONE, k.ids[j],
						       channel_scope(k.channels[i]) };
	for (size_t i = 0; i < k.n_names && n < cap; i++)
		out[n++] = (struct made_kind){ TEXT_NONE, k.event_names[i], 0, SCOPE_CROWDSTRIKE };
	return n;
}
