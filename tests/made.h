/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * made.h - events and predicates made by hand, for tests of names and predicates.
 */
#ifndef AUGER_TESTS_MADE_H
#define AUGER_TESTS_MADE_H

#include "base/event.h"
#include "base/pred.h"
#include "base/when.h"

#define POWERSHELL_LOG "Microsoft-Windows-PowerShell/Operational"
#define SYSMON_LOG     "Microsoft-Windows-Sysmon/Operational"

/* One "name=value" per line; a line "--" ends the system facts. */
__attribute__((unused)) static void
made_fields(struct arena *keep, struct event *ev, struct text lines)
{
	struct text rest = lines;
	size_t      n = 1;

	for (size_t i = 0; i < lines.n; i++)
		n += lines.p[i] == '\n';
	ev->fields = arena_new(keep, struct field, n);
	while (!text_absent(rest) && rest.n) {
		struct text value = text_cut(&rest, '\n');

		if (text_eq(value, TEXT("--"))) {
			ev->n_system = ev->n_fields;
			continue;
		}
		struct text   name = text_cut(&value, '=');
		struct field *f = &ev->fields[ev->n_fields++];

		*f = (struct field){ name, text_absent(value) ? TEXT("") : value, text_key(name) };
	}
}

/* FIELDS: system facts beyond EventID, Channel and Computer, "--", then the body. */
__attribute__((unused)) static struct event *
made_event(struct arena *keep, const char *channel, uint32_t event_id, const char *host,
	   const char *fields)
{
	struct event *ev = arena_new(keep, struct event, 1);

	ev->channel = text_of(channel);
	ev->host = text_of(host);
	ev->event_id = event_id;
	ev->time_ns = WHEN_NONE;
	made_fields(keep, ev,
		    arena_printf(keep, "EventID=%u\nChannel=%s\nComputer=%s\n%s", event_id, channel,
				 host, fields));
	ev->provider = event_get(ev, TEXT("Name"));
	event_finish(ev);
	return ev;
}

/* The values of a name, joined by '|'; "(none)" when there is none. */
__attribute__((unused)) static struct text
made_values(struct arena *keep, const struct event *ev, const char *name)
{
	struct name_ref ref = name_ref(text_of(name));
	struct text     values[NAME_VALUES_MAX], all = TEXT("(none)");
	size_t          n = event_values(ev, &ref, keep, values, NAME_VALUES_MAX);

	for (size_t i = 0; i < n; i++)
		all = i ? arena_join(keep, arena_join(keep, all, TEXT("|")), values[i]) : values[i];
	return all;
}

__attribute__((unused)) static const struct pred *
made_compare(struct arena *keep, enum pred_kind kind, const char *name, const char *value)
{
	struct pred *p = arena_new(keep, struct pred, 1);

	p->kind = kind;
	p->name = name_ref(text_of(name));
	p->pattern = pattern_make(keep, text_of(value), false, false);
	return p;
}

__attribute__((unused)) static const struct pred *
made_eq(struct arena *keep, const char *name, const char *value)
{
	return made_compare(keep, PRED_EQ, name, value);
}

__attribute__((unused)) static const struct pred *
made_word(struct arena *keep, const char *value)
{
	return made_compare(keep, PRED_WORD, "", value);
}

__attribute__((unused)) static const struct pred *
made_both(struct arena *keep, enum pred_kind kind, const struct pred *a, const struct pred *b)
{
	struct pred        *p = arena_new(keep, struct pred, 1);
	const struct pred **kids = arena_new(keep, const struct pred *, 2);

	kids[0] = a;
	kids[1] = b;
	*p = (struct pred){ .kind = kind, .kids = kids, .n_kids = b ? 2 : 1 };
	return p;
}

__attribute__((unused)) static const struct pred *
made_not(struct arena *keep, const struct pred *a)
{
	return made_both(keep, PRED_NOT, a, NULL);
}

__attribute__((unused)) static bool
made_holds(const struct pred *p, const struct event *ev, struct arena scratch)
{
	struct subject s = event_subject(ev);

	return pred_eval(p, &s, scratch);
}

#endif
