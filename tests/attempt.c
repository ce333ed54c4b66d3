/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/attempt.h"

#include "base/name_entry.h"
#include "tests/array_source.h"
#include "tests/supply.h"

#define OFFERS    3000
#define CHOSEN    12
#define BASES     4
#define SHORT     24   /* events before a long one */
#define COPIES    640
#define THRESHOLD 600
#define ROUNDS    2000
#define CHOICES   24

/* How the events of a set differ in time and in which field. */
enum shape {
	SHAPE_SINGLE, /* one event, and one of each subsearch */
	SHAPE_PAIR,   /* one of each kind, minutes apart */
	SHAPE_MANY,   /* one field differs */
	SHAPE_BURST,  /* the same after quiet days */
	SHAPE_LONG,   /* a field differs, and is long once */
	SHAPE_CROWD,  /* a field differs in quiet events, another in the burst */
	SHAPES,
};

struct attempt {
	const struct search *search;
	const struct pred   *pred;
	struct arena        *keep;
	uint64_t             random;
	struct offer        *offers;
	size_t               n_offers;
	uint32_t             threshold, copies, quiet; /* quiet: events before a burst */
	uint32_t             place; /* where in a value the number stands that makes it differ */
	struct event         bases[BASES]; /* each satisfies PRED */
	size_t               n_bases;
	struct event         others[BASES]; /* and these the subsearches */
	size_t               n_others;
	struct event        *events;
	size_t               n;
};

static uint32_t
any(struct attempt *a, size_t n)
{
	a->random = a->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return n ? (uint32_t)((a->random >> 33) % n) : 0;
}

static bool
count_row(void *ctx, const struct row *row)
{
	(void)row;
	++*(size_t *)ctx;
	return true;
}

static int
by_time(const void *x, const void *y)
{
	const struct event *a = x, *b = y;

	return (a->time_ns > b->time_ns) - (a->time_ns < b->time_ns);
}

size_t
attempt_rows(const struct search *s, struct event *events, size_t n, struct search_stats *stats,
	     struct arena *keep)
{
	struct array_source *a = array_source_new(keep);
	struct search_run    run = { .source = &a->source, .span = { WHEN_NONE, WHEN_MAX } };
	struct err           err = { 0 };
	size_t               rows = 0;

	qsort(events, n, sizeof(*events), by_time);
	a->events = events;
	a->n = n;
	for (size_t i = 0; i < n; i++)
		events[i].id = (int64_t)i + 1;
	a->source.case_clock_ns = events[n - 1].time_ns + 60 * WHEN_SECOND;
	if (!search_execute(s, &run, count_row, &rows, stats, &err))
		return 0;
	return rows;
}

/* --- events that the others are made of --- */

static void
choose_offers(struct attempt *a, uint32_t round, struct wish *out, size_t *n)
{
	*n = 0;
	if (a->n_offers == 0)
		return;
	if (round < a->n_offers) { /* each alone first */
		out[(*n)++] = (struct wish){ a->offers[round].field, a->offers[round].value };
		return;
	}
	for (size_t i = 0, wanted = 1 + any(a, 5); i < wanted; i++) {
		const struct offer *o = &a->offers[any(a, a->n_offers)];

		out[(*n)++] = (struct wish){ o->field, o->value };
	}
}

static void
make_bases(struct attempt *a, const struct made_kind *kinds, size_t n_kinds, struct filling *fill,
	   uint32_t round)
{
	size_t   first = any(a, n_kinds);
	uint32_t choice = round < a->n_offers ? 0 : any(a, CHOICES);

	a->n_bases = 0;
	for (size_t i = 0; i < n_kinds && a->n_bases < BASES; i++)
		for (uint32_t k = 0; k < CHOICES && a->n_bases < BASES; k++)
			if (satisfy(a->pred, &kinds[(first + i) % n_kinds], (choice + k) % CHOICES,
				    fill, a->keep, &a->bases[a->n_bases])) {
				a->n_bases++;
				break;
			}
}

static void
make_others(struct attempt *a, struct filling *fill)
{
	a->n_others = 0;
	for (uint32_t leaf = 1; leaf < search_leaves(a->search); leaf++) {
		const struct pred *pred = search_leaf_pred(a->search, leaf);
		struct made_kind   kinds[16];
		size_t             n = pred ? made_kinds(pred, a->keep, kinds, 16) : 0;
		uint32_t           choice = any(a, CHOICES);

		for (size_t i = 0; i < n && a->n_others < BASES; i++)
			if (satisfy(pred, &kinds[i], choice, fill, a->keep, &a->others[a->n_others]) ||
			    satisfy(pred, &kinds[i], 0, fill, a->keep, &a->others[a->n_others])) {
				a->n_others++;
				break;
			}
	}
}

/* A field of the event by its place; often one that an aggregate is over. */
static uint32_t
any_field(struct attempt *a, const struct event *ev, const struct filling *fill)
{
	const struct text *name = &fill->names[any(a, fill->n)];
	uint32_t           field = any(a, ev->n_fields + 1);

	for (uint32_t i = 0; i < 40 && name->p[-1] != '('; i++)
		name = &fill->names[any(a, fill->n)];
	if (name->p[-1] != '(' || any(a, 3) == 0)
		return field;
	struct name_ref ref = name_ref(*name);

	for (uint32_t i = 0; i < ev->n_fields; i++) {
		if (text_eq(ev->fields[i].name, *name))
			field = i;
		for (uint32_t k = 0; k < ref.n_entries; k++)
			if (text_eq(ev->fields[i].name, ref.entries[k].argument))
				field = i;
	}
	return field;
}

