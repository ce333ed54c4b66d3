/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/incidents.h"

#include <stdlib.h>

#include "base/numbers.h"
#include "base/when.h"
#include "rules/attack.h"

#define TACTICS        32
#define POINT          1000    /* scores are counted in thousandths, so that sums are exact */
#define POINTS_MOST    1e6     /* of one risk event; more is taken for this */
#define RISK_ABOVE     (100 * (int64_t)POINT)
#define TACTICS_LEAST  3
#define SOURCES_LEAST  4

const char *
incident_rule_name(enum incident_rule rule)
{
	switch (rule) {
	case INCIDENT_RISK:
		return "Risk threshold exceeded for object over 24 hour period";
	case INCIDENT_TACTICS:
		return "ATT&CK tactic threshold exceeded for object over previous 7 days";
	}
	return "";
}

const char *
incident_threshold(enum incident_rule rule)
{
	switch (rule) {
	case INCIDENT_RISK:
		return "risk in 24 h";
	case INCIDENT_TACTICS:
		return "tactics in 7 d";
	}
	return "";
}

struct text
incident_title(const struct incident *incident, struct arena *keep)
{
	const char *what = "";

	switch (incident->rule) {
	case INCIDENT_RISK:
		what = "24 hour risk threshold";
		break;
	case INCIDENT_TACTICS:
		what = "7 day ATT&CK tactic threshold";
		break;
	}
	return arena_printf(keep, "%s exceeded for %s=" TEXT_FMT, what,
			    risk_object_type_name(incident->type), TEXT_ARG(incident->object));
}

const char *
incident_severity_name(enum incident_severity severity)
{
	switch (severity) {
	case SEVERITY_MEDIUM:
		return "medium";
	case SEVERITY_HIGH:
		return "high";
	case SEVERITY_CRITICAL:
		return "critical";
	}
	return "";
}

static int64_t
window_of(enum incident_rule rule)
{
	return rule == INCIDENT_RISK ? WHEN_DAY : 7 * WHEN_DAY;
}

/* ---- what is known of a risk event ---- */

struct mark {
	int64_t  time_ns, score;
	uint32_t object, spelling, source; /* numbers */
	uint32_t tactics;                  /* bits of attack.h */
};

struct incident_book {
	struct arena    *keep;
	struct numbers objects, spellings, sources;
	enum risk_object_type *types;   /* by object */
	struct text           *names;   /* by source: as people know it */
	struct mark           *marks;
	size_t n_types, types_cap, n_names, names_cap, n, cap;
};

struct incident_book *
incident_book_new(struct arena *keep)
{
	struct incident_book *book = arena_new(keep, struct incident_book, 1);

	book->keep = keep;
	book->objects.keep = book->spellings.keep = book->sources.keep = keep;
	return book;
}

/* One host of the case is one object whatever it is called; others go by their normalised name. */
static uint32_t
object_number(struct incident_book *book, const struct risk_event *re, struct arena scratch)
{
	struct text name = re->host_id ? TEXT_NONE : re->normalized;
	struct text key = arena_printf(&scratch, "%d %lld " TEXT_FMT, (int)re->object.type,
				       (long long)re->host_id, TEXT_ARG(name));
	uint32_t    number = numbers_of(&book->objects, key) - 1;

	if (number == book->n_types) {
		arena_grow(book->keep, book->types, book->n_types, &book->types_cap);
		book->types[book->n_types++] = re->object.type;
	}
	return number;
}

static uint32_t
source_number(struct incident_book *book, const struct risk_event *re)
{
	uint32_t number = numbers_of(&book->sources, re->rule_id.n ? re->rule_id : re->rule) - 1;

	if (number == book->n_names) {
		arena_grow(book->keep, book->names, book->n_names, &book->names_cap);
		book->names[book->n_names++] = arena_copy(book->keep, re->rule);
	}
	return number;
}

static int64_t
thousandths(double score)
{
	if (!(score > -POINTS_MOST)) /* also what is no number */
		score = -POINTS_MOST;
	if (score > POINTS_MOST)
		score = POINTS_MOST;
	return (int64_t)(score * POINT + (score < 0 ? -0.5 : 0.5));
}

