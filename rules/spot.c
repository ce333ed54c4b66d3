/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/spot.h"

#include "base/ascii.h"
#include "rules/quoted.h"

#define OPENS_MAX 64

/* A "[" or "(" without its other half. */
struct open {
	char   kind;
	size_t at;
	size_t pipeline, stage; /* "[": those around it */
};

struct reader {
	struct text  text; /* up to the cursor */
	size_t       at;
	size_t       pipeline, stage;
	struct open  opens[OPENS_MAX];
	size_t       n;
	enum spot_in in;
	size_t       inside; /* where the string, macro or comment begins */
};

bool
spot_is_word(char c)
{
	return ascii_alnum(c) || (c && strchr("_.{}*", c)) || (unsigned char)c >= 0x80;
}

static bool
is_blank(char c)
{
	return c && strchr(" \t\r\n\v\f", c);
}

/* Index behind the string, macro or comment at AT; AT itself: there is none. *IN: which. */
static size_t
behind_quoted(struct text t, size_t at, enum spot_in *in)
{
	struct text rest = text_from(t, at);
	size_t      close;

	if (text_starts(rest, TEXT("```"))) {
		*in = SPOT_IN_COMMENT;
		close = text_find(text_from(rest, 3), TEXT("```"));
		return close == TEXT_NOWHERE ? close : at + 3 + close + 3;
	}
	if (text_starts(rest, TEXT("`"))) {
		*in = SPOT_IN_MACRO;
		close = text_find_byte(text_from(rest, 1), '`');
		return close == TEXT_NOWHERE ? close : at + 1 + close + 1;
	}
	if (text_starts(rest, TEXT("\""))) {
		*in = SPOT_IN_STRING;
		return quoted_end(t, at);
	}
	return at;
}

static void
open_at(struct reader *r, char kind)
{
	if (r->n < OPENS_MAX)
		r->opens[r->n++] = (struct open){ kind, r->at, r->pipeline, r->stage };
	if (kind == '[')
		r->pipeline = r->stage = r->at + 1;
}

static void
close_at(struct reader *r, char kind)
{
	size_t n = r->n;

	while (n && r->opens[n - 1].kind != kind && (kind == '[' || r->opens[n - 1].kind != '['))
		n--;
	if (!n || r->opens[n - 1].kind != kind)
		return;
	r->n = n - 1;
	if (kind == '[') {
		r->pipeline = r->opens[r->n].pipeline;
		r->stage = r->opens[r->n].stage;
	}
}

/* Reads up to the cursor. */
static void
read_all(struct reader *r)
{
	while (r->at < r->text.n) {
		enum spot_in in = SPOT_IN_STAGE;
		size_t       behind = behind_quoted(r->text, r->at, &in);

		if (behind == TEXT_NOWHERE) {
			r->in = in;
			r->inside = r->at;
			return;
		}
		if (behind > r->at) {
			r->at = behind;
			continue;
		}
		switch (r->text.p[r->at]) {
		case '\\':
			r->at++;
			break;
		case '[':
		case '(':
			open_at(r, r->text.p[r->at]);
			break;
		case ']':
			close_at(r, '[');
			break;
		case ')':
			close_at(r, '(');
			break;
		case '|':
			while (r->n && r->opens[r->n - 1].kind == '(')
				r->n--;
			r->stage = r->at + 1;
			break;
		}
		r->at++;
	}
}

/* The next word, string, macro, closed pair or single character from *AT on; absent at the end. */
static struct text
token(struct text t, size_t *at)
{
	enum spot_in in = SPOT_IN_STAGE;
	size_t       start, behind, depth = 0;

	do {
		while (*at < t.n && is_blank(t.p[*at]))
			++*at;
		start = *at;
		behind = behind_quoted(t, start, &in);
		if (in == SPOT_IN_COMMENT && behind != TEXT_NOWHERE)
			*at = behind;
	} while (*at > start);
	if (start >= t.n)
		return TEXT_NONE;
	if (behind == start && spot_is_word(t.p[start])) {
		while (behind < t.n && spot_is_word(t.p[behind]))
			behind++;
	} else if (behind == start && (t.p[start] == '(' || t.p[start] == '[')) {
		for (size_t i = start; i < t.n; i++) {
			size_t skip = behind_quoted(t, i, &in);

			if (skip == TEXT_NOWHERE)
				break;
			if (skip > i)
				i = skip - 1;
			else if (t.p[i] == '(' || t.p[i] == '[')
				depth++;
			else if ((t.p[i] == ')' || t.p[i] == ']') && --depth == 0)
				behind = i + 1;
			if (depth == 0)
				break;
		}
	}
	if (behind == start || behind == TEXT_NOWHERE)
		behind = start + 1;
	*at = behind;
	return (struct text){ t.p + start, behind - start };
}

