/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/row.h"

#include <math.h>
#include <stdio.h>

#include "base/when.h"

struct column
column_make(struct arena *keep, struct text name, enum model model)
{
	struct column c = { .name = name };
	struct text   prefix = model == MODEL_NONE ? TEXT_NONE : model_prefix(model);

	if (prefix.n) {
		c.ref = name_ref(arena_printf(keep, TEXT_FMT "." TEXT_FMT, TEXT_ARG(prefix),
					      TEXT_ARG(name)));
		if (c.ref.n_entries)
			return c;
	}
	c.ref = name_ref(name);
	return c;
}

struct row
row_of_event(const struct event *ev, enum model model)
{
	return (struct row){
		.event = ev,
		.model = model,
		.time_ns = ev->time_ns,
		.first_ns = ev->time_ns,
		.last_ns = ev->time_ns,
		.events = &ev->id,
		.n_events = ev->id != 0,
	};
}

static struct cell *
row_cell(const struct row *row, struct text name)
{
	for (uint32_t i = 0; i < row->n; i++)
		if (text_eq(row->cells[i].name, name))
			return &row->cells[i];
	return NULL;
}

struct value
row_cell_value(const struct row *row, struct text name)
{
	const struct cell *cell = row_cell(row, name);

	return cell ? cell->value : (struct value){ 0 };
}

bool
row_has_cell(const struct row *row, struct text name)
{
	return row_cell(row, name) != NULL;
}

/* These have one value each, even where several spellings compare equal to it. */
static bool
is_default_field(struct text name)
{
	return text_eq(name, TEXT("source")) || text_eq(name, TEXT("sourcetype")) ||
	       text_eq(name, TEXT("eventtype")) || text_eq(name, TEXT("host"));
}

static struct value
event_field_value(const struct event *ev, const struct column *column, struct arena *keep)
{
	struct text found[NAME_VALUES_MAX];
	size_t      n = event_values(ev, &column->ref, keep, found, NAME_VALUES_MAX);

	if (n > 1 && is_default_field(column->name))
		n = 1;
	if (n <= 1)
		return n ? value_of_text(found[0]) : (struct value){ 0 };
	struct value *items = arena_new(keep, struct value, n);

	for (size_t i = 0; i < n; i++)
		items[i] = value_of_text(found[i]);
	return value_of_list(items, n);
}

struct value
row_value(const struct row *row, const struct column *column, struct arena *keep)
{
	const struct cell *cell = row_cell(row, column->name);

	if (cell)
		return cell->value;
	if (!row->event)
		return (struct value){ 0 };
	if (text_eq(column->name, TEXT("_time")))
		return row->time_ns == WHEN_NONE ? (struct value){0} : value_of_time(row->time_ns);
	if (text_eq(column->name, TEXT("_raw")))
		return value_of_text(event_raw(row->event, keep));
	return row->narrowed ? (struct value){ 0 } : event_field_value(row->event, column, keep);
}

struct value
row_get(const struct row *row, struct text name, struct arena *keep)
{
	const struct cell *cell = row->event ? NULL : row_cell(row, name);
	struct column      c;

	if (!row->event)
		return cell ? cell->value : (struct value){ 0 };
	c = column_make(keep, name, row->model);
	return row_value(row, &c, keep);
}

struct text
row_text(const struct row *row, struct text name, char sep, struct arena *keep)
{
	struct value v = row_get(row, name, keep);

	return v.kind == VALUE_NULL ? TEXT_NONE : value_text(&v, sep, keep);
}

void
row_set(struct row *row, struct text name, struct value value, struct arena *keep)
{
	struct cell *cell = row_cell(row, name);

	if (text_eq(name, TEXT("_time")) && !value_time(&value, &row->time_ns))
		row->time_ns = WHEN_NONE;
	if (!cell && value.kind == VALUE_NULL && !row->event)
		return;
	if (!cell) {
		size_t cap = row->cap;

		arena_grow(keep, row->cells, row->n, &cap);
		row->cap = (uint32_t)cap;
		cell = &row->cells[row->n++];
		cell->name = name;
	}
	cell->value = value;
}

static void
names_push(struct arena *keep, struct text **names, size_t *n, size_t *cap, struct text name)
{
	for (size_t i = 0; i < *n; i++)
		if (text_eq((*names)[i], name))
			return;
	arena_grow(keep, *names, *n, cap);
	(*names)[(*n)++] = name;
}

/* Neither internal nor a field of a data set, which only tstats and datamodel name. */
static bool
is_plain_name(struct text name)
{
	return name.n && name.p[0] != '_' &&
	       (text_find_byte(name, '.') == TEXT_NOWHERE || name_ref(name).model == MODEL_NONE);
}

