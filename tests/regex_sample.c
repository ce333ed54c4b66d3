/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/regex_sample.h"

#include <ctype.h>

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
regex_sample(struct text regex, uint32_t nth, struct arena *keep)
{
	struct sampler s = { .re = regex, .nth = nth, .keep = keep, .cap = 4096 };

	s.p = arena_new(keep, char, s.cap);
	while (s.at < s.re.n) {
		alternatives(&s);
		s.at += s.at < s.re.n; /* a ")" too many */
	}
	return (struct text){ s.p, s.n };
}
