/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regex_sample.h - texts that a regular expression matches. */
#ifndef AUGER_TESTS_REGEX_SAMPLE_H
#define AUGER_TESTS_REGEX_SAMPLE_H

#include "base/arena.h"

/* A short text that it matches, as far as this can tell. NTH picks branches. */
struct text regex_sample(struct text regex, uint32_t nth, struct arena *keep);

#endif