void
incident_book_add(struct incident_book *book, const struct risk_event *re, struct arena scratch)
{
	struct text techniques = re->technique;
	struct mark mark = {
		.time_ns = re->time_ns,
		.score = thousandths(re->object.score),
		.object = object_number(book, re, scratch),
		.spelling = numbers_of(&book->spellings, re->object.value),
		.source = source_number(book, re),
	};

	while (!text_absent(techniques))
		mark.tactics |= attack_tactics(text_cut(&techniques, ' '));
	arena_grow(book->keep, book->marks, book->n, &book->cap);
	book->marks[book->n++] = mark;
}

/* ---- a window that slides over the risk events of one object ---- */

/* What one source adds to the window. */
struct tally {
	int64_t  sum;
	uint32_t n;
	/* In sweep.peaks: its risk events that none of the later ones outdoes, highest first. */
	uint32_t head, tail;
};

struct window {
	size_t   begin, end; /* of marks */
	int64_t  end_ns;
	int64_t  score, capped;
	uint32_t n_sources, n_tactics;
};

struct sweep {
	struct incident_book          *book;
	const struct incident_options *options;
	enum incident_rule             rule;
	const struct mark *marks; /* by time */
	size_t             n;
	struct tally      *tallies; /* by source; all zero between two sweeps */
	uint32_t          *peaks;
	uint32_t          *counts; /* by spelling; all zero between two uses */
	uint32_t           tactics[TACTICS];
	struct window      window;
	struct window      best; /* of the incident that is open */
	size_t             first, last;
	int64_t            last_end_ns;
	bool               open, now;
	struct incident   *found;
	size_t             n_found, found_cap;
};

static int64_t
capped_sum(const struct sweep *s, const struct tally *t)
{
	int64_t most;

	if (!s->options->cap || t->head == t->tail)
		return t->sum;
	most = s->marks[s->peaks[t->head]].score;
	if (most <= 0 || t->sum <= most * s->options->cap)
		return t->sum;
	return most * s->options->cap;
}

static void
count_tactics(struct sweep *s, uint32_t bits, bool enters)
{
	for (uint32_t i = 0; i < TACTICS; i++) {
		if (!(bits & 1u << i))
			continue;
		if (enters)
			s->window.n_tactics += s->tactics[i]++ == 0;
		else
			s->window.n_tactics -= --s->tactics[i] == 0;
	}
}

static void
enter(struct sweep *s)
{
	size_t             at = s->window.end++;
	const struct mark *m = &s->marks[at];
	struct tally      *t = &s->tallies[m->source];

	s->window.capped -= capped_sum(s, t);
	s->window.n_sources += t->n++ == 0;
	t->sum += m->score;
	while (t->tail > t->head && s->marks[s->peaks[t->tail - 1]].score <= m->score)
		t->tail--;
	s->peaks[t->tail++] = (uint32_t)at;
	s->window.score += m->score;
	s->window.capped += capped_sum(s, t);
	count_tactics(s, m->tactics, true);
}

static void
leave(struct sweep *s)
{
	size_t             at = s->window.begin++;
	const struct mark *m = &s->marks[at];
	struct tally      *t = &s->tallies[m->source];

	s->window.capped -= capped_sum(s, t);
	s->window.n_sources -= --t->n == 0;
	t->sum -= m->score;
	if (s->peaks[t->head] == at)
		t->head++;
	s->window.score -= m->score;
	s->window.capped += capped_sum(s, t);
	count_tactics(s, m->tactics, false);
}

static bool
qualifies(const struct sweep *s)
{
	const struct window *w = &s->window;

	switch (s->rule) {
	case INCIDENT_RISK:
		return w->capped > RISK_ABOVE;
	case INCIDENT_TACTICS:
		return w->n_tactics >= TACTICS_LEAST && w->n_sources >= SOURCES_LEAST;
	}
	return false;
}

