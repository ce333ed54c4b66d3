/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/turns.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "cli/held_findings.h"

/* A part of the file with findings of a job. */
struct away {
	struct away *next;
	uint64_t     at, bytes;
};

struct noted {
	struct noted       *next;
	uint32_t            rule;
	bool                of_part;
	struct ledger_entry entry;
};

struct job {
	struct away  *away, **last_away; /* before those in memory */
	struct held  *first, **last;
	size_t        held; /* bytes in memory */
	struct noted *notes, **last_note;
	bool          taken, early, done;
};

struct turns {
	struct turns_sink sink;
	struct turns_jobs of;
	size_t            room;
	const char       *place;
	pthread_mutex_t   lock;
	pthread_cond_t    moved;
	pthread_cond_t    at_rest;     /* all but the job that wants to be alone */
	/* under the lock */
	struct job       *jobs;
	uint32_t          turn;        /* jobs before it are written */
	uint32_t          next, next_early; /* to be taken, when they are not yet */
	uint32_t          early;       /* threads in long jobs that were taken before others */
	uint32_t          threads;     /* that are there, or to come */
	uint32_t          running;     /* threads inside a job that do not wait */
	uint32_t          idle;        /* threads with nothing to do but to write for others */
	bool              writing;     /* somebody writes; nobody else does meanwhile */
	bool              spared;      /* spare time was used */
	uint32_t          alone;       /* 1 + the job that wants, or has, all the memory; 0: none */
	size_t            held;        /* bytes in memory */
	struct held_file *file;        /* for what there is no room for in memory; NULL: not yet */
	uint64_t          file_end;
	bool              full;        /* there is no room in a file either */
	bool              over;
	struct err        err;
};

struct turns *
turns_new(const struct turns_sink *sink, const struct turns_jobs *jobs, uint32_t n_threads,
	  size_t room_bytes, const char *place)
{
	struct turns *t = calloc(1, sizeof(*t));

	if (!t || !(t->jobs = calloc((size_t)jobs->n + 1, sizeof(*t->jobs))))
		arena_exhausted(sizeof(*t) + jobs->n * sizeof(struct job));
	t->sink = *sink;
	t->of = *jobs;
	t->threads = n_threads;
	t->room = room_bytes;
	t->place = place;
	for (uint32_t i = 0; i < jobs->n; i++) {
		t->jobs[i].last = &t->jobs[i].first;
		t->jobs[i].last_away = &t->jobs[i].away;
		t->jobs[i].last_note = &t->jobs[i].notes;
	}
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->moved, NULL);
	pthread_cond_init(&t->at_rest, NULL);
	return t;
}

/* Takes what the job holds away from it. */
static struct held *
take_held(struct job *j)
{
	struct held *first = j->first;

	j->first = NULL;
	j->last = &j->first;
	j->held = 0;
	return first;
}

static struct away *
take_away(struct job *j)
{
	struct away *first = j->away;

	j->away = NULL;
	j->last_away = &j->away;
	return first;
}

static void
free_away(struct away *first)
{
	for (struct away *a = first, *next; a; a = next) {
		next = a->next;
		free(a);
	}
}

static void
drop_notes(struct job *j)
{
	for (struct noted *n = j->notes, *next; n; n = next) {
		next = n->next;
		free(n);
	}
	j->notes = NULL;
	j->last_note = &j->notes;
}

void
turns_free(struct turns *t)
{
	for (uint32_t i = 0; i < t->of.n; i++) {
		held_free(t->jobs[i].first);
		free_away(t->jobs[i].away);
		drop_notes(&t->jobs[i]);
	}
	pthread_cond_destroy(&t->at_rest);
	pthread_cond_destroy(&t->moved);
	pthread_mutex_destroy(&t->lock);
	held_file_free(t->file);
	free(t->jobs);
	free(t);
}

/* ---- writing: by one thread at a time, without the lock ---- */

