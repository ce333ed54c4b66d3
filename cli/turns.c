/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/turns.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* A finding with all that it points to, in one piece of memory. */
struct held {
	struct held   *next;
	size_t         size;
	bool           hidden;
	struct finding finding;
};

struct noted {
	struct noted       *next;
	uint32_t            rule;
	bool                of_part;
	struct ledger_entry entry;
};

struct job {
	struct held  *first, **last;
	struct noted *notes, **last_note;
	bool          taken, early, done;
};

struct turns {
	struct turns_sink sink;
	struct turns_jobs of;
	size_t            room;
	pthread_mutex_t   lock;
	pthread_cond_t    moved;
	/* under the lock */
	struct job       *jobs;
	uint32_t          turn;        /* jobs before it are written */
	uint32_t          next, next_early; /* to be taken, when they are not yet */
	uint32_t          early;       /* threads in long jobs that were taken before others */
	uint32_t          threads;     /* that are there, or to come */
	uint32_t          running;     /* threads inside a job that do not wait */
	bool              writing;     /* what is done is being written */
	uint32_t          alone;       /* 1 + the job that wants, or has, all the memory; 0: none */
	size_t            held;        /* bytes */
	bool              over;
	struct err        err;
};

struct turns *
turns_new(const struct turns_sink *sink, const struct turns_jobs *jobs, uint32_t n_threads,
	  size_t room_bytes)
{
	struct turns *t = calloc(1, sizeof(*t));

	if (!t || !(t->jobs = calloc((size_t)jobs->n + 1, sizeof(*t->jobs))))
		arena_exhausted(sizeof(*t) + jobs->n * sizeof(struct job));
	t->sink = *sink;
	t->of = *jobs;
	t->threads = n_threads;
	t->room = room_bytes;
	for (uint32_t i = 0; i < jobs->n; i++) {
		t->jobs[i].last = &t->jobs[i].first;
		t->jobs[i].last_note = &t->jobs[i].notes;
	}
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->moved, NULL);
	return t;
}

/* Gives up what the job holds; so many bytes are free again. */
static size_t
drop_held(struct job *j)
{
	size_t bytes = 0;

	for (struct held *h = j->first, *next; h; h = next) {
		next = h->next;
		bytes += h->size;
		free(h);
	}
	j->first = NULL;
	j->last = &j->first;
	return bytes;
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
		drop_held(&t->jobs[i]);
		drop_notes(&t->jobs[i]);
	}
	pthread_cond_destroy(&t->moved);
	pthread_mutex_destroy(&t->lock);
	free(t->jobs);
	free(t);
}

/* ---- copies ---- */

/* Copies NULs behind texts and what alignment takes. */
#define TEXT_ROOM(t)  ((t).n + 1)
#define ARRAY_ROOM(n, type) ((size_t)(n) * sizeof(type) + _Alignof(max_align_t))

static size_t
finding_room(const struct finding *f)
{
	const struct text texts[] = { f->key,	   f->rule_id, f->rule,	      f->type,
				      f->host,	   f->user,    f->message,    f->techniques,
				      f->tactics,  f->stories, f->remarks };
	size_t n = ARRAY_ROOM(f->n_fields, *f->fields) + ARRAY_ROOM(f->n_objects, *f->objects) +
		   ARRAY_ROOM(f->n_objects, struct text) + ARRAY_ROOM(f->n_threats, *f->threats) +
		   ARRAY_ROOM(f->n_events, *f->events);

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		n += TEXT_ROOM(texts[i]);
	for (uint32_t i = 0; i < f->n_fields; i++)
		n += TEXT_ROOM(f->fields[i].name) + TEXT_ROOM(f->fields[i].value);
	for (uint32_t i = 0; i < f->n_objects; i++)
		n += TEXT_ROOM(f->objects[i].value) + TEXT_ROOM(f->objects[i].message) +
		     (f->object_keys ? TEXT_ROOM(f->object_keys[i]) : 0);
	for (uint32_t i = 0; i < f->n_threats; i++)
		n += TEXT_ROOM(f->threats[i].value) + TEXT_ROOM(f->threats[i].type);
	return n;
}

static void
copy_lists(struct finding *f, struct arena *a)
{
	struct finding_field *fields = arena_new(a, struct finding_field, f->n_fields);
	struct risk_object   *objects = arena_new(a, struct risk_object, f->n_objects);
	struct threat_object *threats = arena_new(a, struct threat_object, f->n_threats);
	struct text *keys = f->object_keys ? arena_new(a, struct text, f->n_objects) : NULL;
	int64_t     *events = arena_new(a, int64_t, f->n_events);

	for (uint32_t i = 0; i < f->n_fields; i++)
		fields[i] = (struct finding_field){ arena_copy(a, f->fields[i].name),
						    arena_copy(a, f->fields[i].value) };
	for (uint32_t i = 0; i < f->n_objects; i++) {
		objects[i] = f->objects[i];
		objects[i].value = arena_copy(a, objects[i].value);
		objects[i].message = arena_copy(a, objects[i].message);
		if (keys)
			keys[i] = arena_copy(a, f->object_keys[i]);
	}
	for (uint32_t i = 0; i < f->n_threats; i++)
		threats[i] = (struct threat_object){ arena_copy(a, f->threats[i].value),
						     arena_copy(a, f->threats[i].type) };
	if (f->n_events)
		memcpy(events, f->events, f->n_events * sizeof(*events));
	f->fields = fields;
	f->objects = objects;
	f->threats = threats;
	f->object_keys = keys;
	f->events = events;
}

