/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rule_case.h - events in memory as a source, and the lines of tests/rules/ cases.
 */
#ifndef AUGER_TESTS_RULE_CASE_H
#define AUGER_TESTS_RULE_CASE_H

#include <stdio.h>

#include "base/source.h"
#include "base/when.h"
#include "rules/ruleset.h"

struct memory_case {
	struct arena  keep;
	struct event *events; /* ids count from 1 */
	size_t        n, cap;
	struct risk_event *risks;
	size_t             n_risks, risks_cap;
};

static bool
memory_inside(struct span span, int64_t time_ns)
{
	if (time_ns == WHEN_NONE)
		return span.earliest_ns == WHEN_NONE && span.latest_ns == WHEN_MAX;
	return span.earliest_ns <= time_ns &&
	       (time_ns < span.latest_ns || span.latest_ns == WHEN_MAX);
}

__attribute__((unused)) static bool
memory_events(void *self, const struct pred *pred, struct span span, enum order order, event_fn *fn,
	      void *ctx, struct err *err)
{
	struct memory_case *c = self;

	(void)err;
	for (size_t k = 0; k < c->n; k++) {
		const struct event *ev = &c->events[order == ORDER_NEWEST_FIRST ? c->n - 1 - k : k];
		struct subject      s = event_subject(ev);

		if (memory_inside(span, ev->time_ns) && pred_eval(pred, &s, c->keep) &&
		    !fn(ctx, ev))
			break;
	}
	return true;
}

__attribute__((unused)) static bool
memory_risk(void *self, struct span span, risk_fn *fn, void *ctx, struct err *err)
{
	struct memory_case *c = self;

	(void)err;
	for (size_t k = 0; k < c->n_risks; k++) {
		if (memory_inside(span, c->risks[k].time_ns) && !fn(ctx, &c->risks[k]))
			break;
	}
	return true;
}

__attribute__((unused)) static struct source
memory_source(struct memory_case *c)
{
	int64_t clock = 0;

	for (size_t i = 0; i < c->n; i++) {
		if (c->events[i].time_ns > clock)
			clock = c->events[i].time_ns;
	}
	return (struct source){
		.self = c, .events = memory_events, .risk = memory_risk, .case_clock_ns = clock
	};
}

__attribute__((unused)) static bool
memory_has_events(void *self, struct text channel, uint32_t event_id)
{
	const struct memory_case *c = self;

	for (size_t i = 0; i < c->n; i++) {
		if ((text_absent(channel) || text_ieq(channel, c->events[i].channel)) &&
		    (!event_id || event_id == c->events[i].event_id))
			return true;
	}
	return false;
}

__attribute__((unused)) static bool
memory_has_field(void *self, struct text name)
{
	const struct memory_case *c = self;

	for (size_t i = 0; i < c->n; i++) {
		if (!text_absent(event_get(&c->events[i], name)))
			return true;
	}
	return false;
}

/* ---- lines: key=value key="quoted value" ---- */

struct pair {
	struct text key, value;
};

/* The next pair of *REST; false at its end. In quotes \n, \" and \\ are escapes. */
__attribute__((unused)) static bool
case_pair(struct text *rest, struct pair *out, struct arena *keep)
{
	size_t n = 0, i;
	char  *value;

	*rest = text_trim(*rest);
	if (rest->n == 0 || text_find_byte(*rest, '=') == TEXT_NOWHERE)
		return false;
	out->key = text_trim(text_cut(rest, '='));
	if (text_absent(*rest))
		*rest = TEXT("");
	value = arena_new(keep, char, rest->n + 1);
	if (rest->n && rest->p[0] == '"') {
		for (i = 1; i < rest->n && rest->p[i] != '"'; i++) {
			if (rest->p[i] == '\\' && i + 1 < rest->n && rest->p[i + 1] == 'n') {
				value[n++] = '\n';
				i++;
				continue;
			}
			if (rest->p[i] == '\\' && i + 1 < rest->n &&
			    (rest->p[i + 1] == '"' || rest->p[i + 1] == '\\'))
				i++;
			value[n++] = rest->p[i];
		}
		*rest = text_from(*rest, i + 1);
	} else {
		for (i = 0; i < rest->n && rest->p[i] != ' '; i++)
			value[n++] = rest->p[i];
		*rest = text_from(*rest, i);
	}
	out->value = (struct text){ value, n };
	return true;
}

