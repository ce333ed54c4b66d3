/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of an import that its threads do: decode, match, fill batches. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/decoded.h"
#include "base/unwrap.h"
#include "cli/pipeline_parts.h"
#include "importers/window.h"

/* Room for what one event says in base64, and what of it a thread keeps for the next. */
#define DECODED_BYTES ((size_t)16 * UNWRAP_WORK)
#define DECODED_KEEP  ((size_t)1 << 20)
/* What all events of a slice may decode to: so much, and so many times the bytes of the slice. */
#define DECODED_LEAST  ((size_t)64 << 20)
#define DECODED_GROWTH 8
/* Addresses for what a thread reads and decodes, and what of it stays for the next file. */
#define READING_BYTES ((size_t)1 << 30)
#define READING_KEEP  ((size_t)1 << 20)
/* Of the name of a host, channel, provider or user. */
#define NAME_BYTES    ((size_t)4096)
/* What a turn asks for before it begins, batch included. What is read in one piece may be one
 * record, which is held so many times: read, decoded, in a block, packed, sorted in. */
#define TURN_BYTES   ((size_t)4 << 20)
#define RECORD_TIMES 6
/* Gaps of a slice that are kept one by one: a file may be made of nothing else. */
#define GAPS_EACH     4096

static bool
is_head(const struct pipeline *p, const struct slice *r)
{
	const struct file *f = r->file;

	return f == p->head && r == &f->slices[f->head_slice];
}

/* Under the lock: may a batch be filled for R? What the writer waits for always may. */
static bool
has_room(const struct pipeline *p, const struct slice *r)
{
	return (is_head(p, r) && r->waiting < 1) ||
	       (p->in_flight < p->most_in_flight && p->waiting_bytes <= p->most_waiting_bytes &&
		!pipeline_tight(p));
}

/* Waits for room, then gives a parcel with an empty batch; NULL: stop. */
static struct parcel *
parcel_take(struct pipeline *p, struct slice *r)
{
	struct parcel *parcel = NULL;

	pthread_mutex_lock(&p->lock);
	while (!p->stop && !has_room(p, r))
		pthread_cond_wait(&p->work, &p->lock);
	if (!p->stop) {
		p->in_flight++;
		parcel = p->spare;
		if (parcel) {
			p->spare = parcel->next;
		} else {
			parcel = arena_new(&p->keep, struct parcel, 1);
		}
		parcel->next = NULL;
	}
	pthread_mutex_unlock(&p->lock);
	if (parcel && !parcel->batch)
		parcel->batch = batch_new();
	if (parcel)
		batch_reset(parcel->batch, r->file->id);
	return parcel;
}

static bool
worker_parcel(struct worker *w)
{
	if (!w->parcel)
		w->parcel = parcel_take(w->p, w->slice);
	return w->parcel != NULL;
}

static void
hand_over(struct worker *w, uint64_t consumed)
{
	struct parcel *parcel = w->parcel;
	struct slice  *r = w->slice;

	w->parcel = NULL;
	if (!parcel)
		return;
	batch_seal(parcel->batch);
	parcel->consumed = consumed;
	parcel->bytes = batch_bytes(parcel->batch);
	pthread_mutex_lock(&w->p->lock);
	w->p->waiting_bytes += parcel->bytes;
	if (r->last)
		r->last->next = parcel;
	else
		r->first = parcel;
	r->last = parcel;
	r->waiting++;
	pthread_cond_signal(&w->p->ready);
	pthread_mutex_unlock(&w->p->lock);
}

static void
count_bytes(struct worker *w, uint64_t position)
{
	uint64_t done = position > w->slice->begin ? position - w->slice->begin : 0;

	if (position > w->slice->end)
		done = w->slice->end - w->slice->begin;
	if (done > w->counted) {
		w->p->job->progress->bytes_done += done - w->counted;
		w->counted = done;
	}
}

