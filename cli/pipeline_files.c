/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file of the pipeline from its registration in the case to its end: the writer's side. */
#include "config.h"

#include <stdlib.h>

#include "base/counted.h"
#include "cli/pipeline_parts.h"
#include "importers/collector_host.h"
#include "store/query.h"

/* Bytes of a splittable file that one thread decodes in one go. */
#define SLICE_BYTES (4u << 20)
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

void
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

bool
files_note_unread(void *ctx, const struct evidence_row *e)
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

/* Whether the list has something below the folder PATH (without a slash at its end), and no complaint
 * about itself. */
static bool
listed_now(const struct pipeline *p, struct text path)
{
	bool below = false;

	for (size_t i = 0; i < p->list.n; i++) {
		const struct evidence *e = &p->list.items[i];
		struct text            rest = text_from(e->path, path.n);

		if (!text_starts(e->path, path))
			continue;
		if (rest.n <= 1 && !text_absent(e->reason))
			return false;
		below = below || (rest.n > 1 && rest.p[0] == '/');
	}
	return below;
}

bool
files_forget_listed(struct pipeline *p, struct err *err)
{
	for (size_t i = 0; i < p->n_unread; i++) {
		struct text path = p->unread[i];

		while (path.n > 1 && path.p[path.n - 1] == '/')
			path.n--;
		if (listed_now(p, path) && !import_forget_unread(p->job->cf, p->unread[i], err))
			return false;
	}
	return true;
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

bool
file_open(struct pipeline *p, struct err *err)
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

void
file_open_next(struct pipeline *p)
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

#define PATH_ROOM ((size_t)1 << 20)

/* Workers meanwhile keep what they have to say where the pipeline keeps all. */
static bool
has_changed(const struct evidence *e)
{
	struct arena own = arena_open(PATH_ROOM);
	bool         changed = evidence_changed(e, own);

	arena_close(&own);
	return changed;
}

bool
file_close(struct pipeline *p, struct file *f, struct err *err)
{
	const struct evidence *e = f->evidence;
	bool                   changed = has_changed(e);

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
	if (f->archive && f->unreadable) /* to come to the member again */
		f->archive->unreadable = true;
	return import_end_file(p->job->cf, f->id, status, err);
}