static bool
write_away(const struct turns *t, const struct away *first, struct err *err)
{
	for (const struct away *a = first; a; a = a->next)
		if (!held_file_each(t->file, a->at, a->bytes, t->sink.put, t->sink.ctx, err))
			return false;
	return true;
}

static bool
write_notes(const struct turns *t, const struct job *j, struct err *err)
{
	for (struct noted *n = j->notes; n; n = n->next)
		if (!t->sink.note(t->sink.ctx, n->rule, n->of_part, &n->entry, err))
			return false;
	return true;
}

/* ---- turns; the lock is held ---- */

static void
end_all(struct turns *t, const struct err *err)
{
	if (!t->over)
		t->err = *err;
	t->over = true;
	pthread_cond_broadcast(&t->moved);
	pthread_cond_signal(&t->at_rest);
}

/* Writes what job J, whose turn it is, holds and one more finding (NULL: none), then its notes when
 * it is done. The lock is given up meanwhile, and J may get more. */
static void
write_out(struct turns *t, struct job *j, const struct finding *f, bool hidden)
{
	struct away *away = take_away(j);
	struct held *held = take_held(j);
	struct err   err = { 0 };
	bool         done = j->done, good;
	size_t       bytes;

	t->writing = true;
	pthread_mutex_unlock(&t->lock);
	good = write_away(t, away, &err) && held_each(held, t->sink.put, t->sink.ctx, &err) &&
	       (!f || t->sink.put(t->sink.ctx, f, hidden, &err)) &&
	       (!done || write_notes(t, j, &err));
	free_away(away);
	bytes = held_free(held);
	pthread_mutex_lock(&t->lock);
	t->writing = false;
	t->held -= bytes;
	if (!good)
		end_all(t, &err);
	if (done) {
		drop_notes(j);
		t->turn++;
	}
}

/* What the job whose turn it is gives others to write, at a time, of the room. */
#define PARCEL_PART 16

static size_t
parcel_bytes(const struct turns *t)
{
	return t->room / PARCEL_PART;
}

/* Is there something that somebody else than the job itself may write? */
static bool
is_worth_writing(const struct turns *t)
{
	const struct job *j = &t->jobs[t->turn];

	return !t->over && !t->writing && !t->alone && t->turn < t->of.n &&
	       (j->done || j->held > parcel_bytes(t));
}

/* Writes for the jobs whose turn it is, one after the other, what they hold. */
static void
write_for_all(struct turns *t)
{
	while (is_worth_writing(t)) {
		write_out(t, &t->jobs[t->turn], NULL, false);
		pthread_cond_broadcast(&t->moved);
	}
}

static bool
has_file(struct turns *t)
{
	if (!t->file && !t->full)
		t->file = held_file_new(t->place);
	t->full |= !t->file;
	return !t->full;
}

static void
add_away(struct job *j, uint64_t at, uint64_t bytes)
{
	struct away *a = calloc(1, sizeof(*a));

	if (!a)
		arena_exhausted(sizeof(*a));
	a->at = at;
	a->bytes = bytes;
	*j->last_away = a;
	j->last_away = &a->next;
}

/* Puts what the job holds into the file. The lock is given up meanwhile. */
static void
put_away(struct turns *t, struct job *j)
{
	uint64_t     at = t->file_end;
	size_t       bytes = j->held;
	struct held *held, **last = j->last;

	if (!j->first || !has_file(t))
		return;
	held = take_held(j);
	t->file_end += bytes;
	pthread_mutex_unlock(&t->lock);
	if (held_file_put(t->file, held, at)) {
		held_free(held);
		held = NULL;
	}
	pthread_mutex_lock(&t->lock);
	if (held) { /* nobody else adds to them */
		j->first = held;
		j->last = last;
		j->held = bytes;
		t->full = true;
		return;
	}
	t->held -= bytes;
	add_away(j, at, bytes);
}

