/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/finding_lists.h"

#define NUMBER_BYTES 20 /* of decimal digits and a sign */

static char *
put_number(char *p, uint64_t n)
{
	char   digits[NUMBER_BYTES];
	size_t i = sizeof(digits);

	do
		digits[--i] = (char)('0' + n % 10);
	while (n /= 10);
	memcpy(p, digits + i, sizeof(digits) - i);
	return p + sizeof(digits) - i;
}

static char *
put_item(char *p, struct text t)
{
	if (text_absent(t))
		*p++ = '-';
	else
		p = put_number(p, t.n);
	*p++ = ':';
	if (t.n)
		memcpy(p, t.p, t.n);
	return p + t.n;
}

static size_t
item_room(struct text t)
{
	return t.n + NUMBER_BYTES + 1;
}

struct text
finding_list_text(const struct text *items, size_t n, struct arena *keep)
{
	size_t room = 0;
	char  *start, *p;

	for (size_t i = 0; i < n; i++)
		room += item_room(items[i]);
	start = p = arena_bytes(keep, room + 1);
	for (size_t i = 0; i < n; i++)
		p = put_item(p, items[i]);
	return (struct text){ start, (size_t)(p - start) };
}

struct text
finding_fields_text(const struct finding *f, struct arena *keep)
{
	size_t room = 0;
	char  *start, *p;

	for (uint32_t i = 0; i < f->n_fields; i++)
		room += item_room(f->fields[i].name) + item_room(f->fields[i].value);
	start = p = arena_bytes(keep, room + 1);
	for (uint32_t i = 0; i < f->n_fields; i++)
		p = put_item(put_item(p, f->fields[i].name), f->fields[i].value);
	return (struct text){ start, (size_t)(p - start) };
}

struct text
finding_threats_text(const struct finding *f, struct arena *keep)
{
	size_t room = 0;
	char  *start, *p;

	for (uint32_t i = 0; i < f->n_threats; i++)
		room += item_room(f->threats[i].value) + item_room(f->threats[i].type);
	start = p = arena_bytes(keep, room + 1);
	for (uint32_t i = 0; i < f->n_threats; i++)
		p = put_item(put_item(p, f->threats[i].value), f->threats[i].type);
	return (struct text){ start, (size_t)(p - start) };
}

struct text
finding_events_text(const struct finding *f, struct arena *keep)
{
	char *start = arena_bytes(keep, (size_t)f->n_events * (NUMBER_BYTES + 1) + 2), *p = start;

	*p++ = '[';
	for (uint32_t i = 0; i < f->n_events; i++) {
		if (i > 0)
			*p++ = ',';
		p = put_number(p, (uint64_t)f->events[i]);
	}
	*p++ = ']';
	return (struct text){ start, (size_t)(p - start) };
}

/* The item that T begins with, cut off. */
static bool
take_item(struct text *t, struct text *item)
{
	struct text rest = *t, length = text_cut(&rest, ':');
	uint64_t    n;

	*item = TEXT_NONE;
	if (text_absent(rest))
		return false;
	if (!text_eq(length, TEXT("-"))) {
		if (length.n > NUMBER_BYTES || !text_to_u64(length, &n) || n > rest.n)
			return false;
		*item = text_head(rest, n);
		rest = text_from(rest, n);
	}
	*t = rest;
	return true;
}

void
finding_fields_read(struct text t, struct finding *f, struct arena *keep)
{
	struct finding_field *fields = NULL;
	size_t                cap = 0;
	struct text           name, value;

	f->n_fields = 0;
	while (t.n && take_item(&t, &name) && take_item(&t, &value)) {
		arena_grow(keep, fields, f->n_fields, &cap);
		fields[f->n_fields].name = arena_copy(keep, name);
		fields[f->n_fields++].value = arena_copy(keep, value);
	}
	f->fields = fields;
}

void
finding_threats_read(struct text t, struct finding *f, struct arena *keep)
{
	struct threat_object *threats = NULL;
	size_t                cap = 0;
	struct text           value, type;

	f->n_threats = 0;
	while (t.n && take_item(&t, &value) && take_item(&t, &type)) {
		arena_grow(keep, threats, f->n_threats, &cap);
		threats[f->n_threats].value = arena_copy(keep, value);
		threats[f->n_threats++].type = arena_copy(keep, type);
	}
	f->threats = threats;
}

void
finding_events_read(struct text t, struct finding *f, struct arena *keep)
{
	int64_t *events = NULL, id;
	size_t   cap = 0;

	f->n_events = 0;
	if (t.n < 2 || t.p[0] != '[' || t.p[t.n - 1] != ']')
		return;
	t = text_head(text_from(t, 1), t.n - 2);
	while (t.n && text_to_i64(text_cut(&t, ','), &id)) {
		arena_grow(keep, events, f->n_events, &cap);
		events[f->n_events++] = id;
	}
	f->events = events;
}