static bool
case_is_system(struct text name)
{
	static const char *const names[] = { "Name",       "Guid",     "EventID",  "Version",
					     "Level",      "Task",     "Opcode",   "Keywords",
					     "SystemTime", "Channel",  "Computer", "EventRecordID",
					     "ProcessID",  "ThreadID", "UserID",   "ActivityID" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (text_eq(name, text_of(names[i])))
			return true;
	}
	return false;
}

static void
case_add_field(struct memory_case *c, struct event *ev, size_t *cap, struct text name,
	       struct text value)
{
	uint32_t at = ev->n_fields;

	arena_grow(&c->keep, ev->fields, ev->n_fields, cap);
	if (case_is_system(name)) {
		at = ev->n_system++;
		memmove(ev->fields + at + 1, ev->fields + at,
			(ev->n_fields - at) * sizeof(*ev->fields));
	}
	ev->fields[at] = (struct field){ name, value, text_key(name) };
	ev->n_fields++;
}

static enum event_format
case_format(struct text word)
{
	return text_eq(word, TEXT("text"))          ? FORMAT_TEXT
	       : text_eq(word, TEXT("json"))        ? FORMAT_JSON
	       : text_eq(word, TEXT("crowdstrike")) ? FORMAT_CROWDSTRIKE
	       : text_eq(word, TEXT("xml"))         ? FORMAT_XML
						    : FORMAT_EVTX;
}

/* Core facts by their own words (and, but for text and CrowdStrike, as system fields, as importers
 * give them); every other key is a field. */
__attribute__((unused)) static void
case_add_event(struct memory_case *c, struct text line)
{
	struct event *ev;
	struct pair   p;
	size_t        cap = 0;
	uint64_t      number = 0;
	bool          zone;

	arena_grow(&c->keep, c->events, c->n, &c->cap);
	ev = &c->events[c->n++];
	*ev = (struct event){ .id = (int64_t)c->n, .time_ns = (int64_t)c->n * WHEN_SECOND };
	while (case_pair(&line, &p, &c->keep)) {
		if (text_eq(p.key, TEXT("channel"))) {
			ev->channel = p.value;
			case_add_field(c, ev, &cap, TEXT("Channel"), p.value);
		} else if (text_eq(p.key, TEXT("host"))) {
			ev->host = p.value;
			case_add_field(c, ev, &cap, TEXT("Computer"), p.value);
		} else if (text_eq(p.key, TEXT("provider"))) {
			ev->provider = p.value;
			case_add_field(c, ev, &cap, TEXT("Name"), p.value);
		} else if (text_eq(p.key, TEXT("event_id")) && text_to_u64(p.value, &number)) {
			ev->event_id = (uint32_t)number;
			case_add_field(c, ev, &cap, TEXT("EventID"), p.value);
		} else if (text_eq(p.key, TEXT("record_id")) && text_to_u64(p.value, &number)) {
			ev->record_id = number;
			ev->has_record_id = true;
			case_add_field(c, ev, &cap, TEXT("EventRecordID"), p.value);
		} else if (text_eq(p.key, TEXT("time"))) {
			when_from_iso(p.value, &ev->time_ns, &zone);
		} else if (text_eq(p.key, TEXT("format"))) {
			ev->format = case_format(p.value);
		} else if (text_eq(p.key, TEXT("message"))) {
			ev->message = p.value;
		} else if (text_eq(p.key, TEXT("event_name"))) {
			ev->event_name = p.value;
			case_add_field(c, ev, &cap, TEXT("event_simpleName"), p.value);
		} else {
			case_add_field(c, ev, &cap, p.key, p.value);
		}
	}
	event_finish(ev);
}

#endif
