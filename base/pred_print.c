/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Predicates as text in the form of SPL. */
#include "config.h"

#include "base/pred.h"

#include "base/when.h"

/* Text written twice: without P only its length is counted. */
struct sink {
	char  *p;
	size_t n;
};

static void
put(struct sink *sink, struct text piece)
{
	if (sink->p && piece.n)
		memcpy(sink->p + sink->n, piece.p, piece.n);
	sink->n += piece.n;
}

static void
put_quoted(struct sink *sink, struct text value)
{
	put(sink, TEXT("\""));
	for (size_t i = 0; i < value.n; i++) {
		struct text one = { value.p + i, 1 };

		if (value.p[i] == '\\' || value.p[i] == '"')
			put(sink, TEXT("\\"));
		put(sink, one);
	}
	put(sink, TEXT("\""));
}

static struct text
operator_of(enum pred_kind kind)
{
	switch (kind) {
	case PRED_NE:
		return TEXT("!=");
	case PRED_LT:
		return TEXT("<");
	case PRED_LE:
		return TEXT("<=");
	case PRED_GT:
		return TEXT(">");
	case PRED_GE:
		return TEXT(">=");
	case PRED_EQ:
	case PRED_TRUE:
	case PRED_FALSE:
	case PRED_AND:
	case PRED_OR:
	case PRED_NOT:
	case PRED_WORD:
	case PRED_MODEL:
	case PRED_TIME:
		break;
	}
	return TEXT("=");
}

static void
put_value(struct sink *sink, const struct pred *p, struct text caller)
{
	if (caller.n)
		put(sink, caller);
	if (caller.n)
		put(sink, TEXT("("));
	put_quoted(sink, p->pattern.source);
	if (caller.n)
		put(sink, TEXT(")"));
}

static void
put_time(struct sink *sink, struct text name, int64_t time_ns)
{
	char buf[WHEN_TEXT_MAX];

	put(sink, name);
	put(sink, (struct text){ buf, when_to_iso(time_ns, buf) });
}

static void
put_range(struct sink *sink, const struct pred *p)
{
	bool from = p->earliest_ns != WHEN_NONE, to = p->latest_ns != WHEN_MAX;

	if (from)
		put_time(sink, TEXT("earliest="), p->earliest_ns);
	if (from && to)
		put(sink, TEXT(" "));
	if (to)
		put_time(sink, TEXT("latest="), p->latest_ns);
	if (!from && !to)
		put(sink, TEXT("*"));
}

static void
put_pred(struct sink *sink, const struct pred *p, bool inside)
{
	bool brackets = inside && p->n_kids > 1;

	switch (p->kind) {
	case PRED_TRUE:
		put(sink, TEXT("*"));
		break;
	case PRED_FALSE:
		put(sink, TEXT("NOT ()"));
		break;
	case PRED_AND:
	case PRED_OR:
		if (p->n_kids == 0)
			put(sink, p->kind == PRED_AND ? TEXT("*") : TEXT("NOT ()"));
		if (brackets)
			put(sink, TEXT("("));
		for (uint32_t i = 0; i < p->n_kids; i++) {
			if (i)
				put(sink, p->kind == PRED_AND ? TEXT(" ") : TEXT(" OR "));
			put_pred(sink, p->kids[i], true);
		}
		if (brackets)
			put(sink, TEXT(")"));
		break;
	case PRED_NOT:
		put(sink, TEXT("NOT "));
		put_pred(sink, p->kids[0], true);
		break;
	case PRED_EQ:
	case PRED_NE:
	case PRED_LT:
	case PRED_LE:
	case PRED_GT:
	case PRED_GE:
		put(sink, p->name.name);
		put(sink, operator_of(p->kind));
		put_value(sink, p, p->pattern.cased ? TEXT("CASE") : TEXT_NONE);
		break;
	case PRED_WORD:
		put_value(sink, p,
			  p->whole           ? TEXT("TERM")
			  : p->pattern.cased ? TEXT("CASE")
					     : TEXT_NONE);
		break;
	case PRED_MODEL:
		put(sink, TEXT("datamodel="));
		put(sink, model_name(p->model));
		break;
	case PRED_TIME:
		put_range(sink, p);
		break;
	}
}

struct text
pred_print(const struct pred *p, struct arena *keep)
{
	struct sink sink = { 0 };

	put_pred(&sink, p, false);
	sink.p = arena_new(keep, char, sink.n + 1);
	sink.n = 0;
	put_pred(&sink, p, false);
	return (struct text){ sink.p, sink.n };
}
