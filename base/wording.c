/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/wording.h"

#include "base/decoded.h"
#include "base/meaning.h"
#include "base/name_entry.h"
#include "base/value_parts.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct wording table[] = {
#define FROM(where, id, from, called, shown, said)                                                 \
	{ .scope = SCOPE_##where, .event_id = (id), .provider = TEXT_INIT(from),                   \
	  .title = TEXT_INIT(called), .summary = TEXT_INIT(shown), .message = TEXT_INIT(said) },
#define SAID(where, id, called, shown, said) FROM(where, id, "", called, shown, said)
#define EVENT(where, id, called, shown)      FROM(where, id, "", called, shown, "")
#define TITLE(where, id, called)             FROM(where, id, "", called, "", "")
#include "base/event_words.def"
#undef FROM
#undef SAID
#undef EVENT
#undef TITLE
};

static bool
is_before(const struct wording *w, const struct event *ev)
{
	return w->scope < ev->scope || (w->scope == ev->scope && w->event_id < ev->event_id);
}

const struct wording *
wording_find(const struct event *ev)
{
	/* a named instance of SQL Server is a source of its own */
	struct text provider = text_istarts(ev->provider, TEXT("MSSQL$")) ? TEXT("MSSQLSERVER")
									 : ev->provider;
	size_t      low = 0, high = COUNT(table);

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (is_before(&table[mid], ev))
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < COUNT(table); low++) {
		const struct wording *w = &table[low];

		if (w->scope != ev->scope || w->event_id != ev->event_id)
			break;
		if (w->provider.n == 0 || text_ieq(w->provider, provider) ||
		    (ev->provider.n == 0 && ev->scope != SCOPE_OTHER))
			return w;
	}
	return NULL;
}

/* What a place is filled with. */
struct filling {
	struct text domain; /* before a back-slash; absent mostly */
	struct text value, meaning;
};

static struct text
plain_value(const struct event *ev, struct text name)
{
	struct text value;

	if (name.n && name.p[0] >= '1' && name.p[0] <= '9') {
		value = event_nth_data(ev, (uint32_t)(name.p[0] - '0'));
		if (name.n > 2 && name.p[1] == ':')
			value = part_line(value, text_from(name, 2));
	} else {
		value = event_body(ev, name);
	}
	value = text_trim(value);
	return text_eq(value, TEXT("-")) ? TEXT_NONE : value;
}

/* Domains that say no more than the accounts in them. */
static bool
is_built_in(struct text domain)
{
	return text_ieq(domain, TEXT("NT AUTHORITY")) || text_ieq(domain, TEXT("BUILTIN"));
}

/* One name of a place, with the signs of event_words.def. */
static struct filling
fill_name(const struct event *ev, struct text name)
{
	struct filling f = { 0 };
	size_t         slash = text_find_byte(name, '\\');

	if (slash != TEXT_NOWHERE) {
		f.domain = plain_value(ev, text_head(name, slash));
		if (is_built_in(f.domain))
			f.domain = TEXT_NONE;
		name = text_from(name, slash + 1);
	}
	if (name.n && name.p[0] == '/') {
		f.value = text_last_part(plain_value(ev, text_from(name, 1)));
		return f;
	}
	if (name.n && name.p[0] == '=') {
		f.value = plain_value(ev, text_from(name, 1));
		return f;
	}
	f.value = plain_value(ev, name);
	f.meaning = code_meaning(ev, name, f.value);
	return f;
}

static struct filling
fill(const struct event *ev, struct text names)
{
	struct filling f = { 0 };

	while (f.value.n == 0 && names.n)
		f = fill_name(ev, text_cut(&names, '|'));
	return f;
}

static void
put_filling(struct sink *sink, const struct filling *f)
{
	if (f->domain.n && f->value.n) {
		sink_put(sink, f->domain);
		sink_put(sink, TEXT("\\"));
	}
	sink_put(sink, f->value.n ? f->value : TEXT("-"));
	if (f->meaning.n == 0)
		return;
	sink_put(sink, TEXT(" ("));
	sink_put(sink, f->meaning);
	sink_put(sink, TEXT(")"));
}

/* Words without brackets. *N_PLACES, *N_FILLED: counted up. */
static void
put_plain(struct sink *sink, const struct event *ev, struct text title, struct text words,
	  size_t *n_places, size_t *n_filled)
{
	while (words.n) {
		struct text    names;
		struct filling f;

		sink_put(sink, text_cut(&words, '{'));
		if (words.n == 0)
			break;
		names = text_cut(&words, '}');
		if (names.n == 0) {
			sink_put(sink, title);
			continue;
		}
		f = fill(ev, names);
		put_filling(sink, &f);
		++*n_places;
		*n_filled += f.value.n > 0;
	}
}

size_t
wording_put(struct sink *sink, const struct event *ev, struct text title, struct text words)
{
	size_t n_filled = 0;

	while (words.n) {
		struct sink trial = { 0 };
		struct text option;
		size_t      places = 0, filled = 0;

		put_plain(sink, ev, title, text_cut(&words, '['), &places, &n_filled);
		option = text_cut(&words, ']');
		places = 0;
		put_plain(&trial, ev, title, option, &places, &filled);
		if (filled == places)
			put_plain(sink, ev, title, option, &places, &n_filled);
	}
	return n_filled;
}
