/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/classic.h"

#include "base/ascii.h"
#include "base/when.h"
#include "importers/decode.h"
#include "importers/message_fields.h"
#include "importers/provider_names.h"
#include "importers/text_labels.h"

#define HEADER_LINES_MAX 64

/* A header line: which fact it is. Keys without a role become body fields of that name. */
struct header_key {
	struct text key;
	enum evtx_role role;
};

/* Splunk, WinEventLog:*; https://docs.splunk.com, "Monitor Windows event log data". */
static const struct header_key classic_keys[] = {
	{ TEXT_INIT("LogName"), ROLE_CHANNEL },
	{ TEXT_INIT("SourceName"), ROLE_PROVIDER },
	{ TEXT_INIT("EventCode"), ROLE_EVENT_ID },
	{ TEXT_INIT("ComputerName"), ROLE_HOST },
	{ TEXT_INIT("RecordNumber"), ROLE_RECORD_ID },
	{ TEXT_INIT("Keywords"), ROLE_KEYWORDS },
	{ TEXT_INIT("Sid"), ROLE_USER },
};

/* wevtutil qe /f:text and Event Viewer, "Copy details as text". */
static const struct header_key viewer_keys[] = {
	{ TEXT_INIT("Log Name"), ROLE_CHANNEL },  { TEXT_INIT("Source"), ROLE_PROVIDER },
	{ TEXT_INIT("Event ID"), ROLE_EVENT_ID }, { TEXT_INIT("Computer"), ROLE_HOST },
	{ TEXT_INIT("Keyword"), ROLE_KEYWORDS },  { TEXT_INIT("Keywords"), ROLE_KEYWORDS },
};

/* What the header says that is not stored as it is. */
struct header {
	struct text date, level, level_digit, opcode;
	bool foreign; /* labels in another language than English */
	bool ended;   /* the message has begun */
};

static enum evtx_role
role_of(const struct header_key *keys, size_t n, struct text key)
{
	for (size_t i = 0; i < n; i++)
		if (text_ieq(keys[i].key, key))
			return keys[i].role;
	return ROLE_BODY;
}

static void
add_provider(struct event_builder *b, struct text source)
{
	const struct provider_name *p = provider_find(source);

	builder_fact(b, ROLE_PROVIDER, p ? p->name : source);
	if (p && p->guid.n > 0)
		builder_fact(b, ROLE_GUID, p->guid);
}

static void
add_header(struct event_builder *b, enum evtx_role role, struct text key, struct text value)
{
	if (role == ROLE_PROVIDER)
		add_provider(b, value);
	else if (role < ROLE_OTHER_FACT)
		builder_fact(b, role, value);
	else
		builder_body(b, key, value);
}

static void
classic_line(struct event_builder *b, struct header *h, struct text key, struct text value)
{
	if (text_ieq(key, TEXT("Type")))
		h->level = value;
	else if (text_ieq(key, TEXT("EventType")))
		h->level_digit = value;
	else if (text_ieq(key, TEXT("OpCode")))
		h->opcode = value;
	if (text_ieq(key, TEXT("User")) && text_eq(value, TEXT("NOT_TRANSLATED")))
		return; /* the account is in Sid */
	add_header(b, role_of(classic_keys, sizeof(classic_keys) / sizeof(*classic_keys), key), key,
		   value);
}

static void
viewer_line(struct event_builder *b, struct header *h, struct text key, struct text value)
{
	enum evtx_role role = role_of(viewer_keys, sizeof(viewer_keys) / sizeof(*viewer_keys), key);

	if (text_ieq(key, TEXT("Date")))
		h->date = value;
	else if (text_ieq(key, TEXT("Level")))
		h->level = value;
	else if (text_ieq(key, TEXT("Opcode")) || text_ieq(key, TEXT("OpCode")))
		h->opcode = value;
	else if (text_ieq(key, TEXT("User")) && text_istarts(value, TEXT("S-1-")))
		builder_fact(b, ROLE_USER, value);
	else if (text_eq(value, TEXT("N/A")))
		return;
	else if (text_ieq(key, TEXT("Task")) || text_ieq(key, TEXT("Task Category")))
		builder_body(b, TEXT("TaskCategory"), value);
	else
		add_header(b, role, key, value);
}

static bool
is_key(struct text key)
{
	if (key.n == 0 || key.n > 32)
		return false;
	for (size_t i = 0; i < key.n; i++) {
		char c = key.p[i];
		bool letter = ascii_letter(c);

		if (!letter && (c & 0x80) == 0 && text_find_byte(TEXT(" _-.'"), c) == TEXT_NOWHERE)
			return false;
	}
	return true;
}

