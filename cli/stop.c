/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/stop.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "cli/cli.h"

/* A signal knows nothing but what is global. */
static atomic_bool asked;
static atomic_int  first;

static void
take(int number)
{
	int none = 0;

	if (!atomic_compare_exchange_strong(&first, &none, number) && number != SIGPIPE)
		_exit(EXIT_FAILED);
	atomic_store(&asked, true);
}

static bool
is_ignored(int number)
{
	struct sigaction now;

	return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

void
stop_begin(void)
{
	struct sigaction action = { .sa_handler = take, .sa_flags = SA_RESTART };

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	if (!is_ignored(SIGHUP))
		sigaction(SIGHUP, &action, NULL);
	if (!is_ignored(SIGPIPE))
		sigaction(SIGPIPE, &action, NULL);
}

const atomic_bool *
stop_flag(void)
{
	return &asked;
}

bool
stop_asked(void)
{
	return atomic_load(&asked) && atomic_load(&first) != SIGPIPE;
}

bool
stop_unread(void)
{
	return atomic_load(&first) == SIGPIPE;
}

void
stop_as_unread(void)
{
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
}
