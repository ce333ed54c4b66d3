/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of a named field of an event, by the lines of names.def. */
#include "config.h"

#include "base/ascii.h"
#include "base/names.h"

#include <stdio.h>
#include <string.h>

#include "base/decoded.h"
#include "base/name_entry.h"
#include "base/value_parts.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct text
bare_name(const struct name_ref *ref)
{
	struct text name = ref->name;

	name_model(&name);
	return name;
}

/* Security lists (SidHistory, AccessList) begin each item with a line break and two tabs; before the
 * first one they are no part of the value, and published searches do not expect them. */
static struct text
without_list_break(struct text value)
{
	size_t at = value.p[0] == '\r';

	if (value.n > at + 3 && memcmp(value.p + at, "\n\t\t", 3) == 0)
		return text_from(value, at + 3);
	return value;
}

static size_t
put(struct text *out, size_t n, size_t cap, struct text value)
{
	if (value.n == 0 || n >= cap)
		return n;
	if (value.p[0] == '\n' || value.p[0] == '\r')
		value = without_list_break(value);
	out[n] = value;
	return n + 1;
}

static size_t
fields_named(const struct event *ev, uint32_t from, struct text name, struct text *out, size_t cap)
{
	size_t n = 0;

	for (uint32_t i = from; i < ev->n_fields && n < cap; i++) {
		const struct field *f = &ev->fields[i];

		if (text_eq(f->name, name) && !event_hides(ev, f->name))
			n = put(out, n, cap, f->value);
	}
	return n;
}

static char
lower(char c)
{
	return ascii_upper(c) ? (char)(c | 0x20) : c;
}

/* "New_Value", "New Value" and, in messages, "New value" */
static bool
eq_blank_as_underscore(struct text field, struct text name)
{
	if (field.n != name.n)
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (lower(field.p[i]) != lower(name.p[i]) &&
		    !(field.p[i] == ' ' && name.p[i] == '_'))
			return false;
	return true;
}

/* "SAM_Account_Name" and SamAccountName */
static bool
eq_without_underscores(struct text field, struct text name)
{
	size_t k = 0;

	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '_')
			continue;
		if (k >= field.n || lower(field.p[k]) != lower(name.p[i]))
			return false;
		k++;
	}
	return k == field.n;
}

/* Messages of audit events call fields as labels do: "SAM Account Name", which Splunk reads with
 * underscores; as XML the same event has SamAccountName. */
static bool
is_label(struct text name)
{
	return name.n && ascii_upper(name.p[0]) && text_find_byte(name, '_') != TEXT_NOWHERE;
}

/* Fields of the very spelling. Defender's names hold blanks, which Splunk reads as '_', and are in
 * small letters in its messages. */
static size_t
raw_values(const struct event *ev, const struct name_ref *ref, struct text *out, size_t cap)
{
	struct text name = ref->model == MODEL_NONE ? ref->name : bare_name(ref);
	size_t      n = 0;

	for (uint32_t i = 0; i < ev->n_fields && n < cap; i++) {
		const struct field *f = &ev->fields[i];

		if (f->key == ref->key && text_eq(f->name, name) && !event_hides(ev, f->name))
			n = put(out, n, cap, f->value);
	}
	if (n || (ev->scope != SCOPE_DEFENDER && ev->scope != SCOPE_SECURITY) || !is_label(name))
		return n;
	for (uint32_t i = ev->n_system; i < ev->n_fields && n < cap; i++)
		if (ev->scope == SCOPE_DEFENDER
			? eq_blank_as_underscore(ev->fields[i].name, name)
			: eq_without_underscores(ev->fields[i].name, name))
			n = put(out, n, cap, ev->fields[i].value);
	return n;
}

static struct text
event_id_text(const struct event *ev, struct arena *keep)
{
	if (ev->event_id == 0 &&
	    (ev->scope == SCOPE_CROWDSTRIKE || event_field(ev, 0, TEXT("EventID")) == NULL))
		return TEXT_NONE;
	return part_number(ev->event_id, keep);
}

static struct text
signature(const struct event *ev, struct arena *keep)
{
	struct text title = event_title(ev);

	return title.n ? arena_join(keep, TEXT("Microsoft-Windows-PowerShell "), title)
		       : TEXT_NONE;
}

