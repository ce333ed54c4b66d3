/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auger retag: new or changed rules over the events already in the case. */
#include "config.h"

#include <stdlib.h>

#include "cli/cli.h"
#include "cli/tagging.h"

/* What one more thread takes: the pages and blocks it has read, and its hits. */
#define THREAD_BYTES ((uint64_t)32 << 20)

static bool
rematch(struct tagging *t, struct err *err)
{
	uint64_t              room = t->memory_bytes / THREAD_BYTES;
	uint32_t              n = t->threads <= room ? t->threads : room ? (uint32_t)room : 1;
	struct matching_ctx **ctx = calloc(n, sizeof(*ctx));
	struct matching       m = { tagging_match, (void *const *)ctx, n };
	bool                  good;

	if (!ctx)
		arena_exhausted(n * sizeof(*ctx));
	for (uint32_t i = 0; i < n; i++)
		ctx[i] = tagging_ctx_new(t);
	good = import_rematch(t->cf, t->declared, ruleset_count(t->rules), ruleset_digest(t->rules), &m,
			      &t->progress.cancel, err);
	for (uint32_t i = 0; i < n; i++)
		tagging_ctx_free(ctx[i]);
	free(ctx);
	return good;
}

static bool
retag(const struct cli *cli, struct tagging *t, struct evaluation *found, struct err *err)
{
	casefile_cancel(t->cf, &t->progress.cancel);
	watch_doing(t->watch, TEXT("asking the rules about every event"));
	return cli_rules_remember(cli, t->cf, err) && rematch(t, err) && tagging_fresh(t, err) &&
	       tagging_evaluate(t, true, found, err);
}

int
command_retag(struct cli *cli)
{
	struct tagging    t;
	struct evaluation found = { 0 };
	struct err        err = { 0 };
	bool              good;

	if (!tagging_begin(&t, cli, CASEFILE_WORK, &err))
		return cli_fail(&err);
	good = retag(cli, &t, &found, &err);
	tagging_end(&t);
	if (!good)
		return tagging_fail(&err);
	tagging_summary(cli, &found);
	return EXIT_DONE;
}
