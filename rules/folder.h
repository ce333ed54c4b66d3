/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * folder.h - the files below a folder, in a stable order, and one file's text.
 *
 * Symbolic links to folders and names that start with '.' are not followed.
 */
#ifndef AUGER_RULES_FOLDER_H
#define AUGER_RULES_FOLDER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#define FOLDER_DEPTH_MAX 32
#define FOLDER_NAMES_MAX 200000 /* below one folder; more are not what anybody meant */

typedef void folder_fn(void *ctx, struct text path);

bool folder_is(struct text path, struct arena scratch);
/* Calls FN for every file whose name ends in one of SUFFIXES (NULL ends the list), sorted by name
 * within its folder; and for what is below and cannot be looked at, so that who reads it says so. DEPTH: how many levels of folders to go down; 0: only PATH itself. False when
 * PATH cannot be read, or has too much below it. */
bool folder_walk(struct text path, int depth, const char *const *suffixes, folder_fn *fn, void *ctx,
		 struct arena scratch, struct err *err);

/* The text of a regular file of at most LIMIT bytes. */
bool folder_read(struct text path, size_t limit, struct arena *keep, struct text *out,
		 struct err *err);
/* The same as UTF-8. UTF-16 is known by its byte order mark; what is neither is read as
 * Windows-1252, and *GUESSED (may be NULL) says so. */
bool folder_read_text(struct text path, size_t limit, struct arena *keep, struct text *out,
		      bool *guessed, struct err *err);

#endif