static struct text
record_id_text(const struct event *ev, struct arena *keep)
{
	return ev->has_record_id ? part_number(ev->record_id, keep) : TEXT_NONE;
}

static struct text
source_text(const struct event *ev, struct arena *keep)
{
	static const struct text common[] = {
		TEXT_INIT("XmlWinEventLog:Security"),
		TEXT_INIT("XmlWinEventLog:System"),
		TEXT_INIT("XmlWinEventLog:Application"),
		TEXT_INIT("XmlWinEventLog:Microsoft-Windows-Sysmon/Operational"),
		TEXT_INIT("XmlWinEventLog:Microsoft-Windows-PowerShell/Operational"),
	};
	const size_t head = sizeof("XmlWinEventLog:") - 1;

	if (ev->scope == SCOPE_CROWDSTRIKE)
		return TEXT("crowdstrike");
	for (size_t i = 0; i < COUNT(common); i++)
		if (text_eq(text_from(common[i], head), ev->channel))
			return common[i];
	return ev->channel.n ? arena_join(keep, TEXT("XmlWinEventLog:"), ev->channel) : TEXT_NONE;
}

struct called {
	struct text name, by_splunk;
};

/* By Splunk's add-ons for IIS and Exchange. */
static const struct called named_sources[] = {
	{ TEXT_INIT("Microsoft-IIS-Configuration/Operational"),
	  TEXT_INIT("IIS:Configuration:Operational") },
	{ TEXT_INIT("MSExchange Management"), TEXT_INIT("MSExchange:management") },
};

static struct text
source_of_channel(struct text channel)
{
	for (size_t i = 0; i < COUNT(named_sources); i++)
		if (text_ieq(named_sources[i].name, channel))
			return named_sources[i].by_splunk;
	return TEXT_NONE;
}

struct text
channel_of_source(struct text source)
{
	for (size_t i = 0; i < COUNT(named_sources); i++)
		if (text_ieq(named_sources[i].by_splunk, source))
			return named_sources[i].name;
	return TEXT_NONE;
}

static struct text
sourcetype_text(const struct event *ev)
{
	if (ev->scope == SCOPE_CROWDSTRIKE)
		return TEXT("crowdstrike:events:sensor");
	return ev->channel.n ? TEXT("XmlWinEventLog") : TEXT_NONE;
}

static struct text
eventtype_text(const struct event *ev)
{
	if (text_ieq(ev->channel, TEXT("Security")))
		return TEXT("wineventlog_security");
	if (text_ieq(ev->channel, TEXT("System")))
		return TEXT("wineventlog_system");
	if (text_ieq(ev->channel, TEXT("Application")))
		return TEXT("wineventlog_application");
	return TEXT_NONE;
}

/* By the names that the providers' message files have, which text logs show. */
static const struct called text_log_names[] = {
	{ TEXT_INIT("Microsoft-Windows-Security-Auditing"),
	  TEXT_INIT("Microsoft Windows security auditing.") },
	{ TEXT_INIT("Service Control Manager"),
	  TEXT_INIT("Microsoft-Windows-Service Control Manager") },
	{ TEXT_INIT("Microsoft-Windows-WinRM"),
	  TEXT_INIT("Microsoft-Windows-Windows Remote Management") },
};

static struct text
text_log_name(struct text provider)
{
	for (size_t i = 0; i < COUNT(text_log_names); i++)
		if (text_ieq(text_log_names[i].name, provider))
			return text_log_names[i].by_splunk;
	return TEXT_NONE;
}

struct sid_account {
	struct text sid, account;
};

struct text
sid_name(struct text sid)
{
	static const struct sid_account known[] = {
		{ TEXT_INIT("S-1-1-0"), TEXT_INIT("Everyone") },
		{ TEXT_INIT("S-1-5-7"), TEXT_INIT("ANONYMOUS LOGON") },
		{ TEXT_INIT("S-1-5-11"), TEXT_INIT("Authenticated Users") },
		{ TEXT_INIT("S-1-5-18"), TEXT_INIT("NT AUTHORITY\\SYSTEM") },
		{ TEXT_INIT("S-1-5-19"), TEXT_INIT("NT AUTHORITY\\LOCAL SERVICE") },
		{ TEXT_INIT("S-1-5-20"), TEXT_INIT("NT AUTHORITY\\NETWORK SERVICE") },
	};

	for (size_t i = 0; i < COUNT(known); i++)
		if (text_eq(known[i].sid, sid))
			return known[i].account;
	return TEXT_NONE;
}

