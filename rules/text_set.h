/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text_set.h - texts as numbers from 0 on, in the order in which they come, each kept once.
 *
 * Lives in the arena of text_set_new.
 */
#ifndef AUGER_RULES_TEXT_SET_H
#define AUGER_RULES_TEXT_SET_H

#include <stdint.h>

#include "base/arena.h"

struct text_set;

struct text_set *text_set_new(struct arena *keep);
uint32_t         text_set_add(struct text_set *s, struct text t);
struct text      text_set_get(const struct text_set *s, uint32_t number);
uint32_t         text_set_count(const struct text_set *s);

#endif
