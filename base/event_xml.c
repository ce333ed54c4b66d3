/* SPDX-License-Identifier: GPL-3.0-or-later */
/* System facts and body of an event as the XML that Windows renders. */
#include "config.h"

#include "base/ascii.h"
#include "base/names.h"

#include "base/decoded.h"
#include "base/name_entry.h"
#include "base/sink.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What stands for the character in XML; absent: itself. */
static struct text
entity_of(char c)
{
	switch (c) {
	case '<':
		return TEXT("&lt;");
	case '>':
		return TEXT("&gt;");
	case '&':
		return TEXT("&amp;");
	case '\'':
		return TEXT("&apos;");
	}
	return TEXT_NONE;
}

static void
put_escaped(struct sink *sink, struct text t)
{
	size_t plain = 0; /* where what is not written yet begins */

	for (size_t i = 0; i < t.n; i++) {
		struct text entity = entity_of(t.p[i]);

		if (text_absent(entity))
			continue;
		sink_put(sink, (struct text){ t.p + plain, i - plain });
		sink_put(sink, entity);
		plain = i + 1;
	}
	sink_put(sink, text_from(t, plain));
}

/* A fact as <System> has it: the text of an element, or an attribute of one. */
struct fact_place {
	struct text element, attribute; /* of which the fact has the name; absent: the element's text */
};

static void
put_attribute(struct sink *sink, struct text name, struct text value)
{
	sink_put(sink, TEXT(" "));
	sink_put(sink, name);
	sink_put(sink, TEXT("='"));
	put_escaped(sink, value);
	sink_put(sink, TEXT("'"));
}

/* The element at *PLACES with those behind it that have its name; nothing without any fact.
 * Returns how many places that were. */
static size_t
put_fact_element(struct sink *sink, const struct event *ev, const struct fact_place *places,
		 size_t n_places)
{
	struct text element = places[0].element, body = TEXT_NONE;
	bool        begun = false;
	size_t      n = 0;

	for (; n < n_places && text_eq(places[n].element, element); n++) {
		bool                text = text_absent(places[n].attribute);
		const struct field *f =
		    event_field(ev, 0, text ? element : places[n].attribute);

		if (f == NULL || (size_t)(f - ev->fields) >= ev->n_system)
			continue;
		if (!begun) {
			sink_put(sink, TEXT("<"));
			sink_put(sink, element);
			begun = true;
		}
		if (text)
			body = f->value;
		else
			put_attribute(sink, places[n].attribute, f->value);
	}
	if (begun && text_absent(body)) {
		sink_put(sink, TEXT("/>"));
	} else if (begun) {
		sink_put(sink, TEXT(">"));
		put_escaped(sink, body);
		sink_put(sink, TEXT("</"));
		sink_put(sink, element);
		sink_put(sink, TEXT(">"));
	}
	return n;
}

static void
write_system_xml(struct sink *sink, const struct event *ev)
{
	static const struct fact_place places[] = {
		{ TEXT_INIT("Provider"), TEXT_INIT("Name") },
		{ TEXT_INIT("Provider"), TEXT_INIT("Guid") },
		{ TEXT_INIT("Provider"), TEXT_INIT("EventSourceName") },
		{ TEXT_INIT("EventID"), TEXT_INIT("Qualifiers") },
		{ TEXT_INIT("EventID"), { 0 } },
		{ TEXT_INIT("Version"), { 0 } },
		{ TEXT_INIT("Level"), { 0 } },
		{ TEXT_INIT("Task"), { 0 } },
		{ TEXT_INIT("Opcode"), { 0 } },
		{ TEXT_INIT("Keywords"), { 0 } },
		{ TEXT_INIT("TimeCreated"), TEXT_INIT("SystemTime") },
		{ TEXT_INIT("EventRecordID"), { 0 } },
		{ TEXT_INIT("Correlation"), TEXT_INIT("ActivityID") },
		{ TEXT_INIT("Correlation"), TEXT_INIT("RelatedActivityID") },
		{ TEXT_INIT("Execution"), TEXT_INIT("ProcessID") },
		{ TEXT_INIT("Execution"), TEXT_INIT("ThreadID") },
		{ TEXT_INIT("Channel"), { 0 } },
		{ TEXT_INIT("Computer"), { 0 } },
		{ TEXT_INIT("Security"), TEXT_INIT("UserID") },
	};

	for (size_t i = 0; i < COUNT(places);)
		i += put_fact_element(sink, ev, places + i, COUNT(places) - i);
}

struct text
event_system_xml(const struct event *ev, struct arena *keep)
{
	return ev->n_system ? event_written(write_system_xml, ev, keep) : TEXT_NONE;
}

