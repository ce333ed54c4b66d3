/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/pipeline.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/decoded.h"
#include "base/unwrap.h"
#include "cli/evidence.h"
#include "store/import.h"
#include "store/query.h"

/* Bytes of a splittable file that one thread decodes in one go. */
#define SLICE_BYTES (4u << 20)
/* Files hashed ahead of the one that is being committed; files with slices handed out. */
#define LOOK_AHEAD 64
/* What a full batch and the thread filling it may take, for the number of batches in flight. */
#define BATCH_BYTES ((uint64_t)4 << 20)
/* Gaps of one file that are named on standard error; the case has all of them. */
#define GAPS_SAID 3
/* Files that are in the case already and are named. */
#define KNOWN_SAID 10

/* Room for what one event says in base64, and what of it a thread keeps for the next. */
#define DECODED_BYTES ((size_t)16 * UNWRAP_WORK)
#define DECODED_KEEP  ((size_t)1 << 20)

/* A batch on its way to the writer. */
struct parcel {
	struct batch  *batch;
	uint64_t       consumed; /* the file is done up to here once this is committed */
	struct parcel *next;
};

/* A part of a file that one worker decodes. */
struct slice {
	struct file   *file;
	uint64_t       begin, end;
	struct parcel *first, *last;
	uint32_t       waiting; /* parcels */
	bool           done;
	struct err     err; /* the evidence could not be read on */
};

enum file_state {
	FILE_FOUND,
	FILE_LOOKED, /* hash and format are known */
	FILE_OPEN,   /* registered in the case; slices may be taken */
	FILE_CLOSED,
};

struct file {
	struct evidence *evidence;
	enum file_state  state;
	bool             taken; /* a worker looks at it */
	int64_t          id;
	uint64_t         resume;
	struct slice    *slices;
	size_t           n_slices, next_slice; /* next to be taken by a worker */
	size_t           head_slice;           /* next to be committed */
	uint64_t         events, gaps;
	uint32_t         gaps_said;
	struct text      said[GAPS_SAID];
};

struct pipeline {
	const struct import_job *job;
	struct import_counts    *counts;
	struct arena             keep; /* used under the lock once workers run */
	struct evidence_list     list;
	struct file             *files;
	size_t                   n_files;
	struct text             *unread; /* paths that an earlier import could not open */
	size_t                   n_unread, unread_cap;

	pthread_mutex_t lock;
	pthread_cond_t  work;  /* for workers: something to do, or room */
	pthread_cond_t  ready; /* for the writer: a parcel, a finished look, a finished slice */
	size_t          next_look, next_open, next_take, head;
	uint32_t        in_flight, most_in_flight; /* batches filling or waiting */
	struct parcel  *spare;
	bool            stop;
};

/* ---- workers: evidence into batches ---- */

struct worker {
	struct pipeline *p;
	pthread_t        thread;
	struct matcher  *matcher;
	struct batch_hit *hits;
	struct arena     decoded; /* what events say in base64 */
	struct slice    *slice;
	struct parcel   *parcel; /* being filled; NULL: none */
	uint64_t         at;     /* end of the last event */
	uint64_t         counted; /* bytes of the slice already in the progress */
};

static bool
is_head(const struct pipeline *p, const struct slice *r)
{
	const struct file *f = r->file;

	return f == &p->files[p->head] && r == &f->slices[f->head_slice];
}

/* Waits for room, then gives a parcel with an empty batch; NULL: stop. */
static struct parcel *
parcel_take(struct pipeline *p, struct slice *r)
{
	struct parcel *parcel = NULL;

	pthread_mutex_lock(&p->lock);
	while (!p->stop && p->in_flight >= p->most_in_flight && !(is_head(p, r) && r->waiting < 2))
		pthread_cond_wait(&p->work, &p->lock);
	if (!p->stop) {
		p->in_flight++;
		parcel = p->spare;
		if (parcel) {
			p->spare = parcel->next;
		} else {
			parcel = arena_new(&p->keep, struct parcel, 1);
			parcel->batch = batch_new();
		}
		parcel->next = NULL;
	}
	pthread_mutex_unlock(&p->lock);
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
	pthread_mutex_lock(&w->p->lock);
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
	decoded = event_unwrap(ev, &w->decoded);
	n = matcher_match(w->matcher, ev, &hits);
	for (size_t i = 0; i < n; i++)
		w->hits[i] = (struct batch_hit){ hits[i].rule, hits[i].leaf };
	batch_add(w->parcel->batch, ev, w->hits, n);
	if (decoded)
		arena_reset(&w->decoded, DECODED_KEEP);
	w->at = ev->offset + ev->length;
	count_bytes(w, w->at);
	if (batch_full(w->parcel->batch))
		hand_over(w, w->at);
	return true;
}

