/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * events.h - events for tests: made in an arena from a few facts, whole as an importer makes them.
 */
#ifndef AUGER_TESTS_EVENTS_H
#define AUGER_TESTS_EVENTS_H

#include "base/event.h"
#include "base/when.h"

#define T0 (INT64_C(1600000000) * WHEN_SECOND) /* 2020-09-13T12:26:40Z */

__attribute__((unused)) static void
event_put(struct event *ev, struct arena *a, struct text name, struct text value, bool system)
{
	struct field *more = arena_new(a, struct field, ev->n_fields + 1);

	for (uint32_t i = 0; i < ev->n_fields; i++)
		more[i] = ev->fields[i];
	more[ev->n_fields] = (struct field){ arena_copy(a, name), arena_copy(a, value),
					     text_key(name) };
	ev->fields = more;
	ev->n_fields++;
	if (system)
		ev->n_system++;
}

/* An event of that host, channel and id, SECONDS after T0. RECORD 0: it has no record id. */
__attribute__((unused)) static struct event
event_new(struct arena *a, const char *host, const char *channel, uint32_t id, uint64_t record,
	  int64_t seconds)
{
	struct event ev = {
		.time_ns = T0 + seconds * WHEN_SECOND,
		.host = arena_copy(a, text_of(host)),
		.channel = arena_copy(a, text_of(channel)),
		.provider = TEXT("Test-Provider"),
		.event_id = id,
		.format = FORMAT_EVTX,
		.record_id = record,
		.has_record_id = record != 0,
		.offset = record * 512,
		.length = 500,
	};

	event_put(&ev, a, TEXT("Name"), ev.provider, true);
	event_put(&ev, a, TEXT("EventID"), arena_printf(a, "%u", id), true);
	if (record)
		event_put(&ev, a, TEXT("EventRecordID"),
			  arena_printf(a, "%llu", (unsigned long long)record), true);
	event_put(&ev, a, TEXT("Channel"), ev.channel, true);
	event_put(&ev, a, TEXT("Computer"), ev.host, true);
	event_finish(&ev);
	return ev;
}

__attribute__((unused)) static void
event_with(struct event *ev, struct arena *a, const char *name, struct text value)
{
	event_put(ev, a, text_of(name), value, false);
	event_finish(ev);
}

/* A part of a script block, event 4104. */
__attribute__((unused)) static struct event
event_script(struct arena *a, const char *host, uint64_t record, const char *block,
	     uint32_t number, uint32_t total, struct text text)
{
	struct event ev = event_new(a, host, "Microsoft-Windows-PowerShell/Operational", 4104,
				    record, (int64_t)record);

	event_with(&ev, a, "MessageNumber", arena_printf(a, "%u", number));
	event_with(&ev, a, "MessageTotal", arena_printf(a, "%u", total));
	event_with(&ev, a, "ScriptBlockText", text);
	event_with(&ev, a, "ScriptBlockId", text_of(block));
	ev.length = (uint32_t)(ev.length + text.n);
	return ev;
}

#endif
