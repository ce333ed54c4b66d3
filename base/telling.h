/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * telling.h - which value of a finding's row says what happened: the command line, the service.
 *
 * Findings of one rule on one host differ in little else. Which names tell is telling.def.
 */
#ifndef AUGER_BASE_TELLING_H
#define AUGER_BASE_TELLING_H

#include "base/arena.h"
#include "base/finding.h"

/* In one line, of bounded length; absent when no field of that kind has a value. */
struct text telling_value(const struct finding_field *fields, uint32_t n, struct arena *keep);

#endif
