/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * output.h - a result file: written beside its place and moved there when it is whole.
 *
 * Until then it has no name, where the file system knows such files: a command that is stopped or
 * killed leaves nothing behind.
 *
 * A case and its evidence are never written over. Devices and pipes are written as they are.
 */
#ifndef AUGER_CLI_OUTPUT_H
#define AUGER_CLI_OUTPUT_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/err.h"
#include "store/casefile.h"

struct output {
	FILE       *out;
	const char *path;  /* as given, for people */
	const char *place; /* what is replaced in the end */
	char       *aside; /* the name until then; NULL: the place itself, a device */
	bool        named; /* it has that name already */
	bool        keeps; /* what is at PLACE gets another name (old_file.h) when this is whole */
	char        old[PATH_MAX]; /* that name, then; empty: nothing was there */
};

/* CF (may be NULL): the case that is not to be harmed. Texts of O are made in KEEP.
 * Errors: ERR_INPUT, the place is refused or cannot be written. */
bool output_open(struct output *o, struct casefile *cf, const char *path, struct arena *keep,
		 struct err *err);
/* WHOLE: the result is to be kept; else what was there before stays. Errors: ERR_IO. */
bool output_close(struct output *o, bool whole, struct err *err);

/* Whether no evidence of the case lies in FOLDER or below it: results would be read as evidence by
 * the next import. Errors: ERR_INPUT, it does, with the place of the first. */
bool output_folder_is_free(struct casefile *cf, const char *folder, struct err *err);

/* Digest and size of a file as it is on the disk. */
bool output_digest(const char *path, char hex[DIGEST_HEX + 1], uint64_t *size, struct err *err);

#endif
