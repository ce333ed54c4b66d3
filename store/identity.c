/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/identity.h"

#include <stdlib.h>

#include "base/event.h"
#include "base/when.h"

#define LOT_EVENTS_MAX 65536
#define LOTS_KEPT      4
#define QUARTER_HOUR   (900 * WHEN_SECOND)
/* Streams, and bytes of their ranges, that are remembered before all are forgotten: what a batch
 * needs comes from the case. */
#define STREAMS_MOST ((size_t)16384)
#define RANGES_MOST  ((size_t)4 << 20)
/* Machines are remembered by the last digits of their number. */
#define MACHINES     4096

struct reach {
	int64_t low, high;   /* record ids, or seconds */
	int64_t first, last; /* events of the lot */
	int64_t top;         /* greatest HIGH from the first range to this one */
};

/* Records of one machine, channel and kind. */
struct stream {
	int64_t       kin, channel;
	int           kind; /* 0: by record id, 1: by time */
	struct reach *ranges; /* ascending by LOW */
	size_t        n, cap;
	uint64_t      batch;  /* last batch that had records of it, and their range */
	int64_t       low, high;
	uint64_t      turn;   /* lot being looked at, and the stream's range in it */
	int64_t       lot_low, lot_high;
};

struct member {
	int64_t  id, ts, host, channel;
	uint64_t record;
	uint32_t event_id, flags;
};

struct lot {
	int64_t        first;
	struct member *members; /* ascending by record */
	size_t         n;
	uint64_t       used;
};

struct machine {
	int64_t host; /* 0: none */
	int64_t kin;
	bool    domain; /* its name has more than one label */
};

struct overlap {
	int64_t first, last, low, high;
	size_t  stream;
};

struct identity {
	struct arena    arena;
	struct arena    scratch;
	struct stream  *streams;
	size_t          n_streams, streams_cap;
	size_t          ranges_bytes, ranges_most;
	uint32_t       *table; /* stream number + 1 */
	size_t          slots;
	struct machine  machines[MACHINES];
	size_t         *touched; /* streams of this batch */
	size_t          n_touched, touched_cap;
	struct lot      lots[LOTS_KEPT];
	uint64_t        batch, turn;
};

static uint64_t
mix(uint64_t a, uint64_t b)
{
	a = (a ^ (b + UINT64_C(0x9e3779b97f4a7c15))) * UINT64_C(0xff51afd7ed558ccd);
	return a ^ a >> 32;
}

static size_t
stream_slot(const struct identity *id, int64_t kin, int64_t channel, int kind)
{
	size_t at = (size_t)mix(mix((uint64_t)kin, (uint64_t)channel), (uint64_t)kind);

	for (at &= id->slots - 1; id->table[at]; at = (at + 1) & (id->slots - 1)) {
		const struct stream *s = &id->streams[id->table[at] - 1];

		if (s->kin == kin && s->channel == channel && s->kind == kind)
			break;
	}
	return at;
}

static void
make_slots(struct identity *id)
{
	free(id->table);
	id->slots = id->slots ? id->slots * 4 : 1024;
	id->table = calloc(id->slots, sizeof(*id->table));
	if (!id->table)
		arena_exhausted(id->slots * sizeof(*id->table));
	for (size_t i = 0; i < id->n_streams; i++) {
		struct stream *s = &id->streams[i];

		id->table[stream_slot(id, s->kin, s->channel, s->kind)] = (uint32_t)i + 1;
	}
}

static void
stream_range(struct identity *id, struct stream *s, int64_t low, int64_t high, int64_t first,
	     int64_t last)
{
	size_t at = s->n;

	if (s->n == s->cap) {
		size_t more = s->cap ? s->cap : 2;

		s->cap += more;
		id->ranges_bytes += more * sizeof(*s->ranges);
		s->ranges = realloc(s->ranges, s->cap * sizeof(*s->ranges));
		if (!s->ranges)
			arena_exhausted(s->cap * sizeof(*s->ranges));
	}
	while (at > 0 && s->ranges[at - 1].low > low)
		at--;
	memmove(s->ranges + at + 1, s->ranges + at, (s->n - at) * sizeof(*s->ranges));
	s->ranges[at] = (struct reach){ low, high, first, last, high };
	s->n++;
	if (at > 0 && s->ranges[at - 1].top > high)
		s->ranges[at].top = s->ranges[at - 1].top;
	while (++at < s->n && s->ranges[at].top < high)
		s->ranges[at].top = high;
}