static void
write_body_xml(struct sink *sink, const struct event *ev)
{
	for (uint32_t i = ev->n_system; i < ev->n_fields; i++) {
		const struct field *f = &ev->fields[i];
		struct text         value = event_hides(ev, f->name) ? TEXT("") : f->value;

		if (name_is_decoded(f->name))
			continue;
		if (text_eq(f->name, TEXT("Binary"))) {
			sink_put(sink, TEXT("<Binary>"));
			put_escaped(sink, value);
			sink_put(sink, TEXT("</Binary>"));
			continue;
		}
		/* "Data" is what importers call a value without a name */
		sink_put(sink, TEXT("<Data"));
		if (!text_eq(f->name, TEXT("Data")))
			put_attribute(sink, TEXT("Name"), f->name);
		sink_put(sink, TEXT(">"));
		put_escaped(sink, value);
		sink_put(sink, TEXT("</Data>"));
	}
}

struct text
event_body_xml(const struct event *ev, struct arena *keep)
{
	return event_written(write_body_xml, ev, keep);
}

/* The element that holds all others of UserData, which the importers do not keep. */
static struct text
user_element(const struct event *ev)
{
	if (text_istarts(ev->channel, TEXT("Microsoft-Windows-AppLocker/")))
		return TEXT("RuleAndFileData");
	if (ev->event_id == 1102 || ev->event_id == 104)
		return TEXT("LogFileCleared");
	return TEXT("EventXML");
}

static bool
is_element_name(struct text name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool letter = ascii_letter(c) || c == '_';

		if (!letter && (i == 0 || !(ascii_digit(c) || c == '.' || c == '-')))
			return false;
	}
	return name.n > 0;
}

/* The element of "Certificate.subjectName", which is an attribute; absent: it is none. */
static struct text
element_of_attribute(struct text name)
{
	size_t dot = text_find_byte(name, '.');

	return dot == TEXT_NOWHERE || dot == 0 || dot + 1 == name.n ? TEXT_NONE
								    : text_head(name, dot);
}

static bool
is_shown(const struct field *f)
{
	return !name_is_decoded(f->name) && is_element_name(f->name);
}

static bool
has_attribute(const struct field *fields, uint32_t n, struct text name)
{
	for (uint32_t i = 0; i < n; i++)
		if (text_eq(fields[i].name, name))
			return true;
	return false;
}

/* How many of N fields, from the first one on, are attributes of one element. */
static uint32_t
attributes_of_one(const struct field *fields, uint32_t n)
{
	struct text element = element_of_attribute(fields[0].name);
	uint32_t    count = 0;

	while (count < n && is_shown(&fields[count]) && element.n &&
	       text_eq(element_of_attribute(fields[count].name), element) &&
	       !has_attribute(fields, count, fields[count].name))
		count++;
	return count;
}

static void
put_attributes(struct sink *sink, const struct field *fields, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		put_attribute(sink,
			      text_from(fields[i].name,
					element_of_attribute(fields[i].name).n + 1),
			      fields[i].value);
}

static void
put_element(struct sink *sink, struct text name, const struct field *attributes,
	    uint32_t n_attributes, struct text value)
{
	sink_put(sink, TEXT("<"));
	sink_put(sink, name);
	put_attributes(sink, attributes, n_attributes);
	if (text_absent(value)) {
		sink_put(sink, TEXT("/>"));
		return;
	}
	sink_put(sink, TEXT(">"));
	put_escaped(sink, value);
	sink_put(sink, TEXT("</"));
	sink_put(sink, name);
	sink_put(sink, TEXT(">"));
}

/* The element that field AT belongs to; returns how many fields that were. */
static uint32_t
put_user_element(struct sink *sink, const struct event *ev, uint32_t at)
{
	const struct field *f = &ev->fields[at];
	uint32_t            left = ev->n_fields - at, n = attributes_of_one(f, left);
	struct text         name = n ? element_of_attribute(f->name) : f->name;
	bool                body = n == 0 || (n < left && text_eq(f[n].name, name));

	if (!is_shown(f))
		return 1;
	put_element(sink, name, f, n,
		    !body                   ? TEXT_NONE
		    : event_hides(ev, name) ? TEXT("")
					    : f[n].value);
	return n + body;
}

static void
write_user_xml(struct sink *sink, const struct event *ev)
{
	struct text whole = user_element(ev);

	sink_put(sink, TEXT("<"));
	sink_put(sink, whole);
	sink_put(sink, TEXT(">"));
	for (uint32_t i = ev->n_system; i < ev->n_fields;)
		i += put_user_element(sink, ev, i);
	sink_put(sink, TEXT("</"));
	sink_put(sink, whole);
	sink_put(sink, TEXT(">"));
}

struct text
event_user_xml(const struct event *ev, struct arena *keep)
{
	return ev->n_fields > ev->n_system ? event_written(write_user_xml, ev, keep) : TEXT_NONE;
}
