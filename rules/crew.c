/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/crew.h"

#include <pthread.h>
#include <stdatomic.h>

struct crew {
	crew_fn      *fn;
	void         *ctx;
	size_t        n;
	atomic_size_t next;
};

struct member {
	struct crew *crew;
	uint32_t     number;
	pthread_t    thread;
};

static void *
work(void *arg)
{
	const struct member *m = arg;
	size_t               piece;

	while ((piece = atomic_fetch_add(&m->crew->next, 1)) < m->crew->n)
		m->crew->fn(m->crew->ctx, m->number, piece);
	return NULL;
}

void
crew_run(uint32_t threads, size_t n, crew_fn *fn, void *ctx)
{
	struct crew   crew = { .fn = fn, .ctx = ctx, .n = n };
	struct member members[CREW_MOST];
	uint32_t      most = threads < CREW_MOST ? threads : CREW_MOST, started = 1;

	members[0] = (struct member){ .crew = &crew };
	for (; started < most && started < n; started++) {
		members[started] = (struct member){ .crew = &crew, .number = started };
		if (pthread_create(&members[started].thread, NULL, work, &members[started]) != 0)
			break;
	}
	work(&members[0]);
	for (uint32_t i = 1; i < started; i++)
		pthread_join(members[i].thread, NULL);
}
