/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/assemble.h"

#include "base/ascii.h"

#define NESTED_MAX 16 /* parentheses, and formats in formats */
#define CODE_MAX   3  /* code in strings in code */
#define ARGS_MAX   64 /* of one -f */
#define WORK       16 /* looks at a byte, on average */
#define GROWTH     8  /* times its size a script may become, for formats repeat what they are given */
#define DATA_MIN   64  /* a word as long is data in pieces, which says nothing by itself */

/* Values are put together on a stack of bytes; a value that does not come about is popped. */
struct assembler {
	struct text t;
	size_t      work;
	char       *values;
	size_t      n_values, room;
	unsigned    depth;
	unsigned    steps; /* of the expression at hand: what was joined, filled in, or a [char] */
	char       *out;
	size_t      n_out, line; /* bytes; where the line at hand begins */
	bool        changed;     /* it reads differently */
	bool        cut;
};

static bool
is_quote(char c)
{
	return c == '\'' || c == '"';
}

static bool
is_word(char c)
{
	return ascii_alnum(c) || c == '-' || c == '_';
}

static size_t
skip_blanks(struct text t, size_t at)
{
	while (at < t.n && ascii_blank(t.p[at]))
		at++;
	return at;
}

/* Pays for N bytes looked at. */
static bool
pay(struct assembler *a, size_t n)
{
	if (a->work < n) {
		a->cut = true;
		return false;
	}
	a->work -= n;
	return true;
}

static bool
push(struct assembler *a, const char *p, size_t n)
{
	if (a->room - a->n_values < n) {
		a->cut = true;
		return false;
	}
	memcpy(a->values + a->n_values, p, n);
	a->n_values += n;
	return true;
}

/* Behind the quote that ends the string at AT; TEXT_NOWHERE: none does. */
static size_t
string_end(struct text t, size_t at)
{
	char quote = t.p[at++];

	for (; at < t.n; at++) {
		if (t.p[at] == '`' && quote == '"')
			at++;
		else if (t.p[at] == quote && at + 1 < t.n && t.p[at + 1] == quote)
			at++;
		else if (t.p[at] == quote)
			return at + 1;
	}
	return TEXT_NOWHERE;
}

/* What the string between its quotes says. */
static bool
push_string(struct assembler *a, struct text inside, char quote)
{
	for (size_t i = 0; i < inside.n; i++) {
		char c = inside.p[i];

		if (c == quote) {
			i++; /* doubled */
		} else if (c == '`' && quote == '"' && i + 1 < inside.n) {
			c = inside.p[++i];
			if (c == 'n' || c == 'r' || c == 't')
				c = ' ';
		}
		if (!push(a, &c, 1))
			return false;
	}
	return true;
}

static bool
take_string(struct assembler *a, size_t *at)
{
	size_t end = string_end(a->t, *at);

	if (!pay(a, end == TEXT_NOWHERE ? a->t.n - *at : end - *at) || end == TEXT_NOWHERE)
		return false;
	struct text inside = { a->t.p + *at + 1, end - *at - 2 };

	if (!push_string(a, inside, a->t.p[*at]))
		return false;
	*at = end;
	return true;
}

/* [char]97, [char]0x61: a printable letter of ASCII. */
static bool
take_char(struct assembler *a, size_t *at)
{
	size_t   begin = skip_blanks(a->t, *at + 6), end = begin;
	uint64_t code;
	char     c;

	while (end < a->t.n && end - begin < 8 && is_word(a->t.p[end]) && a->t.p[end] != '-')
		end++;
	if (!text_to_u64((struct text){ a->t.p + begin, end - begin }, &code) || code < ' ' ||
	    code > '~')
		return false;
	c = (char)code;
	a->steps++;
	*at = end;
	return push(a, &c, 1);
}

/* Is what ends at AT a whole operand? 'a'.Length, 'a'[0] and 'a'*3 are others. */
static bool
is_operand(struct text t, size_t at)
{
	if (at < t.n && (t.p[at] == '.' || t.p[at] == '['))
		return false;
	at = skip_blanks(t, at);
	return at == t.n || t.p[at] != '*';
}

