/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/late.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"

struct late {
	const struct tui_setup *setup;
	pthread_t               thread;
	bool                    has_thread;
	int                     wake[2];
	/* the thread's until it has ended */
	struct ruleset         *rules;
	struct err              gone, err;
	bool                    good;
};

static void *
load(void *arg)
{
	struct late *l = arg;
	ssize_t      written;

	l->good = l->setup->load_rules(l->setup->load_rules_ctx, &l->rules, &l->gone,
					 &l->err);
	written = write(l->wake[1], "", 1);
	(void)written; /* one byte always fits */
	return NULL;
}

struct late *
late_start(const struct tui_setup *setup)
{
	struct late *l = calloc(1, sizeof(*l));
	sigset_t     all, were;

	if (!l)
		arena_exhausted(sizeof(*l));
	l->setup = setup;
	l->wake[0] = l->wake[1] = -1;
	if (pipe2(l->wake, O_CLOEXEC) == 0) {
		sigfillset(&all); /* signals belong to the screen */
		pthread_sigmask(SIG_BLOCK, &all, &were);
		l->has_thread = pthread_create(&l->thread, NULL, load, l) == 0;
		pthread_sigmask(SIG_SETMASK, &were, NULL);
	}
	if (!l->has_thread) /* then at once */
		load(l);
	return l;
}

int
late_descriptor(const struct late *l)
{
	return l->wake[0];
}

bool
late_ready(const struct late *l)
{
	struct pollfd said = { .fd = l->wake[0], .events = POLLIN };

	return !l->has_thread || poll(&said, 1, 0) > 0;
}

bool
late_take(struct late *l, struct ruleset **out, struct err *gone, struct err *err)
{
	bool good;

	if (l->has_thread)
		pthread_join(l->thread, NULL);
	good = l->good;
	*out = l->rules;
	*gone = l->gone;
	*err = l->err;
	for (int i = 0; i < 2; i++)
		if (l->wake[i] >= 0)
			close(l->wake[i]);
	free(l);
	return good;
}