/* Ascending, so that every range comes behind those that are there. */
static const char lots_of[] = "SELECT low, high, first, last FROM lot "
			      "WHERE kin = ?1 AND channel = ?2 AND kind = ?3 ORDER BY low, first";

static bool
read_ranges(struct identity *id, struct casefile *cf, struct stream *s, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, lots_of, err)) {
		ask_int(&q, 1, s->kin);
		ask_int(&q, 2, s->channel);
		ask_int(&q, 3, s->kind);
		while (ask_row(&q))
			stream_range(id, s, ask_get_int(&q, 0), ask_get_int(&q, 1),
				     ask_get_int(&q, 2), ask_get_int(&q, 3));
	}
	return ask_end(&q);
}

static bool
add_stream(struct identity *id, struct casefile *cf, struct stream s, struct err *err)
{
	if (!read_ranges(id, cf, &s, err)) {
		free(s.ranges);
		return false;
	}
	arena_grow(&id->arena, id->streams, id->n_streams, &id->streams_cap);
	id->streams[id->n_streams++] = s;
	if (id->n_streams * 2 >= id->slots)
		make_slots(id);
	else
		id->table[stream_slot(id, s.kin, s.channel, s.kind)] = (uint32_t)id->n_streams;
	return true;
}

static void
forget_streams(struct identity *id)
{
	for (size_t i = 0; i < id->n_streams; i++)
		free(id->streams[i].ranges);
	memset(id->table, 0, id->slots * sizeof(*id->table));
	id->n_streams = 0;
	id->ranges_bytes = 0;
}

struct identity *
identity_open(void)
{
	struct identity *id = calloc(1, sizeof(*id));

	if (!id)
		arena_exhausted(sizeof(*id));
	id->arena = arena_open((size_t)1 << 31);
	id->scratch = arena_open((size_t)1 << 30);
	id->ranges_most = RANGES_MOST;
	make_slots(id);
	return id;
}

void
identity_close(struct identity *id)
{
	if (!id)
		return;
	forget_streams(id);
	for (size_t i = 0; i < LOTS_KEPT; i++)
		free(id->lots[i].members);
	free(id->table);
	arena_close(&id->arena);
	arena_close(&id->scratch);
	free(id);
}

static int
by_record(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->record != y->record)
		return x->record < y->record ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static const char lot_members[] = "SELECT id, ts, host, channel, record, code, flags FROM event "
				  "WHERE id >= ?1 AND id <= ?2 ORDER BY id LIMIT ?3";

static const struct lot *
lot_load(struct identity *id, struct casefile *cf, int64_t first, int64_t last, struct err *err)
{
	struct lot *lot = &id->lots[0];
	struct ask  q;
	size_t      cap = 0;

	for (size_t i = 0; i < LOTS_KEPT; i++) {
		if (id->lots[i].members && id->lots[i].first == first) {
			id->lots[i].used = id->turn;
			return &id->lots[i];
		}
		if (id->lots[i].used < lot->used)
			lot = &id->lots[i];
	}
	free(lot->members);
	*lot = (struct lot){ .first = first, .used = id->turn };
	if (ask(&q, cf, lot_members, err)) {
		ask_int(&q, 1, first);
		ask_int(&q, 2, last);
		ask_int(&q, 3, LOT_EVENTS_MAX);
		while (ask_row(&q)) {
			if (lot->n == cap) {
				cap = cap ? cap * 2 : 1024;
				lot->members = realloc(lot->members, cap * sizeof(*lot->members));
				if (!lot->members)
					arena_exhausted(cap * sizeof(*lot->members));
			}
			lot->members[lot->n++] = (struct member){
				.id = ask_get_int(&q, 0),
				.ts = ask_get_int(&q, 1),
				.host = ask_get_int(&q, 2),
				.channel = ask_get_int(&q, 3),
				.record = (uint64_t)ask_get_int(&q, 4),
				.event_id = (uint32_t)ask_get_int(&q, 5),
				.flags = (uint32_t)ask_get_int(&q, 6),
			};
		}
	}
	if (!ask_end(&q))
		return NULL;
	if (lot->n)
		qsort(lot->members, lot->n, sizeof(*lot->members), by_record);
	return lot;
}

static const char machine_by_id[] = "SELECT kin, fold FROM host WHERE id = ?1";

