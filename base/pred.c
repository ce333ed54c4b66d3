/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/pred.h"

#include "base/alternatives.h"
#include "base/name_entry.h"
#include "base/when.h"

/* One question about one subject: what was looked up is kept while the same name is asked again. */
struct asking {
	const struct subject  *subject;
	struct arena          *scratch;
	const struct name_ref *name; /* whose values are in VALUES; NULL: nobody's */
	size_t                 n;
	bool                   one; /* VALUES are spellings of one value */
	struct text            values[NAME_VALUES_MAX];
	bool                   has_raw;
	struct text            raw;
};

static bool
same_name(const struct name_ref *a, const struct name_ref *b)
{
	return a == b || (a->key == b->key && a->model == b->model && text_eq(a->name, b->name));
}

static void
look_up(struct asking *a, const struct name_ref *name)
{
	if (a->name && same_name(a->name, name))
		return;
	a->n = a->subject->values(a->subject->self, name, a->scratch, a->values, NAME_VALUES_MAX,
				  &a->one);
	a->name = name;
}

static bool
compare(enum pred_kind kind, const struct pattern *p, struct text value)
{
	double number;
	int    order;

	if (p->numeric && text_to_double(value, &number))
		order = number < p->number ? -1 : number > p->number;
	else
		order = text_cmp(value, p->source);
	if (kind == PRED_LT)
		return order < 0;
	if (kind == PRED_LE)
		return order <= 0;
	if (kind == PRED_GT)
		return order > 0;
	return order >= 0;
}

/* Is there a value that the pattern does not match? */
static bool
differs(const struct pattern *p, const struct asking *a)
{
	size_t matching = 0;

	for (size_t i = 0; i < a->n; i++)
		matching += pattern_match(p, a->values[i]);
	return a->one ? a->n && !matching : matching < a->n;
}

static bool
eval_field(const struct pred *p, struct asking *a)
{
	look_up(a, &p->name);
	if (p->kind == PRED_NE)
		return differs(&p->pattern, a);
	for (size_t i = 0; i < a->n; i++) {
		bool holds;

		if (p->kind == PRED_EQ)
			holds = pattern_match(&p->pattern, a->values[i]);
		else
			holds = compare(p->kind, &p->pattern, a->values[i]);
		if (holds)
			return true;
	}
	return false;
}

enum breaker { BREAK_NONE, BREAK_MINOR, BREAK_MAJOR };

/* Splunk's segmentation: major breakers end every term, minor ones its parts. */
static enum breaker
breaker_of(char c)
{
	switch (c) {
	case ' ': case '\n': case '\r': case '\t':
	case '[': case ']': case '<': case '>': case '(': case ')': case '{': case '}':
	case '|': case '!': case ';': case ',': case '\'': case '"': case '*': case '&':
	case '?': case '+':
		return BREAK_MAJOR;
	case '/': case ':': case '=': case '@': case '.': case '-': case '$': case '#':
	case '%': case '\\': case '_':
		return BREAK_MINOR;
	default:
		return BREAK_NONE;
	}
}

/* Does a term end between OUTSIDE and INSIDE, the bytes at its edge? */
static bool
is_edge(char outside, char inside, bool whole)
{
	if (whole)
		return breaker_of(outside) == BREAK_MAJOR;
	return breaker_of(outside) != BREAK_NONE || breaker_of(inside) != BREAK_NONE;
}

static bool
starts_term(const struct pred *p, struct text raw, size_t at)
{
	return p->pattern.open_start || at == 0 || is_edge(raw.p[at - 1], raw.p[at], p->whole);
}

static bool
ends_term(const struct pred *p, struct text raw, size_t end)
{
	return p->pattern.open_end || end == raw.n || is_edge(raw.p[end], raw.p[end - 1], p->whole);
}

static size_t
find_piece(const struct pattern *p, struct text hay, struct text piece)
{
	return p->cased ? text_find(hay, piece) : text_ifind(hay, piece);
}

/* First place from FROM on where piece I lies as its neighbours allow; moves *FROM behind it. */
static bool
find_term_piece(const struct pred *p, uint32_t i, struct text raw, size_t *from)
{
	struct text piece = p->pattern.pieces[i];

	for (;;) {
		size_t at = find_piece(&p->pattern, text_from(raw, *from), piece);

		if (at == TEXT_NOWHERE)
			return false;
		at += *from;
		if ((i > 0 || starts_term(p, raw, at)) &&
		    (i + 1 < p->pattern.n_pieces || ends_term(p, raw, at + piece.n))) {
			*from = at + piece.n;
			return true;
		}
		*from = at + 1;
	}
}

