/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/moments.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/when.h"

#define MINUTE_NS (60 * WHEN_SECOND)
/* Shorter spans are counted by the minute. */
#define FINE_NS   (36 * WHEN_HOUR)
#define BYTES     ((size_t)1 << 30)

const char *const moment_titles[ACTIVITIES] = {
	[ACTIVITY_EVENTS] = "events", [ACTIVITY_RISK] = "risk",
	[ACTIVITY_LOGONS] = "logons", [ACTIVITY_FAILED_LOGONS] = "failed",
	[ACTIVITY_PROCESSES] = "starts", [ACTIVITY_SCRIPTS] = "scripts",
};

const char *const moment_columns[ACTIVITIES] = {
	[ACTIVITY_EVENTS] = "events", [ACTIVITY_RISK] = "risk_score",
	[ACTIVITY_LOGONS] = "logons", [ACTIVITY_FAILED_LOGONS] = "failed_logons",
	[ACTIVITY_PROCESSES] = "process_starts", [ACTIVITY_SCRIPTS] = "script_blocks",
};

static void
add(struct moments *m, enum activity kind, int64_t at_ns, double amount)
{
	struct series *s = &m->of[kind];

	arena_grow(m->keep, s->of, s->n, &s->cap);
	s->of[s->n++] = (struct moment){ at_ns, amount };
	if (kind > ACTIVITY_RISK || m->within.latest_ns)
		return;
	if (!m->span.latest_ns || at_ns < m->span.earliest_ns)
		m->span.earliest_ns = at_ns;
	if (!m->span.latest_ns || when_later(at_ns, m->unit_ns) > m->span.latest_ns)
		m->span.latest_ns = when_later(at_ns, m->unit_ns);
}

static void
take_hours(struct moments *m, struct casefile *cf)
{
	struct hour_count *hours;
	size_t             n = query_activity(cf, &m->filter, m->keep, &hours);

	m->unit_ns = WHEN_HOUR;
	for (size_t i = 0; i < n; i++) {
		if (hours[i].events)
			add(m, ACTIVITY_EVENTS, hours[i].hour_ns, (double)hours[i].events);
		if (hours[i].risk > 0)
			add(m, ACTIVITY_RISK, hours[i].hour_ns, hours[i].risk);
	}
}

static void
count_finely(struct moments *m)
{
	if ((!m->of[ACTIVITY_EVENTS].n && !m->within.latest_ns) ||
	    m->span.latest_ns - m->span.earliest_ns > FINE_NS)
		return;
	m->job_unit_ns = MINUTE_NS;
	m->job_all = true;
}

void
moments_begin(struct moments *m, struct arena *keep, struct casefile *cf,
	      const struct case_filter *f, bool too_many)
{
	*m = (struct moments){ .keep = keep, .filter = *f, .job_unit_ns = WHEN_HOUR };
	m->unit_ns = WHEN_HOUR;
	m->summed = query_activity_knows(f);
	m->job_all = too_many || !m->summed;
	if (!m->job_all)
		take_hours(m, cf);
	count_finely(m);
}

void
moments_within(struct moments *m, struct span span)
{
	m->within.earliest_ns = when_piece(span.earliest_ns, MINUTE_NS);
	m->within.latest_ns = when_later(when_piece(span.latest_ns - 1, MINUTE_NS), MINUTE_NS);
	m->span = m->within;
	count_finely(m);
}

struct telling {
	struct worker *worker;
	enum activity  kind;
};

static bool
tell(void *ctx, int64_t at_ns, double amount)
{
	const struct telling *t = ctx;
	char                  digits[32];
	int                   n = snprintf(digits, sizeof(digits), "%.17g", amount);
	struct found_cell     cell = { TEXT("amount"), { digits, (size_t)n } };

	return worker_emit(t->worker, &(struct found){ .event = (int64_t)t->kind,
						       .time_ns = at_ns,
						       .cells = &cell,
						       .n_cells = 1 });
}

/* By the hour, of all computers: as the summaries have it. */
static bool
tell_hours(struct worker *w, struct casefile *cf, const struct case_filter *f)
{
	struct arena       keep = arena_open(BYTES);
	struct telling     events = { w, ACTIVITY_EVENTS }, risk = { w, ACTIVITY_RISK };
	struct hour_count *hours;
	size_t             n = query_activity(cf, f, &keep, &hours);
	bool               good = true;

	for (size_t i = 0; good && i < n; i++)
		good = (!hours[i].events ||
			tell(&events, hours[i].hour_ns, (double)hours[i].events)) &&
		       (hours[i].risk <= 0 || tell(&risk, hours[i].hour_ns, hours[i].risk));
	arena_close(&keep);
	return good;
}

bool
moments_job(struct worker *w, struct casefile *cf, void *ctx, struct err *err)
{
	const struct moments *m = ctx;
	bool                  by_hour = m->summed && m->job_unit_ns == WHEN_HOUR, good = true;

	if (m->job_all && by_hour)
		good = tell_hours(w, cf, &m->filter);
	for (int kind = 0; good && kind < ACTIVITIES; kind++) {
		struct telling t = { w, (enum activity)kind };
		bool           in_hours = kind == ACTIVITY_EVENTS || kind == ACTIVITY_RISK;

		if (!in_hours || (m->job_all && !by_hour))
			good = query_activity_of(cf, t.kind, &m->filter, m->job_unit_ns, tell, &t,
						 err) &&
			       !atomic_load(worker_cancelled(w));
	}
	return !atomic_load(worker_cancelled(w)) ? good
						 : err_set(err, ERR_IO, "counting was stopped; F5 counts again");
}

