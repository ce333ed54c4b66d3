/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/values.h"

#include "base/counted.h"
#include "rules/quoted.h"
#include "tui/chrome.h"
#include "tui/filter.h"

#define VALUES_MOST 20000 /* of one kind */
#define LINES_MOST  200

/* Where a value is being typed. */
struct spot {
	struct text name, begun;
	size_t      from, to; /* with its quotes */
};

static struct text
part_of_text(struct text text, size_t from, size_t to)
{
	return text_from(text_head(text, to), from);
}

static bool
ends_word(char c)
{
	return c == ' ' || c == '=' || c == '(' || c == ')' || c == ',' || c == '|' || c == '"';
}

static size_t
skip_blanks_back(struct text text, size_t at)
{
	while (at > 0 && text.p[at - 1] == ' ')
		at--;
	return at;
}

/* The quote that is open before AT; TEXT_NOWHERE: none. */
static size_t
open_quote(struct text text, size_t at)
{
	size_t quote = TEXT_NOWHERE;

	for (size_t i = 0; i < at; i++) {
		if (text.p[i] == '\\' && quote != TEXT_NOWHERE)
			i++;
		else if (text.p[i] == '"')
			quote = quote == TEXT_NOWHERE ? i : TEXT_NOWHERE;
	}
	return quote;
}

/* The end of the name whose value begins at FROM: before "=", "!=" or "IN (a, b,"; 0: it is none. */
static size_t
name_end(struct text text, size_t from)
{
	size_t at = skip_blanks_back(text, from);

	if (at > 0 && text.p[at - 1] == '=') {
		at -= at > 1 && (text.p[at - 2] == '!' || text.p[at - 2] == '=') ? 2 : 1;
		return skip_blanks_back(text, at);
	}
	if (at == 0 || (text.p[at - 1] != '(' && text.p[at - 1] != ','))
		return 0;
	while (at > 0 && text.p[at - 1] != '(' && text.p[at - 1] != ')' && text.p[at - 1] != '|')
		at--;
	if (at == 0 || text.p[at - 1] != '(')
		return 0;
	at = skip_blanks_back(text, at - 1);
	return text_iends(text_head(text, at), TEXT(" IN")) ? skip_blanks_back(text, at - 3) : 0;
}

static bool
find_spot(struct text text, size_t at, struct spot *out)
{
	size_t quote = open_quote(text, at), end, name;

	out->from = out->to = at;
	if (quote != TEXT_NOWHERE) {
		out->from = quote;
		out->begun = part_of_text(text, quote + 1, at);
		while (out->to < text.n && text.p[out->to] != '"')
			out->to++;
		out->to = out->to < text.n ? out->to + 1 : at;
	} else {
		while (out->from > 0 && !ends_word(text.p[out->from - 1]))
			out->from--;
		while (out->to < text.n && !ends_word(text.p[out->to]))
			out->to++;
		out->begun = part_of_text(text, out->from, at);
	}
	end = name = name_end(text, out->from);
	while (name > 0 && !ends_word(text.p[name - 1]))
		name--;
	out->name = part_of_text(text, name, end);
	return out->name.n > 0;
}

static bool
is_plain(struct text value)
{
	for (size_t i = 0; i < value.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-",
			    value.p[i]))
			return false;
	return value.n > 0;
}

static const struct known_values *
known(struct app *app, enum filter_part part)
{
	struct known_values *k = &app->values[part];

	if (!k->read)
		k->n = query_values(app->cf, part, VALUES_MOST, &app->field_arena, &k->of);
	k->read = true;
	return k;
}

static struct text
note_of(enum filter_part part, const struct value_count *v, struct arena *keep)
{
	if (!v->n)
		return TEXT_NONE;
	return arena_printf(keep, TEXT_FMT " %s", TEXT_ARG(chrome_short(v->n, keep)),
			    counted_noun(v->n, part == FILTER_RULE ? "finding" : "event").words);
}

/* What begins with the text, or else has it inside. */
static void
add_values(struct app *app, enum filter_part part, struct text begun, bool quoted,
	   struct popup *out)
{
	const struct known_values *k = known(app, part);

	for (int inside = 0; inside < 2 && !out->n; inside++) {
		for (size_t i = 0; i < k->n && out->n < LINES_MOST; i++) {
			struct text quote = spl_quote(k->of[i].name, out->keep);
			struct text bare = part_of_text(quote, 1, quote.n - 1);
			struct text value = quoted ? bare : k->of[i].name;

			if (inside ? text_ifind(value, begun) == TEXT_NOWHERE
				   : !text_istarts(value, begun))
				continue;
			popup_add(out, !quoted || is_plain(bare) ? value : quote,
				  note_of(part, &k->of[i], out->keep));
		}
	}
}

void
values_forget(struct app *app)
{
	arena_reset(&app->field_arena, 0);
	memset(app->values, 0, sizeof(app->values));
}

bool
values_in_search(struct app *app, struct text text, size_t at, struct popup *out)
{
	enum filter_part part;
	struct spot      spot;

	if (!find_spot(text, at, &spot) || !filter_part_named(spot.name, &part))
		return false;
	add_values(app, part, spot.begun, true, out);
	out->from = spot.from;
	out->to = spot.to;
	out->title = arena_printf(out->keep, TEXT_FMT " is", TEXT_ARG(spot.name));
	return out->n > 0;
}

static void
add_names(struct text begun, struct popup *out)
{
	static const struct {
		const char *name, *help;
	} names[] = {
		{ "host=", "a computer" },
		{ "user=", "a user of findings and events" },
		{ "verdict=", "what analysts made of findings" },
		{ "rule=", "id or name" },
		{ "technique=", "T1021 includes T1021.006" },
		{ "tactic=", "of ATT&CK" },
		{ "type=", "of the rule: TTP, Anomaly" },
		{ "risk>=", "findings of at least this score" },
		{ "time=", "2020-09-21 is that day; A..B; 7d" },
		{ "earliest=", "UTC, or relative: -24h" },
		{ "latest=", "UTC, or relative: -24h" },
		{ "channel=", "log of the event" },
		{ "provider=", "who wrote the event" },
		{ "EventCode=", "number of the event" },
		{ "evidence=", "path of the file with its record" },
		{ "field NAME=", "any field of the record" },
		{ "not ", "all but these" },
	};

	out->title = TEXT("filters");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_istarts(text_of(names[i].name), begun))
			popup_add(out, text_of(names[i].name), text_of(names[i].help));
}

void
values_in_chip(struct app *app, struct text begun, size_t from, struct popup *out)
{
	size_t           equals, comma;
	enum filter_part part;
	struct text      name;

	while (text_istarts(begun, TEXT("not ")) || text_istarts(begun, TEXT("off "))) {
		begun = text_from(begun, 4);
		from += 4;
	}
	out->from = from;
	equals = text_find_byte(begun, '=');
	if (equals == TEXT_NOWHERE) {
		add_names(begun, out);
		return;
	}
	name = text_trim(text_head(begun, equals));
	if (name.n && name.p[name.n - 1] == '!')
		name.n--;
	begun = text_from(begun, equals + 1);
	out->from += equals + 1;
	if (!filter_part_named(name, &part))
		return;
	comma = part == FILTER_HOST ? text_rfind_byte(begun, ',') : TEXT_NOWHERE;
	if (comma != TEXT_NOWHERE) {
		out->from += comma + 1;
		begun = text_from(begun, comma + 1);
	}
	out->title = arena_printf(out->keep, TEXT_FMT " is", TEXT_ARG(name));
	add_values(app, part, begun, false, out);
}