/* Fields of the data set that the event has, without its prefix or WHOLE. */
static void
model_names(const struct row *row, enum model model, bool whole, struct arena *keep,
	    struct text **names, size_t *n, size_t *cap)
{
	const struct text *all;
	size_t             n_all = names_all(&all);
	struct text        prefix = model_prefix(model);

	for (size_t i = 0; i < n_all; i++) {
		if (!text_starts(all[i], prefix) || all[i].n <= prefix.n + 1 ||
		    all[i].p[prefix.n] != '.')
			continue;
		struct name_ref ref = name_ref(all[i]);
		struct text     name = whole ? all[i] : text_from(all[i], prefix.n + 1);

		if (!row_cell(row, name) && !text_absent(event_value(row->event, &ref, keep)))
			names_push(keep, names, n, cap, name);
	}
}

size_t
row_names(const struct row *row, struct arena *keep, struct text **out)
{
	struct text *names = NULL;
	size_t       n = 0, cap = 0;

	if (row->event && row->time_ns != WHEN_NONE && !row_cell(row, TEXT("_time")))
		names_push(keep, &names, &n, &cap, TEXT("_time"));
	for (uint32_t i = 0; i < row->n; i++)
		if (row->cells[i].value.kind != VALUE_NULL)
			names_push(keep, &names, &n, &cap, row->cells[i].name);
	if (row->event && !row->narrowed) {
		struct named_value *values = NULL;
		size_t n_values =
		    row->model ? 0 : event_named_values(row->event, false, keep, &values);

		if (row->model)
			model_names(row, row->model, false, keep, &names, &n, &cap);
		for (size_t i = 0; i < n_values; i++)
			if (values[i].value.n && is_plain_name(values[i].name) &&
			    !row_cell(row, values[i].name))
				names_push(keep, &names, &n, &cap, values[i].name);
		if (row->prefixed)
			model_names(row, row->prefixed, true, keep, &names, &n, &cap);
	}
	*out = names;
	return n;
}

void
row_add_events(struct row *row, const struct row *other, struct arena *keep)
{
	int64_t *ids = arena_new(keep, int64_t, (size_t)row->n_events + other->n_events);
	uint32_t n = 0, i = 0, k = 0;

	while (i < row->n_events || k < other->n_events) {
		bool    left = k == other->n_events ||
			    (i < row->n_events && row->events[i] <= other->events[k]);
		int64_t id = left ? row->events[i++] : other->events[k++];

		if (n == 0 || ids[n - 1] != id)
			ids[n++] = id;
	}
	row->events = ids;
	row->n_events = n;
	row->events_capped |= other->events_capped;
	row->decoded |= other->decoded;
	if (other->first_ns != WHEN_NONE &&
	    (row->first_ns == WHEN_NONE || other->first_ns < row->first_ns))
		row->first_ns = other->first_ns;
	if (other->last_ns > row->last_ns)
		row->last_ns = other->last_ns;
}

struct row
row_fork(const struct row *row, struct arena *keep)
{
	struct row copy = *row;

	copy.cells = row->n ? arena_new(keep, struct cell, row->n) : NULL;
	copy.cap = row->n;
	if (row->n)
		memcpy(copy.cells, row->cells, row->n * sizeof(*row->cells));
	return copy;
}

/* What KEEP holds already lives as long as what is put into it now. */
static bool
is_kept(const void *p, const struct arena *keep)
{
	return (const char *)p >= keep->start && (const char *)p < keep->at;
}

static struct text
text_keep(struct text t, struct arena *keep)
{
	return is_kept(t.p, keep) ? t : arena_copy(keep, t);
}

static const struct event *
event_keep(const struct event *ev, struct arena *keep)
{
	struct event *copy;

	if (is_kept(ev, keep))
		return ev;
	copy = arena_new(keep, struct event, 1);
	*copy = *ev;
	copy->views = NULL;
	copy->host = arena_copy(keep, ev->host);
	copy->channel = arena_copy(keep, ev->channel);
	copy->provider = arena_copy(keep, ev->provider);
	copy->user = arena_copy(keep, ev->user);
	copy->event_name = arena_copy(keep, ev->event_name);
	copy->message = arena_copy(keep, ev->message);
	copy->remark = arena_copy(keep, ev->remark);
	copy->fields = arena_new(keep, struct field, ev->n_fields);
	for (uint32_t i = 0; i < ev->n_fields; i++)
		copy->fields[i] = (struct field){
			.name = arena_copy(keep, ev->fields[i].name),
			.value = arena_copy(keep, ev->fields[i].value),
			.key = ev->fields[i].key,
		};
	return copy;
}