static void
add_remark(struct worker *w, struct event *ev, const char *words)
{
	char all[sizeof(w->remark)];

	snprintf(all, sizeof(all), "%s%s" TEXT_FMT, words, ev->remark.n ? "; " : "",
		 (int)(ev->remark.n < 400 ? ev->remark.n : 400), ev->remark.n ? ev->remark.p : "");
	memcpy(w->remark, all, sizeof(all));
	ev->remark = text_of(w->remark);
}

/* An event that does not say where it was logged gets the host of its folder. */
static void
lend_host(struct worker *w, struct event *ev)
{
	if (ev->host.n > 0 || text_absent(w->slice->file->host))
		return;
	ev->host = w->slice->file->host;
	add_remark(w, ev, "host from the name of the folder");
}

/* Names by which events are listed: the case keeps each once, in indexes. Fields stay whole. */
static void
cut_names(struct worker *w, struct event *ev)
{
	struct text *names[] = { &ev->host, &ev->channel, &ev->provider, &ev->user };
	bool         any = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct text *t = names[i];

		if (t->n <= NAME_BYTES)
			continue;
		for (t->n = NAME_BYTES; t->n && ((unsigned char)t->p[t->n] & 0xc0) == 0x80; t->n--)
			;
		any = true;
	}
	if (any)
		add_remark(w, ev, "a name of more than 4096 bytes is cut");
}

void
remember_gap(struct pipeline *p, struct file *f, uint64_t offset, struct text reason)
{
	if (f->gaps_said < GAPS_SAID)
		f->said[f->gaps_said++] = arena_printf(&p->keep, "at byte %llu: " TEXT_FMT,
						       (unsigned long long)offset,
						       TEXT_ARG(reason));
	f->gaps++;
}

static void
put_gap(struct worker *w, const struct gap *gap)
{
	batch_gap(w->parcel->batch, gap->offset, gap->length, gap->records_lost, gap->reason);
	pthread_mutex_lock(&w->p->lock);
	remember_gap(w->p, w->slice->file, gap->offset, gap->reason);
	pthread_mutex_unlock(&w->p->lock);
}

/* With the part that they lie in: whoever goes on behind it does not see them again. */
static void
put_more_gaps(struct worker *w)
{
	char words[80];
	int  n = snprintf(words, sizeof(words), "%llu more gaps from here on, kept as one",
			  (unsigned long long)w->n_more);

	w->more.reason = (struct text){ words, (size_t)n };
	if (w->n_more && worker_parcel(w))
		put_gap(w, &w->more);
	w->more = (struct gap){ 0 };
	w->n_more = 0;
}

static const char lost_patience[] = "encoded commands from here on are not decoded: those before "
				    "unpack to more than anybody writes";

static bool
unwrap_event(struct worker *w, struct event *ev)
{
	size_t before = w->patience;
	bool   decoded = event_unwrap(ev, &w->patience, &w->decoded);

	if (before && !w->patience)
		put_gap(w, &(struct gap){ ev->offset + ev->length, 0, 0, text_of(lost_patience) });
	return decoded;
}

static bool
sink_event(void *self, struct event *ev)
{
	struct worker         *w = self;
	const struct rule_hit *hits;
	size_t                 n;
	bool                   decoded;

	if (w->p->job->progress->cancel)
		return false;
	if (ev->offset < w->slice->file->resume)
		return true; /* an interrupted import has it already */
	if (!worker_parcel(w))
		return false;
	lend_host(w, ev);
	cut_names(w, ev);
	decoded = unwrap_event(w, ev);
	n = matcher_match(w->matcher, ev, &hits);
	for (size_t i = 0; i < n; i++)
		w->hits[i] = (struct batch_hit){ hits[i].rule, hits[i].leaf };
	batch_add(w->parcel->batch, ev, w->hits, n);
	if (decoded)
		arena_reset(&w->decoded, DECODED_KEEP);
	w->at = ev->offset + ev->length;
	count_bytes(w, w->at);
	if (batch_full(w->parcel->batch)) {
		put_more_gaps(w);
		hand_over(w, w->at);
	}
	return true;
}