static struct machine
machine_of(struct identity *id, struct casefile *cf, int64_t host)
{
	struct machine *m = &id->machines[(size_t)host & (MACHINES - 1)];
	struct ask      q;

	if (host <= 0)
		return (struct machine){ 0 };
	if (m->host != host && ask(&q, cf, machine_by_id, NULL)) {
		*m = (struct machine){ .host = host };
		ask_int(&q, 1, host);
		if (ask_row(&q)) {
			struct text fold = ask_get_text(&q, 1);

			m->kin = ask_get_int(&q, 0);
			m->domain = host_label(fold).n < fold.n;
		}
		ask_end(&q);
	}
	return *m;
}

bool
identity_same_time(int64_t a, int64_t b, uint32_t flags)
{
	if (a == b)
		return true;
	if (a == WHEN_NONE || b == WHEN_NONE)
		return false;
	uint64_t apart = a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;

	if (apart <= WHEN_SECOND)
		return true;
	if (!(flags & EVENT_ZONE_ASSUMED) || apart > 14 * WHEN_HOUR + WHEN_SECOND)
		return false;
	uint64_t rest = apart % QUARTER_HOUR;

	return rest <= WHEN_SECOND || rest >= QUARTER_HOUR - WHEN_SECOND;
}

static bool
same_event(struct identity *id, struct casefile *cf, const struct identity_key *k,
	   const struct member *m)
{
	if (k->record != m->record || k->event_id != m->event_id || k->channel != m->channel ||
	    (k->flags ^ m->flags) & ROW_HAS_RECORD)
		return false;
	if (!(k->flags & ROW_HAS_RECORD) ? k->time_ns != m->ts
					 : !identity_same_time(k->time_ns, m->ts, k->flags | m->flags))
		return false;
	if (k->host == m->host)
		return true;
	const struct machine a = machine_of(id, cf, k->host), b = machine_of(id, cf, m->host);

	return a.kin && a.kin == b.kin && !(a.domain && b.domain);
}

static int64_t
lot_find(struct identity *id, struct casefile *cf, const struct lot *lot,
	 const struct identity_key *k)
{
	size_t lo = 0, hi = lot->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (lot->members[mid].record < k->record)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < lot->n && lot->members[lo].record == k->record; lo++)
		if (same_event(id, cf, k, &lot->members[lo]))
			return lot->members[lo].id;
	return 0;
}

static int64_t
range_value(const struct identity_key *k)
{
	return k->flags & ROW_HAS_RECORD ? (int64_t)k->record : k->time_ns / WHEN_SECOND;
}

/* NULL: it is not remembered. */
static struct stream *
stream_of(struct identity *id, const struct identity_key *k)
{
	size_t at = stream_slot(id, k->kin, k->channel, !(k->flags & ROW_HAS_RECORD));

	return id->table[at] ? &id->streams[id->table[at] - 1] : NULL;
}

/* The streams of all records are remembered. */
static bool
read_streams(struct identity *id, struct casefile *cf, const struct identity_key *keys, size_t n,
	     struct err *err)
{
	bool anew = id->n_streams > STREAMS_MOST || id->ranges_bytes > id->ranges_most;

	if (anew)
		forget_streams(id);
	for (size_t i = 0; i < n; i++) {
		struct stream s = { .kin = keys[i].kin,
				    .channel = keys[i].channel,
				    .kind = !(keys[i].flags & ROW_HAS_RECORD) };

		if (!stream_of(id, &keys[i]) && !add_stream(id, cf, s, err))
			return false;
	}
	/* What one batch needs will be needed by the next one, too. */
	if (anew && id->ranges_most < id->ranges_bytes * 2)
		id->ranges_most = id->ranges_bytes * 2;
	return true;
}

/* Notes the range that the records, or those among them that are new, span in their streams. */
static void
span_streams(struct identity *id, const struct identity_key *keys, size_t n, const int64_t *known)
{
	id->batch++;
	id->n_touched = 0;
	for (size_t i = 0; i < n; i++) {
		if (known && known[i])
			continue;
		struct stream *s = stream_of(id, &keys[i]);
		int64_t        v = range_value(&keys[i]);

		if (s->batch != id->batch) {
			s->batch = id->batch;
			s->low = s->high = v;
			arena_grow(&id->arena, id->touched, id->n_touched, &id->touched_cap);
			id->touched[id->n_touched++] = (size_t)(s - id->streams);
		}
		s->low = v < s->low ? v : s->low;
		s->high = v > s->high ? v : s->high;
	}
}

