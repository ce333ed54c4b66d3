/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/scan.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/ascii.h"
#include "base/visible.h"
#include "rules/pipeline.h"
#include "rules/quoted.h"

static bool
is_blank(char c)
{
	return ascii_blank(c) || c == '\v' || c == '\f';
}

void
scan_blank(struct scan *s)
{
	while (s->at < s->end && is_blank(*s->at))
		s->at++;
}

bool
scan_done(struct scan *s)
{
	scan_blank(s);
	return s->at == s->end;
}

bool
scan_at(struct scan *s, char c)
{
	scan_blank(s);
	return s->at < s->end && *s->at == c;
}

bool
scan_take(struct scan *s, char c)
{
	if (!scan_at(s, c))
		return false;
	s->at++;
	return true;
}

void
scan_commas(struct scan *s)
{
	while (scan_take(s, ','))
		;
}

static bool
is_word_char(char c)
{
	return ascii_alnum(c) || c == '_' || c == '.' || c == '{' || c == '}' || c == ':' ||
	       c == '*';
}

bool
scan_at_keyword(struct scan *s, const char *word)
{
	struct text w = text_of(word);

	scan_blank(s);
	struct text rest = { s->at, (size_t)(s->end - s->at) };

	return text_istarts(rest, w) && (rest.n == w.n || !is_word_char(rest.p[w.n]));
}

bool
scan_keyword(struct scan *s, const char *word)
{
	if (!scan_at_keyword(s, word))
		return false;
	s->at += strlen(word);
	return true;
}

struct text
scan_run(struct scan *s, const char *stop)
{
	scan_blank(s);
	const char *start = s->at;

	while (s->at < s->end && !is_blank(*s->at) && (*s->at == '\0' || !strchr(stop, *s->at)))
		s->at++;
	return (struct text){ start, (size_t)(s->at - start) };
}

static bool
unclosed_string(const struct scan *s, const char *at)
{
	return scan_fail(s, at, "the string that begins here has no closing \"");
}

const char *
scan_step(const struct scan *s, const char *p)
{
	struct text rest = { p, (size_t)(s->end - p) };
	size_t      n = *p == '"' ? quoted_end(rest, 0) : *p == '\\' && rest.n > 1 ? 2 : 1;

	if (n != TEXT_NOWHERE)
		return p + n;
	unclosed_string(s, p);
	return NULL;
}

struct text
scan_unescape(struct compile *c, struct text t, bool bare)
{
	if (text_find_byte(t, '\\') == TEXT_NOWHERE)
		return t;
	char  *p = arena_new(c->keep, char, t.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < t.n; i++) {
		char next = t.p[i] == '\\' && i + 1 < t.n ? t.p[i + 1] : '\0';

		if (next == '\\' || next == '"' || (bare && next == '|'))
			i++;
		p[n++] = t.p[i];
	}
	return (struct text){ p, n };
}

bool
scan_string(struct scan *s, struct text *out)
{
	scan_blank(s);
	struct text rest = { s->at, (size_t)(s->end - s->at) };
	size_t      end = rest.n && rest.p[0] == '"' ? quoted_end(rest, 0) : TEXT_NOWHERE;

	if (rest.n == 0 || rest.p[0] != '"')
		return scan_expected(s, "a string in double quotes");
	if (end == TEXT_NOWHERE)
		return unclosed_string(s, s->at);
	*out = scan_unescape(s->c, (struct text){ rest.p + 1, end - 2 }, false);
	s->at += end;
	return true;
}

static bool
quoted_or_run(struct scan *s, struct text *out, const char *stop, const char *what)
{
	if (scan_at(s, '"'))
		return scan_string(s, out);
	*out = scan_run(s, stop);
	if (out->n == 0)
		return scan_expected(s, what);
	*out = scan_unescape(s->c, *out, true);
	return true;
}

/* "(x)" right behind a name, as in count(x): how long it is; 0: that is not what comes. */
static size_t
argument_length(const struct scan *s)
{
	int depth = 0;

	for (const char *p = s->at; p < s->end && !strchr("|[]\"=", *p); p++) {
		depth += *p == '(' ? 1 : *p == ')' ? -1 : 0;
		if (depth == 0)
			return *p == ')' ? (size_t)(p + 1 - s->at) : 0;
	}
	return 0;
}

bool
scan_name(struct scan *s, struct text *out, const char *what)
{
	bool quoted = scan_at(s, '"');

	if (!quoted_or_run(s, out, ",()=|[]\"", what))
		return false;
	if (!quoted && s->at < s->end && *s->at == '(') {
		size_t n = argument_length(s);

		/* unless backslashes went */
		if (n && out->p + out->n == s->at) {
			out->n += n;
			s->at += n;
		}
	}
	return true;
}