static void
remember_gap(struct pipeline *p, struct file *f, uint64_t offset, struct text reason)
{
	pthread_mutex_lock(&p->lock);
	if (f->gaps_said < GAPS_SAID)
		f->said[f->gaps_said++] = arena_printf(&p->keep, "at byte %llu: " TEXT_FMT,
						       (unsigned long long)offset,
						       TEXT_ARG(reason));
	f->gaps++;
	pthread_mutex_unlock(&p->lock);
}

static bool
sink_gap(void *self, const struct gap *gap)
{
	struct worker *w = self;
	struct file   *f = w->slice->file;

	if (gap->offset < f->resume)
		return true;
	if (!worker_parcel(w))
		return false;
	batch_gap(w->parcel->batch, gap->offset, gap->length, gap->records_lost, gap->reason);
	remember_gap(w->p, f, gap->offset, gap->reason);
	return true;
}

static void
sink_consumed(void *self, uint64_t bytes)
{
	(void)self;
	(void)bytes; /* offsets of events say it as well */
}

static void
decode_slice(struct worker *w, struct slice *r)
{
	struct pipeline       *p = w->p;
	const struct evidence *e = r->file->evidence;
	struct arena           memory = arena_open((size_t)1 << 30);
	struct sink            sink = { w, sink_event, sink_gap, sink_consumed };
	struct input           in = { 0 };
	bool                   good;

	w->slice = r;
	w->at = r->begin;
	w->counted = 0;
	watch_doing(p->job->watch, e->path);
	good = input_open(&in, &memory, e->open, &r->err) &&
	       (r->begin >= r->end || /* all of it was committed before an interrupt */
		e->importer->decode(&in, r->begin, r->end, &p->job->options, &sink, &r->err));
	input_close(&in);
	if (!good && worker_parcel(w)) {
		struct text reason = text_of(r->err.what);

		batch_gap(w->parcel->batch, w->at, r->end - w->at, 0, reason);
		remember_gap(p, r->file, w->at, reason);
	}
	if (!p->job->progress->cancel) {
		count_bytes(w, r->end);
		hand_over(w, r->end);
	} else {
		hand_over(w, w->at); /* what is there is whole up to here */
	}
	arena_close(&memory);
}

/* Under the lock: the next slice in the order of evidence; NULL: none now. */
static struct slice *
take_slice(struct pipeline *p)
{
	while (p->next_take < p->next_open) {
		struct file *f = &p->files[p->next_take];

		if (f->next_slice < f->n_slices)
			return &f->slices[f->next_slice++];
		p->next_take++;
	}
	return NULL;
}

static struct file *
take_look(struct pipeline *p)
{
	if (p->next_look < p->n_files && p->next_look < p->head + LOOK_AHEAD)
		return &p->files[p->next_look++];
	return NULL;
}

static void
look_at(struct pipeline *p, struct file *f)
{
	struct arena memory = arena_open((size_t)1 << 24);

	evidence_look(f->evidence, &memory, &p->job->progress->cancel);
	pthread_mutex_lock(&p->lock);
	if (!text_absent(f->evidence->reason))
		f->evidence->reason = arena_copy(&p->keep, f->evidence->reason);
	f->state = FILE_LOOKED;
	pthread_cond_signal(&p->ready);
	pthread_mutex_unlock(&p->lock);
	arena_close(&memory);
}

