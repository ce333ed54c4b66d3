/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of a named field of an event, by the lines of names.def. */
#include "config.h"

#include "base/ascii.h"
#include "base/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decoded.h"
#include "base/name_entry.h"
#include "base/when.h"

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

static bool
eq_blank_as_underscore(struct text field, struct text name)
{
	if (field.n != name.n)
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (field.p[i] != name.p[i] && !(field.p[i] == ' ' && name.p[i] == '_'))
			return false;
	return true;
}

static char
lower(char c)
{
	return ascii_upper(c) ? (char)(c | 0x20) : c;
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

/* Fields of the very spelling. Defender's names hold blanks, which Splunk reads as '_'. */
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
first_label(struct text host)
{
	size_t dot = text_find_byte(host, '.');
	bool   address =
	    host.n && ascii_digit(host.p[0]) && text_rfind_byte(host, '.') != dot;

	/* 192.0.2.7 has no labels */
	for (size_t i = 0; address && i < host.n; i++)
		address = host.p[i] == '.' || ascii_digit(host.p[i]);
	return dot == TEXT_NOWHERE || address ? host : text_head(host, dot);
}

static struct text
print_number(struct arena *keep, uint64_t number)
{
	char   digits[20], *at = digits + sizeof(digits);
	size_t n;
	char  *copy;

	do {
		*--at = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	n = (size_t)(digits + sizeof(digits) - at);
	copy = arena_new(keep, char, n);
	memcpy(copy, at, n);
	return (struct text){ copy, n };
}

/* Every number of four digits, so that an event id needs no memory. */
#define DIGITS_1(a, b, c) { a, b, c, '0' }, { a, b, c, '1' }, { a, b, c, '2' },                    \
	{ a, b, c, '3' }, { a, b, c, '4' }, { a, b, c, '5' }, { a, b, c, '6' }, { a, b, c, '7' },  \
	{ a, b, c, '8' }, { a, b, c, '9' }
#define DIGITS_2(a, b)    DIGITS_1(a, b, '0'), DIGITS_1(a, b, '1'), DIGITS_1(a, b, '2'),           \
	DIGITS_1(a, b, '3'), DIGITS_1(a, b, '4'), DIGITS_1(a, b, '5'), DIGITS_1(a, b, '6'),        \
	DIGITS_1(a, b, '7'), DIGITS_1(a, b, '8'), DIGITS_1(a, b, '9')
#define DIGITS_3(a)       DIGITS_2(a, '0'), DIGITS_2(a, '1'), DIGITS_2(a, '2'), DIGITS_2(a, '3'),  \
	DIGITS_2(a, '4'), DIGITS_2(a, '5'), DIGITS_2(a, '6'), DIGITS_2(a, '7'), DIGITS_2(a, '8'),  \
	DIGITS_2(a, '9')

static struct text
small_number(uint32_t number)
{
	static const char digits[10000][4] = {
		DIGITS_3('0'), DIGITS_3('1'), DIGITS_3('2'), DIGITS_3('3'), DIGITS_3('4'),
		DIGITS_3('5'), DIGITS_3('6'), DIGITS_3('7'), DIGITS_3('8'), DIGITS_3('9'),
	};
	size_t zeros = (size_t)(number < 10) + (number < 100) + (number < 1000);

	return (struct text){ digits[number] + zeros, 4 - zeros };
}

static struct text
event_id_text(const struct event *ev, struct arena *keep)
{
	if (ev->event_id == 0 &&
	    (ev->scope == SCOPE_CROWDSTRIKE || event_field(ev, 0, TEXT("EventID")) == NULL))
		return TEXT_NONE;
	return ev->event_id < 10000 ? small_number(ev->event_id) : print_number(keep, ev->event_id);
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
	return ev->has_record_id ? print_number(keep, ev->record_id) : TEXT_NONE;
}

/* Epoch seconds, fraction without trailing zeros. */
static struct text
epoch_text(int64_t time_ns, struct arena *keep)
{
	int64_t seconds = time_ns / WHEN_SECOND, ns = time_ns % WHEN_SECOND;
	char    buf[48];
	int     n;

	if (time_ns == WHEN_NONE)
		return TEXT_NONE;
	if (ns == 0)
		return arena_printf(keep, "%lld", (long long)seconds);
	n = snprintf(buf, sizeof(buf), "%s%lld.%09lld", time_ns < 0 ? "-" : "",
		     (long long)(seconds < 0 ? -seconds : seconds), (long long)(ns < 0 ? -ns : ns));
	while (buf[n - 1] == '0')
		n--;
	return arena_copy(keep, (struct text){ buf, (size_t)n });
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

struct named_source {
	struct text channel, source;
};

/* By Splunk's add-ons for IIS and Exchange. */
static const struct named_source named_sources[] = {
	{ TEXT_INIT("Microsoft-IIS-Configuration/Operational"),
	  TEXT_INIT("IIS:Configuration:Operational") },
	{ TEXT_INIT("MSExchange Management"), TEXT_INIT("MSExchange:management") },
};

struct text
source_of_channel(struct text channel)
{
	for (size_t i = 0; i < COUNT(named_sources); i++)
		if (text_ieq(named_sources[i].channel, channel))
			return named_sources[i].source;
	return TEXT_NONE;
}

struct text
channel_of_source(struct text source)
{
	for (size_t i = 0; i < COUNT(named_sources); i++)
		if (text_ieq(named_sources[i].source, source))
			return named_sources[i].channel;
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

struct provider_guid {
	struct text provider, guid;
};

static struct text
provider_guid(struct text provider)
{
	static const struct provider_guid known[] = {
		{ TEXT_INIT("Microsoft-Windows-PowerShell"),
		  TEXT_INIT("{A0C1853B-5C40-4B15-8766-3CF1C58F985A}") },
		{ TEXT_INIT("PowerShellCore"),
		  TEXT_INIT("{F90714A8-5509-434A-BF6D-B1624C8A19A2}") },
		{ TEXT_INIT("Microsoft-Windows-Security-Auditing"),
		  TEXT_INIT("{54849625-5478-4994-A5BA-3E3B0328C30D}") },
		{ TEXT_INIT("Microsoft-Windows-Sysmon"),
		  TEXT_INIT("{5770385F-C22A-43E0-BF4C-06F5698FFBD9}") },
		{ TEXT_INIT("Microsoft-Windows-WMI-Activity"),
		  TEXT_INIT("{1418EF04-B0B4-4623-BF7E-D74AB47BBDAA}") },
		{ TEXT_INIT("Microsoft-Windows-WinRM"),
		  TEXT_INIT("{A7975C8F-AC13-49F1-87DA-5A984A4AB417}") },
	};

	for (size_t i = 0; i < COUNT(known); i++)
		if (text_ieq(known[i].provider, provider))
			return known[i].guid;
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

/* "MD5=0123,SHA256=4567": the part of the algorithm. */
static struct text
hash_part(struct text hashes, struct text algorithm)
{
	while (hashes.n) {
		struct text part = text_cut(&hashes, ',');

		if (part.n > algorithm.n && part.p[algorithm.n] == '=' &&
		    text_istarts(part, algorithm))
			return text_from(part, algorithm.n + 1);
	}
	return TEXT_NONE;
}

static struct text
unless(struct text value, struct text nobody)
{
	return text_eq(value, TEXT("-")) || text_eq(value, nobody) ? TEXT_NONE : value;
}

static struct text
unless_zero(struct text value)
{
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] != '0')
			return value;
	return TEXT_NONE;
}

static struct text
registry_data(struct text details)
{
	static const struct text kinds[] = { TEXT_INIT("DWORD ("), TEXT_INIT("QWORD (") };

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (text_istarts(details, kinds[i]) && details.p[details.n - 1] == ')')
			return text_head(text_from(details, kinds[i].n),
					 details.n - kinds[i].n - 1);
	return details;
}

/* The program at the head of a command line, without quotes; *COMMAND becomes what is behind it. */
static struct text
cut_program(struct text *command)
{
	*command = text_trim(*command);
	if (command->n && command->p[0] == '"') {
		*command = text_from(*command, 1);
		return text_cut(command, '"');
	}
	return text_cut(command, ' ');
}

static struct text
command_rest(struct text command)
{
	cut_program(&command);
	return text_trim(command);
}

static struct text
unquoted(struct text value)
{
	if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
		return text_from(text_head(value, value.n - 1), 1);
	return value;
}

static struct text
first_number(struct text value)
{
	size_t from = 0, to;

	while (from < value.n && !ascii_digit(value.p[from]))
		from++;
	for (to = from; to < value.n && ascii_digit(value.p[to]);)
		to++;
	return from < to ? text_from(text_head(value, to), from) : TEXT_NONE;
}

/* "2022-05 Update (KB5013942)" -> "KB5013942" */
static struct text
kb_number(struct text title)
{
	size_t at = text_find(title, TEXT("KB"));
	size_t to = at + 2;

	if (at == TEXT_NOWHERE)
		return TEXT_NONE;
	while (to < title.n && ascii_digit(title.p[to]))
		to++;
	return to > at + 2 ? text_from(text_head(title, to), at) : TEXT_NONE;
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
	size_t n = 0;

	if (e->how == HOW_LIST)
		return list_values(event_get(ev, e->argument), out, cap);
	if (e->how == HOW_ACCOUNTS)
		return account_values(ev, e->argument, out, cap);
	if (e->how == HOW_TAGS)
		return model_tags(ev, out, cap);
	if (e->how == HOW_BODY)
		return fields_named(ev, ev->n_system, e->argument, out, cap);
	n = fields_named(ev, 0, e->how == HOW_PROVIDER ? TEXT("Name") : e->argument, out, cap);
	if (n == 0 && e->how == HOW_PROVIDER)
		n = put(out, 0, cap, ev->provider);
	return n;
}

/* Lines that make their value of one field. */
static struct text
field_value(const struct event *ev, const struct name_entry *e, struct arena *keep)
{
	struct text value = event_get(ev, e->argument);

	switch ((int)e->how) {
	case HOW_REAL:
	case HOW_ACCOUNT:
		return unless(event_body(ev, e->argument), TEXT("-"));
	case HOW_SID:
		return unless(event_body(ev, e->argument), TEXT("S-1-0-0"));
	case HOW_TRIM:
		return text_trim(value);
	case HOW_LAST_PART:
	case HOW_KEY_NAME:
		return text_last_part(value);
	case HOW_LOWER:
		return arena_fold(keep, value);
	case HOW_HASH:
		value = hash_part(event_get(ev, TEXT("Hashes")), e->argument);
		return text_absent(value) ? hash_part(event_get(ev, TEXT("Hash")), e->argument)
					  : value;
	case HOW_NTH_DATA:
		return event_nth_data(ev, (uint32_t)(e->argument.p[0] - '0'));
	case HOW_HIVE:
		return text_cut(&value, '\\');
	case HOW_REGISTRY_DATA:
		return registry_data(value);
	case HOW_FIRST_PROGRAM:
		return text_last_part(cut_program(&value));
	case HOW_COMMAND_HEAD:
		return cut_program(&value);
	case HOW_COMMAND_REST:
		return command_rest(value);
	case HOW_OBJECT_FILE:
	case HOW_OBJECT_KEY:
		return is_object_of(ev, e->how) ? value : TEXT_NONE;
	case HOW_OBJECT_FILE_NAME:
		return is_object_of(ev, e->how) ? text_last_part(value) : TEXT_NONE;
	case HOW_UNQUOTED:
		return unquoted(value);
	case HOW_FIRST_NUMBER:
		return first_number(value);
	case HOW_KB_NUMBER:
		return kb_number(value);
	case HOW_REMOTE_ADDRESS:
		return text_eq(value, TEXT("::1")) ? TEXT_NONE : unless(value, TEXT("127.0.0.1"));
	case HOW_NOT_ZERO:
		return unless_zero(value);
	case HOW_SID_NAME:
		return sid_name(value);
	case HOW_CONST:
		return e->argument;
	}
	return TEXT_NONE;
}

/* What Splunk keeps of a time in fields of their own: date_hour, date_wday ... */
static struct text
date_part(int64_t ns, struct text part, struct arena *keep)
{
	static const struct text days[] = {
		TEXT_INIT("sunday"),   TEXT_INIT("monday"), TEXT_INIT("tuesday"),  TEXT_INIT("wednesday"),
		TEXT_INIT("thursday"), TEXT_INIT("friday"), TEXT_INIT("saturday"),
	};
	static const struct text months[] = {
		TEXT_INIT("january"), TEXT_INIT("february"), TEXT_INIT("march"),
		TEXT_INIT("april"),   TEXT_INIT("may"),      TEXT_INIT("june"),
		TEXT_INIT("july"),    TEXT_INIT("august"),   TEXT_INIT("september"),
		TEXT_INIT("october"), TEXT_INIT("november"), TEXT_INIT("december"),
	};
	struct when_fields f;
	int                n;

	if (ns == WHEN_NONE)
		return TEXT_NONE;
	f = when_split(ns);
	if (text_eq(part, TEXT("wday")))
		return days[f.weekday];
	if (text_eq(part, TEXT("month")))
		return months[f.month - 1];
	n = text_eq(part, TEXT("hour"))	    ? f.hour
	    : text_eq(part, TEXT("mday"))   ? f.day
	    : text_eq(part, TEXT("minute")) ? f.minute
	    : text_eq(part, TEXT("second")) ? f.second
					    : f.year;
	return arena_printf(keep, "%d", n);
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
		return first_label(ev->host);
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
		return provider_guid(ev->provider);
	case HOW_RECORD_ID:
		return record_id_text(ev, keep);
	case HOW_TIME:
		return epoch_text(ev->time_ns, keep);
	case HOW_DATE:
		return date_part(ev->time_ns, e->argument, keep);
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
	case HOW_TITLE:
		return event_title(ev);
	case HOW_SIGNATURE:
		return signature(ev, keep);
	}
	return TEXT_NONE;
}

enum maker { MAKER_MANY, MAKER_FIELD, MAKER_FACT, MAKER_MODEL, MAKER_CHANGE };

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
	}
	return out[0].n ? 1 : 0;
}