static bool take_sum(struct assembler *a, size_t *at);

static bool
take_term(struct assembler *a, size_t *at)
{
	size_t i = skip_blanks(a->t, *at);
	bool   good = false;

	if (!pay(a, i - *at + 1) || i == a->t.n)
		return false;
	if (is_quote(a->t.p[i])) {
		good = take_string(a, &i);
	} else if (text_istarts(text_from(a->t, i), TEXT("[char]"))) {
		good = take_char(a, &i);
	} else if (a->t.p[i] == '(' && a->depth < NESTED_MAX) {
		a->depth++;
		i++;
		good = take_sum(a, &i);
		a->depth--;
		i = skip_blanks(a->t, i);
		good = good && i < a->t.n && a->t.p[i++] == ')';
	}
	if (good && !is_operand(a->t, i))
		good = false;
	if (good)
		*at = i;
	return good;
}

/* Is there a -f at AT? */
static bool
is_format(struct text t, size_t at)
{
	return t.n - at > 2 && t.p[at] == '-' && (t.p[at + 1] | 0x20) == 'f' &&
	       !is_word(t.p[at + 2]);
}

/* Values on the stack: where each begins, and where the last ends. */
struct args {
	size_t   begin[ARGS_MAX + 1];
	unsigned n;
};

/* 'a','b' or ('a','b'). */
static bool
take_args(struct assembler *a, size_t *at, struct args *args)
{
	size_t i = skip_blanks(a->t, *at);
	bool   list = i < a->t.n && a->t.p[i] == '(' && a->depth < NESTED_MAX, good;

	if (list)
		i++;
	do {
		args->begin[args->n++] = a->n_values;
		a->depth++;
		good = a->depth <= NESTED_MAX && (list ? take_sum(a, &i) : take_term(a, &i));
		a->depth--;
		args->begin[args->n] = a->n_values;
		*at = i;
		i = skip_blanks(a->t, i);
	} while (good && args->n < ARGS_MAX && i < a->t.n && a->t.p[i++] == ',');
	if (list) {
		i = skip_blanks(a->t, *at);
		good = good && i < a->t.n && a->t.p[i] == ')';
		*at = i + 1;
	}
	return good;
}

/* "{1}" at I of the format: its argument, *END behind it; what stands behind ',' or ':' says how
 * wide, and is left out. */
static bool
placeholder(struct text format, size_t i, uint64_t *index, size_t *end)
{
	size_t      close = text_find_byte(text_from(format, i), '}');
	struct text inside;

	if (close == TEXT_NOWHERE)
		return false;
	inside = text_head(text_from(format, i + 1), close - 1);
	*end = i + close + 1;
	for (size_t k = 0; k < inside.n; k++)
		if (inside.p[k] == ',' || inside.p[k] == ':')
			inside = text_head(inside, k);
	return text_to_u64(inside, index);
}

/* The format that begins at BEGIN of the stack, its arguments behind it: what it says instead. */
static bool
fill_in(struct assembler *a, size_t begin, const struct args *args)
{
	struct text format = { a->values + begin, args->begin[0] - begin };
	size_t      result = a->n_values;

	for (size_t i = 0; i < format.n;) {
		char     c = format.p[i];
		uint64_t index;
		bool     doubled = i + 1 < format.n && format.p[i + 1] == c;

		if (c == '{' && !doubled) {
			if (!placeholder(format, i, &index, &i) || index >= args->n ||
			    !push(a, a->values + args->begin[index],
				  args->begin[index + 1] - args->begin[index]))
				return false;
			continue;
		}
		if (!push(a, &c, 1))
			return false;
		i += (c == '{' || c == '}') && doubled ? 2 : 1;
	}
	a->n_values -= result;
	memmove(a->values + begin, a->values + result, a->n_values);
	a->n_values += begin;
	return true;
}