static bool
is_object_of(const struct event *ev, enum name_how how)
{
	struct text type = event_body(ev, TEXT("ObjectType"));

	if (how == HOW_OBJECT_KEY)
		return text_ieq(type, TEXT("Key")) || text_ieq(type, TEXT("Registry"));
	return text_ieq(type, TEXT("File"));
}

static size_t
list_values(struct text list, struct text *out, size_t cap)
{
	size_t n = 0;

	while (list.n && n < cap)
		n = put(out, n, cap, text_trim(text_cut(&list, ';')));
	return n;
}

/* Lines that can give several values. */
/* A message says "Account Name" of the subject, then of the target: of a group, of its member. */
static size_t
account_values(const struct event *ev, struct text target, struct text *out, size_t cap)
{
	bool        name = text_eq(target, TEXT("TargetUserName"));
	bool        sid = text_eq(target, TEXT("TargetUserSid"));
	struct text subject = name  ? TEXT("SubjectUserName")
			      : sid ? TEXT("SubjectUserSid")
				    : TEXT("SubjectDomainName");
	size_t      n = fields_named(ev, ev->n_system, subject, out, cap);

	if (name && event_changes_group(ev))
		return n + fields_named(ev, ev->n_system, TEXT("MemberName"), out + n, cap - n);
	if (sid && event_changes_group(ev))
		n += fields_named(ev, ev->n_system, TEXT("MemberSid"), out + n, cap - n);
	if (sid)
		n += fields_named(ev, ev->n_system, TEXT("TargetSid"), out + n, cap - n);
	if (event_changes_group(ev))
		return n;
	return n + fields_named(ev, ev->n_system, target, out + n, cap - n);
}

static size_t
many_values(const struct event *ev, const struct name_entry *e, struct text *out, size_t cap)
{
	bool   provider = e->how == HOW_PROVIDER || e->how == HOW_SPELLED;
	size_t n = 0;

	if (e->how == HOW_LIST)
		return list_values(event_get(ev, e->argument), out, cap);
	if (e->how == HOW_LAST_PARTS) {
		n = list_values(event_get(ev, e->argument), out, cap);
		for (size_t i = 0; i < n; i++)
			out[i] = text_last_part(out[i]);
		return n;
	}
	if (e->how == HOW_ACCOUNTS)
		return account_values(ev, e->argument, out, cap);
	if (e->how == HOW_TAGS)
		return model_tags(ev, out, cap);
	if (e->how == HOW_BODY)
		return fields_named(ev, ev->n_system, e->argument, out, cap);
	n = fields_named(ev, 0, provider ? TEXT("Name") : e->argument, out, cap);
	if (n == 0 && provider)
		n = put(out, 0, cap, ev->provider);
	return n;
}

/* Of a value without a name, else of the message, which is all that some sources have of it. */
static struct text
data_line(const struct event *ev, struct text key)
{
	struct text value = TEXT_NONE;

	for (uint32_t i = ev->n_system; i < ev->n_fields && value.n == 0; i++)
		if (text_eq(ev->fields[i].name, TEXT("Data")))
			value = part_line(ev->fields[i].value, key);
	return value.n ? value : part_line(ev->message, key);
}

