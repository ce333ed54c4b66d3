/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an event says as text: its message, its raw text, its words. */
#include "config.h"

#include "base/names.h"

#include "base/decoded.h"
#include "base/name_entry.h"
#include "base/sink.h"
#include "base/wording.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct text
event_written(event_writer *write, const struct event *ev, struct arena *keep)
{
	struct sink sink = { 0 };

	write(&sink, ev);
	sink.p = arena_new(keep, char, sink.n + 1);
	sink.n = 0;
	write(&sink, ev);
	return (struct text){ sink.p, sink.n };
}

/*
 * The PowerShell messages, as its resource file words them. A piece is a literal or, after '@', a
 * field; "@1" is the first unnamed Data.
 */
struct template
{
	uint32_t           event_id;
	const struct text *pieces;
	size_t             n;
};

#define PIECES(name, ...) static const struct text name[] = { __VA_ARGS__ }
PIECES(message_4103, TEXT_INIT("@Payload"), TEXT_INIT("\n\nContext:\n"), TEXT_INIT("@ContextInfo"),
       TEXT_INIT("\n\nUser Data:\n"), TEXT_INIT("@UserData"));
PIECES(message_4104, TEXT_INIT("Creating Scriptblock text ("), TEXT_INIT("@MessageNumber"),
       TEXT_INIT(" of "), TEXT_INIT("@MessageTotal"), TEXT_INIT("):\n"),
       TEXT_INIT("@ScriptBlockText"), TEXT_INIT("\n\nScriptBlock ID: "),
       TEXT_INIT("@ScriptBlockId"), TEXT_INIT("\nPath: "), TEXT_INIT("@Path"));
PIECES(message_4105, TEXT_INIT("Started invocation of ScriptBlock ID: "),
       TEXT_INIT("@ScriptBlockId"), TEXT_INIT("\nRunspace ID: "), TEXT_INIT("@RunspaceId"));
PIECES(message_4106, TEXT_INIT("Completed invocation of ScriptBlock ID: "),
       TEXT_INIT("@ScriptBlockId"), TEXT_INIT("\nRunspace ID: "), TEXT_INIT("@RunspaceId"));
PIECES(message_400, TEXT_INIT("Engine state is changed from "), TEXT_INIT("@2"), TEXT_INIT(" to "),
       TEXT_INIT("@1"), TEXT_INIT(".\n\nDetails:\n"), TEXT_INIT("@3"));
PIECES(message_600, TEXT_INIT("Provider \""), TEXT_INIT("@1"), TEXT_INIT("\" is "), TEXT_INIT("@2"),
       TEXT_INIT(".\n\nDetails:\n"), TEXT_INIT("@3"));
PIECES(message_800, TEXT_INIT("Pipeline execution details for command line: "), TEXT_INIT("@1"),
       TEXT_INIT(".\n\nContext Information:\n"), TEXT_INIT("@2"), TEXT_INIT("\n\nDetails:\n"),
       TEXT_INIT("@3"));

static const struct template templates[] = {
	{ 400, message_400, COUNT(message_400) },    { 403, message_400, COUNT(message_400) },
	{ 600, message_600, COUNT(message_600) },    { 800, message_800, COUNT(message_800) },
	{ 4103, message_4103, COUNT(message_4103) }, { 4104, message_4104, COUNT(message_4104) },
	{ 4105, message_4105, COUNT(message_4105) }, { 4106, message_4106, COUNT(message_4106) },
};

static const struct template *
template_find(uint32_t event_id)
{
	for (size_t i = 0; i < COUNT(templates); i++)
		if (templates[i].event_id == event_id)
			return &templates[i];
	return NULL;
}

bool
message_has_template(uint32_t event_id)
{
	return template_find(event_id) != NULL;
}

bool
message_template_has(struct text folded_word)
{
	for (size_t i = 0; i < COUNT(templates); i++)
		for (size_t k = 0; k < templates[i].n; k++)
			if (templates[i].pieces[k].p[0] != '@' &&
			    text_ifind(templates[i].pieces[k], folded_word) != TEXT_NOWHERE)
				return true;
	return false;
}

bool
event_hides(const struct event *ev, struct text name)
{
	return (ev->flags & EVENT_SCRIPT_REST) &&
	       (text_eq(name, TEXT("ScriptBlockText")) || name_is_decoded(name));
}

static struct text
template_piece(const struct event *ev, struct text piece)
{
	if (piece.p[0] != '@')
		return piece;
	piece = text_from(piece, 1);
	if (piece.p[0] >= '1' && piece.p[0] <= '9')
		return event_nth_data(ev, (uint32_t)(piece.p[0] - '0'));
	if (event_hides(ev, piece))
		return TEXT_NONE;
	return event_body(ev, piece);
}

static void
put_number(struct sink *sink, uint32_t number)
{
	char digits[10], *at = digits + sizeof(digits);

	do {
		*--at = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	sink_put(sink, (struct text){ at, (size_t)(digits + sizeof(digits) - at) });
}

static void
put_field(struct sink *sink, const struct event *ev, const struct field *f)
{
	if (event_hides(ev, f->name) || f->value.n == 0)
		return;
	sink_put(sink, TEXT("\n"));
	sink_put(sink, f->name);
	sink_put(sink, TEXT("="));
	sink_put(sink, f->value);
}

static void
write_message(struct sink *sink, const struct event *ev)
{
	const struct template *t =
	    ev->scope == SCOPE_POWERSHELL ? template_find(ev->event_id) : NULL;
	const struct wording *w = t ? NULL : wording_find(ev);

	if (t) {
		for (size_t i = 0; i < t->n; i++)
			sink_put(sink, template_piece(ev, t->pieces[i]));
		return;
	}
	if (w && w->message.n) {
		wording_put(sink, ev, w->title, w->message);
	} else if (ev->event_name.n) {
		sink_put(sink, ev->event_name);
	} else {
		sink_put(sink, ev->provider);
		sink_put(sink, TEXT(" "));
		put_number(sink, ev->event_id);
	}
	for (uint32_t i = ev->n_system; i < ev->n_fields; i++)
		if (!name_is_decoded(ev->fields[i].name))
			put_field(sink, ev, &ev->fields[i]);
}

static bool
has_own_message(const struct event *ev)
{
	return ev->message.n && !(ev->flags & EVENT_SCRIPT_REST);
}

struct text
event_message(const struct event *ev, struct arena *keep, bool *built)
{
	*built = !has_own_message(ev);
	return *built ? event_written(write_message, ev, keep) : ev->message;
}

static void
write_raw(struct sink *sink, const struct event *ev)
{
	if (has_own_message(ev))
		sink_put(sink, ev->message);
	for (uint32_t i = 0; i < ev->n_fields; i++)
		put_field(sink, ev, &ev->fields[i]);
}

struct text
event_raw(const struct event *ev, struct arena *keep)
{
	return event_written(write_raw, ev, keep);
}

static void
write_words(struct sink *sink, const struct event *ev)
{
	if (has_own_message(ev))
		sink_put(sink, ev->message);
	for (uint32_t i = 0; i < ev->n_fields; i++) {
		if (event_hides(ev, ev->fields[i].name) || ev->fields[i].value.n == 0)
			continue;
		sink_put(sink, TEXT("\n"));
		sink_put(sink, ev->fields[i].value);
	}
}

struct text
event_words(const struct event *ev, struct arena *keep)
{
	return event_written(write_words, ev, keep);
}