bool
scan_value(struct scan *s, struct text *out, const char *what)
{
	return quoted_or_run(s, out, ",()|[]\"", what);
}

bool
scan_option(struct scan *s, struct text *name, struct text *value)
{
	struct scan ahead = *s;
	struct text word = scan_run(&ahead, "=,()|[]\"<>!");

	if (word.n == 0 || !scan_take(&ahead, '=') || scan_at(&ahead, '='))
		return false;
	if (scan_at(&ahead, '"')) {
		struct text rest = { ahead.at, (size_t)(ahead.end - ahead.at) };

		if (quoted_end(rest, 0) == TEXT_NOWHERE || !scan_string(&ahead, value))
			return false;
	} else {
		*value = scan_run(&ahead, ",()|[]\"");
		if (value->n == 0 && !scan_at(&ahead, '('))
			return false;
	}
	*name = word;
	*s = ahead;
	return true;
}

bool
scan_at_option(const struct scan *s)
{
	struct scan ahead = *s;
	struct text name, value;

	return scan_option(&ahead, &name, &value);
}

static bool
scan_pair(struct scan *s, char open, char close, const char *what, struct scan *inner)
{
	int depth = 0;

	if (!scan_at(s, open))
		return scan_expected(s, what);
	for (const char *p = s->at, *next; p < s->end; p = next) {
		next = scan_step(s, p);
		if (!next)
			return false;
		if (*p == open) {
			depth++;
		} else if (*p == close && --depth == 0) {
			*inner = (struct scan){ s->c, s->at + 1, p };
			s->at = p + 1;
			return true;
		}
	}
	return scan_fail(s, s->at, "\"%c\" has no closing \"%c\"", open, close);
}

bool
scan_brackets(struct scan *s, struct scan *inner)
{
	return scan_pair(s, '[', ']', "a subsearch in [ ]", inner);
}

bool
scan_parentheses(struct scan *s, struct scan *inner)
{
	return scan_pair(s, '(', ')', "\"(\"", inner);
}

bool
scan_count(struct scan *s, uint64_t *out)
{
	struct scan ahead = *s;

	if (!text_to_u64(scan_run(&ahead, "=,()\""), out))
		return false;
	*s = ahead;
	return true;
}

bool
scan_to_count(struct scan *s, struct text name, struct text value, uint64_t min, uint64_t *out)
{
	if (!text_to_u64(value, out) || *out < min)
		return scan_fail(s, value.p, TEXT_FMT "= needs a whole number of at least %llu",
				 TEXT_ARG(name), (unsigned long long)min);
	return true;
}

bool
scan_to_bool(struct scan *s, struct text name, struct text value, bool *out)
{
	static const char *const yes[] = { "t", "true", "1", "yes" };
	static const char *const no[] = { "f", "false", "0", "no" };

	for (size_t i = 0; i < 4; i++) {
		if (text_ieq(value, text_of(yes[i])))
			return *out = true;
		if (text_ieq(value, text_of(no[i]))) {
			*out = false;
			return true;
		}
	}
	return scan_fail(s, value.p, TEXT_FMT "= needs true or false", TEXT_ARG(name));
}

bool
scan_fail(const struct scan *s, const char *at, const char *fmt, ...)
{
	const struct text whole = s->c->expansion->text;
	char              what[320];
	va_list           ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	/* A name that lost its escapes lies outside of the text: say where the reader stands. */
	if (at < whole.p || at > whole.p + whole.n)
		at = s->at;
	return expansion_fail(s->c->expansion, (size_t)(at - whole.p), s->c->err, what);
}

bool
scan_expected(struct scan *s, const char *what)
{
	struct scan ahead = *s;
	const char *at;

	scan_blank(&ahead);
	at = ahead.at;
	struct text found = scan_run(&ahead, "");

	/* The end is where the last word ends. */
	while (found.n == 0 && at > s->c->expansion->text.p && is_blank(at[-1]))
		at--;
	if (found.n == 0)
		return scan_fail(s, at, "expected %s, found the end%s", what,
				 s->end < s->c->expansion->text.p + s->c->expansion->text.n
				     ? " of the stage"
				     : "");
	return scan_fail(s, at, "expected %s, found \"" TEXT_FMT "\"", what,
			 TEXT_ARG(text_head(found, 60)));
}

bool
scan_bad_option(struct scan *s, struct text name)
{
	return scan_fail(s, name.p, "%s has no option \"" TEXT_FMT "\"",
			 s->c->command ? s->c->command : "this", TEXT_ARG(name));
}

bool
scan_finish(struct scan *s)
{
	return scan_done(s) || scan_expected(s, "the end of the stage");
}
