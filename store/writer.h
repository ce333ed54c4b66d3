/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * writer.h - inside the store: what one importing connection keeps between commits.
 */
#ifndef AUGER_STORE_WRITER_H
#define AUGER_STORE_WRITER_H

#include "store/batch.h"
#include "store/identity.h"
#include "store/sketch.h"

struct writer {
	struct identity      *identity;
	struct segment        segment;  /* of blocks */
	struct segment        scripts;  /* of joined script blocks */
	struct sketch        *sketch;
	struct block_encoder *encoder;  /* for blocks without their duplicates */
	struct arena          scratch;
	int64_t               next_id;
	struct declared      *rules;    /* see declare.h */
	uint32_t              n_rules;
	bool                  broken;   /* a commit failed: memory and file may differ */
	bool                  gathers;  /* transactions stay open, up to GATHER_MOST */
	uint64_t              gathered; /* rows and files in the one that is open */
};

#define GATHER_MOST 8192

/* The transaction of one call: begins one or goes on with what is gathered; ends it unless more is
 * to be gathered; undoes all of it. COST: rows and files that it wrote. */
bool writer_begin(struct casefile *cf, struct err *err);
bool writer_end(struct casefile *cf, uint64_t cost, struct err *err);
bool writer_undo(struct casefile *cf); /* returns false */

/* The connection's writer; made at the first use. NULL: failed. */
struct writer *writer_of(struct casefile *cf, struct err *err);
void           writer_free(struct writer *w);

#endif
