/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/weighing.h"

#include <math.h>
#include <stdlib.h>

#include "base/numbers.h"
#include "base/when.h"
#include "cli/factoring.h"
#include "cli/kind.h"
#include "cli/risk_words.h"

struct weighing {
	struct casefile        *cf;
	const struct ruleset   *rs;
	const struct risk_wish *wish;
	struct arena           *keep;
	struct risk_outcome    *out;
	struct err             *err;
	/* what it comes to; one of these, by the kind of the wish */
	struct given_risk g;
	int64_t           number;
	struct telling    told;
	struct factor     factor;
	/* whose risk is what: by number, "user ann" */
	struct numbers      names;
	struct risk_effect *all;
	size_t              n, cap;
	bool                after; /* being read now */
};

/* ---- whose risk is what ---- */

static void
note_risk(struct weighing *w, enum risk_object_type type, struct text name, double score)
{
	struct text key = arena_printf(w->keep, "%d " TEXT_FMT, (int)type, TEXT_ARG(name));
	uint32_t    number = numbers_of(&w->names, key);

	while (w->n <= number) {
		arena_grow(w->keep, w->all, w->n, &w->cap);
		w->all[w->n++] = (struct risk_effect){ 0 };
	}
	w->all[number].type = type;
	w->all[number].name = text_from(key, 2);
	*(w->after ? &w->all[number].after : &w->all[number].before) = score;
}

static bool
note_host(void *ctx, const struct host_row *row)
{
	note_risk(ctx, RISK_SYSTEM, row->host, row->risk_score);
	return true;
}

static bool
note_user(void *ctx, const struct user_row *row)
{
	note_risk(ctx, RISK_USER, row->user, row->risk_score);
	return true;
}

static bool
read_risk(struct weighing *w, struct err *err)
{
	return query_hosts(w->cf, &CASE_FILTER_ALL, note_host, w, err) &&
	       query_users(w->cf, &CASE_FILTER_ALL, note_user, w, err);
}

static int
greatest_first(const void *a, const void *b)
{
	const struct risk_effect *x = a, *y = b;
	double                    dx = fabs(x->after - x->before), dy = fabs(y->after - y->before);

	if (dx != dy)
		return dx < dy ? 1 : -1;
	return x->type != y->type ? (int)x->type - (int)y->type : text_cmp(x->name, y->name);
}

static void
compare(struct weighing *w)
{
	struct risk_outcome *out = w->out;

	out->effects = w->all;
	for (size_t i = 0; i < w->n; i++)
		if (w->all[i].before != w->all[i].after)
			out->effects[out->n++] = w->all[i];
	if (out->n)
		qsort(out->effects, out->n, sizeof(*out->effects), greatest_first);
}

/* Inside of the transaction. */
static bool
look(struct casefile *cf, void *ctx, struct err *err)
{
	struct weighing *w = ctx;
	struct factor    now;

	w->after = true;
	if (!read_risk(w, err))
		return false;
	compare(w);
	w->out->factor = w->wish->kind >= RISK_FACTOR &&
			 risk_words_factor(cf, w->factor.name, w->keep, &now) && !now.off;
	if (w->out->factor)
		w->out->risk_events = now.risk_events;
	return true;
}

/* ---- what is wished for ---- */

static bool
read_given(struct weighing *w)
{
	struct text      reason = text_trim(w->wish->words), score = text_cut(&reason, ' ');
	struct case_info info;

	w->g = (struct given_risk){ .kind = w->wish->type };
	if (!risk_words_given(score, text_or_empty(reason), &w->g, w->err) ||
	    !casefile_info(w->cf, w->keep, &info, w->err))
		return false;
	w->g.at_ns = info.clock_ns;
	if (info.clock_ns == WHEN_NONE)
		return err_set(w->err, ERR_USAGE, "the case has no time yet; :anchor sets one");
	return kind_whole_name(w->cf, w->g.kind, w->wish->object, w->keep, &w->g.object, w->err);
}

/* Where the value that begins at AT ends: a word without '=' belongs to it (owner=Jo Smith), and
 * whatever stands in quotes (owner="CN=Jo, OU=IT"). */