/* Lines that make their value of one field. */
static struct text
field_value(const struct event *ev, const struct name_entry *e, struct arena *keep)
{
	struct text value = event_get(ev, e->argument);

	switch ((int)e->how) {
	case HOW_REAL:
	case HOW_ACCOUNT:
		return part_unless(event_body(ev, e->argument), TEXT("-"));
	case HOW_SID:
		return part_unless(event_body(ev, e->argument), TEXT("S-1-0-0"));
	case HOW_TRIM:
		return text_trim(value);
	case HOW_LAST_PART:
	case HOW_KEY_NAME:
		return text_last_part(value);
	case HOW_LOWER:
		return arena_fold(keep, value);
	case HOW_HASH:
		value = part_hash(event_get(ev, TEXT("Hashes")), e->argument);
		return text_absent(value) ? part_hash(event_get(ev, TEXT("Hash")), e->argument)
					  : value;
	case HOW_NTH_DATA:
		return event_nth_data(ev, (uint32_t)(e->argument.p[0] - '0'));
	case HOW_DATA_LINE:
		return data_line(ev, e->argument);
	case HOW_HIVE:
		return text_cut(&value, '\\');
	case HOW_REGISTRY_DATA:
		return part_registry_data(value);
	case HOW_FIRST_PROGRAM:
		return text_last_part(part_program(&value));
	case HOW_COMMAND_HEAD:
		return part_program(&value);
	case HOW_COMMAND_REST:
		return part_command_rest(value);
	case HOW_OBJECT_FILE:
	case HOW_OBJECT_KEY:
		return is_object_of(ev, e->how) ? value : TEXT_NONE;
	case HOW_OBJECT_FILE_NAME:
		return is_object_of(ev, e->how) ? text_last_part(value) : TEXT_NONE;
	case HOW_UNQUOTED:
		return part_unquoted(value);
	case HOW_FIRST_NUMBER:
		return part_first_number(value);
	case HOW_KB_NUMBER:
		return part_kb(value);
	case HOW_REMOTE_ADDRESS:
		return text_eq(value, TEXT("::1")) ? TEXT_NONE : part_unless(value, TEXT("127.0.0.1"));
	case HOW_NOT_ZERO:
		return part_unless_zero(value);
	case HOW_SID_NAME:
		return sid_name(value);
	case HOW_CONST:
		return e->argument;
	}
	return TEXT_NONE;
}

/* Lines that make it of the event's own facts. */
static struct text
fact_value(const struct event *ev, const struct name_entry *e, struct arena *keep)
{
	bool built;

	switch ((int)e->how) {
	case HOW_EVENT_NAME:
		return ev->event_name;
	case HOW_COMPUTER:
		return ev->host;
	case HOW_HOST:
		return part_first_label(ev->host);
	case HOW_CHANNEL:
		return ev->channel;
	case HOW_SOURCE:
		return source_text(ev, keep);
	case HOW_SOURCETYPE:
		return sourcetype_text(ev);
	case HOW_EVENTTYPE:
		return eventtype_text(ev);
	case HOW_EVENT_ID:
		return event_id_text(ev, keep);
	case HOW_PROVIDER_GUID:
		return part_provider_guid(ev->provider);
	case HOW_RECORD_ID:
		return record_id_text(ev, keep);
	case HOW_TIME:
		return part_epoch(ev->time_ns, keep);
	case HOW_DATE:
		return part_date(ev->time_ns, e->argument, keep);
	case HOW_WHOLE_EVENT:
		return event_raw(ev, keep);
	case HOW_SYSTEM_XML:
		return event_system_xml(ev, keep);
	case HOW_EVENT_XML:
		return event_body_xml(ev, keep);
	case HOW_USER_XML:
		return event_user_xml(ev, keep);
	case HOW_MESSAGE:
		return event_message(ev, keep, &built);
	case HOW_ATTRIBUTES:
		return event_attributes(ev, keep);
	case HOW_ACCOUNT_CONTROL:
		return event_account_control(ev, keep);
	case HOW_TITLE:
		return event_title(ev);
	case HOW_SIGNATURE:
		return signature(ev, keep);
	}
	return TEXT_NONE;
}

enum maker { MAKER_MANY, MAKER_FIELD, MAKER_FACT, MAKER_MODEL, MAKER_CHANGE, MAKER_SHOWN };

/* Values of one line of the table; CAP is at least 1. */
static size_t
entry_values(const struct event *ev, const struct name_entry *e, struct arena *keep,
	     struct text *out, size_t cap)
{
	static const enum maker makers[] = {
#define HOW(word, origin, verbatim, maker) [HOW_##word] = MAKER_##maker,
		NAME_HOWS
#undef HOW
	};

	switch (makers[e->how]) {
	case MAKER_MANY:
		return many_values(ev, e, out, cap);
	case MAKER_FIELD:
		out[0] = field_value(ev, e, keep);
		break;
	case MAKER_FACT:
		out[0] = fact_value(ev, e, keep);
		break;
	case MAKER_MODEL:
		out[0] = model_value(ev, e, keep);
		break;
	case MAKER_CHANGE:
		out[0] = change_value(ev, e);
		break;
	case MAKER_SHOWN:
		out[0] = shown_value(ev, e, keep);
		break;
	}
	return out[0].n ? 1 : 0;
}

