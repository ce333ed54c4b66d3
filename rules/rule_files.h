/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rule_files.h - rule files read and parsed, some at a time, by several threads.
 */
#ifndef AUGER_RULES_RULE_FILES_H
#define AUGER_RULES_RULE_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/err.h"
#include "rules/yamltree.h"

struct rule_file {
	struct text       path;
	struct text       content; /* absent: it cannot be read */
	bool              guessed; /* not UTF-8 */
	struct yaml_node *root;    /* NULL: it cannot be read, or is no YAML */
	struct err        problem; /* that there was */
	char              sha256[DIGEST_HEX + 1]; /* of the content of a file with a root */
};

/* What FILE holds, in KEEP. */
void rule_file_read(struct rule_file *file, struct arena *keep);

/* Reads N files and calls FN for each, in their order, from the caller's thread; what a file holds
 * is gone when FN returns. */
typedef void rule_file_fn(void *ctx, const struct rule_file *file);
void rule_files_read(const struct text *paths, size_t n, uint32_t threads, rule_file_fn *fn,
		     void *ctx);

#endif