/* The earlier one of equals is the higher one. */
static bool
is_higher(const struct sweep *s)
{
	const struct window *w = &s->window, *best = &s->best;

	if (s->rule == INCIDENT_TACTICS) {
		if (w->n_tactics != best->n_tactics)
			return w->n_tactics > best->n_tactics;
		if (w->n_sources != best->n_sources)
			return w->n_sources > best->n_sources;
	}
	return w->capped != best->capped ? w->capped > best->capped : w->score > best->score;
}

/* ---- an incident ---- */

static struct text
frequent_spelling(struct sweep *s)
{
	const struct mark *marks = s->marks;
	struct text        best = TEXT_NONE;
	uint32_t           n = 0;

	for (size_t i = s->best.begin; i < s->best.end; i++)
		s->counts[marks[i].spelling]++;
	for (size_t i = s->best.begin; i < s->best.end; i++) {
		uint32_t   *count = &s->counts[marks[i].spelling];
		struct text t = s->book->spellings.texts[marks[i].spelling];

		if (*count > n || (*count && *count == n && text_cmp(t, best) < 0)) {
			best = t;
			n = *count;
		}
		*count = 0;
	}
	return best;
}

static int
by_text(const void *a, const void *b)
{
	const struct text *x = a, *y = b;

	return text_cmp(*x, *y);
}

static struct text
sorted_sources(struct sweep *s)
{
	struct arena *keep = s->book->keep;
	bool         *seen = arena_new(keep, bool, s->book->n_names);
	struct text  *names = arena_new(keep, struct text, s->best.n_sources);
	size_t        n = 0, size = 0, at = 0;
	char         *out;

	for (size_t i = s->best.begin; i < s->best.end; i++) {
		uint32_t source = s->marks[i].source;

		if (seen[source])
			continue;
		seen[source] = true;
		names[n] = s->book->names[source];
		size += names[n++].n + 1;
	}
	qsort(names, n, sizeof(*names), by_text);
	out = arena_new(keep, char, size + 1);
	for (size_t i = 0; i < n; i++) {
		if (i)
			out[at++] = '\n';
		if (names[i].n)
			memcpy(out + at, names[i].p, names[i].n);
		at += names[i].n;
	}
	return (struct text){ out, at };
}

static enum incident_severity
severity_of(const struct sweep *s)
{
	if (s->rule == INCIDENT_TACTICS)
		return SEVERITY_HIGH;
	if (s->best.capped >= 500 * (int64_t)POINT)
		return SEVERITY_CRITICAL;
	return s->best.capped >= 250 * (int64_t)POINT ? SEVERITY_HIGH : SEVERITY_MEDIUM;
}

static int64_t
window_start(enum incident_rule rule, int64_t end_ns)
{
	int64_t length = window_of(rule);

	return end_ns < WHEN_NONE + length ? WHEN_NONE : end_ns - length;
}

static void
close_incident(struct sweep *s)
{
	const struct window *w = &s->best;
	uint32_t             tactics = 0;

	if (!s->open)
		return;
	s->open = false;
	for (size_t i = w->begin; i < w->end; i++)
		tactics |= s->marks[i].tactics;
	arena_grow(s->book->keep, s->found, s->n_found, &s->found_cap);
	s->found[s->n_found++] = (struct incident){
		.rule = s->rule,
		.object = frequent_spelling(s),
		.type = s->book->types[s->marks[0].object],
		.severity = severity_of(s),
		.score = (double)w->score / POINT,
		.capped_score = (double)w->capped / POINT,
		.n_sources = w->n_sources,
		.n_tactics = w->n_tactics,
		.risk_events = (uint32_t)(w->end - w->begin),
		.sources = sorted_sources(s),
		.tactics = attack_tactic_names(tactics, s->book->keep),
		.window_start_ns = window_start(s->rule, w->end_ns),
		.window_end_ns = w->end_ns,
		.first_ns = s->marks[s->first].time_ns,
		.last_ns = s->marks[s->last].time_ns,
		.now = s->now,
	};
}

static void
note_window(struct sweep *s, bool at_clock)
{
	int64_t start_ns = window_start(s->rule, s->window.end_ns);

	if (s->open && start_ns >= s->last_end_ns)
		close_incident(s);
	if (!s->open) {
		s->open = true;
		s->now = false;
		s->best = s->window;
		s->first = s->window.begin;
	} else if (is_higher(s)) {
		s->best = s->window;
	}
	s->now = s->now || at_clock;
	s->last = s->window.end - 1;
	s->last_end_ns = s->window.end_ns;
}

