/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/syntax.h"

#include <string.h>

#include "base/ascii.h"

struct scanning {
	struct text         t;
	size_t              at;
	struct arena       *keep;
	struct syntax_span *spans;
	size_t              n, cap;
};

static void
add(struct scanning *s, size_t start, enum syntax_kind kind)
{
	arena_grow(s->keep, s->spans, s->n, &s->cap);
	s->spans[s->n++] = (struct syntax_span){ start, s->at - start, kind };
}

static bool
is_word(char c)
{
	return ascii_alnum(c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool
stands(const struct scanning *s, const char *what)
{
	return text_starts(text_from(s->t, s->at), text_of(what));
}

static void
skip_to(struct scanning *s, const char *end)
{
	size_t found = text_find(text_from(s->t, s->at), text_of(end));

	s->at = found == TEXT_NOWHERE ? s->t.n : s->at + found + strlen(end);
}

static void
scan_comment(struct scanning *s)
{
	size_t start = s->at;

	if (stands(s, "<#")) {
		skip_to(s, "#>");
	} else {
		size_t end = text_find_byte(text_from(s->t, s->at), '\n');

		s->at = end == TEXT_NOWHERE ? s->t.n : s->at + end;
	}
	add(s, start, SYNTAX_COMMENT);
}

/* 'it''s', "a `"b`" c"; one that is never closed ends with its line. */
static void
scan_string(struct scanning *s)
{
	size_t start = s->at++;
	char   quote = s->t.p[start];

	while (s->at < s->t.n) {
		char c = s->t.p[s->at++];

		if (c == '`' && quote == '"' && s->at < s->t.n)
			s->at++;
		else if (c == quote && s->at < s->t.n && s->t.p[s->at] == quote)
			s->at++;
		else if (c == quote)
			break;
	}
	add(s, start, SYNTAX_STRING);
}

static void
scan_here_string(struct scanning *s)
{
	size_t start = s->at;

	skip_to(s, s->t.p[s->at + 1] == '"' ? "\n\"@" : "\n'@");
	add(s, start, SYNTAX_STRING);
}

/* Keywords, and names of the form Verb-Noun. */
static bool
is_command(struct text word)
{
	static const struct text keywords[] = {
		TEXT_INIT("begin"),   TEXT_INIT("break"),  TEXT_INIT("catch"),   TEXT_INIT("class"),
		TEXT_INIT("continue"), TEXT_INIT("do"),    TEXT_INIT("else"),    TEXT_INIT("elseif"),
		TEXT_INIT("end"),     TEXT_INIT("exit"),   TEXT_INIT("filter"),  TEXT_INIT("finally"),
		TEXT_INIT("for"),     TEXT_INIT("foreach"), TEXT_INIT("function"), TEXT_INIT("if"),
		TEXT_INIT("iex"),     TEXT_INIT("in"),     TEXT_INIT("param"),   TEXT_INIT("process"),
		TEXT_INIT("return"),  TEXT_INIT("switch"), TEXT_INIT("throw"),   TEXT_INIT("trap"),
		TEXT_INIT("try"),     TEXT_INIT("until"),  TEXT_INIT("using"),   TEXT_INIT("while"),
	};
	size_t dash = text_find_byte(word, '-');

	if (dash != TEXT_NOWHERE)
		return dash > 1 && dash + 2 < word.n;
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (text_ieq(word, keywords[i]))
			return true;
	return false;
}

static void
scan_word(struct scanning *s)
{
	size_t start = s->at;

	while (s->at < s->t.n && (is_word(s->t.p[s->at]) || s->t.p[s->at] == '-'))
		s->at++;
	if (is_command((struct text){ s->t.p + start, s->at - start }))
		add(s, start, SYNTAX_COMMAND);
}

size_t
syntax_spans(struct text script, struct arena *keep, struct syntax_span **out)
{
	struct scanning s = { .t = script, .keep = keep };
	char            before = '\n'; /* what stands before a word decides what it is */

	while (s.at < script.n) {
		char c = script.p[s.at];

		if ((c == '<' && stands(&s, "<#")) || (c == '#' && memchr(" \t\n;{}()|", before, 9)))
			scan_comment(&s);
		else if (c == '@' && (stands(&s, "@\"\n") || stands(&s, "@'\n")))
			scan_here_string(&s);
		else if (c == '\'' || c == '"')
			scan_string(&s);
		else if (is_word(c) && !memchr("$-.:\\/", before, 6))
			scan_word(&s);
		else if (is_word(c))
			while (s.at < script.n && is_word(script.p[s.at]))
				s.at++;
		else
			s.at++;
		before = script.p[s.at - 1];
	}
	*out = s.spans;
	return s.n;
}

size_t
syntax_span_at(const struct syntax_span *spans, size_t n, size_t at)
{
	size_t first = 0, behind = n;

	while (first < behind) {
		size_t middle = first + (behind - first) / 2;

		if (spans[middle].start + spans[middle].n <= at)
			first = middle + 1;
		else
			behind = middle;
	}
	return first;
}

size_t
syntax_break(struct text line, size_t at, const struct syntax_span *spans, size_t n_spans,
	     size_t most)
{
	size_t span;

	if (line.n < most)
		return line.n;
	span = syntax_span_at(spans, n_spans, at);
	for (size_t i = 0; i + 1 < line.n; i++) {
		while (span < n_spans && spans[span].start + spans[span].n <= at + i)
			span++;
		if (span < n_spans && spans[span].start <= at + i &&
		    spans[span].kind != SYNTAX_COMMAND) {
			i = spans[span].start + spans[span].n - at - 1;
			continue;
		}
		if (i >= most / 8 && memchr(";|{", line.p[i], 3))
			return i + 1;
	}
	return line.n;
}
