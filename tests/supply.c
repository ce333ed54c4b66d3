/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/supply.h"

#include <ctype.h>

#define ROWS     8 /* of a lookup */
#define BRANCHES 4 /* of a regular expression */

/* --- texts that a regular expression matches --- */

struct sampler {
	struct text   re;
	size_t        at;
	uint32_t      nth;
	struct arena *keep;
	char         *p;
	size_t        n, cap;
};

static void
put(struct sampler *s, char c)
{
	if (s->n + 1 < s->cap)
		s->p[s->n++] = c;
}

static char
escaped(struct sampler *s)
{
	char c = s->re.p[s->at++];

	switch (c) {
	case 'd': return '7';
	case 'w': return 'q';
	case 's': return ' ';
	case 'S': case 'D': case 'W': case 'N': return c == 'W' ? '-' : 'z';
	case 't': return '\t';
	case 'r': case 'n': return ' ';
	case 'b': case 'B': case 'A': case 'Z': case 'z': case 'Q': case 'E': return '\0';
	}
	return c;
}

/* "\x41", "\x{202E}": its UTF-8. */
static bool
hexadecimal(struct sampler *s)
{
	unsigned code = 0;
	bool     braces = s->at < s->re.n && s->re.p[s->at] == '{';
	size_t   digits = 0;

	s->at += braces;
	while (s->at < s->re.n && isxdigit((unsigned char)s->re.p[s->at]) && (braces || digits < 2)) {
		char c = s->re.p[s->at++];

		code = code * 16 + (unsigned)(isdigit((unsigned char)c) ? c - '0' : (c | 32) - 'a' + 10);
		digits++;
	}
	s->at += braces;
	if (code < 0x80) {
		put(s, (char)code);
	} else if (code < 0x800) {
		put(s, (char)(0xc0 | code >> 6));
		put(s, (char)(0x80 | (code & 0x3f)));
	} else {
		put(s, (char)(0xe0 | code >> 12));
		put(s, (char)(0x80 | (code >> 6 & 0x3f)));
		put(s, (char)(0x80 | (code & 0x3f)));
	}
	return true;
}

/* "[...]": a character of it; of a negated one, one that is not in it. */
static char
class_member(struct sampler *s)
{
	static const char others[] = "q7Z-_~";
	size_t            from = s->at, i;
	bool              negated = s->at < s->re.n && s->re.p[s->at] == '^';
	char              first = '\0';

	from += negated;
	for (i = from; i < s->re.n && (s->re.p[i] != ']' || i == from); i++) {
		if (s->re.p[i] == '\\' && i + 1 < s->re.n) {
			struct sampler one = { .re = s->re, .at = i + 1 };
			char           c = escaped(&one);

			if (!first && c)
				first = c;
			i++;
		} else if (!first) {
			first = s->re.p[i];
		}
	}
	struct text body = { s->re.p + from, i - from };

	s->at = i < s->re.n ? i + 1 : i;
	if (!negated)
		return first;
	for (const char *o = others; *o; o++)
		if (text_find_byte(body, *o) == TEXT_NOWHERE)
			return *o;
	return 'q';
}

static void alternatives(struct sampler *s);

/* Behind "(": what the group matches; look-arounds match nothing. */
static void
group(struct sampler *s)
{
	struct text rest = text_from(s->re, s->at);
	size_t      before = s->n;
	bool        nothing = false;

	if (text_starts(rest, TEXT("?"))) {
		nothing = rest.n > 1 && (rest.p[1] == '!' || rest.p[1] == '=' ||
					 (rest.p[1] == '<' && rest.n > 2 &&
					  (rest.p[2] == '!' || rest.p[2] == '=')));
		s->at++;
		while (s->at < s->re.n && !strchr(":>)!=", s->re.p[s->at]))
			s->at++;
		if (s->at < s->re.n && s->re.p[s->at] != ')')
			s->at++;
	}
	alternatives(s);
	if (nothing)
		s->n = before;
	s->at += s->at < s->re.n;
}