static bool
entry_applies(const struct event *ev, const struct name_entry *e)
{
	return (e->scope == SCOPE_ANY || e->scope == ev->scope) &&
	       (e->event_id == 0 || e->event_id == ev->event_id);
}

/* Facts of the event that no field of the same spelling stands in for. */
static bool
is_core(const struct name_ref *ref)
{
	return ref->n_entries && name_verbatim(&ref->entries[ref->n_entries - 1]) == VERBATIM_CORE;
}

static const struct name_entry *
make_values(const struct event *ev, const struct name_ref *ref, struct arena *keep,
	    struct text *out, size_t cap, size_t *n)
{
	*n = 0;
	if (cap == 0 || (ref->model != MODEL_NONE && !model_has(ref->model, ev)))
		return NULL;
	for (uint32_t i = 0; i < ref->n_entries; i++) {
		const struct name_entry *e = &ref->entries[i];

		if (!entry_applies(ev, e))
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

		if (!entry_applies(kind, e))
			continue;
		if (!how_is_fixed(e->how, kind))
			return false;
		/* the lines behind it are asked only when it has no value */
		if (e->how == HOW_EVENT_ID || (e->how == HOW_CONST && e->argument.n))
			return true;
	}
	return ref->model != MODEL_NONE || is_core(ref);
}