static int
by_lot(const void *a, const void *b)
{
	const struct overlap *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

static size_t
overlaps_of(struct identity *id, struct arena *keep, struct overlap **out)
{
	size_t n = 0, cap = 0;

	*out = NULL;
	for (size_t t = 0; t < id->n_touched; t++) {
		const struct stream *s = &id->streams[id->touched[t]];
		size_t               at = s->n;

		/* Ranges that begin behind ours are cut off by search, those before by TOP. */
		for (size_t lo = 0, hi = s->n; lo < hi;) {
			size_t mid = lo + (hi - lo) / 2;

			if (s->ranges[mid].low <= s->high)
				lo = mid + 1;
			else
				hi = mid;
			at = lo;
		}
		while (at-- > 0 && s->ranges[at].top >= s->low) {
			const struct reach *r = &s->ranges[at];

			if (r->high < s->low)
				continue;
			arena_grow(keep, *out, n, &cap);
			(*out)[n++] = (struct overlap){ r->first, r->last, r->low, r->high,
							id->touched[t] };
		}
	}
	if (n)
		qsort(*out, n, sizeof(**out), by_lot);
	return n;
}

static void
check_among_themselves(struct identity *id, struct casefile *cf, const struct identity_key *keys,
		       size_t n, int64_t *known, struct arena scratch)
{
	size_t slots = 1024;

	while (slots < n * 2)
		slots *= 2;
	uint32_t *table = arena_new(&scratch, uint32_t, slots);

	for (size_t i = 0; i < n; i++) {
		if (known[i])
			continue;
		const struct identity_key *k = &keys[i];
		size_t at = (size_t)mix(mix(k->record, (uint64_t)k->channel), k->event_id);

		for (at &= slots - 1; table[at]; at = (at + 1) & (slots - 1)) {
			const struct identity_key *o = &keys[table[at] - 1];
			struct member m = {.ts = o->time_ns,
					   .host = o->host,
					   .channel = o->channel,
					   .record = o->record,
					   .event_id = o->event_id,
					   .flags = o->flags};

			if (same_event(id, cf, k, &m)) {
				known[i] = -(int64_t)table[at];
				break;
			}
		}
		if (!known[i])
			table[at] = (uint32_t)i + 1;
	}
}

bool
identity_check(struct identity *id, struct casefile *cf, const struct identity_key *keys,
	       size_t n, int64_t *known, struct err *err)
{
	struct arena    scratch = id->scratch;
	struct overlap *overlap;
	size_t          n_overlaps, end;

	memset(known, 0, n * sizeof(*known));
	if (!read_streams(id, cf, keys, n, err))
		return false;
	span_streams(id, keys, n, NULL);
	n_overlaps = overlaps_of(id, &scratch, &overlap);
	for (size_t at = 0; at < n_overlaps; at = end) {
		id->turn++;
		for (end = at; end < n_overlaps && overlap[end].first == overlap[at].first; end++) {
			struct stream *s = &id->streams[overlap[end].stream];

			s->turn = id->turn;
			s->lot_low = overlap[end].low;
			s->lot_high = overlap[end].high;
		}
		const struct lot *lot = lot_load(id, cf, overlap[at].first, overlap[at].last, err);

		if (!lot)
			return false;
		for (size_t i = 0; i < n; i++) {
			if (known[i])
				continue;
			const struct stream *s = stream_of(id, &keys[i]);
			int64_t              v = range_value(&keys[i]);

			if (s->turn == id->turn && v >= s->lot_low && v <= s->lot_high)
				known[i] = lot_find(id, cf, lot, &keys[i]);
		}
	}
	check_among_themselves(id, cf, keys, n, known, id->scratch);
	return true;
}

void
identity_forget(struct identity *id)
{
	for (size_t i = 0; i < LOTS_KEPT; i++) {
		free(id->lots[i].members);
		id->lots[i] = (struct lot){ 0 };
	}
}

static const char put_lot[] = "INSERT INTO lot(first, kin, channel, kind, last, low, high) "
			      "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)";

bool
identity_learn(struct identity *id, struct casefile *cf, const struct identity_key *keys,
	       size_t n, const int64_t *known, int64_t first, int64_t last, struct err *err)
{
	struct ask q;

	span_streams(id, keys, n, known);
	if (!ask(&q, cf, put_lot, err))
		return false;
	for (size_t t = 0; t < id->n_touched; t++) {
		struct stream *s = &id->streams[id->touched[t]];

		ask_int(&q, 1, first);
		ask_int(&q, 2, s->kin);
		ask_int(&q, 3, s->channel);
		ask_int(&q, 4, s->kind);
		ask_int(&q, 5, last);
		ask_int(&q, 6, s->low);
		ask_int(&q, 7, s->high);
		if (!ask_run(&q))
			break;
		stream_range(id, s, s->low, s->high, first, last);
	}
	return ask_end(&q);
}