static bool
opens_clause(struct text word)
{
	static const char *const words[] = { "by", "groupby", "where", "as",   "from",  "output",
					     "over", "outputnew", "in", "with", "sortby" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (text_ieq(word, text_of(words[i])))
			return true;
	return false;
}

/* What stands in the stage before the word, and how it hangs together. */
static void
read_stage(struct spot *s)
{
	size_t      at = 0;
	struct text before = TEXT_NONE, t;

	while (!text_absent(t = token(s->stage, &at))) {
		size_t ahead = at;
		bool   is_option = text_eq(token(s->stage, &ahead), TEXT("="));

		if (text_absent(s->command))
			s->command = t;
		else if (text_eq(s->previous, TEXT("=")) && text_ieq(before, TEXT("datamodel")))
			s->model = t;
		else if (opens_clause(t))
			s->clause = t;
		else if (text_absent(s->argument) && spot_is_word(t.p[0]) && !is_option &&
			 !text_eq(s->previous, TEXT("=")))
			s->argument = t;
		if (text_ieq(s->previous, TEXT("datamodel")) && spot_is_word(t.p[0]))
			s->model = t;
		before = s->previous;
		s->previous = t;
	}
	if (text_eq(s->previous, TEXT("=")))
		s->option = before;
}

/* The word before the parenthesis at AT; absent: another thing. */
static struct text
called(struct text t, size_t at)
{
	size_t from;

	while (at > 0 && is_blank(t.p[at - 1]))
		at--;
	for (from = at; from > 0 && spot_is_word(t.p[from - 1]);)
		from--;
	return from < at ? (struct text){ t.p + from, at - from } : TEXT_NONE;
}

/* A subsearch of foreach or appendpipe goes on where the stages before it end. */
static void
read_holder(struct spot *s, struct text text, const struct open *bracket)
{
	struct text holder = { text.p + bracket->stage, bracket->at - bracket->stage };
	size_t      at = 0;
	struct text command = token(holder, &at);

	if (!s->first || s->barred ||
	    (!text_ieq(command, TEXT("foreach")) && !text_ieq(command, TEXT("appendpipe"))))
		return;
	s->first = false;
	s->pipeline = (struct text){ text.p + bracket->pipeline,
				     bracket->stage > bracket->pipeline
					 ? bracket->stage - 1 - bracket->pipeline
					 : 0 };
}

void
spot_find(struct spot *out, struct text text, size_t cursor)
{
	struct reader r = { .text = text_head(text, cursor) };
	size_t        n, start;

	read_all(&r);
	n = r.text.n;
	start = r.in == SPOT_IN_STAGE ? n : r.inside + 1;
	*out = (struct spot){ .in = r.in };
	if (r.in == SPOT_IN_STAGE) {
		while (start > r.stage && spot_is_word(text.p[start - 1]))
			start--;
	}
	out->word = (struct text){ text.p + start, n - start };
	out->pipeline = text_trim((struct text){ text.p + r.pipeline,
						 r.stage > r.pipeline ? r.stage - 1 - r.pipeline : 0 });
	out->stage = (struct text){ text.p + r.stage, start - r.stage };
	out->first = out->pipeline.n == 0;
	out->barred = out->first && r.stage > r.pipeline;
	read_stage(out);
	for (size_t i = r.n; i-- > 0;) {
		const struct open *o = &r.opens[i];

		if (o->kind == '[') {
			read_holder(out, text, o);
			break;
		}
		if (text_absent(out->call))
			out->call = called(text, o->at);
		else if (text_absent(out->caller))
			out->caller = called(text, o->at);
	}
}