/* --- sets --- */

/* A copy with one field, or the host, that nothing else has. */
static struct event
different(struct attempt *a, const struct event *ev, uint32_t field, uint32_t number)
{
	struct event copy = *ev;

	if (field >= ev->n_fields) {
		copy.host = arena_printf(a->keep, "ZQ%u", number);
		return copy;
	}
	copy.fields = arena_new(a->keep, struct field, ev->n_fields);
	memcpy(copy.fields, ev->fields, ev->n_fields * sizeof(*ev->fields));
	struct text value = ev->fields[field].value;
	size_t      slash = text_rfind_byte(value, '\\');
	size_t      at = a->place == 0 || slash == TEXT_NOWHERE ? 0 : slash + 1;

	copy.fields[field].value =
	    arena_printf(a->keep, TEXT_FMT "%u" TEXT_FMT, TEXT_ARG(text_head(value, at)), number,
			 TEXT_ARG(text_from(value, at)));
	return copy;
}

static void
add(struct attempt *a, struct event ev, int64_t time_ns)
{
	struct subject subject = event_subject(&ev);

	ev.time_ns = time_ns;
	if (a->n < COPIES && (a->n == 0 || pred_eval(a->pred, &subject, *a->keep)))
		a->events[a->n++] = ev;
}

static void
add_set(struct attempt *a, enum shape shape, uint32_t field)
{
	const struct event *ev = &a->bases[0];
	int64_t             at = ev->time_ns;
	int64_t             step = any(a, 2) ? WHEN_SECOND / 100 : 0;
	uint32_t            other = any(a, ev->n_fields + 1);
	size_t              n_bases = any(a, 2) ? a->n_bases : 1;
	struct event        last = *ev;

	switch (shape) {
	case SHAPE_PAIR:
		for (size_t i = 0; i < a->n_bases; i++)
			add(a, a->bases[i], at + (int64_t)(any(a, 2) ? i : a->n_bases - i) * 30 *
						    WHEN_SECOND);
		return;
	case SHAPE_BURST:
	case SHAPE_CROWD:
		for (uint32_t i = 0; i < a->quiet; i++)
			add(a, shape == SHAPE_CROWD ? different(a, ev, other, i) : *ev,
			    at - (int64_t)(i + 1) * WHEN_DAY);
		/* fall through */
	case SHAPE_MANY:
		for (uint32_t i = 0; i < a->copies; i++)
			add(a, different(a, &a->bases[i % n_bases], field, i), at + i * step);
		return;
	case SHAPE_LONG:
		for (uint32_t i = 0; i < SHORT; i++)
			add(a, different(a, ev, field, i), at + i * step);
		for (uint32_t i = 0; i < 40; i++)
			last = different(a, &last, field, 10000000);
		add(a, last, at);
		return;
	case SHAPE_SINGLE:
	case SHAPES:
		add(a, *ev, at);
		return;
	}
}

static bool
try_set(struct attempt *a, enum shape shape, uint32_t field)
{
	struct search_stats stats = { 0 };

	a->n = 0;
	a->place = any(a, 2);
	a->copies = a->threshold + any(a, 2) * any(a, 4);
	a->quiet = any(a, 2) ? 14 : 24;
	add_set(a, shape, field);
	for (size_t i = 0; i < a->n_others && a->n < COPIES; i++)
		a->events[a->n++] = a->others[i];
	return a->n && attempt_rows(a->search, a->events, a->n, &stats, a->keep) > 0;
}

bool
attempt_all(const struct search *s, const struct pred *pred, const struct made_kind *kinds,
	    size_t n_kinds, struct filling fill, struct arena *keep)
{
	struct text    spl = s->expansion.text;
	struct attempt a = { .search = s, .pred = pred, .keep = keep, .random = 1 };
	struct wish    wishes[CHOSEN];
	uint32_t       rounds;
	struct arena   empty;

	arena_reset(keep, (size_t)1 << 20);
	a.offers = arena_new(keep, struct offer, OFFERS);
	a.events = arena_new(keep, struct event, COPIES + BASES);
	a.n_offers = supply(spl, s->env.lookups, keep, a.offers, OFFERS);
	a.threshold = supply_threshold(spl, THRESHOLD);
	fill.varied = fill.n;
	fill.wishes = wishes;
	rounds = (uint32_t)a.n_offers + ROUNDS;
	empty = *keep;
	for (uint32_t round = 0; round < rounds; round++) {
		enum shape shape = round < a.n_offers ? SHAPE_SINGLE : round % SHAPES;

		*keep = empty;
		fill.filler = round < a.n_offers ? FILLER_PATH : any(&a, FILLERS);
		choose_offers(&a, round, wishes, &fill.n_wishes);
		if (round >= a.n_offers && (round / SHAPES) % 3 == 0)
			fill.n_wishes = 0;
		make_bases(&a, kinds, n_kinds, &fill, round);
		if (!a.n_bases)
			continue;
		make_others(&a, &fill);
		if (try_set(&a, shape, any_field(&a, &a.bases[0], &fill)))
			return true;
	}
	return false;
}