/* Facts of the event that no field of the same spelling stands in for. */
static bool
is_core(const struct name_ref *ref)
{
	return ref->n_entries && name_verbatim(&ref->entries[ref->n_entries - 1]) == VERBATIM_CORE;
}

const struct name_entry *
name_make(const struct event *ev, const struct name_ref *ref, struct arena *keep,
	    struct text *out, size_t cap, size_t *n)
{
	*n = 0;
	if (cap == 0 || (ref->model != MODEL_NONE && !model_has(ref->model, ev)))
		return NULL;
	for (uint32_t i = 0; i < ref->n_entries; i++) {
		const struct name_entry *e = &ref->entries[i];

		if (!name_applies(ev, e))
			continue;
		*n = entry_values(ev, e, keep, out, cap);
		if (*n)
			return e;
	}
	if (ref->model == MODEL_NONE && !is_core(ref))
		*n = raw_values(ev, ref, out, cap);
	return NULL;
}

static bool
how_is_fixed(enum name_how how, const struct event *kind)
{
	return how == HOW_CHANNEL || how == HOW_SOURCE || how == HOW_SOURCETYPE ||
	       how == HOW_EVENTTYPE || how == HOW_CONST ||
	       (how == HOW_EVENT_ID && kind->event_id != 0);
}

bool
name_is_fixed(const struct name_ref *ref, const struct event *kind)
{
	if (ref->model != MODEL_NONE && !model_is_fixed(ref->model, kind))
		return false;
	for (uint32_t i = 0; i < ref->n_entries; i++) {
		const struct name_entry *e = &ref->entries[i];

		if (!name_applies(kind, e))
			continue;
		if (!how_is_fixed(e->how, kind))
			return false;
		/* the lines behind it are asked only when it has no value */
		if (e->how == HOW_EVENT_ID || (e->how == HOW_CONST && e->argument.n))
			return true;
	}
	return ref->model != MODEL_NONE || is_core(ref);
}

size_t
event_values(const struct event *ev, const struct name_ref *ref, struct arena *keep,
	     struct text *out, size_t cap)
{
	size_t n;

	name_values(ev, ref, keep, out, cap, &n);
	return n;
}

struct text
event_value(const struct event *ev, const struct name_ref *ref, struct arena *keep)
{
	struct text value;

	return event_values(ev, ref, keep, &value, 1) ? value : TEXT_NONE;
}

size_t
event_match_values(const struct event *ev, const struct name_ref *ref, struct arena *keep,
		   struct text *out, size_t cap, bool *one)
{
	size_t                   n;
	const struct name_entry *e = name_values(ev, ref, keep, out, cap, &n);

	*one = n == 1;
	if (e == NULL)
		return n;
	if ((e->how == HOW_SOURCE || e->how == HOW_SOURCETYPE) && ev->scope == SCOPE_OTHER)
		n = put(out, n, cap, source_of_channel(ev->channel));
	if (e->how == HOW_SOURCE && ev->scope != SCOPE_CROWDSTRIKE) {
		if (text_istarts(ev->channel, TEXT("Linux-Sysmon/")))
			n = put(out, n, cap, arena_join(keep, TEXT("Syslog:"), ev->channel));
		return put(out, n, cap, text_from(out[0], sizeof("Xml") - 1));
	}
	if (e->how == HOW_SPELLED)
		return put(out, n, cap, text_log_name(out[0]));
	if (e->how == HOW_SOURCETYPE && ev->scope != SCOPE_CROWDSTRIKE) {
		struct text source = source_text(ev, keep);

		n = put(out, n, cap, TEXT("WinEventLog"));
		n = put(out, n, cap, source);
		return put(out, n, cap, text_from(source, sizeof("Xml") - 1));
	}
	if (e->how == HOW_ACCOUNT && text_find_byte(out[0], '\\') != TEXT_NOWHERE)
		return put(out, n, cap, text_last_part(out[0]));
	if (e->how == HOW_KEY_NAME)
		return put(out, n, cap, event_get(ev, e->argument));
	if (e->how == HOW_HOST && ev->host.n != out[0].n)
		return put(out, n, cap, ev->host);
	return n;
}