static bool
sink_gap(void *self, const struct gap *gap)
{
	struct worker *w = self;

	if (w->p->job->progress->cancel)
		return false;
	if (gap->offset < w->slice->file->resume)
		return true;
	if (w->n_gaps >= GAPS_EACH) {
		if (!w->n_more++)
			w->more.offset = gap->offset;
		w->more.length += gap->length;
		w->more.records_lost += gap->records_lost;
		count_bytes(w, gap->offset);
		return true;
	}
	if (!worker_parcel(w))
		return false;
	w->n_gaps++;
	put_gap(w, gap);
	return true;
}

static void
sink_consumed(void *self, uint64_t bytes)
{
	(void)self;
	(void)bytes; /* offsets of events say it as well */
}

static void
note_unreadable(struct pipeline *p, struct file *f)
{
	pthread_mutex_lock(&p->lock);
	f->unreadable = true;
	pthread_mutex_unlock(&p->lock);
}

/* Evidence that ends where the import is stopped: what a decoder passes over without a word, a hole of
 * gigabytes, takes no longer than what it says something of. */
struct stoppable {
	struct input       in;
	const atomic_bool *cancel;
};

static bool
read_unless_stopped(void *self, uint64_t offset, void *buf, size_t n, size_t *got, struct err *err)
{
	struct stoppable *s = self;

	*got = 0;
	return *s->cancel || s->in.read_at(s->in.self, offset, buf, n, got, err);
}

static void
decode_slice(struct worker *w, struct slice *r)
{
	struct pipeline       *p = w->p;
	const struct evidence *e = r->file->evidence;
	struct sink            sink = { w, sink_event, sink_gap, sink_consumed };
	struct stoppable       s = { .cancel = &p->job->progress->cancel };
	struct input           in;
	bool                   opened, good;

	w->slice = r;
	w->at = r->begin;
	w->counted = 0;
	w->n_gaps = 0;
	w->n_more = 0;
	w->more = (struct gap){ 0 };
	w->patience = DECODED_LEAST + DECODED_GROWTH * (size_t)(r->end - r->begin);
	watch_doing(p->job->watch, e->path);
	opened = evidence_open(e, &s.in, &w->reading, &r->err); /* as it was to be hashed */
	in = s.in;
	in.self = &s;
	in.read_at = read_unless_stopped;
	good = opened &&
	       (r->begin >= r->end || /* all of it was committed before an interrupt */
		e->importer->decode(&in, r->begin, r->end, &p->job->options, &sink, &r->err));
	input_close(&s.in);
	if (!p->job->progress->cancel || w->more.offset < w->at)
		put_more_gaps(w);
	if (!opened || (!good && r->err.kind == ERR_IO))
		note_unreadable(p, r->file);
	if (!good && worker_parcel(w))
		put_gap(w, &(struct gap){ w->at, r->end - w->at, 0, text_of(r->err.what) });
	if (!p->job->progress->cancel) {
		count_bytes(w, r->end);
		hand_over(w, r->end);
	} else {
		hand_over(w, w->at); /* what is there is whole up to here */
	}
	arena_reset(&w->reading, READING_KEEP);
}

static size_t
slice_asks(const struct slice *r)
{
	uint64_t most = r->end > r->begin ? r->end - r->begin : 0;

	if (r->file->evidence->importer->split_step)
		return TURN_BYTES;
	return TURN_BYTES + RECORD_TIMES * (size_t)(most < RECORD_MAX ? most : RECORD_MAX);
}

/* Under the lock: whether a turn may begin. What is at work alone always may. */
static bool
affords(const struct pipeline *p, size_t bytes)
{
	return !p->at_work || p->promised_bytes + bytes <= p->free_bytes;
}

