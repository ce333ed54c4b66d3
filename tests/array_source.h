/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * array_source.h - a source over a few events written as text, and searches run over it.
 *
 * One event per line: channel=Security event_id=4624 host=WS1 time=2020-09-21T12:00:00Z Field=value
 * Field="value with \"quotes\"". Ids count from 1; without time= an event is a second later than
 * the one before. A line "row a=1 b=x" is an event of no channel with only these fields.
 */
#ifndef AUGER_TESTS_ARRAY_SOURCE_H
#define AUGER_TESTS_ARRAY_SOURCE_H

#include "base/source.h"
#include "base/when.h"
#include "rules/search.h"
#include "tests/tap.h"

struct array_source {
	struct arena      *keep;
	struct event      *events; /* oldest first */
	size_t             n, cap;
	struct risk_event *risks;
	size_t             n_risks, risks_cap;
	int64_t            next_ns;
	struct source      source;
};

static bool
array_inside(struct span span, int64_t ns)
{
	if (ns == WHEN_NONE)
		return span.earliest_ns == WHEN_NONE && span.latest_ns == WHEN_MAX;
	return span.earliest_ns <= ns && (ns < span.latest_ns || span.latest_ns == WHEN_MAX);
}

static bool
array_events(void *self, const struct pred *pred, struct span span, enum order order, event_fn *fn,
	     void *ctx, struct err *err)
{
	struct array_source *a = self;
	struct arena         scratch = arena_open(64 << 20);

	(void)err;
	for (size_t i = 0; i < a->n; i++) {
		const struct event *ev = &a->events[order == ORDER_ANY ? i : a->n - 1 - i];
		struct subject      s = event_subject(ev);

		if (array_inside(span, ev->time_ns) && pred_eval(pred, &s, scratch) && !fn(ctx, ev))
			break;
	}
	arena_close(&scratch);
	return true;
}

static bool
array_risk(void *self, struct span span, risk_fn *fn, void *ctx, struct err *err)
{
	struct array_source *a = self;

	(void)err;
	for (size_t i = 0; i < a->n_risks; i++)
		if (array_inside(span, a->risks[i].time_ns) && !fn(ctx, &a->risks[i]))
			break;
	return true;
}

static struct array_source *
array_source_new(struct arena *keep)
{
	struct array_source *a = arena_new(keep, struct array_source, 1);

	a->keep = keep;
	a->next_ns = INT64_C(1600689600) * WHEN_SECOND; /* 2020-09-21T12:00:00Z */
	a->source = (struct source){ .self = a, .events = array_events, .risk = array_risk };
	return a;
}

/* name=value or name="value" with \" and \\; false at the end of the line. */
static bool
array_pair(struct text *line, struct arena *keep, struct text *name, struct text *value)
{
	char  *p;
	size_t n = 0, i = 0;

	*line = text_trim(*line);
	if (line->n == 0)
		return false;
	*name = text_cut(line, '=');
	p = arena_new(keep, char, line->n + 1);
	if (line->n && line->p[0] == '"') {
		for (i = 1; i < line->n && line->p[i] != '"'; i++) {
			if (line->p[i] == '\\' && i + 1 < line->n)
				i++;
			p[n++] = line->p[i];
		}
		i++;
	} else {
		for (; i < line->n && line->p[i] != ' '; i++)
			p[n++] = line->p[i];
	}
	*line = text_from(*line, i);
	*value = (struct text){ p, n };
	return true;
}

static void
array_field(struct event *ev, struct arena *keep, struct text name, struct text value, size_t *cap)
{
	size_t n = ev->n_fields;

	arena_grow(keep, ev->fields, n, cap);
	ev->fields[ev->n_fields++] = (struct field){ name, value, text_key(name) };
}

static void
array_event(struct array_source *a, struct text line)
{
	struct event ev = { .id = (int64_t)a->n + 1, .time_ns = a->next_ns, .format = FORMAT_EVTX };
	struct text  name, value, facts[4] = { { NULL, 0 } };
	size_t       cap = 0;
	struct text  rest = line;
	bool         zone;

	if (text_starts(line, TEXT("row ")))
		rest = line = text_from(line, 4);
	while (array_pair(&rest, a->keep, &name, &value)) {
		if (text_eq(name, TEXT("channel")))
			ev.channel = facts[0] = value;
		else if (text_eq(name, TEXT("event_id")))
			facts[1] = value;
		else if (text_eq(name, TEXT("host")))
			ev.host = facts[2] = value;
		else if (text_eq(name, TEXT("provider")))
			ev.provider = facts[3] = value;
		else if (text_eq(name, TEXT("message")))
			ev.message = value;
		else if (text_eq(name, TEXT("time")))
			when_from_iso(value, &ev.time_ns, &zone);
	}
	static const char *const names[] = { "Channel", "EventID", "Computer", "Name" };
	uint64_t                 id;

	if (facts[1].p && text_to_u64(facts[1], &id))
		ev.event_id = (uint32_t)id;
	for (size_t i = 0; i < 4; i++)
		if (facts[i].p)
			array_field(&ev, a->keep, text_of(names[i]), facts[i], &cap);
	ev.n_system = ev.n_fields;
	while (array_pair(&line, a->keep, &name, &value))
		if (!text_eq(name, TEXT("channel")) && !text_eq(name, TEXT("event_id")) &&
		    !text_eq(name, TEXT("host")) && !text_eq(name, TEXT("provider")) &&
		    !text_eq(name, TEXT("message")) && !text_eq(name, TEXT("time")))
			array_field(&ev, a->keep, name, value, &cap);
	event_finish(&ev);
	arena_grow(a->keep, a->events, a->n, &a->cap);
	a->events[a->n++] = ev;
	a->next_ns = ev.time_ns + WHEN_SECOND;
	if (ev.time_ns > a->source.case_clock_ns)
		a->source.case_clock_ns = ev.time_ns;
}

