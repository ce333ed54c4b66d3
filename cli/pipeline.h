/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pipeline.h - evidence files into a case: hashed and decoded by many threads, written by one.
 *
 *   walk -> files -> hash, format -> slices -> decode, match, batch -> writer -> case
 *                    `------------- worker threads -------------'    `- caller -'
 *
 * The caller's thread owns the case file. It registers files and commits batches strictly in the
 * order of the evidence, so ids and lists do not depend on the number of threads. Archives are
 * unpacked member by member as their turn comes; a member is a file like others. Memory: sealed
 * batches wait in a bounded number; only the slice that is next to be committed may always go on.
 *
 * Errors: only those that stop the job (the case cannot be written, cancelled). Evidence that
 * cannot be read becomes a gap and a line for the watch.
 */
#ifndef AUGER_CLI_PIPELINE_H
#define AUGER_CLI_PIPELINE_H

#include "base/err.h"
#include "base/progress.h"
#include "cli/watch.h"
#include "importers/container.h"
#include "rules/ruleset.h"
#include "store/casefile.h"

struct import_job {
	struct casefile      *cf;
	const struct ruleset *rules;
	struct progress      *progress;
	struct watch         *watch;
	struct import_options options;
	struct container_options containers;
	uint32_t              threads;
	uint64_t              memory_bytes;
	const char *const    *paths; /* "-" is standard input */
	uint32_t              n_paths;
};

struct import_counts {
	uint64_t files;   /* evidence files found */
	uint64_t known;   /* of them in the case already */
	uint64_t trouble; /* of them not read, or with gaps */
	uint64_t events, duplicates, gaps;
};

bool import_run(const struct import_job *job, struct import_counts *counts, struct err *err);

#endif