/* A term and the formats it is used as. */
static bool
take_formatted(struct assembler *a, size_t *at)
{
	size_t begin = a->n_values;

	if (!take_term(a, at))
		return false;
	for (;;) {
		size_t      i = skip_blanks(a->t, *at), before = a->n_values;
		unsigned    steps = a->steps;
		struct args args = { .n = 0 };

		if (!is_format(a->t, i))
			return true;
		i += 2;
		if (!take_args(a, &i, &args) || !fill_in(a, begin, &args)) {
			a->n_values = before;
			a->steps = steps;
			return true;
		}
		a->steps++;
		*at = i;
	}
}

static bool
take_sum(struct assembler *a, size_t *at)
{
	if (!take_formatted(a, at))
		return false;
	for (;;) {
		size_t   i = skip_blanks(a->t, *at), before = a->n_values;
		unsigned steps = a->steps;

		if (i == a->t.n || a->t.p[i++] != '+')
			return true;
		if (!take_formatted(a, &i)) {
			a->n_values = before;
			a->steps = steps;
			return true;
		}
		a->steps++;
		*at = i;
	}
}

/* ---- the script around the expressions ---- */

static void
emit(struct assembler *a, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (a->n_out == a->room) {
			a->cut = true;
			return;
		}
		a->out[a->n_out++] = p[i];
		if (p[i] != '\n')
			continue;
		if (!a->changed)
			a->n_out = a->line;
		a->line = a->n_out;
		a->changed = false;
	}
}

/* A word stands for itself, as in the place of a command; other text stays in quotes. */
static void
emit_value(struct assembler *a, bool in_parentheses, bool called)
{
	bool bare = a->n_values > 0, changed;

	for (size_t i = 0; i < a->n_values && bare; i++)
		bare = is_word(a->values[i]) || text_find_byte(TEXT(".:\\/"), a->values[i]) !=
						    TEXT_NOWHERE;
	changed = !bare || a->n_values < DATA_MIN;
	a->changed |= changed;
	if (in_parentheses && (called || !bare))
		emit(a, "(", 1);
	if (!bare)
		emit(a, "'", 1);
	emit(a, a->values, a->n_values);
	a->changed |= changed;
	if (!bare)
		emit(a, "'", 1);
	if (in_parentheses && (called || !bare))
		emit(a, ")", 1);
}

/* An expression of several strings at *AT. */
static bool
replace(struct assembler *a, size_t *at)
{
	size_t end = *at;

	a->n_values = 0;
	a->steps = 0;
	a->depth = 0;
	if (!take_sum(a, &end) || a->steps == 0)
		return false;
	emit_value(a, a->t.p[*at] == '(', *at > 0 && is_word(a->t.p[*at - 1]));
	*at = end;
	return true;
}

/* A run of letters and backticks. Between two letters a backtick changes nothing but the look,
 * unless the word is part of a string and it the only one: "a`nb" is two lines. */
static size_t
emit_word(struct assembler *a, size_t at, bool in_string)
{
	const char *p = a->t.p;
	size_t      end = at, ticks = 0;

	while (end < a->t.n && (is_word(p[end]) || p[end] == '`')) {
		ticks += p[end] == '`' && end > at && end + 1 < a->t.n && is_word(p[end - 1]) &&
			 is_word(p[end + 1]);
		end++;
	}
	if (ticks < (in_string ? 2u : 1u)) {
		emit(a, p + at, end - at);
		return end;
	}
	for (size_t i = at; i < end; i++)
		if (p[i] != '`')
			emit(a, p + i, 1);
	a->changed = true;
	return end;
}