static struct held *
hold(const struct finding *f, bool hidden)
{
	size_t       size = sizeof(struct held) + finding_room(f);
	struct held *h = malloc(size);
	struct arena a;

	if (!h)
		arena_exhausted(size);
	a = (struct arena){ .at = (char *)(h + 1), .end = (char *)h + size, .start = (char *)(h + 1) };
	*h = (struct held){ .size = size, .hidden = hidden, .finding = *f };
	struct text *texts[] = { &h->finding.key,     &h->finding.rule_id, &h->finding.rule,
				 &h->finding.type,    &h->finding.host,    &h->finding.user,
				 &h->finding.message, &h->finding.techniques,
				 &h->finding.tactics, &h->finding.stories, &h->finding.remarks };

	copy_lists(&h->finding, &a);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		*texts[i] = arena_copy(&a, *texts[i]);
	return h;
}

/* ---- writing: by the thread whose turn it is, without the lock ---- */

static bool
write_held(const struct turns *t, const struct job *j, struct err *err)
{
	for (const struct held *h = j->first; h; h = h->next)
		if (!t->sink.put(t->sink.ctx, &h->finding, h->hidden, err))
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
}

/* Writes what job J holds and one more finding (NULL: none), then its notes when it is done. The
 * lock is given up meanwhile: nobody else writes as long as it is this job's turn. */
static void
write_out(struct turns *t, struct job *j, const struct finding *f, bool hidden)
{
	struct err err = { 0 };
	bool       done = j->done, good;
	size_t     bytes;

	if (t->over)
		return;
	pthread_mutex_unlock(&t->lock);
	good = write_held(t, j, &err) && (!f || t->sink.put(t->sink.ctx, f, hidden, &err)) &&
	       (!done || write_notes(t, j, &err));
	bytes = drop_held(j);
	pthread_mutex_lock(&t->lock);
	t->held -= bytes;
	if (!good)
		end_all(t, &err);
}

/* Waits for something to change, as one that does not work meanwhile. */
static void
rest(struct turns *t)
{
	t->running--;
	pthread_cond_broadcast(&t->moved);
	pthread_cond_wait(&t->moved, &t->lock);
	t->running++;
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

bool
turns_take(struct turns *t, uint32_t *job)
{
	bool taken;

	pthread_mutex_lock(&t->lock);
	while (t->alone && !t->over)
		pthread_cond_wait(&t->moved, &t->lock);
	taken = !t->over && take(t, job);
	t->running += taken;
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

/* Is it for the job to wait until others have written what they hold? */
static bool
must_wait(const struct turns *t, uint32_t job)
{
	return t->turn != job && t->held > t->room && t->early < t->threads;
}

bool
turns_put(struct turns *t, uint32_t job, const struct finding *f, bool hidden)
{
	struct job  *j = &t->jobs[job];
	struct held *h = NULL;
	bool         more;

	pthread_mutex_lock(&t->lock);
	/* one that works alone waits for nobody: those before it rest until it is done */
	while (!t->over && t->alone != job + 1 && (t->alone || must_wait(t, job)))
		rest(t);
	if (t->turn == job) {
		write_out(t, j, f, hidden);
	} else if (!t->over) {
		h = hold(f, hidden);
		*j->last = h;
		j->last = &h->next;
		t->held += h->size;
	}
	more = !t->over;
	pthread_mutex_unlock(&t->lock);
	return more;
}

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

/* Writes jobs that are done, one after the other; those that end meanwhile as well. */
static void
write_done(struct turns *t)
{
	t->writing = true;
	while (t->turn < t->of.n && t->jobs[t->turn].done && !t->over) {
		struct job *j = &t->jobs[t->turn];

		write_out(t, j, NULL, false);
		drop_notes(j);
		t->turn++;
		pthread_cond_broadcast(&t->moved);
	}
	t->writing = false;
}

void
turns_end(struct turns *t, uint32_t job)
{
	pthread_mutex_lock(&t->lock);
	t->jobs[job].done = true;
	t->early -= t->jobs[job].early;
	if (!t->writing)
		write_done(t);
	t->running--;
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
		pthread_cond_wait(&t->moved, &t->lock);
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