static bool
eval_word(const struct pred *p, struct asking *a)
{
	size_t from = 0;

	if (p->pattern.any)
		return true;
	if (!a->has_raw) {
		a->has_raw = true;
		a->raw = TEXT_NONE;
		if (a->subject->raw)
			a->raw = a->subject->raw(a->subject->self, a->scratch);
	}
	if (p->pattern.n_pieces == 0)
		return !text_absent(a->raw);
	for (uint32_t i = 0; i < p->pattern.n_pieces; i++)
		if (!find_term_piece(p, i, a->raw, &from))
			return false;
	return true;
}

static bool
eval_time(const struct pred *p, const struct subject *s)
{
	if (s->time_ns == WHEN_NONE)
		return p->earliest_ns == WHEN_NONE && p->latest_ns == WHEN_MAX;
	return p->earliest_ns <= s->time_ns &&
	       (s->time_ns < p->latest_ns || p->latest_ns == WHEN_MAX);
}

static bool eval(const struct pred *p, struct asking *a);

static bool
eval_filed(const struct alternatives *filed, struct asking *a)
{
	const struct name_ref    *name = alternatives_name(filed);
	const struct pred *const *others, *kid, **within;
	size_t                    n = alternatives_others(filed, &others), n_within, at;

	look_up(a, name);
	n_within = alternatives_within(filed, a->values, a->n, a->scratch, &within);
	for (size_t i = 0; i < a->n; i++) {
		at = 0;
		while ((kid = alternatives_next(filed, a->values[i], *a->scratch, &at))) {
			if (kid->kind == PRED_EQ || eval(kid, a))
				return true;
			look_up(a, name);
		}
	}
	for (size_t i = 0; i < n_within; i++)
		if (eval(within[i], a))
			return true;
	for (size_t i = 0; i < n; i++)
		if (eval(others[i], a))
			return true;
	return false;
}

static bool
eval(const struct pred *p, struct asking *a)
{
	switch (p->kind) {
	case PRED_TRUE:
		return true;
	case PRED_FALSE:
		return false;
	case PRED_AND:
		for (uint32_t i = 0; i < p->n_kids; i++)
			if (!eval(p->kids[i], a))
				return false;
		return true;
	case PRED_OR:
		if (p->filed)
			return eval_filed(p->filed, a);
		for (uint32_t i = 0; i < p->n_kids; i++)
			if (eval(p->kids[i], a))
				return true;
		return false;
	case PRED_NOT:
		return !eval(p->kids[0], a);
	case PRED_EQ:
	case PRED_NE:
	case PRED_LT:
	case PRED_LE:
	case PRED_GT:
	case PRED_GE:
		return eval_field(p, a);
	case PRED_WORD:
		return eval_word(p, a);
	case PRED_MODEL:
		return a->subject->member && a->subject->member(a->subject->self, p->model);
	case PRED_TIME:
		return eval_time(p, a->subject);
	}
	return false;
}

bool
pred_eval(const struct pred *p, const struct subject *s, struct arena scratch)
{
	struct asking a;

	a.subject = s;
	a.scratch = &scratch;
	a.name = NULL;
	a.has_raw = false;
	return eval(p, &a);
}

static enum pred_sure
sure_of_kids(const struct pred *p, const struct event *kind, struct arena scratch)
{
	enum pred_sure decides = p->kind == PRED_AND ? SURE_NOT : SURE_YES;
	enum pred_sure sure = p->kind == PRED_AND ? SURE_YES : SURE_NOT;

	for (uint32_t i = 0; i < p->n_kids; i++) {
		enum pred_sure kid = pred_sure(p->kids[i], kind, scratch);

		if (kid == decides)
			return kid;
		if (kid == SURE_ASK)
			sure = SURE_ASK;
	}
	return sure;
}