/* Looks come first while few files are known, so that no worker runs dry. */
static void *
worker_thread(void *ctx)
{
	struct worker   *w = ctx;
	struct pipeline *p = w->p;

	pthread_mutex_lock(&p->lock);
	while (!p->stop) {
		bool          hungry = p->next_look < p->next_open + 2;
		struct file  *f = hungry ? take_look(p) : NULL;
		struct slice *r = f ? NULL : take_slice(p);

		if (!f && !r)
			f = take_look(p);
		if (!f && !r) {
			pthread_cond_wait(&p->work, &p->lock);
			continue;
		}
		pthread_mutex_unlock(&p->lock);
		if (f)
			look_at(p, f);
		else
			decode_slice(w, r);
		pthread_mutex_lock(&p->lock);
		if (r) {
			r->done = true;
			pthread_cond_signal(&p->ready);
		}
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* ---- the writer: files registered and batches committed, in order ---- */

static bool
open_in_this_run(const struct pipeline *p, int64_t id)
{
	for (size_t i = p->head; i < p->next_open; i++)
		if (p->files[i].state == FILE_OPEN && p->files[i].id == id)
			return true;
	return false;
}

/* Ranges end at split_first + k * a step of about SLICE_BYTES; those that an interrupted import
 * committed are left out. */
static void
split(struct pipeline *p, struct file *f)
{
	const struct importer *importer = f->evidence->importer;
	uint64_t first = importer->split_first, step = importer->split_step;
	uint64_t size = f->evidence->size, at = 0, n = 1;

	if (step && size > first) {
		step *= SLICE_BYTES > step ? SLICE_BYTES / step : 1;
		if (f->resume > first)
			at = first + (f->resume - first) / step * step;
		n = (size - (at ? at : first) + step - 1) / step;
		n = n ? n : 1;
	}
	f->slices = arena_new(&p->keep, struct slice, n);
	f->n_slices = n;
	p->job->progress->bytes_done += at;
	for (uint64_t i = 0; i < n; i++) {
		f->slices[i] = (struct slice){ .file = f, .begin = at, .end = size };
		at = (at ? at : first) + step;
		if (i + 1 < n)
			f->slices[i].end = at;
	}
}

static bool
note_unread(void *ctx, const struct evidence_row *e)
{
	struct pipeline *p = ctx;

	if (e->sha256.n)
		return true;
	arena_grow(&p->keep, p->unread, p->n_unread, &p->unread_cap);
	p->unread[p->n_unread++] = arena_copy(&p->keep, e->path);
	return true;
}

/* A file without digest is known by its path: the case need not have it once more. */
static bool
unread_before(const struct pipeline *p, struct text path)
{
	for (size_t i = 0; i < p->n_unread; i++)
		if (text_eq(p->unread[i], path))
			return true;
	return false;
}

static void
say_not_read(const struct pipeline *p, const struct evidence *e)
{
	watch_say(p->job->watch, TEXT_FMT ": not read: " TEXT_FMT, TEXT_ARG(e->path),
		  TEXT_ARG(e->reason));
}

/* The first ones by name; the summary has their number. */
static void
say_known(const struct pipeline *p, const struct evidence *e)
{
	if (p->counts->known <= KNOWN_SAID)
		watch_remark(p->job->watch, TEXT_FMT ": already in the case, skipped",
			     TEXT_ARG(e->path));
	if (p->counts->known == KNOWN_SAID + 1)
		watch_remark(p->job->watch, "more files that are in the case are not named");
}

/* Why a file without importer has no events, said and kept. */
static bool
not_read(struct pipeline *p, struct file *f, struct err *err)
{
	struct evidence     *e = f->evidence;
	struct batch        *b;
	struct commit_counts counts = { 0 };
	bool                 good;

	if (e->size == 0 && text_absent(e->reason)) {
		watch_remark(p->job->watch, TEXT_FMT ": is empty", TEXT_ARG(e->path));
		return import_end_file(p->job->cf, f->id, "empty", err);
	}
	b = batch_new();
	batch_reset(b, f->id);
	batch_gap(b, 0, e->size, 0, e->reason);
	batch_seal(b);
	good = import_commit(p->job->cf, b, e->size, &counts, err) &&
	       import_end_file(p->job->cf, f->id, "not read", err);
	batch_free(b);
	p->counts->trouble++;
	p->counts->gaps += counts.gaps;
	p->job->progress->gaps += counts.gaps;
	say_not_read(p, e);
	return good;
}

/* Registers the next file that was looked at. */
static bool
open_file(struct pipeline *p, struct err *err)
{
	struct file         *f = &p->files[p->next_open];
	struct evidence     *e = f->evidence;
	struct evidence_file entry = { e->path, e->size,
				       e->sha256[0] ? text_of(e->sha256) : TEXT_NONE,
				       e->importer ? text_of(e->importer->name) : TEXT_NONE };
	enum evidence_state  state = EVIDENCE_NEW;
	enum file_state      then = FILE_CLOSED;
	bool                 good = true;

	if (e->ignore) {
		p->job->progress->bytes_done += e->size;
	} else if (!e->sha256[0] && unread_before(p, e->path)) {
		p->counts->files++;
		p->counts->trouble++;
		say_not_read(p, e);
	} else {
		p->counts->files++;
		good = import_begin_file(p->job->cf, &entry, &f->id, &state, &f->resume, err);
		if (good && (state == EVIDENCE_KNOWN || open_in_this_run(p, f->id))) {
			p->counts->known++;
			p->job->progress->bytes_done += e->size;
			say_known(p, e);
		} else if (good && !e->importer) {
			p->job->progress->bytes_done += e->size;
			good = not_read(p, f, err);
		} else if (good) {
			then = FILE_OPEN;
		}
	}
	pthread_mutex_lock(&p->lock);
	if (then == FILE_OPEN && good)
		split(p, f);
	f->state = then;
	p->next_open++;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	return good;
}

static bool
close_file(struct pipeline *p, struct file *f, struct err *err)
{
	const struct evidence *e = f->evidence;
	const char *status = f->gaps ? "damaged" : f->events || f->resume ? "ok" : "empty";

	for (uint32_t i = 0; i < f->gaps_said; i++)
		watch_say(p->job->watch, TEXT_FMT ": " TEXT_FMT, TEXT_ARG(e->path),
			  TEXT_ARG(f->said[i]));
	if (f->gaps > f->gaps_said)
		watch_say(p->job->watch, TEXT_FMT ": and %llu more gaps (see: auger info)",
			  TEXT_ARG(e->path), (unsigned long long)(f->gaps - f->gaps_said));
	if (f->gaps)
		p->counts->trouble++;
	return import_end_file(p->job->cf, f->id, status, err);
}

static bool
commit(struct pipeline *p, struct file *f, struct parcel *parcel, struct err *err)
{
	struct commit_counts counts = { 0 };
	struct progress     *progress = p->job->progress;
	bool good = import_commit(p->job->cf, parcel->batch, parcel->consumed, &counts, err);

	f->events += counts.events + counts.duplicates;
	p->counts->events += counts.events;
	p->counts->duplicates += counts.duplicates;
	p->counts->gaps += counts.gaps;
	progress->events += counts.events;
	progress->duplicates += counts.duplicates;
	progress->gaps += counts.gaps;
	progress->generation++;
	pthread_mutex_lock(&p->lock);
	parcel->next = p->spare;
	p->spare = parcel;
	p->in_flight--;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	return good;
}

/* What the writer does next; found under the lock, done without it. */
enum step { STEP_WAIT, STEP_OPEN, STEP_COMMIT, STEP_NEXT_SLICE, STEP_CLOSE, STEP_NEXT_FILE };

static enum step
next_step(struct pipeline *p, struct parcel **parcel)
{
	struct file  *f = &p->files[p->head];
	struct slice *r;

	if (p->next_open < p->n_files && p->files[p->next_open].state == FILE_LOOKED &&
	    p->next_open < p->head + LOOK_AHEAD)
		return STEP_OPEN;
	if (f->state == FILE_CLOSED)
		return STEP_NEXT_FILE;
	if (f->state != FILE_OPEN)
		return STEP_WAIT;
	r = &f->slices[f->head_slice];
	if (r->first) {
		*parcel = r->first;
		r->first = r->first->next;
		if (!r->first)
			r->last = NULL;
		r->waiting--;
		return STEP_COMMIT;
	}
	if (!r->done)
		return STEP_WAIT;
	return f->head_slice + 1 < f->n_slices ? STEP_NEXT_SLICE : STEP_CLOSE;
}

/* Every batch there is has been committed, or a batch that must come first will not come. */
static bool
cancelled(struct pipeline *p)
{
	const struct file *f = &p->files[p->head];

	if (!p->job->progress->cancel)
		return false;
	return f->state != FILE_OPEN || (f->slices[f->head_slice].done &&
					 !f->slices[f->head_slice].first);
}

static bool
write_all(struct pipeline *p, struct err *err)
{
	bool good = true;

	while (good && p->head < p->n_files) {
		struct file   *f = &p->files[p->head];
		struct parcel *parcel = NULL;
		enum step      step;

		pthread_mutex_lock(&p->lock);
		while ((step = next_step(p, &parcel)) == STEP_WAIT && !cancelled(p)) {
			struct timespec until;

			clock_gettime(CLOCK_REALTIME, &until);
			until.tv_sec++; /* a cancel makes no sound here */
			pthread_cond_timedwait(&p->ready, &p->lock, &until);
		}
		if (step == STEP_NEXT_SLICE)
			f->head_slice++;
		if (step == STEP_NEXT_SLICE || step == STEP_NEXT_FILE)
			pthread_cond_broadcast(&p->work);
		if (step == STEP_NEXT_FILE)
			p->head++;
		pthread_mutex_unlock(&p->lock);

		if (p->job->progress->cancel && step != STEP_COMMIT)
			return err_set(err, ERR_CANCEL, "stopped");
		if (step == STEP_OPEN)
			good = open_file(p, err);
		else if (step == STEP_COMMIT)
			good = commit(p, f, parcel, err);
		else if (step == STEP_CLOSE)
			good = close_file(p, f, err);
		if (step == STEP_CLOSE) {
			pthread_mutex_lock(&p->lock);
			f->state = FILE_CLOSED;
			pthread_mutex_unlock(&p->lock);
			p->job->progress->files_done++;
		}
	}
	return good;
}

/* ---- the whole ---- */

static void
free_parcels(struct parcel *parcel)
{
	for (; parcel; parcel = parcel->next)
		batch_free(parcel->batch);
}

static void
pipeline_free(struct pipeline *p)
{
	for (size_t i = 0; i < p->n_files; i++)
		for (size_t k = 0; k < p->files[i].n_slices; k++)
			free_parcels(p->files[i].slices[k].first);
	free_parcels(p->spare);
	evidence_close(&p->list);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->work);
	pthread_cond_destroy(&p->ready);
}

static bool
find_evidence(struct pipeline *p, struct err *err)
{
	const struct import_job *job = p->job;

	p->list = (struct evidence_list){
		.case_path = casefile_path(job->cf), .keep = &p->keep, .spooled = -1
	};
	watch_doing(job->watch, TEXT("looking for evidence"));
	for (uint32_t i = 0; i < job->n_paths; i++)
		if (!evidence_add(&p->list, text_of(job->paths[i]), err))
			return false;
	p->n_files = p->list.n;
	p->files = arena_new(&p->keep, struct file, p->n_files + 1);
	for (size_t i = 0; i < p->n_files; i++)
		p->files[i].evidence = &p->list.items[i];
	job->progress->files_total = p->n_files;
	job->progress->bytes_total = p->list.bytes;
	return query_evidence(job->cf, note_unread, p, err);
}

static void
stop_workers(struct pipeline *p, struct worker *workers, uint32_t n)
{
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	for (uint32_t i = 0; i < n; i++) {
		pthread_join(workers[i].thread, NULL);
		matcher_free(workers[i].matcher);
		arena_close(&workers[i].decoded);
		if (workers[i].parcel)
			batch_free(workers[i].parcel->batch);
	}
}

static uint32_t
hit_room(const struct ruleset *rules)
{
	uint32_t n = 1;

	for (uint32_t i = 0; i < ruleset_count(rules); i++)
		if (ruleset_get(rules, i)->search)
			n += search_leaves(ruleset_get(rules, i)->search);
	return n;
}

static bool
run_workers(struct pipeline *p, struct err *err)
{
	const struct import_job *job = p->job;
	struct worker           *workers = arena_new(&p->keep, struct worker, job->threads);
	uint32_t                 room = hit_room(job->rules), n = 0;
	bool                     good = true;

	for (uint32_t i = 0; i < job->threads; i++) /* before threads share the arena */
		workers[i].hits = arena_new(&p->keep, struct batch_hit, room);
	for (; good && n < job->threads; n++) {
		struct worker *w = &workers[n];

		w->p = p;
		w->matcher = matcher_new(job->rules);
		w->decoded = arena_open(DECODED_BYTES);
		if (pthread_create(&w->thread, NULL, worker_thread, w) != 0) {
			matcher_free(w->matcher);
			arena_close(&w->decoded);
			good = err_set(err, ERR_IO, "no thread to be had; try --threads 1");
			break;
		}
	}
	good = good && write_all(p, err);
	if (!good)
		job->progress->cancel = true; /* workers leave what they are at */
	stop_workers(p, workers, n);
	return good;
}

bool
import_run(const struct import_job *job, struct import_counts *counts, struct err *err)
{
	struct pipeline p = { .job = job, .counts = counts, .keep = arena_open((size_t)1 << 36) };
	uint64_t        room = job->memory_bytes / 2 / BATCH_BYTES;
	struct arena    keep;
	bool            good;

	*counts = (struct import_counts){ 0 };
	p.most_in_flight = (uint32_t)(room > 4 * job->threads ? 4 * job->threads : room);
	if (p.most_in_flight < job->threads + 1)
		p.most_in_flight = job->threads + 1;
	pthread_mutex_init(&p.lock, NULL);
	pthread_cond_init(&p.work, NULL);
	pthread_cond_init(&p.ready, NULL);
	good = find_evidence(&p, err) && (p.n_files == 0 || run_workers(&p, err));
	pipeline_free(&p);
	keep = p.keep;
	arena_close(&keep);
	return good;
}