/* Reads the header lines off the front of REST up to and with STOP ("Message"), whose value and
 * all that follows becomes the message. */
static void
read_header(struct event_builder *b, struct header *h, struct text *rest, char separator,
	    struct text stop,
	    void (*line)(struct event_builder *, struct header *, struct text, struct text))
{
	for (int i = 0; i < HEADER_LINES_MAX && !text_absent(*rest); i++) {
		struct text here = *rest;
		struct text raw = text_cut(rest, '\n');
		size_t at = text_find_byte(raw, separator);
		struct text key = text_trim(text_head(raw, at == TEXT_NOWHERE ? 0 : at));
		struct text value;

		if (separator == ':')
			key = text_label(key, &h->foreign);
		if (!is_key(key)) {
			if (text_trim(raw).n == 0)
				continue;
			*rest = here; /* no header any more: a message without its key */
			return;
		}
		if (text_ieq(key, stop)) {
			size_t skip = at + 1;

			while (skip < raw.n && (raw.p[skip] == ' ' || raw.p[skip] == '\t'))
				skip++;
			*rest = text_from(here, skip);
			h->ended = true;
			return;
		}
		value = text_trim(text_from(raw, at + 1));
		line(b, h, key, value.n > 0 ? value : TEXT(""));
	}
}

/* The words are trusted before the digit: old writers used other digits. */
static void
add_level(struct event_builder *b, const struct header *h)
{
	struct text security = builder_get(b, ROLE_CHANNEL);
	struct text level = level_number(h->level);
	uint64_t n;

	if (text_ieq(security, TEXT("Security")) && text_eq(h->level_digit, TEXT("0")))
		level = TEXT("0");
	if (text_absent(level) && text_to_u64(h->level_digit, &n))
		level = h->level_digit;
	if (!text_absent(level))
		builder_fact(b, ROLE_LEVEL, level);
}

static void
add_time(struct event *ev, struct text date, enum date_order order, int32_t zone_offset_s,
	 bool honest_zone)
{
	bool has_zone;

	if (!date_line_parse(date, order, &ev->time_ns, &has_zone)) {
		ev->time_ns = WHEN_NONE;
		ev->remark = TEXT("date in a form that is not known");
		return;
	}
	if (has_zone && honest_zone)
		return;
	ev->flags |= EVENT_ZONE_ASSUMED;
	if (!has_zone)
		ev->time_ns -= (int64_t)zone_offset_s * WHEN_SECOND;
}

/* As a record of its own lines: LF only, no line end at its end. */
static struct text
normalised(struct text record, struct arena *keep)
{
	if (text_find_byte(record, '\r') != TEXT_NOWHERE) {
		char *p = arena_alloc(keep, 1, 1, record.n);

		memcpy(p, record.p, record.n);
		record = (struct text){ p, line_ends_to_lf(p, record.n) };
	}
	while (record.n > 0 && record.p[record.n - 1] == '\n')
		record.n--;
	return record;
}

bool
classic_read(struct event_builder *b, enum record_kind kind, struct text record,
	     enum date_order order, int32_t zone_offset_s, struct arena *keep, struct event *ev)
{
	struct text rest = normalised(record, keep);
	struct header h = { .date = TEXT_NONE };

	builder_clear(b);
	*ev = (struct event){ .format = FORMAT_TEXT, .time_ns = WHEN_NONE };
	if (kind == RECORD_CLASSIC) {
		h.date = text_trim(text_cut(&rest, '\n'));
		read_header(b, &h, &rest, '=', TEXT("Message"), classic_line);
	} else {
		if (kind == RECORD_WEVTUTIL)
			text_cut(&rest, '\n');
		read_header(b, &h, &rest, ':', TEXT("Description"), viewer_line);
		while (rest.n > 0 && rest.p[0] == '\n')
			rest = text_from(rest, 1);
	}
	if (text_absent(builder_get(b, ROLE_EVENT_ID)))
		return false;
	add_level(b, &h);
	if (!text_absent(opcode_number(h.opcode)))
		builder_fact(b, ROLE_OPCODE, opcode_number(h.opcode));
	add_time(ev, h.date, order, zone_offset_s, kind == RECORD_CLASSIC);
	if (!text_absent(rest)) {
		builder_add(b, ROLE_MESSAGE, TEXT_NONE, rest);
		message_fields(b, rest, LABELS_ALL, keep);
	}
	if (!h.ended)
		ev->remark = TEXT("no message: the text may have been cut off in the event");
	else if (h.foreign)
		ev->remark = TEXT("text in another language than English: fields of the message "
				  "have the names that it gives them");
	builder_finish(b, ev);
	return true;
}
