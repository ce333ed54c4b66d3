/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/worker.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"

#define RESULT_BYTES_MAX ((size_t)256 << 20)

/* Results between two takes. */
struct heap {
	struct arena  arena;
	struct found *rows;
	size_t        n, cap;
};

struct worker {
	const char     *case_path;
	struct casefile *cf; /* the thread's own */
	pthread_t       thread;
	bool            has_thread;
	pthread_mutex_t lock;
	pthread_cond_t  changed;
	atomic_bool     cancel;
	int             wake[2];
	/* under lock */
	worker_fn      *run;
	void           *ctx;
	const void     *owner;
	bool            running, done, ok, quit, woken;
	struct err      err;
	struct heap     heaps[2];
	int             filling; /* heap that the job fills */
};

struct worker *
worker_new(const char *case_path)
{
	struct worker *w = calloc(1, sizeof(*w));

	if (!w)
		arena_exhausted(sizeof(*w));
	w->case_path = case_path;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->changed, NULL);
	if (pipe2(w->wake, O_NONBLOCK | O_CLOEXEC) != 0)
		w->wake[0] = w->wake[1] = -1;
	for (int i = 0; i < 2; i++)
		w->heaps[i].arena = arena_open(RESULT_BYTES_MAX);
	return w;
}

/* Wakes the screen once for any number of results. Called with the lock held. */
static void
wake_screen(struct worker *w)
{
	ssize_t written;

	if (w->woken || w->wake[1] < 0)
		return;
	w->woken = true;
	written = write(w->wake[1], "", 1);
	(void)written; /* a full pipe wakes as well */
}

/* A connection that could not read something is not asked again. */
static bool
run_job(struct worker *w, struct err *err)
{
	bool good;

	if (!w->cf && !casefile_open(&w->cf, w->case_path, CASEFILE_READ, 0, err))
		return false;
	casefile_cancel(w->cf, &w->cancel);
	good = w->run(w, w->cf, w->ctx, err);
	if (casefile_whole(w->cf, good ? err : &(struct err){ 0 }))
		return good;
	casefile_close(w->cf);
	w->cf = NULL;
	return false;
}

static void *
worker_main(void *arg)
{
	struct worker *w = arg;
	sigset_t       all;

	sigfillset(&all); /* signals belong to the screen */
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	pthread_mutex_lock(&w->lock);
	for (;;) {
		struct err err = { 0 };
		bool       good;

		while (!w->quit && !(w->running && !w->done))
			pthread_cond_wait(&w->changed, &w->lock);
		if (w->quit)
			break;
		pthread_mutex_unlock(&w->lock);
		good = run_job(w, &err);
		pthread_mutex_lock(&w->lock);
		w->ok = good;
		w->err = err;
		w->done = true;
		w->running = false;
		wake_screen(w);
		pthread_cond_broadcast(&w->changed);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

void
worker_free(struct worker *w)
{
	if (!w)
		return;
	worker_stop(w);
	if (w->has_thread) {
		pthread_mutex_lock(&w->lock);
		w->quit = true;
		pthread_cond_broadcast(&w->changed);
		pthread_mutex_unlock(&w->lock);
		pthread_join(w->thread, NULL);
	}
	if (w->cf)
		casefile_close(w->cf);
	for (int i = 0; i < 2; i++) {
		if (w->wake[i] >= 0)
			close(w->wake[i]);
		arena_close(&w->heaps[i].arena);
	}
	pthread_cond_destroy(&w->changed);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

/* Called with the lock held. */
static void
drain_wake(struct worker *w)
{
	char drain[16];

	while (w->wake[0] >= 0 && read(w->wake[0], drain, sizeof(drain)) > 0)
		;
	w->woken = false;
}

static void
drop_results(struct heap *h)
{
	arena_reset(&h->arena, 0);
	h->rows = NULL;
	h->n = h->cap = 0;
}

void
worker_stop(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	atomic_store(&w->cancel, true);
	pthread_cond_broadcast(&w->changed);
	while (w->running)
		pthread_cond_wait(&w->changed, &w->lock);
	w->owner = NULL;
	w->done = false;
	drain_wake(w); /* or the screen would be woken for ever by what nobody takes */
	drop_results(&w->heaps[0]);
	drop_results(&w->heaps[1]);
	pthread_mutex_unlock(&w->lock);
}

void
worker_cancel(struct worker *w)
{
	atomic_store(&w->cancel, true);
	pthread_mutex_lock(&w->lock);
	pthread_cond_broadcast(&w->changed);
	pthread_mutex_unlock(&w->lock);
}

void
worker_start(struct worker *w, worker_fn *run, void *ctx, const void *owner)
{
	worker_stop(w);
	pthread_mutex_lock(&w->lock);
	atomic_store(&w->cancel, false);
	w->run = run;
	w->ctx = ctx;
	w->owner = owner;
	w->running = true;
	w->done = w->ok = false;
	if (!w->has_thread) {
		w->has_thread = pthread_create(&w->thread, NULL, worker_main, w) == 0;
		if (!w->has_thread) {
			w->running = false;
			w->done = true;
			err_set(&w->err, ERR_IO, "cannot start a thread");
			wake_screen(w);
		}
	}
	pthread_cond_broadcast(&w->changed);
	pthread_mutex_unlock(&w->lock);
}

const void *
worker_owner(const struct worker *w)
{
	return w->owner;
}

const atomic_bool *
worker_cancelled(const struct worker *w)
{
	return &w->cancel;
}

bool
worker_emit(struct worker *w, const struct found *f)
{
	struct heap       *h;
	struct found       copy = *f;
	struct found_cell *cells;

	pthread_mutex_lock(&w->lock);
	/* A screen that does not keep up holds the job, not the memory. */
	while (arena_used(&w->heaps[w->filling].arena) > RESULT_BYTES_MAX / 4 &&
	       !atomic_load(&w->cancel))
		pthread_cond_wait(&w->changed, &w->lock);
	if (atomic_load(&w->cancel)) {
		pthread_mutex_unlock(&w->lock);
		return false;
	}
	h = &w->heaps[w->filling];
	cells = arena_new(&h->arena, struct found_cell, f->n_cells);
	for (uint32_t i = 0; i < f->n_cells; i++) {
		cells[i].name = arena_copy(&h->arena, f->cells[i].name);
		cells[i].value = text_absent(f->cells[i].value)
				     ? TEXT_NONE
				     : arena_copy(&h->arena, f->cells[i].value);
	}
	copy.cells = cells;
	arena_grow(&h->arena, h->rows, h->n, &h->cap);
	h->rows[h->n++] = copy;
	wake_screen(w);
	pthread_mutex_unlock(&w->lock);
	return true;
}

int
worker_descriptor(const struct worker *w)
{
	return w->wake[0];
}

void
worker_wait(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	while (w->running && arena_used(&w->heaps[w->filling].arena) <= RESULT_BYTES_MAX / 4)
		pthread_cond_wait(&w->changed, &w->lock);
	pthread_mutex_unlock(&w->lock);
}

void
worker_take(struct worker *w, found_fn *fn, void *ctx, bool *done, bool *ok, struct err *err)
{
	struct heap *full;

	pthread_mutex_lock(&w->lock);
	drain_wake(w);
	full = &w->heaps[w->filling];
	w->filling = !w->filling;
	*done = w->done;
	*ok = w->ok;
	*err = w->err;
	pthread_cond_broadcast(&w->changed);
	pthread_mutex_unlock(&w->lock);
	for (size_t i = 0; i < full->n; i++)
		fn(ctx, &full->rows[i]);
	drop_results(full);
}
