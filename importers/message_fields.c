/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/message_fields.h"

#include <stdint.h>

#include "base/ascii.h"
#include "importers/message_powershell.h"
#include "importers/spelling.h"

#define LABELS_MAX 512 /* lines with a label in one message */
#define LABEL_MAX 64   /* bytes */

/* Section and label of a Security message: field of the event. Event 0: any event. First match. */
static const struct known_label {
	uint32_t event_id;
	struct text section, label, field;
} known_labels[] = {
#define LABEL(event_id, section, label, field) \
	{ event_id, TEXT_INIT(section), TEXT_INIT(label), TEXT_INIT(field) },
#include "importers/security_labels.def"
#undef LABEL
};

static const struct provider_label {
	struct text provider;
	uint32_t    first, last;
	struct text label, field;
} provider_labels[] = {
#define LABEL(provider, first, last, label, field) \
	{ TEXT_INIT(provider), first, last, TEXT_INIT(label), TEXT_INIT(field) },
#include "importers/provider_labels.def"
#undef LABEL
};

static struct text
provider_name_of(struct text provider, uint32_t event_id, struct text label)
{
	for (size_t i = 0; i < sizeof(provider_labels) / sizeof(*provider_labels); i++) {
		const struct provider_label *k = &provider_labels[i];

		if (event_id >= k->first && event_id <= k->last && text_eq(k->label, label) &&
		    text_ieq(k->provider, provider))
			return k->field;
	}
	return TEXT_NONE;
}

static struct text
schema_name(uint32_t event_id, struct text section, struct text label)
{
	for (size_t i = 0; i < sizeof(known_labels) / sizeof(*known_labels); i++) {
		const struct known_label *k = &known_labels[i];

		if ((k->event_id == 0 || k->event_id == event_id) && text_eq(k->label, label) &&
		    (k->section.n == 0 || text_eq(k->section, section)))
			return k->field;
	}
	return TEXT_NONE;
}

static const struct known_code {
	struct text field, words, code;
} known_codes[] = {
#define CODE(field, words, code) { TEXT_INIT(field), TEXT_INIT(words), TEXT_INIT(code) },
#include "importers/message_codes.def"
#undef CODE
};

/* What FIELD holds where its message says WORDS; absent: these. */
static struct text
code_of(struct text field, struct text words)
{
	for (size_t i = 0; i < sizeof(known_codes) / sizeof(*known_codes); i++)
		if (text_eq(known_codes[i].field, field) && text_eq(known_codes[i].words, words))
			return known_codes[i].code;
	return TEXT_NONE;
}

struct line {
	struct text label; /* absent: the line has none */
	struct text value; /* behind the label, else the whole line without its indentation */
	bool indented;
};

static bool
label_byte(char c)
{
	return ascii_alnum(c) || (c & 0x80) || c == ' ' || c == '_' || c == '-' || c == '(' ||
	       c == ')' || c == '/' || c == '.' || c == '\'';
}

/* The blanks behind a command line are part of it. */
static struct text
command_with_end(struct text label, struct text value, const char *end)
{
	if (!text_iends(label, TEXT("Command Line")) && !text_iends(label, TEXT("CommandLine")))
		return value;
	while (value.n && value.p + value.n < end && value.p[value.n] == ' ')
		value.n++;
	return value;
}

static struct line
read_line(struct text t)
{
	struct line l = { .indented = t.n > 0 && (t.p[0] == '\t' || t.p[0] == ' ') };
	const char *end = t.n > 0 ? t.p + t.n : t.p;
	size_t n = 0;

	l.value = t = text_trim(t);
	while (n < t.n && n <= LABEL_MAX && label_byte(t.p[n]))
		n++;
	if (n == 0 || n > LABEL_MAX || n == t.n || t.p[n] != ':')
		return l;
	if (n + 1 < t.n && t.p[n + 1] != ' ' && t.p[n + 1] != '\t')
		return l;
	l.label = text_trim(text_head(t, n));
	l.value = text_trim(text_from(t, n + 1));
	if (l.value.n == 0)
		l.value = TEXT("");
	else
		l.value = command_with_end(l.label, l.value, end);
	return l;
}

/* "Package Name (NTLM only)" is called Package_Name__NTLM_only_. */
static struct text
underscored(struct text label, struct arena *keep)
{
	char *p = arena_alloc(keep, 1, 1, label.n);

	for (size_t i = 0; i < label.n; i++) {
		char c = label.p[i];
		bool word = ascii_alnum(c) || (c & 0x80);

		p[i] = word ? c : '_';
	}
	return (struct text){ p, label.n };
}

/* Field I of the builder goes on to the end of MORE, a later part of the same message. */
static void
continue_value(struct event_builder *b, uint32_t i, struct text more)
{
	struct text *value = &b->fields[i].value;

	if (value->n > 0)
		value->n = (size_t)(more.p + more.n - value->p);
	else
		*value = more;
}

/* Sysmon: one field a line, under its own name; other lines go on with the value before. */
static void
sysmon(struct event_builder *b, struct text message)
{
	uint32_t last = 0;

	text_cut(&message, '\n'); /* the title */
	for (int i = 0; i < LABELS_MAX && !text_absent(message); i++) {
		struct text raw = text_cut(&message, '\n');
		struct line l = read_line(raw);

		if (!text_absent(l.label) && text_find_byte(l.label, ' ') == TEXT_NOWHERE) {
			last = b->n_fields;
			builder_body(b, l.label, l.value);
			if (b->overfull)
				return;
		} else if (last > 0 && l.value.n > 0) {
			continue_value(b, last, raw);
		}
	}
}

