/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/pipeline.h"

#include <stdlib.h>

#include "base/counted.h"
#include "base/when.h"
#include "cli/pipeline_parts.h"
#include "importers/collector_host.h"
#include "store/query.h"

/* Bytes of a splittable file that one thread decodes in one go. */
#define SLICE_BYTES (4u << 20)
/* What a full batch and the thread filling it may take, for the number of batches in flight. */
#define BATCH_BYTES ((uint64_t)4 << 20)
/* What filled batches may hold, of all the memory: one may be much larger than others. */
#define WAITING_PART 8
/* Without work for that long, the writer lets others write. */
#define IDLE_NS (WHEN_SECOND / 50)
/* Files that are in the case already and are named. */
#define KNOWN_SAID 10

static bool
open_in_this_run(const struct pipeline *p, const struct file *member, int64_t id)
{
	for (const struct file *f = p->head; f != p->next_open; f = f->next)
		if (f->state == FILE_OPEN && f->id == id)
			return true;
	for (const struct file *f = member->archive; f; f = f->archive)
		if (f->id == id)
			return true; /* an archive that holds itself */
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
	f->slices = calloc(n, sizeof(*f->slices));
	if (!f->slices)
		arena_exhausted(n * sizeof(*f->slices));
	f->n_slices = n;
	p->job->progress->bytes_done += at;
	for (uint64_t i = 0; i < n; i++) {
		f->slices[i] = (struct slice){ .file = f, .begin = at, .end = size };
		at = (at ? at : first) + step;
		if (i + 1 < n)
			f->slices[i].end = at;
	}
}

/* There may be millions: what each takes goes back at once. */
static void
file_free(struct file *f)
{
	free(f->slices);
	f->slices = NULL;
	if (f->archive)
		free(f);
}

