/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/supply.h"

#include <ctype.h>

#include "tests/regex_sample.h"

#define ROWS     8 /* of a lookup */
#define BRANCHES 4 /* of a regular expression */

#define ALIASES 64
#define ASKED   200

struct supplier {
	const struct lookups *lookups;
	struct arena         *keep;
	struct offer         *out;
	size_t                n, cap;
	struct offer          aliases[ALIASES]; /* field: the new name; value: the one that it is of */
	size_t                n_aliases;
	struct offer          asked[ASKED]; /* a text for each string that a field is compared with */
	size_t                n_asked;
	uint32_t              most; /* how often something may have to be there */
};

static void
offer(struct supplier *s, struct text field, struct text value)
{
	if (field.n && value.n && s->n < s->cap)
		s->out[s->n++] = (struct offer){ field, value };
}

/* A quoted string as its reader has it: "\\" and "\"" are one character. */
static struct text
unquoted(struct text t, struct arena *keep)
{
	char  *p = arena_new(keep, char, t.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] == '\\' && i + 1 < t.n && (t.p[i + 1] == '\\' || t.p[i + 1] == '"'))
			i++;
		p[n++] = t.p[i];
	}
	return (struct text){ p, n };
}

static struct text
as_glob(struct text t, struct arena *keep)
{
	struct text copy = arena_copy(keep, t);
	char       *p = arena_new(keep, char, t.n + 1);

	for (size_t i = 0; i < copy.n; i++)
		p[i] = copy.p[i] == '%' ? '*' : copy.p[i];
	return (struct text){ p, copy.n };
}

/* A text that is counted in the field. */
static void
offer_repeated(struct supplier *s, struct text field, struct text value)
{
	struct text many = TEXT("*");

	for (uint32_t i = 0; i < s->most && i < 64; i++)
		many = arena_join(s->keep, many, value);
	offer(s, field, arena_join(s->keep, many, TEXT("*")));
}

static void
offer_string(struct supplier *s, struct text field, struct text raw)
{
	struct text value = unquoted(raw, s->keep);

	if (value.n == 1)
		offer_repeated(s, field, value);

	offer(s, field, value);
	offer(s, field, as_glob(value, s->keep));
	offer(s, field, arena_printf(s->keep, "*" TEXT_FMT "*", TEXT_ARG(value)));
	for (uint32_t i = 0; i < BRANCHES; i++) {
		struct text match = regex_sample(value, i, s->keep);

		if (i == 0 && field.n && s->n_asked < ASKED)
			s->asked[s->n_asked++] = (struct offer){ field, match };
		offer(s, field, match);
		offer(s, field, arena_printf(s->keep, "*" TEXT_FMT "*", TEXT_ARG(match)));
	}
}

/* A number may bound the field itself, its length, or how many parts it has. */
static void
offer_number(struct supplier *s, struct text field, struct text digits)
{
	uint64_t number;
	char    *many;

	if (!text_to_u64(digits, &number) || number > 5000)
		return;
	offer(s, field, digits);
	offer(s, field, arena_printf(s->keep, "%llu", (unsigned long long)number + 1));
	if (number > 4 && number < 64) {
		many = arena_new(s->keep, char, number);
		memset(many, 'q', number);
		offer(s, field, arena_printf(s->keep, "%.*s.exe", (int)number - 4, many));
	}
	many = arena_new(s->keep, char, number + 2);
	memset(many, 'q', number + 1);
	offer(s, field, arena_printf(s->keep, "*%s*", many));
}

static bool
is_name(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("_.{}", c));
}

