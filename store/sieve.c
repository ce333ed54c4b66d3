/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sieve.h"

#include <stdlib.h>

#include "base/when.h"
#include "store/sketch.h"

#define SET_MAX   4096   /* hosts or channels kept as a set; more: any */
#define NAMES_MAX 200000 /* more names than this are not looked through */

static bool
span_has(struct span span, int64_t ts)
{
	if (span.earliest_ns == WHEN_NONE && span.latest_ns == WHEN_MAX)
		return true;
	return ts != WHEN_NONE && ts >= span.earliest_ns &&
	       (ts < span.latest_ns || span.latest_ns == WHEN_MAX);
}

static bool
has_id(const int64_t *ids, size_t n, int64_t id)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (ids[mid] < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n && ids[lo] == id;
}

bool
sieve_block(const struct sieve *s, int64_t id)
{
	size_t lo = 0, hi = s->n_blocks;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->blocks[mid] <= id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return (lo > 0 && id - s->blocks[lo - 1] < BLOCK_EVENTS) ||
	       has_id(s->scripts, s->n_scripts, id);
}

static bool
code_wanted(const struct sieve *s, uint32_t code)
{
	size_t lo = 0, hi = s->narrow.n_event_ids;

	if (!hi)
		return true;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->narrow.event_ids[mid] < code)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < s->narrow.n_event_ids && s->narrow.event_ids[lo] == code;
}

bool
sieve_row(const struct sieve *s, const struct facts *row)
{
	return span_has(s->span, row->time_ns) && code_wanted(s, row->event_id) &&
	       (!s->n_hosts || has_id(s->hosts, s->n_hosts, row->host)) &&
	       (!s->n_channels || has_id(s->channels, s->n_channels, row->channel));
}

bool
sieve_hosts(struct sieve *s, const int64_t *hosts, size_t n, struct arena *keep)
{
	int64_t *both = arena_new(keep, int64_t, n);
	size_t   n_both = 0;

	for (size_t i = 0; i < n; i++)
		if (!s->n_hosts || has_id(s->hosts, s->n_hosts, hosts[i]))
			both[n_both++] = hosts[i];
	s->hosts = both;
	s->n_hosts = n_both;
	return n_both > 0;
}

static bool
group_in(const struct literal_group *group, struct text hay)
{
	for (uint32_t i = 0; i < group->n; i++)
		if (text_ifind(hay, group->any[i]) != TEXT_NOWHERE)
			return true;
	return group->n == 0;
}

bool
sieve_bytes(const struct sieve *s, struct text body)
{
	if (text_absent(body))
		return true; /* cannot be read: whoever reads it will say so */
	for (uint32_t g = 0; g < s->narrow.n_groups; g++)
		if (s->stored[g] && !group_in(&s->narrow.groups[g], body))
			return false;
	return true;
}

static const char all_names[] =
    "SELECT name FROM host UNION ALL SELECT name FROM channel UNION ALL "
    "SELECT name FROM provider UNION ALL SELECT name FROM account LIMIT ?1";

static bool
all_digits(struct text t)
{
	for (size_t i = 0; i < t.n; i++)
		if (t.p[i] < '0' || t.p[i] > '9')
			return false;
	return true;
}

/* Tells the groups that only stored values can meet from those that a fact of the row may meet: a
 * name, or a number, which is not stored as it is spelled. */
static bool
find_stored(struct sieve *s, struct arena *keep, struct err *err)
{
	struct ask q;
	int64_t    n = 0;

	s->stored = arena_new(keep, bool, s->narrow.n_groups);
	for (uint32_t g = 0; g < s->narrow.n_groups; g++) {
		s->stored[g] = true;
		for (uint32_t i = 0; i < s->narrow.groups[g].n; i++)
			s->stored[g] = s->stored[g] && !all_digits(s->narrow.groups[g].any[i]);
	}
	if (s->narrow.n_groups && ask(&q, s->cf, all_names, err)) {
		ask_int(&q, 1, NAMES_MAX);
		for (; ask_row(&q); n++) {
			struct text name = ask_get_text(&q, 0);

			for (uint32_t g = 0; g < s->narrow.n_groups; g++)
				if (s->stored[g] && group_in(&s->narrow.groups[g], name))
					s->stored[g] = false;
		}
		if (!ask_end(&q))
			return false;
	}
	for (uint32_t g = 0; g < s->narrow.n_groups && n == NAMES_MAX; g++)
		s->stored[g] = false;
	return true;
}

