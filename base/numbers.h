/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * numbers.h - texts numbered in the order in which they came, from 1.
 *
 * Texts are copied into the arena and live as long as it does. Number 0 is for no text.
 */
#ifndef AUGER_BASE_NUMBERS_H
#define AUGER_BASE_NUMBERS_H

#include <stdint.h>

#include "base/arena.h"

struct numbers {
	struct arena *keep;
	struct text  *texts; /* [number]; texts[0] is absent */
	uint32_t     *slots; /* numbers, by hash */
	size_t        n, cap, n_slots;
};

/* The number of TEXT, a new one if need be. */
uint32_t numbers_of(struct numbers *ns, struct text text);
/* 0: it has none. */
uint32_t numbers_find(const struct numbers *ns, struct text text);

#endif