/* ---- kept views ---- */

#define VIEWS     256 /* a power of two */
#define VIEW_MAX  4   /* values; of more, none are kept */
#define VIEW_ROOM ((size_t)1 << 30)
#define VIEW_MOST ((size_t)64 << 20) /* of that; behind it, values go where they are asked for */
#define VIEW_KEPT ((size_t)1 << 20) /* of that, from event to event */

struct view {
	const struct name_entry *entries, *made_by;
	uint64_t                 event; /* that it is of */
	uint32_t                 n;
	enum model               model;
	struct text              values[VIEW_MAX];
};

struct event_views {
	struct arena arena; /* of values that were made */
	uint64_t     event;
	struct view  views[VIEWS];
};

struct event_views *
views_new(void)
{
	struct event_views *v = calloc(1, sizeof(*v));

	if (!v)
		arena_exhausted(sizeof(*v));
	v->arena = arena_open(VIEW_ROOM);
	return v;
}

void
views_free(struct event_views *v)
{
	if (!v)
		return;
	arena_close(&v->arena);
	free(v);
}

struct event
views_of(struct event_views *v, const struct event *ev)
{
	struct event own = *ev;

	v->event++;
	if (arena_used(&v->arena) > VIEW_KEPT)
		arena_reset(&v->arena, VIEW_KEPT);
	v->arena.at = v->arena.start;
	own.views = v;
	return own;
}

const struct name_entry *
name_values(const struct event *ev, const struct name_ref *ref, struct arena *keep,
	    struct text *out, size_t cap, size_t *n)
{
	struct event_views *views = ev->views;
	struct view        *v;

	if (!views || !ref->n_entries || cap < NAME_VALUES_MAX)
		return make_values(ev, ref, keep, out, cap, n);
	v = &views->views[((uintptr_t)ref->entries / sizeof(*ref->entries)) & (VIEWS - 1)];
	if (v->event != views->event || v->entries != ref->entries || v->model != ref->model) {
		bool                     full = arena_used(&views->arena) > VIEW_MOST;
		const struct name_entry *by =
		    make_values(ev, ref, full ? keep : &views->arena, out, cap, n);

		if (full || *n > VIEW_MAX)
			return by;
		*v = (struct view){ ref->entries, by, views->event, (uint32_t)*n, ref->model,
				    { { 0 } } };
		memcpy(v->values, out, *n * sizeof(*out));
		return by;
	}
	*n = v->n;
	memcpy(out, v->values, v->n * sizeof(*out));
	return v->made_by;
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