static int
by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Ids of the hosts that the predicate may mean. False: none, so nothing can match. */
static bool
narrow_hosts(struct sieve *s, struct arena *keep)
{
	size_t n = 0;

	if (!s->narrow.n_hosts)
		return true;
	s->hosts = arena_new(keep, int64_t, SET_MAX);
	for (uint32_t i = 0; i < s->narrow.n_hosts; i++) {
		size_t more = db_hosts_like(s->cf, s->narrow.hosts[i], s->hosts + n, SET_MAX - n);

		if (more > SET_MAX - n) {
			s->n_hosts = 0;
			return true;
		}
		n += more;
	}
	s->n_hosts = n;
	if (n)
		qsort(s->hosts, n, sizeof(*s->hosts), by_number);
	return n > 0;
}

static const char all_channels[] = "SELECT id, name FROM channel";

/* *NONE when the case has none of the channels. */
static bool
narrow_channels(struct sieve *s, struct arena *keep, bool *none, struct err *err)
{
	struct ask q;
	size_t     n = 0;

	if (!s->narrow.n_channels)
		return true;
	s->channels = arena_new(keep, int64_t, SET_MAX);
	if (ask(&q, s->cf, all_channels, err))
		while (n < SET_MAX && ask_row(&q))
			for (uint32_t i = 0; i < s->narrow.n_channels; i++)
				if (text_ieq(ask_get_text(&q, 1), s->narrow.channels[i])) {
					s->channels[n++] = ask_get_int(&q, 0);
					break;
				}
	if (!ask_end(&q))
		return false;
	if (n == SET_MAX)
		return true;
	s->n_channels = n;
	*none = n == 0;
	if (n)
		qsort(s->channels, n, sizeof(*s->channels), by_number);
	return true;
}

static void
narrow_time(struct sieve *s)
{
	s->low = s->span.earliest_ns;
	s->high = s->span.latest_ns;
	/* Events without time stay in, for the predicate to decide. */
	if (s->low != WHEN_NONE && s->narrow.earliest_ns > s->low)
		s->low = s->narrow.earliest_ns;
	if (s->narrow.latest_ns < s->high)
		s->high = s->narrow.latest_ns;
}

static const char kinds[] = "SELECT host, channel, code, n FROM kind";

bool
sieve_estimate(const struct sieve *s, uint64_t *hosts, uint64_t *codes, struct err *err)
{
	struct ask q;

	*hosts = *codes = 0;
	if (ask(&q, s->cf, kinds, err))
		while (ask_row(&q)) {
			uint64_t n = (uint64_t)ask_get_int(&q, 3);

			if (has_id(s->hosts, s->n_hosts, ask_get_int(&q, 0)))
				*hosts += n;
			if (code_wanted(s, (uint32_t)ask_get_int(&q, 2)))
				*codes += n;
		}
	return ask_end(&q);
}

bool
sieve_open(struct sieve *s, struct casefile *cf, const struct pred *pred, struct span span,
	   struct arena *keep, bool *none, struct err *err)
{
	*s = (struct sieve){ .cf = cf, .span = span };
	s->narrow = pred ? pred_narrow(pred, keep)
			 : (struct narrowing){ .earliest_ns = WHEN_NONE, .latest_ns = WHEN_MAX };
	*none = s->narrow.none || !narrow_hosts(s, keep);
	narrow_time(s);
	if (!*none && !narrow_channels(s, keep, none, err))
		return false;
	if (*none)
		return true;
	if (!find_stored(s, keep, err))
		return false;
	s->by_block = sketch_useful(s->narrow.groups, s->narrow.n_groups);
	return !s->by_block ||
	       (sketch_candidates(cf, SEGMENT_FIELDS, s->narrow.groups, s->narrow.n_groups, keep,
				  &s->blocks, &s->n_blocks, err) &&
		sketch_candidates(cf, SEGMENT_SCRIPTS, s->narrow.groups, s->narrow.n_groups, keep,
				  &s->scripts, &s->n_scripts, err));
}