enum pred_sure
pred_sure(const struct pred *p, const struct event *kind, struct arena scratch)
{
	const struct subject subject = event_subject(kind);
	bool                 fixed = false;

	switch (p->kind) {
	case PRED_AND:
	case PRED_OR:
		return sure_of_kids(p, kind, scratch);
	case PRED_NOT:
		switch (pred_sure(p->kids[0], kind, scratch)) {
		case SURE_NOT:
			return SURE_YES;
		case SURE_YES:
			return SURE_NOT;
		case SURE_ASK:
			return SURE_ASK;
		}
		return SURE_ASK;
	case PRED_TRUE:
	case PRED_FALSE:
		fixed = true;
		break;
	case PRED_EQ:
	case PRED_NE:
	case PRED_LT:
	case PRED_LE:
	case PRED_GT:
	case PRED_GE:
		fixed = name_is_fixed(&p->name, kind);
		break;
	case PRED_MODEL:
		fixed = model_is_fixed(p->model, kind);
		break;
	case PRED_WORD:
	case PRED_TIME:
		break;
	}
	if (!fixed)
		return SURE_ASK;
	return pred_eval(p, &subject, scratch) ? SURE_YES : SURE_NOT;
}

static size_t
event_subject_values(const void *self, const struct name_ref *ref, struct arena *keep,
		     struct text *out, size_t cap, bool *one)
{
	return event_match_values(self, ref, keep, out, cap, one);
}

static struct text
event_subject_raw(const void *self, struct arena *keep)
{
	return event_words(self, keep);
}

static bool
event_subject_member(const void *self, enum model m)
{
	return model_has(m, self);
}

struct subject
event_subject(const struct event *ev)
{
	return (struct subject){
		.self = ev,
		.values = event_subject_values,
		.raw = event_subject_raw,
		.member = event_subject_member,
		.time_ns = ev->time_ns,
	};
}

const struct pred *
pred_true(void)
{
	static const struct pred is_true = { .kind = PRED_TRUE };

	return &is_true;
}

const struct pred *
pred_false(void)
{
	static const struct pred is_false = { .kind = PRED_FALSE };

	return &is_false;
}

const struct pred *
pred_and(struct arena *keep, const struct pred *a, const struct pred *b)
{
	const struct pred **kids;

	if (a == NULL || a->kind == PRED_TRUE)
		return b ? b : pred_true();
	if (b == NULL || b->kind == PRED_TRUE)
		return a;
	kids = arena_new(keep, const struct pred *, 2);
	kids[0] = a;
	kids[1] = b;
	return pred_list(keep, PRED_AND, kids, 2);
}

const struct pred *
pred_list(struct arena *keep, enum pred_kind kind, const struct pred **kids, size_t n)
{
	struct pred *node;

	if (n == 1)
		return kids[0];
	node = arena_new(keep, struct pred, 1);
	node->kind = n ? kind : kind == PRED_AND ? PRED_TRUE : PRED_FALSE;
	node->kids = kids;
	node->n_kids = (uint32_t)n;
	if (node->kind == PRED_OR)
		node->filed = alternatives_make(keep, kids, n);
	return node;
}

const struct pred *
pred_not(struct arena *keep, const struct pred *p)
{
	const struct pred **kid = arena_new(keep, const struct pred *, 1);
	struct pred        *node = arena_new(keep, struct pred, 1);

	*kid = p;
	node->kind = PRED_NOT;
	node->kids = kid;
	node->n_kids = 1;
	return node;
}

const struct pred *
pred_model(struct arena *keep, enum model m)
{
	struct pred *p = arena_new(keep, struct pred, 1);

	*p = (struct pred){ .kind = PRED_MODEL, .model = m };
	return p;
}

static size_t
add_name(struct text name, struct text *out, size_t n, size_t cap)
{
	for (size_t i = 0; i < n; i++)
		if (text_eq(out[i], name))
			return n;
	if (n < cap)
		out[n++] = name;
	return n;
}

static size_t
collect_names(const struct pred *p, struct text *out, size_t n, size_t cap)
{
	if (p->kind >= PRED_EQ && p->kind <= PRED_GE)
		n = add_name(p->name.name, out, n, cap);
	for (uint32_t i = 0; i < p->n_kids; i++)
		n = collect_names(p->kids[i], out, n, cap);
	return n;
}

size_t
pred_names(const struct pred *p, struct text *out, size_t cap)
{
	return collect_names(p, out, 0, cap);
}