static bool
is_function(struct text word)
{
	static const char *const words[] = { "and", "or", "not", "in", "like", "true", "false" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (text_ieq(word, text_of(words[i])))
			return true;
	return false;
}

/* A value without quotes, and its backslashes. */
static struct text
bare_value(struct text stage, size_t from)
{
	size_t to = from;

	while (to < stage.n && !strchr(" )|,\n", stage.p[to]))
		to++;
	return (struct text){ stage.p + from, to - from };
}

static void
offer_stage(struct supplier *s, struct text stage)
{
	struct text field = TEXT_NONE;

	for (size_t i = 0; i < stage.n;) {
		size_t from = i;
		char   c = stage.p[i];

		if (c == '"') {
			for (i++; i < stage.n && stage.p[i] != '"'; i++)
				i += stage.p[i] == '\\';
			offer_string(s, field, (struct text){ stage.p + from + 1, i - from - 1 });
			i++;
		} else if (is_name(c)) {
			while (i < stage.n && is_name(stage.p[i]))
				i++;
			struct text word = { stage.p + from, i - from };
			size_t      next = i;

			while (next < stage.n && stage.p[next] == ' ')
				next++;
			if (isdigit((unsigned char)word.p[0]) && !text_starts(word, TEXT("0x"))) {
				offer_number(s, field, word);
			} else if (from > 0 && stage.p[from - 1] == '=' && field.n) {
				offer(s, field, bare_value(stage, from));
				offer(s, word, TEXT("zqother")); /* or it is another field */
			}
			if (!isdigit((unsigned char)word.p[0]) && !is_function(word) &&
			    !(next < stage.n && stage.p[next] == '(') &&
			    !(from > 0 && stage.p[from - 1] == '='))
				field = word;
			else if (from > 5 && text_eq((struct text){ stage.p + from - 6, 6 },
						     TEXT("field=")))
				field = word;
		} else if (c == '*' && from > 0 && stage.p[from - 1] == '=') {
			struct text value = bare_value(stage, from);

			offer(s, field, unquoted(value, s->keep));
			i += value.n;
		} else {
			i++;
		}
	}
}

/* lookup T column as field ...: cells of the column. */
static void
offer_lookup(struct supplier *s, struct text stage)
{
	struct err           err = { 0 };
	struct text          words[40], rest = stage;
	size_t               n = 0, column;
	const struct lookup *table = NULL;

	while (!text_absent(rest) && n < 40) {
		struct text word = text_cut(&rest, ' ');

		if (word.n && text_find_byte(word, '=') == TEXT_NOWHERE)
			words[n++] = text_trim(word);
	}
	if (n > 1)
		table = lookups_find(s->lookups, words[1], &err);
	for (size_t i = 2; table && i < n; i++) {
		bool renamed = i + 2 < n && text_ieq(words[i + 1], TEXT("as"));

		if (text_istarts(words[i], TEXT("output")))
			return;
		column = lookup_column(table, words[i]);
		for (size_t k = 0; column != TEXT_NOWHERE && k < ROWS && k < table->n_rows; k++)
			offer(s, renamed ? words[i + 2] : words[i],
			      table->cells[k * table->n_columns + column]);
		i += renamed ? 2 : 0;
	}
}

/* --- names for names, and all that one field has to hold --- */

static void
alias(struct supplier *s, struct text name, struct text of)
{
	if (name.n && of.n && s->n_aliases < ALIASES)
		s->aliases[s->n_aliases++] = (struct offer){ name, of };
}

static struct text
next_name(struct text *rest)
{
	struct text name;

	while (rest->n && !is_name(rest->p[0]))
		*rest = text_from(*rest, 1);
	name = *rest;
	while (rest->n && is_name(rest->p[0]))
		*rest = text_from(*rest, 1);
	return text_head(name, name.n - rest->n);
}

/* "rename a as b" and "eval b=f(a)": what is asked of b is asked of a. */
static void
note_aliases(struct supplier *s, struct text stage)
{
	struct text last = TEXT_NONE, before = TEXT_NONE, word;
	bool        rename = text_istarts(stage, TEXT("rename "));

	if (!rename && !text_istarts(stage, TEXT("eval ")))
		return;
	text_cut(&stage, ' ');
	while ((word = next_name(&stage)).n) {
		bool set = stage.n > 1 && text_starts(text_trim(stage), TEXT("=")) &&
			   !text_starts(text_trim(stage), TEXT("=="));

		if (rename && text_ieq(last, TEXT("as")))
			alias(s, word, before);
		else if (!rename && set)
			before = word;
		else if (!rename && before.n && !text_starts(stage, TEXT("(")))
			alias(s, before, word);
		if (rename)
			before = last;
		last = word;
	}
}

/* One value that holds all that a field is compared with, in its order. */
static void
offer_together(struct supplier *s)
{
	for (size_t i = 0; i < s->n_asked; i++) {
		struct text all = TEXT("*");
		size_t      n = 0;

		for (size_t k = 0; k < s->n_asked; k++) {
			if (!text_eq(s->asked[k].field, s->asked[i].field))
				continue;
			if (k < i)
				break; /* has been offered */
			all = arena_printf(s->keep, TEXT_FMT TEXT_FMT "*", TEXT_ARG(all),
					   TEXT_ARG(s->asked[k].value));
			n++;
		}
		if (n > 1 && all.n < 2000)
			offer(s, s->asked[i].field, all);
	}
}

static void
offer_aliases(struct supplier *s)
{
	size_t n = s->n;

	for (size_t k = s->n_aliases; k-- > 0;)
		for (size_t i = 0; i < n; i++)
			if (text_eq(s->out[i].field, s->aliases[k].field))
				offer(s, s->aliases[k].value, s->out[i].value);
}

size_t
supply(struct text spl, const struct lookups *lookups, struct arena *keep, struct offer *out,
       size_t cap)
{
	struct supplier s = { .lookups = lookups, .keep = keep, .out = out, .cap = cap,
			      .most = supply_threshold(spl, 600) + 2 };
	size_t          from = 0, i;

	for (i = 0; i <= spl.n; i++) {
		struct text stage = { spl.p + from, i - from };

		if (i < spl.n && spl.p[i] == '"')
			for (i++; i < spl.n && spl.p[i] != '"'; i++)
				i += spl.p[i] == '\\';
		if (i < spl.n && spl.p[i] != '|')
			continue;
		stage = text_trim(stage);
		note_aliases(&s, stage);
		if (text_istarts(stage, TEXT("lookup ")))
			offer_lookup(&s, stage);
		else if (from && !text_istarts(stage, TEXT("tstats")) &&
			 !text_istarts(stage, TEXT("convert")))
			offer_stage(&s, stage);
		from = i + 1;
	}
	offer_together(&s);
	offer_aliases(&s);
	return s.n;
}

uint32_t
supply_threshold(struct text spl, uint32_t most)
{
	uint32_t best = 0;

	for (size_t i = 1; i < spl.n; i++) {
		uint64_t number;
		size_t   end = i;

		if (spl.p[i - 1] != '>' && spl.p[i - 1] != '=' && spl.p[i - 1] != ' ')
			continue;
		while (end < spl.n && isdigit((unsigned char)spl.p[end]))
			end++;
		if (end > i && text_to_u64((struct text){ spl.p + i, end - i }, &number) &&
		    number <= most && number > best && !is_name(spl.p[end]))
			best = (uint32_t)number;
	}
	return best;
}
