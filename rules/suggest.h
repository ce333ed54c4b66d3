/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * suggest.h - "did you mean": the known word nearest to one that is not known.
 */
#ifndef AUGER_RULES_SUGGEST_H
#define AUGER_RULES_SUGGEST_H

#include "base/text.h"

/* Absent when none is near: at most a third of the letters added, dropped, changed or swapped. */
struct text suggest(struct text word, const struct text *known, size_t n);

#endif