static bool
one(struct sampler *s)
{
	char c = s->re.p[s->at++];

	if (c == '(') {
		group(s);
		return true;
	}
	if (c == '[')
		c = class_member(s);
	else if (c == '\\' && s->at < s->re.n && s->re.p[s->at] == 'x') {
		s->at++;
		return hexadecimal(s);
	} else if (c == '\\' && s->at < s->re.n)
		c = escaped(s);
	else if (c == '.')
		c = 'q';
	else if (c == '^' || c == '$')
		c = '\0';
	if (c)
		put(s, c);
	return true;
}

/* How often at least; '*' and '?' count once, so that what they stand for is there. */
static unsigned
quantifier(struct sampler *s)
{
	char     c = s->at < s->re.n ? s->re.p[s->at] : '\0';
	unsigned times = 1;

	if (c == '*' || c == '+' || c == '?') {
		s->at++;
		times = c == '?' ? s->nth & 1 : 1;
	} else if (c == '{' && s->at + 1 < s->re.n && isdigit((unsigned char)s->re.p[s->at + 1])) {
		for (times = 0, s->at++; s->at < s->re.n && isdigit((unsigned char)s->re.p[s->at]);)
			times = times * 10 + (unsigned)(s->re.p[s->at++] - '0');
		while (s->at < s->re.n && s->re.p[s->at++] != '}')
			;
		times = times ? times : 1;
	} else {
		return 1;
	}
	while (s->at < s->re.n && (s->re.p[s->at] == '?' || s->re.p[s->at] == '+'))
		s->at++;
	return times;
}

static void
sequence(struct sampler *s)
{
	while (s->at < s->re.n && s->re.p[s->at] != '|' && s->re.p[s->at] != ')') {
		size_t   from = s->n, length;
		unsigned times;

		one(s);
		length = s->n - from;
		times = quantifier(s);
		if (times == 0)
			s->n = from;
		for (unsigned i = 1; i < times && i < 300; i++)
			for (size_t k = 0; k < length; k++)
				put(s, s->p[from + k]);
	}
}

/* Of "a|b|c" the branch number NTH, or the last one before. */
static void
alternatives(struct sampler *s)
{
	size_t from = s->n;

	sequence(s);
	for (uint32_t i = 1; s->at < s->re.n && s->re.p[s->at] == '|'; i++) {
		size_t kept = s->n;

		s->at++;
		if (i <= s->nth) {
			s->n = from;
			sequence(s);
			continue;
		}
		sequence(s);
		s->n = kept;
	}
}

struct text
supply_match(struct text regex, uint32_t nth, struct arena *keep)
{
	struct sampler s = { .re = regex, .nth = nth, .keep = keep, .cap = 4096 };

	s.p = arena_new(keep, char, s.cap);
	while (s.at < s.re.n) {
		alternatives(&s);
		s.at += s.at < s.re.n; /* a ")" too many */
	}
	return (struct text){ s.p, s.n };
}

/* --- what stages compare --- */

struct supplier {
	const struct lookups *lookups;
	struct arena         *keep;
	struct offer         *out;
	size_t                n, cap;
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

static void
offer_string(struct supplier *s, struct text field, struct text raw)
{
	struct text value = unquoted(raw, s->keep);

	offer(s, field, value);
	offer(s, field, as_glob(value, s->keep));
	offer(s, field, arena_printf(s->keep, "*" TEXT_FMT "*", TEXT_ARG(value)));
	for (uint32_t i = 0; i < BRANCHES; i++) {
		struct text match = supply_match(value, i, s->keep);

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

size_t
supply(struct text spl, const struct lookups *lookups, struct arena *keep, struct offer *out,
       size_t cap)
{
	struct supplier s = { .lookups = lookups, .keep = keep, .out = out, .cap = cap };
	size_t          from = 0, i;

	for (i = 0; i <= spl.n; i++) {
		struct text stage = { spl.p + from, i - from };

		if (i < spl.n && spl.p[i] == '"')
			for (i++; i < spl.n && spl.p[i] != '"'; i++)
				i += spl.p[i] == '\\';
		if (i < spl.n && spl.p[i] != '|')
			continue;
		stage = text_trim(stage);
		if (text_istarts(stage, TEXT("lookup ")))
			offer_lookup(&s, stage);
		else if (from && !text_istarts(stage, TEXT("tstats")) &&
			 !text_istarts(stage, TEXT("convert")))
			offer_stage(&s, stage);
		from = i + 1;
	}
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
