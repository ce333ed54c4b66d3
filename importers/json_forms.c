/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which form a record of JSON has, and what the forms share. */
#include "config.h"
#include "importers/json_form.h"

#include "base/ascii.h"
#include "base/when.h"
#include "importers/event_layouts.h"
#include "importers/message_fields.h"
#include "importers/provider_names.h"
#include "importers/spelling.h"

#define LIST_MAX 4096 /* values of one list that become values of one field */

static const struct json_form *const forms[] = {
#define FORM(name) &json_##name,
#include "importers/json_forms.def"
#undef FORM
	NULL,
};

const struct json_form *
json_form_find(struct json_object *top)
{
	for (size_t i = 0; forms[i]; i++)
		if (forms[i]->matches(top))
			return forms[i];
	return NULL;
}

/* "7,718": as Kibana shows numbers in tables. */
static struct text
without_commas(struct text t, struct arena *keep)
{
	char  *p;
	size_t n = 0;

	if (text_find_byte(t, ',') == TEXT_NOWHERE)
		return t;
	p = arena_new(keep, char, t.n);
	for (size_t i = 0; i < t.n; i++)
		if (t.p[i] != ',')
			p[n++] = t.p[i];
	return (struct text){ p, n };
}

void
json_fact(struct json_run *run, enum evtx_role role, struct text value)
{
	const struct provider_name *p;
	struct text number;

	if (text_absent(value) || (value.n == 0 && role != ROLE_CHANNEL && role != ROLE_HOST))
		return;
	if (role == ROLE_TIME) {
		value = spelling_time(value, run->keep);
	} else if (role == ROLE_RECORD_ID || role == ROLE_EVENT_ID) {
		value = without_commas(value, run->keep);
	} else if (role == ROLE_KEYWORDS) {
		value = spelling_hex64(value, run->keep);
	} else if (role == ROLE_GUID || role == ROLE_ACTIVITY || role == ROLE_RELATED_ACTIVITY) {
		value = spelling_guid(value, true, run->keep);
	} else if (role == ROLE_LEVEL) {
		number = level_number(value);
		value = text_absent(number) ? value : number;
	} else if (role == ROLE_OPCODE) {
		number = opcode_number(value);
		value = text_absent(number) ? value : number;
	} else if (role == ROLE_PROVIDER && (p = provider_find(value))) {
		value = p->name;
	}
	builder_fact(run->b, role, value);
}

void
json_body(struct json_run *run, struct text name, struct json_object *value, bool null_is_empty)
{
	size_t n;

	if (!json_is_list(value)) {
		struct text t = json_text(value, run->keep);

		if (!text_absent(t) || null_is_empty)
			builder_body(run->b, name, text_or_empty(t));
		return;
	}
	n = json_object_array_length(value);
	for (size_t i = 0; i < n && i < LIST_MAX; i++) {
		struct text t = json_text(json_object_array_get_idx(value, i), run->keep);

		builder_body(run->b, name, text_or_empty(t));
	}
}

/* PATTERN may end in '*'. */
static bool
key_matches(struct text pattern, struct text key)
{
	size_t n = pattern.n - 1;

	if (pattern.p[n] == '*')
		return key.n >= n && memcmp(pattern.p, key.p, n) == 0;
	return text_eq(pattern, key);
}

const struct json_key *
json_key_find(const struct json_key *keys, size_t n, struct text key)
{
	for (size_t i = 0; i < n; i++)
		if (key_matches(keys[i].key, key))
			return &keys[i];
	return NULL;
}

void
json_flat(struct json_run *run, struct json_object *top, const struct json_key *keys, size_t n_keys)
{
	for (struct json_member m = json_first(top); !text_absent(m.key); m = json_next(m)) {
		const struct json_key *k = json_key_find(keys, n_keys, m.key);

		if (!k) {
			json_body(run, m.key, m.value, false);
		} else if (k->role == ROLE_MESSAGE) {
			builder_add(run->b, ROLE_MESSAGE, TEXT_NONE, json_text(m.value, run->keep));
		} else if (k->role < ROLE_OTHER_FACT) {
			json_fact(run, k->role, json_text(m.value, run->keep));
		} else if (k->role == ROLE_BODY) {
			json_body(run, k->name, m.value, false);
		}
	}
}

/* Whole and up to nine fraction digits of a decimal number, without a detour through a double. */
static bool
decimal(struct text t, uint64_t *whole, uint64_t *nano)
{
	struct text rest = t;
	struct text head = text_cut(&rest, '.');
	uint64_t unit = 100000000;

	*nano = 0;
	if (text_istarts(head, TEXT("0x")) || !text_to_u64(head, whole))
		return false;
	for (size_t i = 0; i < rest.n; i++) {
		if (rest.p[i] < '0' || rest.p[i] > '9')
			return false;
		*nano += (uint64_t)(rest.p[i] - '0') * unit;
		unit /= 10;
	}
	return true;
}