static void
keep_only(struct row *copy, const struct row *row, const struct column *only, size_t n_only,
	  struct arena *keep)
{
	size_t room = 1;

	/* Many rows have few of the fields. */
	for (size_t i = 0; i < n_only; i++)
		room += row->event || row_has_cell(row, only[i].name);
	copy->cells = arena_new(keep, struct cell, room);
	copy->n = 0;
	copy->cap = (uint32_t)room;
	copy->event = NULL;
	copy->narrowed = false;
	for (size_t i = 0; i < n_only; i++) {
		struct value v = row_value(row, &only[i], keep);

		if (v.kind != VALUE_NULL)
			copy->cells[copy->n++] = (struct cell){only[i].name, value_keep(&v, keep)};
	}
	if (row->time_ns != WHEN_NONE && !row_cell(copy, TEXT("_time")))
		copy->cells[copy->n++] = (struct cell){TEXT("_time"), value_of_time(row->time_ns)};
}

struct row
row_keep(const struct row *row, const struct column *only, size_t n_only, struct arena *keep)
{
	struct row copy = *row;

	if (only) {
		keep_only(&copy, row, only, n_only, keep);
	} else {
		copy = row_fork(row, keep);
		for (uint32_t i = 0; i < copy.n; i++) {
			copy.cells[i].name = text_keep(copy.cells[i].name, keep);
			copy.cells[i].value = value_keep(&copy.cells[i].value, keep);
		}
		if (row->event)
			copy.event = event_keep(row->event, keep);
	}
	if (row->n_events) {
		int64_t *ids = arena_new(keep, int64_t, row->n_events);

		memcpy(ids, row->events, row->n_events * sizeof(*ids));
		copy.events = ids;
	}
	if (!text_absent(row->group_key))
		copy.group_key = text_keep(row->group_key, keep);
	return copy;
}

struct value
value_of_list(const struct value *items, size_t n)
{
	if (n == 0)
		return (struct value){ 0 };
	if (n == 1)
		return items[0];
	return (struct value){ .kind = VALUE_LIST, .items = items, .n_items = (uint32_t)n };
}

size_t
value_items(const struct value *v, const struct value **items)
{
	*items = v->kind == VALUE_LIST ? v->items : v;
	return v->kind == VALUE_LIST ? v->n_items : v->kind != VALUE_NULL;
}

struct value
value_first(const struct value *v)
{
	return v->kind == VALUE_LIST ? v->items[0] : *v;
}

static bool
list_is_kept(const struct value *v, const struct arena *keep)
{
	bool kept = is_kept(v->items, keep);

	for (uint32_t i = 0; i < v->n_items && kept; i++)
		kept = v->items[i].kind != VALUE_TEXT || is_kept(v->items[i].text.p, keep);
	return kept;
}

struct value
value_keep(const struct value *v, struct arena *keep)
{
	struct value copy = *v;

	if (v->kind == VALUE_TEXT)
		copy.text = text_keep(v->text, keep);
	if (v->kind == VALUE_LIST && !list_is_kept(v, keep)) {
		struct value *items = arena_new(keep, struct value, v->n_items);

		for (uint32_t i = 0; i < v->n_items; i++)
			items[i] = value_keep(&v->items[i], keep);
		copy.items = items;
	}
	return copy;
}

bool
value_number(const struct value *v, double *out)
{
	switch (v->kind) {
	case VALUE_NUMBER:
		*out = v->number;
		return true;
	case VALUE_TIME: {
		int64_t seconds = v->time_ns / WHEN_SECOND;

		*out = (double)seconds + (double)(v->time_ns % WHEN_SECOND) / (double)WHEN_SECOND;
		return true;
	}
	case VALUE_TEXT:
		return text_to_double(v->text, out);
	case VALUE_NULL:
	case VALUE_LIST:
		break;
	}
	return false;
}

/* "1700000000.9" exactly; at most nine digits of the fraction count. */
static bool
seconds_from_text(struct text t, int64_t *ns)
{
	size_t      dot = text_find_byte(t, '.');
	struct text whole = dot == TEXT_NOWHERE ? t : text_head(t, dot);
	struct text rest = dot == TEXT_NOWHERE ? TEXT("") : text_from(t, dot + 1);
	int64_t     seconds, fraction = 0;

	if (!text_to_i64(whole, &seconds) || seconds > WHEN_MAX / WHEN_SECOND - 1 ||
	    seconds < -(WHEN_MAX / WHEN_SECOND - 1))
		return false;
	for (size_t i = 0; i < 9; i++) {
		char c = i < rest.n ? rest.p[i] : '0';

		if (c < '0' || c > '9')
			return false;
		fraction = fraction * 10 + (c - '0');
	}
	*ns = seconds * WHEN_SECOND + (whole.p[0] == '-' ? -fraction : fraction);
	return true;
}

