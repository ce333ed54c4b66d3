/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scored.h - how a score came about: "90 = 56, contractor +4, watched x1.5". */
#ifndef AUGER_BASE_SCORED_H
#define AUGER_BASE_SCORED_H

#include "base/arena.h"
#include "base/finding.h"

/* The score alone where no factor applies. */
struct text scored(const struct risk_object *o, struct arena *keep);

#endif
