/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * numbering.h - inside the store: the numbers of findings, by their keys.
 *
 * A key has the row of table work that it always had. Where there are none yet, as in a first
 * import, nothing is looked up: keys are remembered by their hashes, and their index is made when
 * all are there. It would be most of what a finding costs: keys are digests, and each new one
 * falls on another page.
 */
#ifndef AUGER_STORE_NUMBERING_H
#define AUGER_STORE_NUMBERING_H

#include "store/db.h"

/* Between findings_begin and findings_end, all of them cleared. */
bool numbering_begin(struct casefile *cf, struct err *err);
/* *MADE: the key is new. 0: failed. */
int64_t numbering_of(struct casefile *cf, struct text key, bool *made, struct err *err);
/* Before anything else looks for keys. */
bool numbering_end(struct casefile *cf, struct err *err);
void numbering_abort(struct casefile *cf);

#endif
