/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * load_parts.h - values of a tree, kept: what load.c, load_risks.c and load_words.c share.
 *
 * Texts are copies in KEEP, without blanks around them; what is absent stays absent.
 */
#ifndef AUGER_RULES_LOAD_PARTS_H
#define AUGER_RULES_LOAD_PARTS_H

#include "rules/load.h"

struct text load_text(struct arena *keep, struct text t);
/* The texts of a list, or the one text that stands in its place; returns how many. */
uint32_t load_texts(struct arena *keep, const struct yaml_node *list, struct text **out);

/* The items of a list; a mapping that stands where a list should is its only item. NULL: no
 * more. */
const struct yaml_node *load_first(const struct yaml_node *list);
const struct yaml_node *load_next(const struct yaml_node *list, const struct yaml_node *item);

/* Whether T is one of NAMES (NULL ends them), in any letter case. */
bool load_one_of(struct text t, const char *const *names);

/* Risk and threat objects and the message, of the newest form that the file has. D has its type. */
void load_risks(struct detection *d, const struct yaml_node *root, struct arena *keep);

#endif