bool
value_time(const struct value *v, int64_t *ns)
{
	double seconds;

	if (v->kind == VALUE_TIME) {
		*ns = v->time_ns;
		return true;
	}
	if (v->kind == VALUE_TEXT && seconds_from_text(v->text, ns))
		return true;
	if (!value_number(v, &seconds) || !(fabs(seconds) < 9.2e9))
		return false;
	double whole = floor(seconds);

	/* A double holds today's seconds to a quarter of a microsecond. */
	*ns = (int64_t)whole * WHEN_SECOND + (int64_t)llround((seconds - whole) * 1e6) * 1000;
	return true;
}

#define DIGITS_MAX 40

/* The digits of N before END. */
static char *
digits_before(char *end, uint64_t n)
{
	do
		*--end = (char)('0' + n % 10);
	while (n /= 10);
	return end;
}

static uint64_t
magnitude(int64_t n)
{
	return n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
}

static struct text
whole_text(int64_t n, struct arena *keep)
{
	char digits[DIGITS_MAX], *end = digits + sizeof(digits);
	char *p = digits_before(end, magnitude(n));

	if (n < 0)
		*--p = '-';
	return arena_copy(keep, (struct text){ p, (size_t)(end - p) });
}

static struct text
number_text(double n, struct arena *keep)
{
	if (isnan(n))
		return TEXT("nan");
	if (isinf(n))
		return n < 0 ? TEXT("-inf") : TEXT("inf");
	if (n == 0)
		return TEXT("0");
	/* Whole numbers are exact up to 2^53, and are numbers to whoever reads the text well beyond. */
	if (fabs(n) < 1e18 && n == floor(n))
		return whole_text((int64_t)n, keep);
	return arena_printf(keep, "%.15g", n);
}

static struct text
time_text(int64_t ns, struct arena *keep)
{
	char     digits[DIGITS_MAX], *end = digits + sizeof(digits), *p = end;
	uint64_t fraction = magnitude(ns) % (uint64_t)WHEN_SECOND;
	int      places = 9;

	for (; fraction && fraction % 10 == 0; places--)
		fraction /= 10;
	if (fraction) {
		for (; places; places--, fraction /= 10)
			*--p = (char)('0' + fraction % 10);
		*--p = '.';
	}
	p = digits_before(p, magnitude(ns) / (uint64_t)WHEN_SECOND);
	if (ns < 0)
		*--p = '-';
	return arena_copy(keep, (struct text){ p, (size_t)(end - p) });
}

static struct text
list_text(const struct value *v, char sep, struct arena *keep)
{
	struct text *parts = arena_new(keep, struct text, v->n_items);
	size_t       n = 0;

	for (uint32_t i = 0; i < v->n_items; i++) {
		parts[i] = value_text(&v->items[i], sep, keep);
		n += parts[i].n + 1;
	}
	char  *p = arena_new(keep, char, n);
	size_t at = 0;

	for (uint32_t i = 0; i < v->n_items; i++) {
		if (i)
			p[at++] = sep;
		if (parts[i].n)
			memcpy(p + at, parts[i].p, parts[i].n);
		at += parts[i].n;
	}
	return (struct text){ p, at };
}

struct text
value_text(const struct value *v, char sep, struct arena *keep)
{
	switch (v->kind) {
	case VALUE_NULL:
		break;
	case VALUE_TEXT:
		return v->text;
	case VALUE_NUMBER:
		return number_text(v->number, keep);
	case VALUE_TIME:
		return time_text(v->time_ns, keep);
	case VALUE_LIST:
		return list_text(v, sep, keep);
	}
	return TEXT("");
}

int
value_compare(const struct value *a, const struct value *b)
{
	double x, y;

	if (a->kind == VALUE_TIME && b->kind == VALUE_TIME)
		return (a->time_ns > b->time_ns) - (a->time_ns < b->time_ns);
	if (value_number(a, &x) && value_number(b, &y))
		return (x > y) - (x < y);
	if (a->kind == VALUE_TEXT && b->kind == VALUE_TEXT)
		return text_cmp(a->text, b->text);

	/* One is a number and the other a text that is none: compare the texts. */
	char         room[256];
	struct arena scratch = { .at = room, .end = room + sizeof(room), .start = room };
	struct text  s = value_text(a, ' ', &scratch);

	return text_cmp(s, value_text(b, ' ', &scratch));
}
