/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the screen can rely on while long questions run beside it. */
#include "config.h"

#include <poll.h>

#include "tests/cases.h"
#include "tui/worker.h"

static bool
emit_until_stopped(struct worker *w, struct casefile *cf, void *ctx, struct err *err)
{
	struct found f = { .event = 1 };

	(void)cf;
	(void)ctx;
	(void)err;
	while (worker_emit(w, &f))
		;
	return true;
}

static bool
readable(const struct worker *w, int timeout_ms)
{
	struct pollfd said = { .fd = worker_descriptor(w), .events = POLLIN };

	return poll(&said, 1, timeout_ms) == 1;
}

int
main(void)
{
	struct test_case c;
	struct worker   *w;
	int              owner;

	case_new(&c);
	ok(case_open(&c, CASEFILE_IMPORT), "an empty case");
	w = worker_new(c.path);
	worker_start(w, emit_until_stopped, NULL, &owner);
	ok(readable(w, -1), "a job that has found something wakes the screen");
	worker_stop(w);
	ok(!readable(w, 0), "a job that was stopped wakes nobody any more");
	worker_start(w, emit_until_stopped, NULL, &owner);
	ok(readable(w, -1), "the next job wakes the screen again");
	worker_free(w);
	case_done(&c);
	return done_testing();
}
