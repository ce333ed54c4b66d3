/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/pipeline.h"

#include "base/resident.h"
#include "base/when.h"
#include "cli/pipeline_parts.h"
#include "store/query.h"

/* What a full batch and the thread filling it may take, for the number of batches in flight. */
#define BATCH_BYTES ((uint64_t)4 << 20)
/* What filled batches may hold, of all the memory: one may be much larger than others. */
#define WAITING_PART 8
/* Of what memory is left when it begins: once so much is taken, one thing at a time is read. */
#define TIGHT_EIGHTHS 4
/* Without work for that long, the writer lets others write. */
#define IDLE_NS (WHEN_SECOND / 50)

bool
pipeline_tight(const struct pipeline *p)
{
	return resident_bytes() > p->tight_bytes;
}

static bool
commit(struct pipeline *p, struct file *f, struct parcel *parcel, struct err *err)
{
	struct commit_counts counts = { 0 };
	struct progress     *progress = p->job->progress;
	bool good = import_commit(p->job->cf, parcel->batch, parcel->consumed, &counts, err);

	if (pipeline_tight(p)) {
		batch_free(parcel->batch);
		parcel->batch = NULL;
		resident_trim();
	} else {
		batch_reset(parcel->batch, 0); /* what it held goes back */
	}
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
	p->waiting_bytes -= parcel->bytes;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	return good;
}

/* What the writer does next; found under the lock, done without it. */
enum step {
	STEP_WAIT,
	STEP_OPEN,      /* the file at next_open */
	STEP_OPEN_NEXT, /* it is an archive with nothing more in it */
	STEP_COMMIT,
	STEP_NEXT_SLICE,
	STEP_CLOSE,
	STEP_NEXT_FILE,
};

static enum step
next_step(struct pipeline *p, struct parcel **parcel)
{
	struct file  *f = p->head, *next = p->next_open;
	struct slice *r;

	if (unpack_rests_writer(p))
		return STEP_WAIT;
	if (next && next->state == FILE_LOOKED && p->opened < p->passed + LOOK_AHEAD)
		return STEP_OPEN;
	if (next && next->state == FILE_UNPACKING && next->unpacking->done)
		return STEP_OPEN_NEXT;
	if (f->state == FILE_CLOSED)
		return STEP_NEXT_FILE;
	if (f->state != FILE_OPEN)
		return STEP_WAIT;
	if (f->unpacking)
		return STEP_CLOSE;
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
	const struct file *f = p->head;

	if (!p->job->progress->cancel)
		return false;
	return f->state != FILE_OPEN || f->unpacking || (f->slices[f->head_slice].done &&
					 !f->slices[f->head_slice].first);
}

/* Under the lock: the next step, waited for as long as that at most: a cancel makes no sound. */
static enum step
wait_for_step(struct pipeline *p, int64_t most_ns, struct parcel **parcel)
{
	struct timespec until;
	enum step       step = next_step(p, parcel);
	int             late = 0;

	if (step != STEP_WAIT)
		return step;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (until.tv_nsec + most_ns) / WHEN_SECOND;
	until.tv_nsec = (until.tv_nsec + most_ns) % WHEN_SECOND;
	while (step == STEP_WAIT && !late && !cancelled(p)) {
		if (unpack_rests_writer(p))
			pthread_cond_wait(&p->ready, &p->lock);
		else
			late = pthread_cond_timedwait(&p->ready, &p->lock, &until);
		step = next_step(p, parcel);
	}
	return step;
}

/* Under the lock: the file at the head is done with. */
static void
pass_head(struct pipeline *p)
{
	struct file *f = p->head;

	p->first = p->head = f->next;
	if (p->next_take == f)
		p->next_take = f->next;
	if (f->next)
		f->next->prev = NULL;
	p->passed++;
	file_free(f);
}

static void
writer_lock(struct pipeline *p)
{
	pthread_mutex_lock(&p->lock);
	p->writing = false;
	if (p->alone)
		pthread_cond_broadcast(&p->work);
}

static void
writer_unlock(struct pipeline *p)
{
	p->writing = true;
	pthread_mutex_unlock(&p->lock);
}