struct labels {
	struct event_builder *b;
	struct arena *keep;
	uint32_t event_id;
	struct text provider;
	bool schema; /* a message of Security or System */
	struct text section;
	uint32_t last, last_schema; /* field a further line belongs to; 0: none */
};

static void
labelled(struct labels *s, const struct line *l, enum message_labels labels)
{
	struct text field = s->schema ? schema_name(s->event_id, s->section, l->label)
				      : provider_name_of(s->provider, s->event_id, l->label);

	bool        said = false; /* under the very label */

	s->last = s->last_schema = 0;
	if (!text_absent(field) && text_absent(builder_body_get(s->b, field))) {
		struct text code = code_of(field, l->value);

		if (text_absent(code))
			s->last_schema = s->b->n_fields;
		said = text_absent(code) && text_eq(field, l->label);
		builder_body(s->b, field, text_absent(code) ? l->value : code);
	}
	if (labels == LABELS_ALL && !s->b->overfull && !said) {
		s->last = s->b->n_fields;
		builder_body(s->b, underscored(l->label, s->keep), l->value);
	}
	if (s->b->overfull)
		s->last = s->last_schema = 0;
}

static void
all_labels(struct event_builder *b, struct text message, enum message_labels labels, bool schema,
	   uint32_t event_id, struct arena *keep)
{
	struct labels s = { .b = b, .keep = keep, .event_id = event_id, .schema = schema,
			    .provider = builder_get(b, ROLE_PROVIDER), .section = TEXT("") };

	for (int i = 0; i < LABELS_MAX && !text_absent(message);) {
		struct line l = read_line(text_cut(&message, '\n'));

		if (l.value.n == 0 && text_absent(l.label)) {
			s.last = s.last_schema = 0; /* a blank line ends a value */
		} else if (text_absent(l.label)) {
			if (s.last > 0)
				continue_value(b, s.last, l.value);
			if (s.last_schema > 0)
				continue_value(b, s.last_schema, l.value);
		} else if (l.value.n == 0 && !l.indented) {
			s.section = l.label;
			s.last = s.last_schema = 0;
		} else {
			if (!l.indented)
				s.section = TEXT("");
			labelled(&s, &l, labels);
			i++;
		}
	}
}

static const struct known_sentence {
	struct text provider;
	uint32_t    event_id;
	struct text words;
} known_sentences[] = {
#define SENTENCE(provider, event_id, words) { TEXT_INIT(provider), event_id, TEXT_INIT(words) },
#include "importers/sentences.def"
#undef SENTENCE
};

#define PLACES_MAX 8

/* Where WORDS, which are followed by no further value if LAST, begin in MESSAGE. */
static size_t
words_at(struct text message, struct text words, bool last)
{
	if (!last)
		return text_find(message, words);
	if (message.n < words.n || !text_eq(text_from(message, message.n - words.n), words))
		return TEXT_NOWHERE;
	return message.n - words.n;
}

/* The values in a message that is such a sentence from beginning to end; false: it is none. */
static bool
sentence(struct event_builder *b, struct text words, struct text message)
{
	struct text names[PLACES_MAX], values[PLACES_MAX], head = text_cut(&words, '{');
	size_t      n = 0;

	if (!text_starts(message, head))
		return false;
	message = text_from(message, head.n);
	while (!text_absent(words) && n < PLACES_MAX) {
		size_t end;

		names[n] = text_cut(&words, '}');
		head = text_cut(&words, '{');
		end = words_at(message, head, text_absent(words));
		if (end == TEXT_NOWHERE)
			return false;
		values[n++] = text_trim(text_head(message, end));
		message = text_from(message, end + head.n);
	}
	for (size_t i = 0; i < n; i++)
		builder_body(b, names[i], values[i]);
	return true;
}

static void
sentences(struct event_builder *b, struct text provider, uint32_t event_id, struct text message)
{
	for (size_t i = 0; i < sizeof(known_sentences) / sizeof(*known_sentences); i++)
		if (known_sentences[i].event_id == event_id &&
		    text_ieq(known_sentences[i].provider, provider) &&
		    sentence(b, known_sentences[i].words, text_trim(message)))
			return;
}

static bool
is_powershell(struct text provider)
{
	return text_ieq(provider, TEXT("Microsoft-Windows-PowerShell")) ||
	       text_ieq(provider, TEXT("PowerShellCore")) || text_ieq(provider, TEXT("PowerShell"));
}

static void
fields_of(struct event_builder *b, struct text message, enum message_labels labels,
	  struct arena *keep)
{
	struct text provider = builder_get(b, ROLE_PROVIDER);
	struct text channel = builder_get(b, ROLE_CHANNEL);
	uint64_t id = 0;

	if (!text_to_u64(builder_get(b, ROLE_EVENT_ID), &id) || id > UINT32_MAX)
		id = 0;
	if (is_powershell(provider) && message_powershell(b, (uint32_t)id, message, labels))
		return;
	if (text_ieq(provider, TEXT("Microsoft-Windows-Sysmon")) ||
	    text_ieq(provider, TEXT("Linux-Sysmon"))) {
		sysmon(b, message);
		return;
	}
	sentences(b, provider, (uint32_t)id, message);
	all_labels(b, message, labels,
		   text_ieq(channel, TEXT("Security")) || text_ieq(channel, TEXT("System")),
		   (uint32_t)id, keep);
}

void
message_fields(struct event_builder *b, struct text message, enum message_labels labels,
	       struct arena *keep)
{
	uint32_t i = b->n_fields;

	fields_of(b, message, labels, keep);
	for (; i < b->n_fields; i++)
		b->fields[i].value = spelling_guid(b->fields[i].value, false, keep);
}