static size_t
end_of_value(struct text t, size_t at)
{
	if (at < t.n && t.p[at] == '"')
		for (size_t i = at + 1; i < t.n; i++)
			if (t.p[i] == '"' && (i + 1 == t.n || t.p[i + 1] == ' '))
				return i + 1;
	for (size_t i = at; i < t.n; i++) {
		struct text word = text_from(t, i + 1);

		if (t.p[i] == ' ' && text_find_byte(text_cut(&word, ' '), '=') != TEXT_NOWHERE)
			return i;
	}
	return t.n;
}

static bool
read_told(struct weighing *w)
{
	struct text rest = text_trim(w->wish->words);

	w->told.keep = w->keep;
	do {
		size_t      equals = text_find_byte(rest, '=');
		size_t      at = equals == TEXT_NOWHERE ? rest.n : equals + 1, end = end_of_value(rest, at);
		struct text word = text_head(rest, end), value = text_from(word, at);

		if (value.n > 1 && value.p[0] == '"' && value.p[value.n - 1] == '"')
			word = arena_printf(w->keep, TEXT_FMT TEXT_FMT, TEXT_ARG(text_head(word, at)),
					    TEXT_ARG(text_head(text_from(value, 1), value.n - 2)));
		if (!telling_word(&w->told, w->wish->type, w->wish->object, word, w->err))
			return false;
		rest = text_trim(text_from(rest, end));
	} while (rest.n);
	return true;
}

static bool
read_factor(struct weighing *w)
{
	struct text name = text_trim(w->wish->words);

	if (w->wish->kind == RISK_FACTOR) {
		struct factor before;

		if (!risk_words_factor_line(name, &w->factor, w->err) ||
		    !factoring_check(w->factor.condition, w->rs, w->keep, w->err))
			return false;
		w->factor.off = risk_words_factor(w->cf, w->factor.name, w->keep, &before) && before.off;
		return true;
	}
	if (!risk_words_factor(w->cf, name, w->keep, &w->factor))
		return err_set(w->err, ERR_USAGE, "this case has no such factor any more");
	w->factor.off = w->wish->kind == RISK_FACTOR_OFF;
	if (w->wish->kind == RISK_FACTOR_CLEAR)
		w->factor.condition = TEXT("");
	return true;
}

static bool
read_wish(struct weighing *w)
{
	switch (w->wish->kind) {
	case RISK_GIVE:
		return read_given(w);
	case RISK_TAKE_BACK:
		return text_to_i64(w->wish->words, &w->number) ||
		       err_set(w->err, ERR_USAGE, TEXT_FMT ": no number", TEXT_ARG(w->wish->words));
	case RISK_TELL:
		return read_told(w);
	case RISK_FACTOR:
	case RISK_FACTOR_ON:
	case RISK_FACTOR_OFF:
	case RISK_FACTOR_CLEAR:
		break;
	}
	return read_factor(w);
}

static bool
write_wish(struct casefile *cf, const void *what, struct err *err)
{
	const struct weighing *w = what;

	switch (w->wish->kind) {
	case RISK_GIVE:
		return given_add(cf, &w->g, err);
	case RISK_TAKE_BACK:
		return given_take_back(cf, w->number, err);
	case RISK_TELL:
		return entities_set(cf, w->told.all, w->told.n, err);
	case RISK_FACTOR:
	case RISK_FACTOR_ON:
	case RISK_FACTOR_OFF:
	case RISK_FACTOR_CLEAR:
		break;
	}
	return factor_set(cf, &w->factor, err);
}

bool
weighing_change(struct casefile *cf, const struct ruleset *rs, const struct risk_wish *wish,
		struct arena *keep, struct risk_outcome *out, struct err *err)
{
	struct weighing  w = { .cf = cf, .rs = rs, .wish = wish, .keep = keep, .out = out, .err = err };
	struct factoring f = { .change = write_wish,
			       .what = &w,
			       .try_only = wish->try_only,
			       .look = look,
			       .ctx = &w };

	*out = (struct risk_outcome){ 0 };
	w.names.keep = keep;
	if (!read_wish(&w) || !read_risk(&w, err))
		return false;
	if (wish->kind == RISK_FACTOR && !w.factor.off)
		f.factor = w.factor.name;
	return factoring_change(cf, rs, &f, err);
}