/* Under the lock. */
static void
pass_open(struct pipeline *p, struct file *f)
{
	p->next_open = f->next;
	p->opened++;
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

/* A known file may be read once more in another way that finds more. */
static bool
read_again(const struct pipeline *p, const struct evidence *e)
{
	if (e->container)
		return p->job->containers.n_passwords > 0;
	return e->importer && e->importer->format == FORMAT_EVTX && p->job->options.recover;
}

/* Registers F in the case; *THEN is what becomes of it. */
static bool
register_file(struct pipeline *p, struct file *f, enum file_state *then, struct err *err)
{
	struct evidence     *e = f->evidence;
	const char          *format = e->importer ? e->importer->name : e->container;
	struct evidence_file entry = { e->path, e->size,
				       e->sha256[0] ? text_of(e->sha256) : TEXT_NONE,
				       text_of(format) };
	enum evidence_state  state = EVIDENCE_NEW;
	bool known, good = import_begin_file(p->job->cf, &entry, &f->id, &state, &f->resume, err);

	if (!good)
		return false;
	known = open_in_this_run(p, f, f->id);
	if (state == EVIDENCE_KNOWN && !known && read_again(p, e)) {
		f->resume = 0;
		f->again = true;
		good = import_open_again(p->job->cf, f->id, entry.format, err);
	} else if (state == EVIDENCE_KNOWN) {
		known = true;
	}
	if (known) {
		p->counts->known++;
		p->job->progress->bytes_done += e->size;
		say_known(p, e);
	} else if (good && !format) {
		p->job->progress->bytes_done += e->size;
		good = not_read(p, f, err);
	} else if (good) {
		*then = e->container ? FILE_UNPACKING : FILE_OPEN;
	}
	return good;
}

/* Opens the next file that was looked at. */
static bool
open_file(struct pipeline *p, struct err *err)
{
	struct file     *f = p->next_open;
	struct evidence *e = f->evidence;
	enum file_state  then = FILE_CLOSED;
	bool             good = true;

	if (e->ignore) {
		p->job->progress->bytes_done += e->size;
	} else {
		p->counts->files++;
		if (!e->sha256[0] && unread_before(p, e->path)) {
			p->counts->trouble++;
			say_not_read(p, e);
		} else {
			good = register_file(p, f, &then, err);
		}
	}
	pthread_mutex_lock(&p->lock);
	unpack_member_opened(p, f);
	if (then == FILE_OPEN && good) {
		f->host = collector_host(e->path);
		split(p, f);
	}
	if (then == FILE_UNPACKING)
		unpack_begin(p, f); /* next_open stays: members are put in before it */
	else
		pass_open(p, f);
	if (then == FILE_CLOSED)
		unpack_member_closed(p, f);
	f->state = then;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	return good;
}

/* An archive whose last member was opened: it is closed behind that. */
static void
open_next(struct pipeline *p)
{
	struct file *f = p->next_open;

	pthread_mutex_lock(&p->lock);
	f->state = FILE_OPEN;
	pass_open(p, f);
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
}

/* What was found out about a file beside its records, into the case. */
static bool
commit_gaps(struct pipeline *p, const struct file *f, const struct kept_gap *first,
	    struct err *err)
{
	struct commit_counts counts = { 0 };
	struct batch        *b = batch_new();
	bool                 good;

	batch_reset(b, f->id);
	for (const struct kept_gap *g = first; g; g = g->next)
		batch_gap(b, g->offset, 0, 0, g->reason);
	batch_seal(b);
	good = import_commit(p->job->cf, b, f->evidence->size, &counts, err);
	batch_free(b);
	p->counts->gaps += counts.gaps;
	p->job->progress->gaps += counts.gaps;
	return good;
}

/* Logs of a machine that is running, or a copy that is not finished. */
static bool
note_change(struct pipeline *p, struct file *f, struct err *err)
{
	struct kept_gap gap = { .reason = TEXT("changed while it was read: what is in the case may "
					       "be of both states; import it again when it rests") };

	pthread_mutex_lock(&p->lock);
	remember_gap(p, f, 0, gap.reason);
	pthread_mutex_unlock(&p->lock);
	return commit_gaps(p, f, &gap, err);
}

/* An archive that gave nothing to read, though nothing is wrong with it. */
static void
say_no_members(const struct pipeline *p, const struct file *f)
{
	uint32_t entries = f->unpacking->entries;

	if (entries)
		watch_remark(p->job->watch,
			     TEXT_FMT ": no files in it, only folders, links or devices (%s)",
			     TEXT_ARG(f->evidence->path), counted(entries, "entry").words);
	else
		watch_remark(p->job->watch, TEXT_FMT ": an archive with nothing in it",
			     TEXT_ARG(f->evidence->path));
}

static bool
close_file(struct pipeline *p, struct file *f, struct err *err)
{
	const struct evidence *e = f->evidence;
	bool                   changed = evidence_changed(e, p->keep);

	if (changed && !note_change(p, f, err))
		return false;

	bool        full = f->unpacking ? f->unpacking->members > 0
				       : f->events || f->resume || f->again;
	const char *status = changed         ? "changed"
			     : f->unreadable ? "unreadable"
			     : f->gaps       ? "damaged"
			     : full          ? "ok"
					     : "empty";

	for (uint32_t i = 0; i < f->gaps_said; i++)
		watch_say(p->job->watch, TEXT_FMT ": " TEXT_FMT, TEXT_ARG(e->path),
			  TEXT_ARG(f->said[i]));
	if (f->gaps > f->gaps_said)
		watch_say(p->job->watch, TEXT_FMT ": and %s (see: auger info)", TEXT_ARG(e->path),
			  counted(f->gaps - f->gaps_said, "more gap").words);
	if (f->gaps)
		p->counts->trouble++;
	else if (f->unpacking && !full)
		say_no_members(p, f);
	if (f->unpacking && f->unpacking->gaps && !commit_gaps(p, f, f->unpacking->gaps, err))
		return false;
	if (f->unpacking && f->unpacking->no_room)
		return true; /* not done: the next import tries again */
	return import_end_file(p->job->cf, f->id, status, err);
}

static bool
commit(struct pipeline *p, struct file *f, struct parcel *parcel, struct err *err)
{
	struct commit_counts counts = { 0 };
	struct progress     *progress = p->job->progress;
	bool good = import_commit(p->job->cf, parcel->batch, parcel->consumed, &counts, err);

	batch_reset(parcel->batch, 0); /* what it held goes back */
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

static bool
write_all(struct pipeline *p, struct err *err)
{
	bool good = true;

	while (good) {
		struct file   *f;
		struct parcel *parcel = NULL;
		enum step      step;

		pthread_mutex_lock(&p->lock);
		if (!p->head) {
			pthread_mutex_unlock(&p->lock);
			break;
		}
		step = wait_for_step(p, IDLE_NS, &parcel);
		if (step == STEP_WAIT && !cancelled(p)) {
			pthread_mutex_unlock(&p->lock);
			if (!import_flush(p->job->cf, err))
				return false;
			pthread_mutex_lock(&p->lock);
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
		pthread_mutex_unlock(&p->lock);

		if (p->job->progress->cancel && step != STEP_COMMIT)
			return err_set(err, ERR_CANCEL, "stopped");
		if (step == STEP_OPEN)
			good = open_file(p, err);
		else if (step == STEP_OPEN_NEXT)
			open_next(p);
		else if (step == STEP_COMMIT)
			good = commit(p, f, parcel, err);
		else if (step == STEP_CLOSE)
			good = close_file(p, f, err);
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
	return query_evidence(job->cf, note_unread, p, err);
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
	good = good && import_gather(job->cf, err);
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
	p.most_in_flight = (uint32_t)(room > 4 * job->threads ? 4 * job->threads : room);
	if (p.most_in_flight < job->threads + 1)
		p.most_in_flight = job->threads + 1;
	p.most_waiting_bytes = job->memory_bytes / WAITING_PART;
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