/* From now on in the finer pieces that the job counts. */
static void
become_finer(struct moments *m)
{
	m->of[ACTIVITY_EVENTS].n = m->of[ACTIVITY_RISK].n = 0;
	m->unit_ns = m->job_unit_ns;
	m->span = m->within;
}

void
moments_done(struct moments *m)
{
	if (m->unit_ns != m->job_unit_ns)
		become_finer(m); /* the hour has events, but none within the span */
}

void
moments_found(struct moments *m, const struct found *f)
{
	double amount = 0;

	if (m->unit_ns != m->job_unit_ns && f->event <= ACTIVITY_RISK)
		become_finer(m);
	text_to_double(f->cells[0].value, &amount);
	add(m, (enum activity)f->event, f->time_ns, amount);
}

/* The shortest bar with which the span fits, in lengths that people think in. */
static int64_t
bar_length(const struct moments *m, int columns)
{
	static const int minutes[] = { 1,     2,     5,     10,    15,     20,     30,     60,     120,
				       180,   240,   360,   480,   720,    1440,   2880,   4320,   10080,
				       20160, 30240, 40320, 60480, 80640,  120960, 262980, 525960, 5259600 };
	size_t           last = sizeof(minutes) / sizeof(minutes[0]) - 1, i;
	uint64_t         span = (uint64_t)m->span.latest_ns - (uint64_t)m->span.earliest_ns;

	for (i = 0; i < last; i++)
		if ((int64_t)minutes[i] * MINUTE_NS >= m->unit_ns &&
		    span / ((uint64_t)minutes[i] * (uint64_t)MINUTE_NS) + 2 <= (uint64_t)columns)
			break;
	return (int64_t)minutes[i] * MINUTE_NS;
}

int
moments_bar(const struct moments *m, int64_t time_ns)
{
	uint64_t behind = (uint64_t)time_ns - (uint64_t)m->start_ns;
	uint64_t bar = time_ns < m->start_ns ? 0 : behind / (uint64_t)m->bar_ns;

	return bar < (uint64_t)m->n_bars ? (int)bar : m->n_bars - 1;
}

void
moments_fit(struct moments *m, int columns)
{
	columns = columns < 2 ? 2 : columns < BARS_MAX ? columns : BARS_MAX;
	m->bar_ns = bar_length(m, columns);
	m->start_ns = when_piece(m->span.earliest_ns, m->bar_ns);
	m->n_bars = columns;
	m->n_bars = moments_bar(m, m->span.latest_ns - 1) + 1;
	memset(m->bars, 0, sizeof(m->bars));
	for (int kind = 0; kind < ACTIVITIES; kind++)
		for (size_t i = 0; i < m->of[kind].n; i++)
			m->bars[kind][moments_bar(m, m->of[kind].of[i].at_ns)] +=
			    m->of[kind].of[i].amount;
}

static uint64_t
distance(int64_t a, int64_t b)
{
	return a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;
}

int64_t
moments_nearest(const struct moments *m, int64_t time_ns)
{
	const struct series *s = &m->of[ACTIVITY_EVENTS];
	int64_t              nearest = s->n ? s->of[0].at_ns : time_ns;

	for (size_t i = 1; i < s->n; i++)
		if (distance(s->of[i].at_ns, time_ns) < distance(nearest, time_ns))
			nearest = s->of[i].at_ns;
	return nearest;
}

bool
moments_any(const struct moments *m, enum activity kind)
{
	return m->of[kind].n > 0;
}

static int
by_time(const void *a, const void *b)
{
	const struct moment_row *x = a, *y = b;

	return (x->at_ns > y->at_ns) - (x->at_ns < y->at_ns);
}

size_t
moments_rows(const struct moments *m, struct arena *keep, struct moment_row **out)
{
	struct moment_row *rows;
	size_t             all = 0, n = 0, kept = 0;

	for (int kind = 0; kind < ACTIVITIES; kind++)
		all += m->of[kind].n;
	rows = arena_new(keep, struct moment_row, all + 1);
	for (int kind = 0; kind < ACTIVITIES; kind++)
		for (size_t i = 0; i < m->of[kind].n; i++) {
			rows[n].at_ns = m->of[kind].of[i].at_ns;
			rows[n++].amounts[kind] = m->of[kind].of[i].amount;
		}
	qsort(rows, n, sizeof(*rows), by_time);
	for (size_t i = 0; i < n; i++) {
		if (kept && rows[kept - 1].at_ns == rows[i].at_ns)
			for (int kind = 0; kind < ACTIVITIES; kind++)
				rows[kept - 1].amounts[kind] += rows[i].amounts[kind];
		else
			rows[kept++] = rows[i];
	}
	*out = rows;
	return kept;
}
