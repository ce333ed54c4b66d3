/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/crew.h"

static void *
work(void *arg)
{
	const struct crew_member *m = arg;
	size_t                    piece;

	while ((piece = atomic_fetch_add(&m->crew->next, 1)) < m->crew->n)
		m->crew->fn(m->crew->ctx, m->number, piece);
	return NULL;
}

void
crew_begin(struct crew *crew, uint32_t threads, size_t n, crew_fn *fn, void *ctx)
{
	uint32_t most = threads < CREW_MOST ? threads : CREW_MOST;

	*crew = (struct crew){ .fn = fn, .ctx = ctx, .n = n, .started = 1 };
	crew->members[0].crew = crew;
	for (; crew->started < most && crew->started <= n; crew->started++) {
		struct crew_member *m = &crew->members[crew->started];

		*m = (struct crew_member){ .crew = crew, .number = crew->started };
		if (pthread_create(&m->thread, NULL, work, m) != 0)
			break;
	}
}

void
crew_end(struct crew *crew)
{
	work(&crew->members[0]);
	for (uint32_t i = 1; i < crew->started; i++)
		pthread_join(crew->members[i].thread, NULL);
}

void
crew_run(uint32_t threads, size_t n, crew_fn *fn, void *ctx)
{
	struct crew crew;

	crew_begin(&crew, n < threads ? (uint32_t)n : threads, n, fn, ctx);
	crew_end(&crew);
}
