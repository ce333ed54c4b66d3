/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * held_findings.h - copies of findings that wait to be written: in memory, or in a file without a name.
 *
 * Ownership: a copy is one piece of memory that its holder frees. Errors: a file that cannot be made
 * or written is no failure, the findings stay where they are; one that cannot be read is.
 */
#ifndef AUGER_CLI_HELD_FINDINGS_H
#define AUGER_CLI_HELD_FINDINGS_H

#include "base/err.h"
#include "base/finding.h"

struct held {
	struct held   *next;
	const void    *lies_at; /* where it was when it was put into a file */
	size_t         bytes;   /* with all that it points to */
	bool           hidden;
	struct finding finding;
};

struct held *held_copy(const struct finding *f, bool hidden);
/* That one and all behind it; so many bytes are free again. */
size_t       held_free(struct held *first);

typedef bool held_fn(void *ctx, const struct finding *f, bool hidden, struct err *err);
/* That one and all behind it; false: FN failed. */
bool held_each(const struct held *first, held_fn *fn, void *ctx, struct err *err);

/* Not locked: different threads may put to, and read from, different parts of it. */
struct held_file;

/* Beside PLACE, or where temporary files go. NULL: there is none to be had. */
struct held_file *held_file_new(const char *place);
void              held_file_free(struct held_file *f); /* NULL: does nothing */
/* All from FIRST on, at byte AT, where they take as many bytes as in memory. False: no room there. */
bool held_file_put(const struct held_file *f, const struct held *first, uint64_t at);
/* As held_each, of what BYTES from AT on are. */
bool held_file_each(const struct held_file *f, uint64_t at, uint64_t bytes, held_fn *fn, void *ctx,
		    struct err *err);

#endif