static bool
write_all(struct pipeline *p, struct err *err)
{
	bool good = true;

	while (good) {
		struct file   *f;
		struct parcel *parcel = NULL;
		enum step      step;

		writer_lock(p);
		if (!p->head) {
			pthread_mutex_unlock(&p->lock);
			break;
		}
		step = wait_for_step(p, IDLE_NS, &parcel);
		if (step == STEP_WAIT && !cancelled(p)) {
			writer_unlock(p);
			if (!import_flush(p->job->cf, err))
				return false;
			writer_lock(p);
			while ((step = wait_for_step(p, WHEN_SECOND, &parcel)) == STEP_WAIT &&
			       !cancelled(p))
				;
		}
		f = p->head;
		if (step == STEP_NEXT_SLICE)
			f->head_slice++;
		if (step == STEP_NEXT_SLICE || step == STEP_NEXT_FILE)
			pthread_cond_broadcast(&p->work);
		if (step == STEP_NEXT_FILE)
			pass_head(p);
		writer_unlock(p);

		if (p->job->progress->cancel && step != STEP_COMMIT)
			return err_set(err, ERR_CANCEL, "stopped");
		if (step == STEP_OPEN)
			good = file_open(p, err);
		else if (step == STEP_OPEN_NEXT)
			file_open_next(p);
		else if (step == STEP_COMMIT)
			good = commit(p, f, parcel, err);
		else if (step == STEP_CLOSE)
			good = file_close(p, f, err);
		if (step == STEP_CLOSE) {
			pthread_mutex_lock(&p->lock);
			f->state = FILE_CLOSED;
			unpack_member_closed(p, f);
			pthread_cond_broadcast(&p->work);
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
	for (struct file *f = p->first, *next; f; f = next) {
		next = f->next;
		for (size_t k = 0; k < f->n_slices; k++)
			free_parcels(f->slices[k].first);
		unpack_free(f);
		file_free(f);
	}
	free_parcels(p->spare);
	evidence_close(&p->list);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->work);
	pthread_cond_destroy(&p->ready);
}

static void
list_files(struct pipeline *p)
{
	struct file *files = arena_new(&p->keep, struct file, p->list.n + 1);

	for (size_t i = 0; i < p->list.n; i++) {
		files[i].evidence = &p->list.items[i];
		files[i].prev = i > 0 ? &files[i - 1] : NULL;
		files[i].next = i + 1 < p->list.n ? &files[i + 1] : NULL;
	}
	p->first = p->list.n ? files : NULL;
	p->head = p->next_take = p->next_open = p->next_look = p->first;
}

static bool
find_evidence(struct pipeline *p, struct err *err)
{
	const struct import_job *job = p->job;

	p->list = (struct evidence_list){
		.case_path = casefile_file(job->cf),
		.carve = job->options.carve,
		.keep = &p->keep,
		.spooled = -1,
	};
	watch_doing(job->watch, TEXT("looking for evidence"));
	for (uint32_t i = 0; i < job->n_paths; i++)
		if (!evidence_add(&p->list, text_of(job->paths[i]), err))
			return false;
	list_files(p);
	job->progress->files_total = p->list.n;
	job->progress->bytes_total = PASSES * p->list.bytes;
	return query_evidence(job->cf, files_note_unread, p, err);
}

static void
stop_workers(struct pipeline *p, struct worker *workers, uint32_t n)
{
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	for (uint32_t i = 0; i < n; i++)
		worker_end(&workers[i]);
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
	while (n < job->threads && worker_begin(&workers[n], p))
		n++;
	if (n < job->threads)
		good = err_set(err, ERR_IO, "no thread to be had; try --threads 1");
	good = good && files_forget_listed(p, err) && import_gather(job->cf, err);
	if (good) {
		good = write_all(p, err);
		if (good || err->kind == ERR_CANCEL)
			good = import_flush(job->cf, err) && good;
	}
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
	pthread_condattr_t steady;
	bool            good;

	*counts = (struct import_counts){ 0 };
	p.containers = job->containers;
	p.containers.alone = unpack_alone;
	p.containers.ctx = &p;
	p.most_in_flight = (uint32_t)(room > 4 * job->threads ? 4 * job->threads : room);
	if (p.most_in_flight < job->threads + 1)
		p.most_in_flight = job->threads + 1;
	p.most_waiting_bytes = job->memory_bytes / WAITING_PART;
	p.tight_bytes = resident_bytes();
	if (p.tight_bytes < job->memory_bytes)
		p.free_bytes = job->memory_bytes - p.tight_bytes;
	p.tight_bytes += p.free_bytes / 8 * TIGHT_EIGHTHS;
	pthread_mutex_init(&p.lock, NULL);
	pthread_cond_init(&p.work, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&p.ready, &steady);
	pthread_condattr_destroy(&steady);
	good = find_evidence(&p, err) && (!p.first || run_workers(&p, err));
	pipeline_free(&p);
	keep = p.keep;
	arena_close(&keep);
	return good;
}
