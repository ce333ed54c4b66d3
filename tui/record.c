/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/record.h"

#include <stdio.h>
#include <string.h>

#include "base/decoded.h"

struct writing {
	struct arena *keep;
	char         *out;
	size_t        n, cap;
};

static void
put(struct writing *w, struct text t)
{
	if (w->n + t.n > w->cap) {
		size_t cap = (w->n + t.n) * 2 + 1024;
		char  *more = arena_new(w->keep, char, cap);

		if (w->n)
			memcpy(more, w->out, w->n);
		w->out = more;
		w->cap = cap;
	}
	if (t.n)
		memcpy(w->out + w->n, t.p, t.n);
	w->n += t.n;
}

static void
put_escaped(struct writing *w, struct text t)
{
	for (size_t i = 0; i < t.n; i++) {
		const char *entity = t.p[i] == '<'	  ? "&lt;"
				     : t.p[i] == '>'  ? "&gt;"
				     : t.p[i] == '&'  ? "&amp;"
				     : t.p[i] == '"' ? "&quot;"
						      : NULL;

		put(w, entity ? text_of(entity) : (struct text){ t.p + i, 1 });
	}
}

/* NAME="value" for every named field that is there. */
static void
put_attribute(struct writing *w, const struct event *ev, const char *field, const char *name)
{
	struct text value = event_get(ev, text_of(field));

	if (text_absent(value))
		return;
	put(w, TEXT(" "));
	put(w, text_of(name));
	put(w, TEXT("=\""));
	put_escaped(w, value);
	put(w, TEXT("\""));
}

static void
put_element(struct writing *w, const struct event *ev, const char *name)
{
	struct text value = event_get(ev, text_of(name));

	if (text_absent(value))
		return;
	put(w, TEXT("    <"));
	put(w, text_of(name));
	if (strcmp(name, "EventID") == 0)
		put_attribute(w, ev, "Qualifiers", "Qualifiers");
	put(w, TEXT(">"));
	put_escaped(w, value);
	put(w, TEXT("</"));
	put(w, text_of(name));
	put(w, TEXT(">\n"));
}

static void
put_empty(struct writing *w, const struct event *ev, const char *element, const char *first,
	  const char *first_name, const char *second, const char *second_name)
{
	if (text_absent(event_get(ev, text_of(first))) &&
	    (!second || text_absent(event_get(ev, text_of(second)))))
		return;
	put(w, TEXT("    <"));
	put(w, text_of(element));
	put_attribute(w, ev, first, first_name);
	if (second)
		put_attribute(w, ev, second, second_name);
	put(w, TEXT("/>\n"));
}

static void
put_system(struct writing *w, const struct event *ev)
{
	static const char *const before[] = { "EventID", "Version", "Level", "Task", "Opcode",
					      "Keywords" };

	put(w, TEXT("  <System>\n"));
	put_empty(w, ev, "Provider", "Name", "Name", "Guid", "Guid");
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		put_element(w, ev, before[i]);
	put_empty(w, ev, "TimeCreated", "SystemTime", "SystemTime", NULL, NULL);
	put_element(w, ev, "EventRecordID");
	put_empty(w, ev, "Correlation", "ActivityID", "ActivityID", "RelatedActivityID",
		  "RelatedActivityID");
	put_empty(w, ev, "Execution", "ProcessID", "ProcessID", "ThreadID", "ThreadID");
	put_element(w, ev, "Channel");
	put_element(w, ev, "Computer");
	put_empty(w, ev, "Security", "UserID", "UserID", NULL, NULL);
	put(w, TEXT("  </System>\n"));
}

struct text
record_xml(const struct event *event, struct arena *keep)
{
	struct event   ev = event_undecoded(event, keep);
	struct writing w = { .keep = keep };

	put(&w, TEXT("<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">\n"));
	put_system(&w, &ev);
	put(&w, TEXT("  <EventData>\n"));
	for (uint32_t i = ev.n_system; i < ev.n_fields; i++) {
		put(&w, TEXT("    <Data Name=\""));
		put_escaped(&w, ev.fields[i].name);
		put(&w, TEXT("\">"));
		put_escaped(&w, ev.fields[i].value);
		put(&w, TEXT("</Data>\n"));
	}
	put(&w, TEXT("  </EventData>\n"));
	if (ev.message.n) {
		put(&w, TEXT("  <RenderingInfo>\n    <Message>"));
		put_escaped(&w, ev.message);
		put(&w, TEXT("</Message>\n  </RenderingInfo>\n"));
	}
	put(&w, TEXT("</Event>\n"));
	return (struct text){ w.out, w.n };
}

#define HEX_ROW 16

struct text
record_hex(struct text bytes, struct arena *keep)
{
	struct writing w = { .keep = keep };

	for (size_t at = 0; at < bytes.n; at += HEX_ROW) {
		char   row[96], shown[HEX_ROW + 1] = "";
		size_t n = bytes.n - at < HEX_ROW ? bytes.n - at : HEX_ROW;
		int    used = snprintf(row, sizeof(row), "%06zx ", at);

		for (size_t i = 0; i < HEX_ROW; i++) {
			unsigned char c = i < n ? (unsigned char)bytes.p[at + i] : 0;

			used += i < n ? snprintf(row + used, sizeof(row) - (size_t)used, "%s%02x",
						 i == HEX_ROW / 2 ? "  " : " ", c)
				      : snprintf(row + used, sizeof(row) - (size_t)used, "%s  ",
						 i == HEX_ROW / 2 ? "  " : " ");
			if (i < n)
				shown[i] = c >= 0x20 && c < 0x7f ? (char)c : '.';
		}
		put(&w, (struct text){ row, (size_t)used });
		put(&w, TEXT("  "));
		put(&w, text_of(shown));
		put(&w, TEXT("\n"));
	}
	return (struct text){ w.out, w.n };
}
