/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/spill_values.h"

#define ABSENT UINT64_MAX

/* --- writing --- */

bool
spill_put_number(struct spill *to, uint64_t n)
{
	return spill_put(to, &n, sizeof(n));
}

bool
spill_put_text(struct spill *to, struct text t)
{
	if (text_absent(t))
		return spill_put_number(to, ABSENT);
	return spill_put_number(to, t.n) && spill_put(to, t.p, t.n);
}

bool
spill_put_value(struct spill *to, const struct value *v)
{
	unsigned char kind = (unsigned char)v->kind;

	if (!spill_put(to, &kind, 1))
		return false;
	if (v->kind == VALUE_TEXT)
		return spill_put_text(to, v->text);
	if (v->kind == VALUE_NUMBER)
		return spill_put(to, &v->number, sizeof(v->number));
	if (v->kind == VALUE_TIME)
		return spill_put(to, &v->time_ns, sizeof(v->time_ns));
	if (v->kind == VALUE_NULL)
		return true;
	if (!spill_put_number(to, v->n_items))
		return false;
	for (uint32_t i = 0; i < v->n_items; i++)
		if (!spill_put_value(to, &v->items[i]))
			return false;
	return true;
}

/* The texts of an event besides its fields. */
#define EVENT_TEXTS 7

static void
event_texts(struct event *ev, struct text *out[EVENT_TEXTS])
{
	struct text *all[EVENT_TEXTS] = { &ev->host, &ev->channel,    &ev->provider, &ev->user,
					  &ev->event_name, &ev->message, &ev->remark };

	memcpy(out, all, sizeof(all));
}

static bool
put_event(struct spill *to, const struct event *event)
{
	struct event ev = *event;
	struct text *texts[EVENT_TEXTS];
	bool         good = spill_put(to, &ev, sizeof(ev));

	event_texts(&ev, texts);
	for (size_t i = 0; i < EVENT_TEXTS && good; i++)
		good = spill_put_text(to, *texts[i]);
	for (uint32_t i = 0; i < ev.n_fields && good; i++)
		good = spill_put_number(to, ev.fields[i].key) &&
		       spill_put_text(to, ev.fields[i].name) &&
		       spill_put_text(to, ev.fields[i].value);
	return good;
}

bool
spill_put_row(struct spill *to, const struct row *row)
{
	bool good = spill_put(to, row, sizeof(*row)) && spill_put_text(to, row->group_key);

	for (uint32_t i = 0; i < row->n && good; i++)
		good = spill_put_text(to, row->cells[i].name) &&
		       spill_put_value(to, &row->cells[i].value);
	return good && spill_put(to, row->events, row->n_events * sizeof(*row->events)) &&
	       (!row->event || put_event(to, row->event));
}

/* --- reading --- */

bool
reading_number(struct reading *r, uint64_t *n)
{
	return spill_get(r->from, n, sizeof(*n));
}

bool
reading_text(struct reading *r, struct text *out)
{
	uint64_t n;
	char    *p;

	*out = TEXT_NONE;
	if (!reading_number(r, &n) || n == ABSENT)
		return !r->run->failed;
	if (!pipe_fits(r->run, n))
		return false;
	p = arena_bytes(r->keep, n + 1);
	p[n] = '\0';
	*out = (struct text){ p, n };
	return spill_get(r->from, p, n);
}

bool
reading_values(struct reading *r, struct value **out, uint64_t *n)
{
	if (!reading_number(r, n) || !pipe_fits(r->run, *n * sizeof(**out)))
		return false;
	*out = arena_new(r->keep, struct value, *n);
	for (uint64_t i = 0; i < *n; i++)
		if (!reading_value(r, &(*out)[i]))
			return false;
	return true;
}

bool
reading_value(struct reading *r, struct value *out)
{
	struct value *items;
	unsigned char kind;
	uint64_t      n;

	if (!spill_get(r->from, &kind, 1))
		return false;
	*out = (struct value){ .kind = kind };
	if (kind == VALUE_TEXT)
		return reading_text(r, &out->text);
	if (kind == VALUE_NUMBER)
		return spill_get(r->from, &out->number, sizeof(out->number));
	if (kind == VALUE_TIME)
		return spill_get(r->from, &out->time_ns, sizeof(out->time_ns));
	if (kind == VALUE_NULL)
		return true;
	if (!reading_values(r, &items, &n))
		return false;
	out->items = items;
	out->n_items = (uint32_t)n;
	return true;
}

static bool
get_event(struct reading *r, const struct event **out)
{
	struct event *ev = arena_new(r->keep, struct event, 1);
	struct text  *texts[EVENT_TEXTS];
	uint64_t      key = 0;
	bool          good = spill_get(r->from, ev, sizeof(*ev));

	*out = ev;
	ev->views = NULL;
	event_texts(ev, texts);
	for (size_t i = 0; i < EVENT_TEXTS && good; i++)
		good = reading_text(r, texts[i]);
	good = good && pipe_fits(r->run, ev->n_fields * sizeof(*ev->fields));
	ev->fields = good ? arena_new(r->keep, struct field, ev->n_fields) : NULL;
	for (uint32_t i = 0; good && i < ev->n_fields; i++) {
		good = reading_number(r, &key) && reading_text(r, &ev->fields[i].name) &&
		       reading_text(r, &ev->fields[i].value);
		ev->fields[i].key = (uint32_t)key;
	}
	return good;
}

bool
reading_row(struct reading *r, struct row *out)
{
	int64_t *ids;
	bool     good = spill_get(r->from, out, sizeof(*out)) && reading_text(r, &out->group_key);

	if (!good || !pipe_fits(r->run, out->n * sizeof(*out->cells) +
						out->n_events * sizeof(*out->events)))
		return false;
	out->cap = out->n;
	out->cells = arena_new(r->keep, struct cell, out->n);
	for (uint32_t i = 0; i < out->n && good; i++)
		good = reading_text(r, &out->cells[i].name) &&
		       reading_value(r, &out->cells[i].value);
	ids = arena_new(r->keep, int64_t, out->n_events);
	out->events = ids;
	good = good && spill_get(r->from, ids, out->n_events * sizeof(*ids));
	return good && (!out->event || get_event(r, &out->event));
}
