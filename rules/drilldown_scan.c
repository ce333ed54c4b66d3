/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/drilldown_scan.h"

#include "base/ascii.h"
#include "rules/tokens.h"

static bool
is_sign(char c)
{
	return c == '=' || c == '!' || c == '<' || c == '>';
}

static bool
ends_word(char c)
{
	return ascii_blank(c) || is_sign(c) || c == '"' || c == '`' || c == '(' || c == ')' ||
	       c == '|' || c == ',' || c == '[' || c == ']';
}

/* Length up to and with the closing QUOTE; without one, a single character. */
static size_t
quoted_length(struct text t, char quote)
{
	for (size_t i = 1; i < t.n; i++) {
		if (t.p[i] == '\\' && quote == '"')
			i++;
		else if (t.p[i] == quote)
			return i + 1;
	}
	return 1;
}

/* Length of the token that T begins with: the '|' of "$name|s$" is no pipe. 0: there is none. */
static size_t
token_length(struct text t)
{
	struct text  rest = t;
	struct token token = token_next(&rest);

	return token.closed && token.before.n == 0 ? t.n - rest.n : 0;
}

static struct piece
next_piece(struct text t)
{
	char   c = t.p[0];
	size_t n = 1;

	if (ascii_blank(c)) {
		while (n < t.n && ascii_blank(t.p[n]))
			n++;
		return (struct piece){ PIECE_BLANK, text_head(t, n) };
	}
	if (c == '"' || c == '`') {
		n = quoted_length(t, c);
		return (struct piece){ n == 1     ? PIECE_OTHER
				       : c == '"' ? PIECE_STRING
						  : PIECE_MACRO,
				       text_head(t, n) };
	}
	if (is_sign(c)) {
		if (n < t.n && t.p[n] == '=')
			n++;
		return (struct piece){ PIECE_OPERATOR, text_head(t, n) };
	}
	if (ends_word(c))
		return (struct piece){ c == '('   ? PIECE_OPEN
				       : c == ')' ? PIECE_CLOSE
				       : c == '|' ? PIECE_PIPE
						  : PIECE_OTHER,
				       text_head(t, 1) };
	for (n = 0; n < t.n && !ends_word(t.p[n]);) {
		size_t token = t.p[n] == '$' ? token_length(text_from(t, n)) : 0;

		n += token ? token : 1;
	}
	return (struct piece){ PIECE_WORD, text_head(t, n) };
}

size_t
pieces_of(struct text template, struct arena *keep, struct piece **out)
{
	size_t n = 0, cap = 0;

	*out = NULL;
	while (template.n) {
		struct piece p = next_piece(template);

		arena_grow(keep, *out, n, &cap);
		(*out)[n++] = p;
		template = text_from(template, p.text.n);
	}
	return n;
}

size_t
pieces_skip_blanks(const struct piece *p, size_t i, size_t n)
{
	while (i < n && p[i].kind == PIECE_BLANK)
		i++;
	return i;
}

bool
pieces_assign(const struct piece *p, size_t i)
{
	size_t begin = i, before, depth = 0;

	for (; begin > 0 && p[begin - 1].kind != PIECE_PIPE; begin--) {
		if (p[begin - 1].kind == PIECE_CLOSE)
			depth++;
		else if (p[begin - 1].kind == PIECE_OPEN && depth-- == 0)
			return false; /* inside of a call */
	}
	begin = pieces_skip_blanks(p, begin, i);
	if (begin == i || !text_ieq(p[begin].text, TEXT("eval")))
		return false;
	for (before = i - 1; p[before].kind == PIECE_BLANK; before--)
		;
	return before == begin || text_eq(p[before].text, TEXT(","));
}

bool
pieces_start_expression(const struct piece *p, size_t i, size_t n)
{
	i = pieces_skip_blanks(p, i, n);
	return i < n && p[i].kind == PIECE_WORD &&
	       (text_ieq(p[i].text, TEXT("where")) || text_ieq(p[i].text, TEXT("eval")));
}