/* One less runs. Only the job that wants to be alone hears of it: others at rest would wake each
 * other, over and over, as long as it takes. */
static void
stop_running(struct turns *t)
{
	t->running--;
	if (t->alone && t->running == 1)
		pthread_cond_signal(&t->at_rest);
}

/* Waits for something to change, as one that does not work meanwhile. */
static void
rest(struct turns *t)
{
	stop_running(t);
	pthread_cond_wait(&t->moved, &t->lock);
	t->running++;
}

/* The same, and writes for others. */
static void
rest_or_write(struct turns *t)
{
	t->idle++;
	if (is_worth_writing(t))
		write_for_all(t);
	else
		rest(t);
	t->idle--;
}

/* A long job before its time, while somebody is left for the others. */
static bool
take_early(struct turns *t, uint32_t *job)
{
	while (t->next_early < t->of.n_early && t->early + 1 < t->threads) {
		*job = t->of.early[t->next_early++];
		if (!t->jobs[*job].taken) {
			t->jobs[*job].early = true;
			t->early++;
			return true;
		}
	}
	return false;
}

static bool
take(struct turns *t, uint32_t *job)
{
	while (t->next < t->of.n && t->jobs[t->next].taken)
		t->next++;
	if (t->next == t->of.n)
		return false;
	if (!take_early(t, job))
		*job = t->next;
	t->jobs[*job].taken = true;
	return true;
}

static bool
has_spare_time(const struct turns *t)
{
	return t->sink.spare && !t->spared && !t->writing && !t->alone && !is_worth_writing(t);
}

/* The lock is given up meanwhile. */
static void
use_spare_time(struct turns *t)
{
	struct err err = { 0 };
	bool       good;

	t->spared = t->writing = true;
	pthread_mutex_unlock(&t->lock);
	good = t->sink.spare(t->sink.ctx, &err);
	pthread_mutex_lock(&t->lock);
	t->writing = false;
	if (!good)
		end_all(t, &err);
	pthread_cond_broadcast(&t->moved);
}

bool
turns_take(struct turns *t, uint32_t *job)
{
	bool taken;

	pthread_mutex_lock(&t->lock);
	while (t->alone && !t->over)
		pthread_cond_wait(&t->moved, &t->lock);
	taken = !t->over && take(t, job);
	t->running++;
	while (!taken && !t->over && t->turn < t->of.n) {
		if (has_spare_time(t))
			use_spare_time(t);
		else
			rest_or_write(t);
	}
	t->running -= !taken;
	pthread_mutex_unlock(&t->lock);
	return taken;
}

void
turns_lack(struct turns *t)
{
	pthread_mutex_lock(&t->lock);
	t->threads--;
	pthread_cond_broadcast(&t->moved);
	pthread_mutex_unlock(&t->lock);
}

/* Is it for the job to wait until others have written what they, or it, hold? */
static bool
must_wait(const struct turns *t, uint32_t job)
{
	return t->full && t->held > t->room &&
	       (t->turn == job ? t->writing : t->early < t->threads);
}

static bool
is_crowded(const struct turns *t, uint32_t job)
{
	return (t->turn != job || t->writing) && t->held > t->room && !t->full;
}

/* Whether the job whose turn it is leaves the next one to others. */
static bool
leaves_writing(const struct turns *t, uint32_t job)
{
	return t->writing ||
	       (t->idle && !t->alone && t->jobs[job].held <= 2 * parcel_bytes(t));
}

static void
keep(struct turns *t, struct job *j, struct held *h)
{
	*j->last = h;
	j->last = &h->next;
	j->held += h->bytes;
	t->held += h->bytes;
}