bool
json_time(struct text t, int64_t *ns, bool *has_zone)
{
	uint64_t whole, nano, unit;

	if (!decimal(t, &whole, &nano))
		return when_from_iso(t, ns, has_zone);
	*has_zone = true;
	if (whole >= UINT64_C(100000000000000000) && whole < UINT64_C(300000000000000000))
		return when_from_filetime(whole, ns);
	if (whole < UINT64_C(100000000000))
		unit = 1000000000;
	else if (whole < UINT64_C(100000000000000))
		unit = 1000000;
	else if (whole < UINT64_C(100000000000000000))
		unit = 1000;
	else
		unit = 1;
	if (whole > (uint64_t)INT64_MAX / unit)
		return false;
	*ns = (int64_t)(whole * unit + (unit == 1000000000 ? nano : nano * unit / 1000000000));
	return true;
}

/* "2024-03-05 10:15:27 CET": what the letters of a zone mean depends on who wrote them. */
static struct text
without_zone_word(struct text t)
{
	size_t n = t.n;

	while (n > 0 && ascii_letter(t.p[n - 1]))
		n--;
	return n > 0 && t.p[n - 1] == ' ' && t.n - n >= 3 ? text_trim(text_head(t, n)) : t;
}

/* json_time, or a date as Windows shows it to people, in the order of the file. */
static bool
local_time(struct json_run *run, struct text t, int64_t *ns, bool *has_zone)
{
	if (json_time(t, ns, has_zone))
		return true;
	if (text_absent(t))
		return false;
	if (!date_line_parse(t, run->order, ns, has_zone)) {
		t = without_zone_word(t);
		if (!when_from_iso(t, ns, has_zone) &&
		    !date_line_parse(t, run->order, ns, has_zone))
			return false;
	}
	if (run->order == DATE_ORDER_OPEN && date_order_assumed(t))
		run->ev->remark = TEXT("order of day and month assumed");
	return true;
}

void
json_set_time(struct json_run *run, struct text t, bool utc_without_zone)
{
	bool has_zone;

	if (!local_time(run, t, &run->ev->time_ns, &has_zone)) {
		run->ev->time_ns = WHEN_NONE;
		return;
	}
	if (!has_zone && !utc_without_zone) {
		run->ev->flags |= EVENT_ZONE_ASSUMED;
		run->ev->time_ns -= run->import_zone_s * WHEN_SECOND;
	}
	builder_fact(run->b, ROLE_TIME, spelling_time_ns(run->ev->time_ns, run->keep));
}

static struct text
unnamed_value(struct json_object *item, struct arena *keep)
{
	struct text t =
	    json_is_object(item) ? json_get_text(item, "Value", keep) : json_text(item, keep);

	return text_or_empty(t);
}

bool
json_unnamed(struct json_run *run, struct json_object *values)
{
	size_t n = json_is_list(values) ? json_object_array_length(values) : 0;
	const struct text *names =
	    event_layout(builder_get(run->b, ROLE_PROVIDER), builder_get(run->b, ROLE_EVENT_ID), n);

	for (size_t i = 0; i < n && i < LIST_MAX; i++)
		builder_body(run->b, names ? names[i] : TEXT("Data"),
			     unnamed_value(json_object_array_get_idx(values, i), run->keep));
	return names != NULL;
}

void
json_fields_of_message(struct json_run *run)
{
	if (!text_absent(run->b->message))
		message_fields(run->b, run->b->message, LABELS_NONE, run->keep);
}

enum json_outcome
json_lost(struct json_run *run, const char *why)
{
	run->why = text_of(why);
	return JSON_LOST;
}

struct text
json_audit_number(struct json_run *run, struct text name, struct json_object *value, struct text t)
{
	static const struct text names[] = { TEXT_INIT("ProcessId"), TEXT_INIT("NewProcessId"),
					     TEXT_INIT("HandleId") };
	bool known = text_iends(name, TEXT("LogonId"));

	if (!json_object_is_type(value, json_type_int) ||
	    !text_ieq(builder_get(run->b, ROLE_CHANNEL), TEXT("Security")))
		return t;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		known |= text_eq(names[i], name);
	return known ? spelling_hex64(t, run->keep) : t;
}

enum event_scope
json_scope(struct json_run *run)
{
	struct event ev = { .format = FORMAT_JSON };

	ev.channel = builder_get(run->b, ROLE_CHANNEL);
	ev.provider = builder_get(run->b, ROLE_PROVIDER);
	event_finish(&ev);
	return ev.scope;
}
