/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * load.h - YAML trees of a content repository as detections, macros and lookup definitions.
 *
 * Results are copies in KEEP; the tree may go afterwards. Errors: ERR_RULE, where "line:column".
 * Forms: reference of Splunk's security_content, 2021 to 2026.
 */
#ifndef AUGER_RULES_LOAD_H
#define AUGER_RULES_LOAD_H

#include "rules/detection.h"
#include "rules/lookups.h"
#include "rules/yamltree.h"

/* A mapping with the keys name, id and search; stories, baselines, data sources are none. */
bool load_is_detection(const struct yaml_node *root);
/* Content that has a search and is no detection: baselines, investigations. */
bool load_is_other(const struct yaml_node *root);
/* Why it is no detection: ""id" is missing, "name" is a list, no text". */
struct text load_lacks(const struct yaml_node *root, struct arena *keep);

/* FILE is the path as shown to people, SOURCE the text the tree was read from. */
bool load_detection(struct detection *out, const struct yaml_node *root, struct text file,
		    struct text source, struct arena *keep, struct err *err);

/* Adds to what is read differently from how it is written. WHAT is not copied. */
void load_remark(struct detection *d, struct arena *keep, struct text what);

/* False when the tree is no macro: no name, or no definition. */
bool load_macro(struct macro *out, const struct yaml_node *root, struct text file,
		struct text source, struct arena *keep);

/* Adds the table that the definition FILE describes; its CSV lies beside it, under `filename` or
 * the name of FILE. Tables that only a Splunk server fills (KV stores) become empty ones. False
 * when the tree defines none. */
bool load_lookup(struct lookups *to, const struct yaml_node *root, struct text file,
		 struct arena scratch);

#endif