/* Behind a comment or here-string that begins at AT; AT: none does. */
static size_t
skip_verbatim(struct text t, size_t at)
{
	struct text rest = text_from(t, at), end = TEXT("\n");
	char        before = at > 0 ? t.p[at - 1] : '\n';
	size_t      n;

	if (text_starts(rest, TEXT("<#")))
		end = TEXT("#>");
	else if (text_starts(rest, TEXT("@'\n")) || text_starts(rest, TEXT("@'\r\n")))
		end = TEXT("\n'@");
	else if (text_starts(rest, TEXT("@\"\n")) || text_starts(rest, TEXT("@\"\r\n")))
		end = TEXT("\n\"@");
	else if (t.p[at] != '#' || !(ascii_blank(before) || before == ';' || before == '{'))
		return at;
	n = text_find(rest, end);
	return n == TEXT_NOWHERE ? t.n : at + n + (end.n > 1 ? end.n : 0);
}

static void assemble_code(struct assembler *a, struct text code, unsigned level);

/* A string that is no part of an expression may hold code itself. */
static size_t
emit_string(struct assembler *a, size_t at, unsigned level)
{
	size_t end = string_end(a->t, at);

	if (!pay(a, end == TEXT_NOWHERE ? a->t.n - at : end - at) || end == TEXT_NOWHERE) {
		emit(a, a->t.p + at, 1);
		return at + 1;
	}
	struct text inside = { a->t.p + at + 1, end - at - 2 };

	emit(a, a->t.p + at, 1);
	if (level < CODE_MAX)
		assemble_code(a, inside, level + 1);
	else
		emit(a, inside.p, inside.n);
	emit(a, a->t.p + end - 1, 1);
	return end;
}

static void
assemble_code(struct assembler *a, struct text code, unsigned level)
{
	struct text around = a->t;

	a->t = code;
	for (size_t at = 0; at < code.n;) {
		char   c = code.p[at];
		size_t end;

		if (a->work == 0) {
			emit(a, code.p + at, code.n - at);
			break;
		}
		a->work--;
		if ((c == '<' || c == '@' || c == '#') && (end = skip_verbatim(code, at)) > at) {
			emit(a, code.p + at, end - at);
			at = end;
		} else if ((is_quote(c) || c == '(' || c == '[') && replace(a, &at)) {
			continue;
		} else if (is_quote(c)) {
			at = emit_string(a, at, level);
		} else if (is_word(c) || c == '`') {
			at = emit_word(a, at, level > 0);
		} else {
			emit(a, &c, 1);
			at++;
		}
	}
	a->t = around;
}

struct text
assemble(struct text script, struct arena *keep, bool *cut)
{
	struct text      t = text_head(script, ASSEMBLE_TEXT);
	struct assembler a = { .work = WORK * t.n + 4096, .room = t.n * GROWTH + 4096 };

	if (a.room > t.n + ASSEMBLE_TEXT)
		a.room = t.n + ASSEMBLE_TEXT;
	a.cut = t.n < script.n;
	a.out = arena_bytes(keep, a.room);
	char *behind = keep->at;

	a.values = arena_bytes(keep, a.room);
	assemble_code(&a, t, 0);
	if (!a.changed)
		a.n_out = a.line;
	if (a.n_out > 0 && a.out[a.n_out - 1] == '\n')
		a.n_out--;
	*cut = a.cut;
	keep->at = a.n_out ? behind : a.out;
	return a.n_out ? (struct text){ a.out, a.n_out } : TEXT_NONE;
}

/* Does a string or parenthesis end before AT, blanks aside? */
static bool
ends_before(struct text t, size_t at)
{
	while (at > 0 && ascii_blank(t.p[at - 1]))
		at--;
	return at > 0 && (is_quote(t.p[at - 1]) || t.p[at - 1] == ')');
}

bool
assemble_worth(struct text script)
{
	for (size_t i = 1; i + 1 < script.n; i++) {
		char c = script.p[i];

		if (c == '`' && is_word(script.p[i - 1]) && is_word(script.p[i + 1]))
			return true;
		if ((c == '+' || c == '-') && ends_before(script, i) &&
		    (c == '+' || is_format(script, i)))
			return true;
		if (c == '[' && text_istarts(text_from(script, i), TEXT("[char]")))
			return true;
	}
	return text_istarts(script, TEXT("[char]"));
}
