/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * progress.h - how far a long job is, and the wish to stop it; written by one thread, read by others.
 */
#ifndef AUGER_BASE_PROGRESS_H
#define AUGER_BASE_PROGRESS_H

#include <stdatomic.h>
#include <stdint.h>

struct progress {
	_Atomic uint64_t bytes_total, bytes_done;
	_Atomic uint64_t files_total, files_done;
	_Atomic uint64_t events, duplicates, gaps;
	_Atomic uint64_t generation; /* grows with every committed batch: "there is something new" */
	atomic_bool      cancel;     /* set by the user's side, seen by the job between records */
};

#endif
