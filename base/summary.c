/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Title and one-line summary of an event, for lists. */
#include "config.h"

#include "base/names.h"

#include "base/decoded.h"
#include "base/name_entry.h"
#include "base/visible.h"
#include "base/wording.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SUMMARY_MAX  400
#define DRAFT_MAX    (4 * SUMMARY_MAX) /* before runs of blanks become single ones */

struct text
event_title(const struct event *ev)
{
	const struct wording *w = wording_find(ev);

	return w ? w->title : TEXT_NONE;
}

/* Without half a letter at its end. */
static size_t
whole_letters(const char *p, size_t n)
{
	size_t at = n;

	while (at && ((unsigned char)p[at - 1] & 0xC0) == 0x80)
		at--;
	if (at == 0 || (unsigned char)p[at - 1] < 0xC0)
		return at;
	at--;
	return utf8_valid((struct text){ p + at, n - at }) ? n : at;
}

/* Line ends and runs of blanks become single blanks; long ones are cut. */
static struct text
one_line(struct text t, struct arena *keep)
{
	char  *p = arena_new(keep, char, SUMMARY_MAX);
	size_t n = 0;

	t = text_trim(t);
	for (size_t i = 0; i < t.n && n < SUMMARY_MAX; i++) {
		bool blank = t.p[i] == '\n' || t.p[i] == '\r' || t.p[i] == '\t' || t.p[i] == ' ';

		if (blank && n && p[n - 1] == ' ')
			continue;
		p[n++] = blank ? ' ' : t.p[i];
	}
	return (struct text){ p, whole_letters(p, n) };
}

/* Fields that tell most about an event, in order of preference. */
static const struct text telling[] = {
	TEXT_INIT("ScriptBlockText"), TEXT_INIT("CommandLine"),    TEXT_INIT("Payload"),
	TEXT_INIT("TargetObject"),    TEXT_INIT("TargetFilename"), TEXT_INIT("QueryName"),
	TEXT_INIT("PipeName"),        TEXT_INIT("ImagePath"),      TEXT_INIT("TaskName"),
	TEXT_INIT("Query"),           TEXT_INIT("Operation"),      TEXT_INIT("ObjectName"),
	TEXT_INIT("ShareName"),       TEXT_INIT("ServiceName"),    TEXT_INIT("NewProcessName"),
	TEXT_INIT("TargetImage"),     TEXT_INIT("ImageLoaded"),    TEXT_INIT("Image"),
};

static struct text
telling_value(const struct event *ev)
{
	for (size_t i = 0; i < COUNT(telling); i++) {
		struct text value = text_trim(event_body(ev, telling[i]));

		if (value.n && !text_eq(value, TEXT("-")))
			return value;
	}
	return ev->message;
}

static void
put_fields(struct sink *sink, const struct event *ev)
{
	bool unnamed = false;

	for (uint32_t i = ev->n_system; i < ev->n_fields && sink->n < sink->most; i++) {
		const struct field *f = &ev->fields[i];

		if (f->value.n == 0 || text_eq(f->value, TEXT("-")) ||
		    text_eq(f->name, TEXT("Binary")) || name_is_decoded(f->name))
			continue;
		if (text_eq(f->name, TEXT("Data"))) { /* it had no name */
			sink_put(sink, unnamed ? TEXT(", ") : TEXT(" "));
			unnamed = true;
		} else {
			sink_put(sink, TEXT(" "));
			sink_put(sink, f->name);
			sink_put(sink, TEXT("="));
		}
		sink_put(sink, f->value);
	}
}

/* In logs that every provider writes to, its name says most. */
static struct text
title_or_provider(const struct event *ev, const struct wording *w)
{
	static const struct text windows = TEXT_INIT("Microsoft-Windows-");
	bool shared = ev->scope == SCOPE_SYSTEM || ev->scope == SCOPE_APPLICATION;

	if (w)
		return w->title;
	if (!shared && ev->n_fields > ev->n_system)
		return TEXT_NONE;
	return text_istarts(ev->provider, windows) ? text_from(ev->provider, windows.n)
						   : ev->provider;
}

/* Of events without words of their own, or without the fields for them. */
static void
put_details(struct sink *sink, const struct event *ev, struct text title)
{
	struct text value = telling_value(ev);
	size_t      start;

	sink_put(sink, title);
	start = sink->n;
	sink_put(sink, title.n ? TEXT(":") : TEXT(""));
	if (value.n) {
		sink_put(sink, TEXT(" "));
		sink_put(sink, value);
	} else {
		put_fields(sink, ev);
	}
	if (sink->n == start + 1)
		sink->n = start;
}

static void
put_rest(struct sink *sink, const struct event *ev)
{
	sink_put(sink, TEXT("part "));
	sink_put(sink, event_body(ev, TEXT("MessageNumber")));
	sink_put(sink, TEXT(" of "));
	sink_put(sink, event_body(ev, TEXT("MessageTotal")));
	sink_put(sink, TEXT(" of script block "));
	sink_put(sink, event_body(ev, TEXT("ScriptBlockId")));
}

struct text
event_summary(const struct event *ev, struct arena *keep)
{
	char                  draft[DRAFT_MAX];
	struct sink           sink = { .p = draft, .most = DRAFT_MAX };
	const struct wording *w = wording_find(ev);

	if (ev->flags & EVENT_SCRIPT_REST) {
		put_rest(&sink, ev);
	} else if (!w || wording_put(&sink, ev, w->title, w->summary) == 0) {
		sink.n = 0;
		put_details(&sink, ev, title_or_provider(ev, w));
	}
	return one_line((struct text){ draft, sink.n }, keep);
}
