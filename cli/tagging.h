/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tagging.h - what import and retag share: a case open for writing, its rules, a watch, and the
 * last steps that turn hits into findings.
 */
#ifndef AUGER_CLI_TAGGING_H
#define AUGER_CLI_TAGGING_H

#include "cli/cli.h"
#include "cli/evaluate.h"
#include "cli/watch.h"
#include "store/import.h"

struct matching_ctx; /* what one thread matches with */

struct tagging {
	struct casefile *cf;
	struct ruleset  *rules;
	struct matching_ctx *own; /* of this thread */
	struct progress  progress;
	struct watch    *watch;
	uint32_t         threads;
	uint64_t         memory_bytes;
	uint32_t         line_every_s; /* of progress, where there is no terminal */
	const struct declared_rule *declared; /* the rules, by their index */
	uint32_t         unread;  /* files and folders of rules that could not be read */
	bool             stale;   /* events of the case were matched with other rules */
};

bool tagging_begin(struct tagging *t, const struct cli *cli, enum casefile_mode mode,
		   struct err *err);
/* Tells the case which rules hits refer to. */
bool tagging_declare(struct tagging *t, struct err *err);
/* Asks these rules about every event of the case. */
bool tagging_rematch(struct tagging *t, struct err *err);
/* The pipelines of the rules that are due, or ANEW, of all. */
bool tagging_evaluate(struct tagging *t, bool anew, struct evaluation *out, struct err *err);
/* Script blocks, indexes and summaries; rules that have changed are asked about the events of before;
 * then the pipelines of the rules that are due. */
bool tagging_finish(struct tagging *t, struct evaluation *out, struct err *err);
void tagging_end(struct tagging *t);
void tagging_discard(struct tagging *t); /* instead: a case that it made is removed */

/* As cli_fail; says of a job that was stopped how to go on. */
int  tagging_fail(const struct err *err);
void tagging_summary(const struct cli *cli, const struct evaluation *e);
/* The exit status as far as it is the rules'. */
int  tagging_status(const struct tagging *t, const struct evaluation *e);

#endif