/* ---- the sweep ---- */

/* Gives every source of the object its part of PEAKS. */
static void
make_room(struct sweep *s)
{
	uint32_t at = 0;

	for (size_t i = 0; i < s->n; i++)
		s->tallies[s->marks[i].source].n++;
	for (size_t i = 0; i < s->n; i++) {
		struct tally *t = &s->tallies[s->marks[i].source];

		if (!t->n)
			continue;
		t->head = t->tail = at;
		at += t->n;
		t->n = 0;
	}
}

static void
sweep_object(struct sweep *s)
{
	struct window *w = &s->window;
	int64_t        clock_ns = s->options->clock_ns;
	bool           clock_asked = clock_ns == WHEN_NONE;

	*w = (struct window){ 0 };
	make_room(s);
	while (w->end < s->n || !clock_asked) {
		bool at_clock;

		w->end_ns = w->end < s->n ? s->marks[w->end].time_ns : clock_ns;
		at_clock = !clock_asked && clock_ns <= w->end_ns;
		if (at_clock)
			w->end_ns = clock_ns;
		while (w->end < s->n && s->marks[w->end].time_ns <= w->end_ns)
			enter(s);
		while (w->begin < w->end &&
		       s->marks[w->begin].time_ns <= window_start(s->rule, w->end_ns))
			leave(s);
		if (qualifies(s))
			note_window(s, at_clock);
		clock_asked = clock_asked || at_clock;
	}
	close_incident(s);
	while (w->begin < w->end)
		leave(s);
}

static int
by_object_and_time(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	if (x->object != y->object)
		return x->object < y->object ? -1 : 1;
	return x->time_ns < y->time_ns ? -1 : x->time_ns > y->time_ns;
}

static int
by_weight(const void *a, const void *b)
{
	const struct incident *x = a, *y = b;
	int                    order;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->capped_score != y->capped_score)
		return x->capped_score > y->capped_score ? -1 : 1;
	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	order = text_cmp(x->object, y->object);
	if (order)
		return order;
	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	if (x->rule != y->rule)
		return x->rule < y->rule ? -1 : 1;
	if (x->first_ns != y->first_ns)
		return x->first_ns < y->first_ns ? -1 : 1;
	return x->last_ns < y->last_ns ? -1 : x->last_ns > y->last_ns;
}

static void
replay(struct sweep *s, const struct mark *marks, size_t n)
{
	for (size_t i = 0; i < n; i += s->n) {
		s->marks = marks + i;
		s->n = 1;
		while (i + s->n < n && marks[i + s->n].object == marks[i].object)
			s->n++;
		sweep_object(s);
	}
}

size_t
incidents_find(struct incident_book *book, const struct incident_options *options,
	       struct incident **out)
{
	struct arena *keep = book->keep;
	struct sweep  s = {
		 .book = book,
		 .options = options,
		 .tallies = arena_new(keep, struct tally, book->n_names + 1),
		 .peaks = arena_new(keep, uint32_t, book->n + 1),
		 .counts = arena_new(keep, uint32_t, book->spellings.n + 1),
	};
	size_t n = 0;

	for (size_t i = 0; i < book->n; i++)
		if (book->marks[i].time_ns == WHEN_NONE)
			book->marks[i].time_ns = options->clock_ns;
	if (book->n)
		qsort(book->marks, book->n, sizeof(*book->marks), by_object_and_time);
	s.rule = INCIDENT_RISK;
	replay(&s, book->marks, book->n);
	for (size_t i = 0; i < book->n; i++)
		if (book->marks[i].tactics)
			book->marks[n++] = book->marks[i];
	s.rule = INCIDENT_TACTICS;
	replay(&s, book->marks, n);
	if (s.n_found)
		qsort(s.found, s.n_found, sizeof(*s.found), by_weight);
	*out = s.found;
	return s.n_found;
}
