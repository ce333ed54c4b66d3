/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fresh.h - large tables out of an arena that was opened just now.
 *
 * Pages of a new arena are zero already: taking them without touching them makes a table cost
 * only as much as is used of it, which counts when there are hundreds of small logs.
 */
#ifndef AUGER_IMPORTERS_FRESH_H
#define AUGER_IMPORTERS_FRESH_H

#include "base/arena.h"

static inline void *
fresh_raw(struct arena *a, size_t size, size_t align)
{
	size_t pad = (size_t)(-(uintptr_t)a->at & (align - 1));

	return arena_bytes(a, pad + size) + pad;
}

#define fresh_new(a, type, count) ((type *)fresh_raw((a), sizeof(type) * (count), _Alignof(type)))

#endif