bool
turns_put(struct turns *t, uint32_t job, const struct finding *f, bool hidden)
{
	struct job *j = &t->jobs[job];
	bool        more;

	pthread_mutex_lock(&t->lock);
	/* one that works alone waits for nobody: those before it rest until it is done */
	while (!t->over && t->alone != job + 1 && (t->alone || must_wait(t, job)))
		rest_or_write(t);
	if (!t->over && t->turn == job && !leaves_writing(t, job)) {
		write_out(t, j, f, hidden);
		pthread_cond_broadcast(&t->moved);
	} else if (!t->over) {
		keep(t, j, held_copy(f, hidden));
		if (is_crowded(t, job) && j->held > parcel_bytes(t))
			put_away(t, j);
		if (t->idle && t->turn == job && is_worth_writing(t))
			pthread_cond_broadcast(&t->moved);
	}
	more = !t->over;
	pthread_mutex_unlock(&t->lock);
	return more;
}

#define TEXT_ROOM(t) ((t).n + 1) /* copies NULs behind texts */

void
turns_note(struct turns *t, uint32_t job, uint32_t rule, bool of_part,
	   const struct ledger_entry *entry)
{
	const struct text from[] = { entry->rule_id, entry->rule,    entry->source,
				     entry->reason,  entry->version, entry->sha256 };
	size_t            room = 0;
	struct noted     *n;
	struct arena      a;

	for (size_t i = 0; i < sizeof(from) / sizeof(*from); i++)
		room += TEXT_ROOM(from[i]);
	n = malloc(sizeof(*n) + room);
	if (!n)
		arena_exhausted(sizeof(*n) + room);
	a = (struct arena){ .at = (char *)(n + 1), .end = (char *)(n + 1) + room, .start = (char *)(n + 1) };
	*n = (struct noted){ .rule = rule, .of_part = of_part, .entry = *entry };
	struct text *to[] = { &n->entry.rule_id, &n->entry.rule,    &n->entry.source,
			      &n->entry.reason,  &n->entry.version, &n->entry.sha256 };

	for (size_t i = 0; i < sizeof(from) / sizeof(*from); i++)
		*to[i] = arena_copy(&a, from[i]);
	*t->jobs[job].last_note = n;
	t->jobs[job].last_note = &n->next;
}

void
turns_end(struct turns *t, uint32_t job)
{
	pthread_mutex_lock(&t->lock);
	if (is_crowded(t, job))
		put_away(t, &t->jobs[job]);
	t->jobs[job].done = true;
	t->early -= t->jobs[job].early;
	write_for_all(t);
	stop_running(t);
	pthread_cond_broadcast(&t->moved);
	pthread_mutex_unlock(&t->lock);
}

void
turns_alone(struct turns *t, uint32_t job)
{
	pthread_mutex_lock(&t->lock);
	while (t->alone && !t->over)
		rest(t);
	t->alone = job + 1;
	while (t->running > 1 && !t->over)
		pthread_cond_wait(&t->at_rest, &t->lock);
	pthread_mutex_unlock(&t->lock);
}

void
turns_share(struct turns *t)
{
	pthread_mutex_lock(&t->lock);
	t->alone = 0;
	pthread_cond_broadcast(&t->moved);
	pthread_mutex_unlock(&t->lock);
}

void
turns_hold(struct turns *t)
{
	pthread_mutex_lock(&t->lock);
	while (t->writing)
		pthread_cond_wait(&t->moved, &t->lock);
	t->writing = true;
	pthread_mutex_unlock(&t->lock);
}

void
turns_release(struct turns *t)
{
	pthread_mutex_lock(&t->lock);
	t->writing = false;
	write_for_all(t);
	pthread_cond_broadcast(&t->moved);
	pthread_mutex_unlock(&t->lock);
}

void
turns_stop(struct turns *t, const struct err *err)
{
	pthread_mutex_lock(&t->lock);
	end_all(t, err);
	pthread_mutex_unlock(&t->lock);
}

bool
turns_good(const struct turns *t, struct err *err)
{
	if (t->over && err && err->kind == ERR_NONE)
		*err = t->err;
	return !t->over;
}