/* Under the lock: the next slice in the order of evidence; NULL: none now. */
static struct slice *
take_slice(struct pipeline *p)
{
	while (p->next_take != p->next_open) {
		struct file *f = p->next_take;

		if (f->next_slice < f->n_slices) {
			struct slice *r = &f->slices[f->next_slice];

			if (!affords(p, slice_asks(r)))
				return NULL;
			f->next_slice++;
			return r;
		}
		p->next_take = f->next;
	}
	return NULL;
}

static struct file *
take_look(struct pipeline *p)
{
	struct file *f = p->next_look;

	if (!f || p->looked >= p->passed + LOOK_AHEAD)
		return NULL;
	p->next_look = f->next;
	p->looked++;
	return f;
}

static void
look_at(struct worker *w, struct file *f)
{
	struct pipeline *p = w->p;

	watch_doing(p->job->watch, f->evidence->path);
	evidence_look(f->evidence, &w->reading, p->job->progress);
	pthread_mutex_lock(&p->lock);
	if (!text_absent(f->evidence->reason))
		f->evidence->reason = arena_copy(&p->keep, f->evidence->reason);
	f->state = FILE_LOOKED;
	pthread_cond_signal(&p->ready);
	pthread_mutex_unlock(&p->lock);
	arena_reset(&w->reading, READING_KEEP);
}

/* What one turn of a worker is about: a file to look at, a member to unpack, or a slice. */
struct turn {
	struct file  *look, *unpack;
	struct slice *slice;
	size_t        bytes; /* that it asked for */
};

/* Under the lock. Looks and members come first while few are there, so that nobody runs dry. */
static bool
take_turn(struct pipeline *p, struct turn *t)
{
	*t = (struct turn){ .bytes = TURN_BYTES };
	/* Slices are taken in the order in which they are written: of those at work one goes on. */
	if (p->alone || !affords(p, t->bytes) || (p->at_work && pipeline_tight(p)))
		return false;
	if (unpack_hungry(p))
		t->unpack = unpack_take(p);
	if (!t->unpack && p->looked < p->opened + 2)
		t->look = take_look(p);
	if (!t->unpack && !t->look)
		t->slice = take_slice(p);
	if (!t->unpack && !t->look && !t->slice)
		t->unpack = unpack_take(p);
	if (!t->unpack && !t->look && !t->slice)
		t->look = take_look(p);
	if (t->slice)
		t->bytes = slice_asks(t->slice);
	return t->unpack || t->look || t->slice;
}

static void *
worker_thread(void *ctx)
{
	struct worker   *w = ctx;
	struct pipeline *p = w->p;
	struct turn      t;

	pthread_mutex_lock(&p->lock);
	while (!p->stop) {
		if (!take_turn(p, &t)) {
			pthread_cond_wait(&p->work, &p->lock);
			continue;
		}
		p->at_work++;
		p->promised_bytes += t.bytes;
		pthread_mutex_unlock(&p->lock);
		if (t.look)
			look_at(w, t.look);
		else if (t.unpack)
			unpack_step(p, t.unpack);
		else
			decode_slice(w, t.slice);
		pthread_mutex_lock(&p->lock);
		p->at_work--;
		p->promised_bytes -= t.bytes;
		pthread_cond_broadcast(&p->work);
		if (t.slice)
			t.slice->done = true;
		if (t.slice || p->alone)
			pthread_cond_signal(&p->ready);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

bool
worker_begin(struct worker *w, struct pipeline *p)
{
	w->p = p;
	w->matcher = matcher_new(p->job->rules);
	w->decoded = arena_open(DECODED_BYTES);
	w->reading = arena_open(READING_BYTES);
	if (pthread_create(&w->thread, NULL, worker_thread, w) == 0)
		return true;
	matcher_free(w->matcher);
	arena_close(&w->decoded);
	arena_close(&w->reading);
	return false;
}

void
worker_end(struct worker *w)
{
	pthread_join(w->thread, NULL);
	matcher_free(w->matcher);
	arena_close(&w->decoded);
	arena_close(&w->reading);
	if (w->parcel)
		batch_free(w->parcel->batch);
}
