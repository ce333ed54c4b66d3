/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of an import that unpacks archives, member by member. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/pipeline_parts.h"

static bool
has_room(const struct pipeline *p, const struct unpacking *u)
{
	return u->outstanding == 0 ||
	       (p->spool_files < SPOOL_FILES && p->spool_bytes < SPOOL_BYTES);
}

struct file *
unpack_take(struct pipeline *p)
{
	struct file      *f = p->unpacking;
	struct unpacking *u = f ? f->unpacking : NULL;

	if (!u || u->busy || u->waits || u->done || !has_room(p, u))
		return NULL;
	u->busy = true;
	return f;
}

bool
unpack_hungry(const struct pipeline *p)
{
	return p->unpacking && p->unpacking->unpacking->outstanding < 2 * p->job->threads;
}

bool
unpack_rests_writer(const struct pipeline *p)
{
	return p->alone && p->at_work == 1;
}

/* Slices are taken in the order in which they are written, so those at work come to their end. */
void
unpack_alone(void *pipeline, bool begin)
{
	struct pipeline *p = pipeline;

	pthread_mutex_lock(&p->lock);
	p->alone = begin;
	while (begin && !p->stop && (p->at_work > 1 || p->writing))
		pthread_cond_wait(&p->work, &p->lock);
	pthread_cond_broadcast(&p->work);
	pthread_cond_signal(&p->ready);
	pthread_mutex_unlock(&p->lock);
}

void
unpack_begin(struct pipeline *p, struct file *f)
{
	struct unpacking *u = arena_new(&p->keep, struct unpacking, 1);

	u->last_gap = &u->gaps;
	f->unpacking = u;
	p->unpacking = f;
}

static void
unpack_close(struct unpacking *u)
{
	if (!u->container)
		return;
	u->entries = container_entries(u->container);
	container_close(u->container);
	input_close(&u->in);
	arena_close(&u->memory);
	u->container = NULL;
}

void
unpack_free(struct file *f)
{
	if (f->unpacking)
		unpack_close(f->unpacking);
	if (f->archive && f->evidence->fd >= 0 && f->state != FILE_CLOSED)
		close(f->evidence->fd);
}

void
unpack_member_opened(struct pipeline *p, struct file *f)
{
	(void)p;
	if (f->archive && f->evidence->container)
		f->archive->unpacking->waits = false;
}

void
unpack_member_closed(struct pipeline *p, struct file *f)
{
	if (!f->archive)
		return;
	if (f->evidence->fd >= 0)
		close(f->evidence->fd);
	f->evidence->fd = -1;
	f->archive->unpacking->outstanding--;
	p->spool_files--;
	p->spool_bytes -= f->evidence->size;
}

static bool
open_container(struct pipeline *p, struct file *f, struct err *err)
{
	struct unpacking *u = f->unpacking;

	u->memory = arena_open((size_t)1 << 20);
	if (!evidence_open(f->evidence, &u->in, &u->memory, err)) {
		input_close(&u->in);
		arena_close(&u->memory);
		return false;
	}
	u->container = container_open(&u->in, &p->containers);
	return true;
}

/* Under the lock. */
static void
keep_gap(struct pipeline *p, struct file *f, uint64_t offset, struct text member, struct text why)
{
	struct unpacking *u = f->unpacking;
	struct kept_gap  *g = arena_new(&p->keep, struct kept_gap, 1);

	g->offset = offset < f->evidence->size ? offset : f->evidence->size;
	g->reason = text_absent(member)
			? arena_copy(&p->keep, why)
			: arena_printf(&p->keep, TEXT_FMT ": " TEXT_FMT, TEXT_ARG(member),
				       TEXT_ARG(why));
	*u->last_gap = g;
	u->last_gap = &g->next;
	remember_gap(p, f, g->offset, g->reason);
}

/* A file in one piece of memory with all that is known of it. */
static struct file *
member_file(struct file *archive, const struct evidence *e)
{
	struct whole {
		struct file     file;
		struct evidence evidence;
		char            path[];
	}           *whole;
	struct text reason = text_or_empty(e->reason);

	whole = calloc(1, sizeof(*whole) + e->path.n + reason.n);
	if (!whole)
		arena_exhausted(sizeof(*whole) + e->path.n + reason.n);
	whole->evidence = *e;
	whole->evidence.path = (struct text){ whole->path, e->path.n };
	memcpy(whole->path, e->path.p, e->path.n);
	if (!text_absent(e->reason)) {
		whole->evidence.reason = (struct text){ whole->path + e->path.n, reason.n };
		memcpy(whole->path + e->path.n, reason.p, reason.n);
	}
	whole->file.archive = archive;
	whole->file.evidence = &whole->evidence;
	return &whole->file;
}

