/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * spill.h - what the budget of a search has no room for: bytes in a file without a name, written
 * once from front to back and read back in pieces. Beside the case, or where temporary files go.
 *
 * Errors fail the run, and say what the system said.
 */
#ifndef AUGER_RULES_SPILL_H
#define AUGER_RULES_SPILL_H

#include "rules/pipeline.h"

struct spill;

/* The file is closed when the run ends. NULL: none could be made, the run failed. */
struct spill *spill_new(struct run *run);
/* Makes it empty again. */
bool          spill_empty(struct spill *s);
bool          spill_put(struct spill *s, const void *p, size_t n);
/* What was put until now can be read. */
bool     spill_flush(struct spill *s);
uint64_t spill_size(const struct spill *s);

struct spill_reader;

/* Reads from byte FROM up to byte TO, with a buffer in KEEP. */
struct spill_reader *spill_read(struct spill *s, uint64_t from, uint64_t to, struct arena *keep);
bool                 spill_ended(const struct spill_reader *r);
bool                 spill_get(struct spill_reader *r, void *p, size_t n);

void spills_close(struct run *run);

#endif
