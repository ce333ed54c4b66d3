/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * import_log.h - which imports a case had, and what each found there: what is new since.
 *
 * Events get ascending numbers, and so do findings when they are first found: what is beyond the last
 * of before an import came with it or later. A finding of before may have got further events since. An
 * import whose files the case had already, all of them, has no number.
 */
#ifndef AUGER_STORE_IMPORT_LOG_H
#define AUGER_STORE_IMPORT_LOG_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "store/casefile.h"

/* Inside the transaction that writes the first of an import; once for an opening of the case. While an
 * import has not been finished, the next one goes on with it under its number. */
bool import_log_note(struct casefile *cf, struct err *err);

struct import_entry {
	int64_t  number, time_ns;
	uint64_t events, findings; /* new with it, and not with a later one; as far as they are still there */
};
/* By number. */
size_t import_log(struct casefile *cf, struct arena *keep, struct import_entry **out);

/* "3" or "last". ERR_USAGE: there is no such import. */
bool import_log_number(struct casefile *cf, struct text word, int64_t *number, struct err *err);
/* What was there before import NUMBER: the last event, the last number of a finding. Of an import that
 * there is not, nothing is new. */
struct import_mark {
	int64_t event, finding;
};
struct import_mark import_log_mark(struct casefile *cf, int64_t number);

#endif
