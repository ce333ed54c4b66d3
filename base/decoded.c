/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/decoded.h"

#include "base/name_entry.h"
#include "base/unwrap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct decodable {
	enum event_scope scope;
	uint32_t         event_id; /* 0: any */
	struct text      field, decoded;
	bool             looked_up; /* not made of the field itself */
};

static const struct decodable decodables[] = {
#define DECODED(where, id, name)                                                                   \
	{ .scope = SCOPE_##where, .event_id = (id), .field = TEXT_INIT(name),                      \
	  .decoded = TEXT_INIT(name "_decoded") },
#define LOOKED_UP(where, name)                                                                     \
	{ .scope = SCOPE_##where, .field = TEXT_INIT(name),                                        \
	  .decoded = TEXT_INIT(name "_decoded"), .looked_up = true },
#include "base/decoded.def"
#undef LOOKED_UP
#undef DECODED
};

bool
name_is_decoded(struct text name)
{
	if (name.n == 0 || name.p[name.n - 1] != 'd')
		return false;
	for (size_t i = 0; i < COUNT(decodables); i++)
		if (text_eq(decodables[i].decoded, name))
			return true;
	return false;
}

static bool
applies(const struct decodable *d, const struct event *ev)
{
	return d->scope == ev->scope && (d->event_id == 0 || d->event_id == ev->event_id);
}

/* The layers on lines of their own; what is absent has none. */
static struct text
layers_text(const struct layer *layers, size_t n, struct arena *keep)
{
	size_t bytes = 0, at = 0;
	char  *all;

	for (size_t i = 0; i < n; i++)
		bytes += layers[i].text.n + 1;
	if (bytes == 0)
		return TEXT_NONE;
	all = arena_bytes(keep, bytes);
	for (size_t i = 0; i < n; i++) {
		memcpy(all + at, layers[i].text.p, layers[i].text.n);
		at += layers[i].text.n;
		all[at++] = '\n';
	}
	return (struct text){ all, bytes - 1 };
}

static struct text
decoded_value(const struct event *ev, const struct decodable *d, size_t *patience,
	      struct arena *keep)
{
	struct arena  scratch = *keep;
	size_t        own = UNWRAP_WORK;
	struct layer *layers;
	size_t        n = unwrap_patiently(event_body(ev, d->field), patience ? patience : &own,
					   &scratch, &layers);
	struct text   value = layers_text(layers, n, &scratch);

	if (text_absent(value))
		return value;
	/* moved over what was needed to make it */
	memmove(keep->at, value.p, value.n);
	value.p = keep->at;
	keep->at += value.n;
	return value;
}

void
event_set_decoded(struct event *ev, struct text name, struct text value, struct arena *keep)
{
	struct field *fields;

	for (uint32_t i = ev->n_system; i < ev->n_fields; i++)
		if (text_eq(ev->fields[i].name, name)) {
			ev->fields[i].value = value;
			return;
		}
	fields = arena_new(keep, struct field, ev->n_fields + 1);
	if (ev->n_fields)
		memcpy(fields, ev->fields, ev->n_fields * sizeof(*fields));
	fields[ev->n_fields++] =
	    (struct field){ .name = name, .value = value, .key = text_key(name) };
	ev->fields = fields;
}

bool
event_unwrap(struct event *ev, size_t *patience, struct arena *keep)
{
	bool added = false;

	if (ev->flags & EVENT_SCRIPT_REST)
		return false;
	for (size_t i = 0; i < COUNT(decodables); i++) {
		struct text value;

		if (decodables[i].looked_up || !applies(&decodables[i], ev))
			continue;
		value = decoded_value(ev, &decodables[i], patience, keep);
		if (text_absent(value))
			continue;
		event_set_decoded(ev, decodables[i].decoded, value, keep);
		added = true;
	}
	return added;
}

static struct text
how_text(struct text field, const struct layer *layers, size_t n, struct arena *keep)
{
	struct text how = field;

	for (size_t i = 0; i < n; i++) {
		if (text_find(how, layers[i].how) == TEXT_NOWHERE)
			how = arena_join(keep, arena_join(keep, how, TEXT(", ")), layers[i].how);
		if (layers[i].cut && text_find(how, TEXT(", cut")) == TEXT_NOWHERE)
			how = arena_join(keep, how, TEXT(", cut"));
	}
	return how;
}

struct text
decoded_origin(const struct event *ev, const struct field *f, struct arena *keep)
{
	for (size_t i = 0; i < COUNT(decodables); i++) {
		const struct decodable *d = &decodables[i];
		struct layer           *layers;
		size_t                  n;

		if (!applies(d, ev) || !text_eq(d->decoded, f->name))
			continue;
		if (d->looked_up)
			return arena_printf(keep, TEXT_FMT ", whose name other events say",
					    TEXT_ARG(d->field));
		n = unwrap(event_body(ev, d->field), keep, &layers);
		if (text_eq(layers_text(layers, n, keep), f->value))
			return how_text(d->field, layers, n, keep);
	}
	return TEXT_NONE;
}

struct event
event_undecoded(const struct event *ev, struct arena *keep)
{
	struct event  plain = *ev;
	struct field *fields = NULL;
	uint32_t      n = 0;

	for (uint32_t i = ev->n_system; i < ev->n_fields && fields == NULL; i++)
		if (name_is_decoded(ev->fields[i].name))
			fields = arena_new(keep, struct field, ev->n_fields);
	if (fields == NULL)
		return plain;
	for (uint32_t i = 0; i < ev->n_fields; i++)
		if (i < ev->n_system || !name_is_decoded(ev->fields[i].name))
			fields[n++] = ev->fields[i];
	plain.views = NULL;
	plain.fields = fields;
	plain.n_fields = n;
	return plain;
}