/* Adds the events of TEXT, one per line. */
__attribute__((unused)) static void
array_add(struct array_source *a, const char *lines)
{
	struct text t = text_of(lines);

	while (!text_absent(t)) {
		struct text line = text_trim(text_cut(&t, '\n'));

		if (line.n)
			array_event(a, line);
	}
}

/* A source of the events of LINES. */
__attribute__((unused)) static struct array_source *
with(struct arena *keep, const char *lines)
{
	struct array_source *a = array_source_new(keep);

	array_add(a, lines);
	return a;
}

/* --- searches --- */

struct array_result {
	struct arena       *keep;
	struct text         text; /* "a=1 b=[x y]" per row, rows joined by " | " */
	size_t              n;
	struct err          err;
	struct search_stats stats;
	const struct search *search;
	int64_t             first_ns, last_ns; /* of the last row */
	uint32_t            n_events;
};

static bool
array_row(void *ctx, const struct row *row)
{
	struct array_result *r = ctx;
	struct text         *names;
	size_t               n = row_names(row, r->keep, &names);
	struct text          line = TEXT("");

	for (size_t i = 0; i < n; i++) {
		struct value v = row_get(row, names[i], r->keep);

		/* Rows of events show what a command set, and the fields of "row" lines. */
		if (row->event && (text_eq(names[i], TEXT("_time")) ||
				   (!row_has_cell(row, names[i]) &&
				    text_absent(event_get(row->event, names[i])))))
			continue;
		line = arena_printf(
		    r->keep, TEXT_FMT "%s" TEXT_FMT "=%s" TEXT_FMT "%s", TEXT_ARG(line),
		    line.n ? " " : "", TEXT_ARG(names[i]), v.kind == VALUE_LIST ? "[" : "",
		    TEXT_ARG(value_text(&v, ' ', r->keep)), v.kind == VALUE_LIST ? "]" : "");
	}
	r->text = arena_printf(r->keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(r->text),
			       r->n ? " | " : "", TEXT_ARG(line));
	r->n++;
	r->first_ns = row->first_ns;
	r->last_ns = row->last_ns;
	r->n_events = row->n_events;
	return true;
}

/* Compiles and runs SPL; a result of "error: ..." when that fails. */
__attribute__((unused)) static struct array_result
array_run_env(struct array_source *a, const char *spl, const struct search_env *env, size_t memory)
{
	struct array_result r = { .keep = a->keep, .text = TEXT("") };
	struct place        place = { TEXT("test"), 1, 1 };
	struct search      *s;
	struct search_run   run = { .source = &a->source, .span = { WHEN_NONE, WHEN_MAX },
				    .memory_bytes = memory };

	if (!search_compile(&s, a->keep, text_of(spl), place, env, &r.err) ||
	    !search_execute(s, &run, array_row, &r, &r.stats, &r.err))
		r.text = arena_printf(a->keep, "error: %s: %s", r.err.where, r.err.what);
	else
		r.search = s;
	return r;
}

__attribute__((unused)) static struct text
array_run(struct array_source *a, const char *spl)
{
	return array_run_env(a, spl, NULL, 0).text;
}

/* A test: SPL over the events gives WANT. */
__attribute__((unused)) static void
gives(struct array_source *a, const char *spl, const char *want)
{
	is(array_run(a, spl), text_of(want), spl);
}

/* The numbers (field id) of the rows that SPL leaves: "2 4". */
__attribute__((unused)) static void
leaves(struct array_source *a, const char *spl, const char *want)
{
	struct text query = arena_printf(
	    a->keep, "%s | sort 0 id | stats list(id) as id | eval id=mvjoin(id,\" \")", spl);
	struct text got = array_run(a, query.p);

	if (text_starts(got, TEXT("id=")))
		got = text_from(got, 3);
	is(got, text_of(want), spl);
}

#endif