/* Under the lock: M as a file of its own before its archive. */
static void
add_member(struct pipeline *p, struct file *archive, const struct member *m, struct evidence *e)
{
	struct file *f = member_file(archive, e);

	f->state = FILE_LOOKED;
	f->next = archive;
	f->prev = archive->prev;
	if (f->prev)
		f->prev->next = f;
	else
		p->first = f;
	archive->prev = f;
	if (p->next_open == archive)
		p->next_open = f;
	if (p->next_take == archive)
		p->next_take = f;
	if (p->head == archive)
		p->head = f;
	p->looked++;
	p->spool_files++;
	p->spool_bytes += m->size;
	archive->unpacking->members++;
	archive->unpacking->outstanding++;
	archive->unpacking->waits = e->container != NULL;
	p->job->progress->files_total++;
	p->job->progress->bytes_total += PASSES * m->size;
}

/* A member that cannot be read back from its temporary file is one that could not be opened. */
static struct evidence
describe(const struct file *archive, const struct member *m, struct text name, struct arena *memory)
{
	struct evidence e = { .fd = m->fd, .size = m->size, .carve = archive->evidence->carve,
			      .depth = archive->evidence->depth + 1 };
	char           *head = arena_new(memory, char, SNIFF_BYTES);
	ssize_t         got = pread(m->fd, head, SNIFF_BYTES, 0);

	e.path = arena_printf(memory, TEXT_FMT ":" TEXT_FMT, TEXT_ARG(archive->evidence->path),
			      TEXT_ARG(name));
	if (got < 0) {
		e.reason = arena_printf(memory, "cannot read: %s", strerror(errno));
		return e;
	}
	memcpy(e.sha256, m->sha256, sizeof(e.sha256));
	if (m->size > 0)
		evidence_recognise(&e, (struct text){ head, (size_t)got }, memory);
	return e;
}

static void
took_member(struct pipeline *p, struct file *f, const struct member *m, struct arena *memory)
{
	struct text     name = text_absent(m->name) ? container_single(f->evidence->path) : m->name;
	struct evidence e = { 0 };

	if (m->fd >= 0)
		e = describe(f, m, name, memory);
	pthread_mutex_lock(&p->lock);
	if (m->fd >= 0)
		add_member(p, f, m, &e);
	if (!text_absent(m->gap))
		keep_gap(p, f, m->offset, m->name, m->gap);
	f->unreadable |= m->no_room || m->unread || (m->fd >= 0 && !e.sha256[0]);
	pthread_mutex_unlock(&p->lock);
}

static void
count_read(struct pipeline *p, struct file *f)
{
	struct unpacking *u = f->unpacking;
	uint64_t          at = u->container ? container_position(u->container) : 0;

	if (u->done || at > f->evidence->size)
		at = f->evidence->size;
	if (at > u->counted) {
		p->job->progress->bytes_done += at - u->counted;
		u->counted = at;
	}
}

void
unpack_step(struct pipeline *p, struct file *f)
{
	struct unpacking *u = f->unpacking;
	struct arena      memory = arena_open((size_t)1 << 24);
	struct err        err = { 0 };
	struct member     m;
	bool              more;

	watch_doing(p->job->watch, f->evidence->path);
	more = u->container || open_container(p, f, &err);
	if (!more) {
		pthread_mutex_lock(&p->lock);
		keep_gap(p, f, 0, TEXT_NONE, text_of(err.what));
		f->unreadable = true;
		pthread_mutex_unlock(&p->lock);
	} else {
		more = container_next(u->container, &m, &p->job->progress->cancel);
		if (more)
			took_member(p, f, &m, &memory);
	}
	arena_close(&memory);
	pthread_mutex_lock(&p->lock);
	u->busy = false;
	if (!more && !p->job->progress->cancel) {
		u->done = true;
		unpack_close(u);
		p->unpacking = f->archive;
	}
	count_read(p, f);
	pthread_cond_broadcast(&p->work);
	pthread_cond_signal(&p->ready);
	pthread_mutex_unlock(&p->lock);
}
