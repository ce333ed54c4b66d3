/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * binxml_cache.h - compiled templates, found again: within a chunk by offset, across chunks by
 * content.
 *
 * Chunks repeat a handful of templates. Two definitions are the same when their bytes are, but
 * for the chunk offsets of names, and the names they refer to are too; an equal GUID is no proof.
 * Private to binxml*.c.
 */
#ifndef AUGER_IMPORTERS_BINXML_CACHE_H
#define AUGER_IMPORTERS_BINXML_CACHE_H

#include "importers/binxml_program.h"

struct binxml_cache;

struct binxml_cache *binxml_cache_open(struct arena *keep);
void                 binxml_cache_close(struct binxml_cache *cache);

/* Forgets what belongs to the last chunk. */
void binxml_cache_chunk(struct binxml_cache *cache, struct binxml_chunk chunk);

/* The program of the definition at OFFSET for use at PLACE; false: *WHY. *WORK is lowered by the
 * bytes that had to be compiled. The steps live until the next binxml_cache_chunk. */
bool binxml_cache_get(struct binxml_cache *cache, struct binxml_compiler *compiler, uint32_t offset,
		      uint32_t id, enum evtx_place place, int64_t *work,
		      struct binxml_program *out, const char **why);

/* The program of a definition with that id that some chunk before had, for a record whose own
 * template was overwritten. */
bool binxml_cache_borrow(const struct binxml_cache *cache, uint32_t id, enum evtx_place place,
			 struct binxml_program *out);

#endif
